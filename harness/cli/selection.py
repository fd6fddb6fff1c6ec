"""From what was typed to a plan: names resolved, files loaded, everything checked before the first call."""

from dataclasses import dataclass

from harness.cli.calling import CallOptions
from harness.cli.cards import with_cards
from harness.core.model import Catalog
from harness.core.project import Project, ProjectFile, Suite
from harness.core.run import JudgeSpec, Settings, Snapshot
from harness.core.scenario import CheckChoice
from harness.engine.plan import Request, plan
from harness.errors import InputError, Problem, Problems, did_you_mean
from harness.store.catalog import model_named
from harness.store.project import ProjectFolder

NO_JUDGE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a command line chose; empty and None leave it to the suite, then to harness.yaml."""

    names: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    judge: str | None = None
    epochs: int | None = None
    calls: CallOptions = CallOptions()


def plan_selection(folder: ProjectFolder, selection: Selection) -> Snapshot:
    """The plan of a selection.

    Raises:
        InputError: with every problem that can be seen.
    """
    problems = Problems()
    if problems.attempt(lambda: folder.file) is None:
        check_files(folder, ["*"])  # what was selected cannot be known, but all that is wrong can be told
    file = folder.file
    suite = _suite_named(selection.names, file)
    if suite is None:
        several = [name for name in selection.names if name in file.suites]
        problems.found += [Problem(f"suite {name!r} beside other names", "run suites one by one") for name in several]
    catalog = problems.attempt(lambda: folder.catalog) or {}
    tested = _tested(selection, suite, file, catalog, problems)
    named = _judge_name(selection, suite, file)
    judges = problems.attempt(lambda: judges_named(named, file, catalog)) or {}
    scenarios = problems.attempt(lambda: folder.choose(_terms(selection.names, file), selection.tags)) or ()
    prompts = selection.prompts or (suite.prompts if suite else ()) or (file.defaults.prompt,)
    rubrics = tuple(dict.fromkeys(judge.rubric for judge in judges.values()))
    project = problems.attempt(lambda: folder.load(scenarios, tuple(dict.fromkeys(prompts)), rubrics))
    problems.report()
    settings = Settings(
        suite=selection.names[0] if suite else None,
        epochs=selection.epochs or (suite.epochs if suite else None) or file.defaults.epochs,
        judge=",".join(judges) or None,
        max_incomplete=file.max_incomplete,
        severities=file.severities,
    )
    settings = selection.calls.applied(settings, file.exchange)
    checks = suite.checks if suite is not None else CheckChoice()
    request = Request(tested=tested, judges=judges, settings=settings, checks=checks)
    return with_cards(folder, _planned(folder, _loaded(project), request))


def check_files(folder: ProjectFolder, names: list[str]) -> int:
    """Load scenarios with every prompt, rubric and model there is, and return how many scenarios there are.

    Raises:
        InputError: with every problem of every file.
    """
    problems = Problems()
    catalog = problems.attempt(lambda: folder.catalog) or {}
    problems.attempt(lambda: [judges_named(name, folder.file, catalog) for name in folder.file.judges])
    problems.found += folder.strays()
    scenarios = problems.attempt(lambda: folder.choose(names)) or ()
    prompts, rubrics = folder.names("prompts", ".md"), folder.names("rubrics", ".yaml")
    project = problems.attempt(lambda: folder.load(scenarios, prompts, rubrics))
    problems.report()
    _planned(folder, _loaded(project), Request(tested=()))
    return len(scenarios)


def _planned(folder: ProjectFolder, project: Project, request: Request) -> Snapshot:
    """The plan; its problems know files and fields, the folder knows their lines."""
    try:
        return plan(project, request)
    except InputError as error:
        raise InputError(folder.located(problem) for problem in error.problems) from None


def judges_named(names: str | None, file: ProjectFile, catalog: Catalog) -> dict[str, JudgeSpec]:
    """The judges that names stand for, with commas between them: of harness.yaml, or models with the default rubric.

    Several form a panel; none at all for `none`.

    Raises:
        InputError: there is neither judge nor model of a name.
    """
    if names is None or names == NO_JUDGE:
        return {}
    return dict(_judge_named(name.strip(), file, catalog) for name in names.split(","))


def _judge_named(name: str, file: ProjectFile, catalog: Catalog) -> tuple[str, JudgeSpec]:
    if name in file.judges:
        spec = file.judges[name]
        model, _ = model_named(spec.model, catalog)
        return name, spec.model_copy(update={"model": model})
    try:
        model, _ = model_named(name, catalog)
    except InputError:
        raise InputError(Problem(f"no judge {name!r}", did_you_mean(name, [*file.judges, *catalog]))) from None
    return model, JudgeSpec(model=model)


def _judge_name(selection: Selection, suite: Suite | None, file: ProjectFile) -> str | None:
    return selection.judge or (suite.judge if suite else None) or file.defaults.judge


def _suite_named(names: tuple[str, ...], file: ProjectFile) -> Suite | None:
    return file.suites.get(names[0]) if len(names) == 1 else None


def _terms(names: tuple[str, ...], file: ProjectFile) -> list[str]:
    suite = _suite_named(names, file)
    return list(suite.scenarios if suite else names or ("*",))


def _tested(
    selection: Selection, suite: Suite | None, file: ProjectFile, catalog: Catalog, problems: Problems
) -> tuple[str, ...]:
    wanted = selection.models or (suite.models if suite else ()) or (file.defaults.model,)
    if not catalog:
        return ()
    found = [problems.attempt(lambda name=name: model_named(name, catalog)) for name in wanted]  # type: ignore[misc]
    return tuple(dict.fromkeys(named[0] for named in found if named))


def _loaded(project: Project | None) -> Project:
    assert project is not None  # noqa: S101 - problems.report() has raised otherwise
    return project
