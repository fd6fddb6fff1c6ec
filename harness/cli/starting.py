"""`run`, `resume` and `rescore`: from a fresh or a saved plan to a session."""

from harness.cli.calling import CallOptions
from harness.cli.cards import with_cards
from harness.cli.output import Output
from harness.cli.printing import say
from harness.cli.selection import Selection, judges_named, plan_selection
from harness.cli.session import Session
from harness.core.run import Snapshot
from harness.store.project import ProjectFolder


def run_selection(folder: ProjectFolder, selection: Selection, output: Output) -> None:
    """`harness run`."""
    snapshot = plan_selection(folder, selection)
    Session(folder=folder, snapshot=snapshot, keys=list(snapshot.keys()), output=output).conduct()


def resume_run(folder: ProjectFolder, name: str, calls: CallOptions, output: Output) -> None:
    """`harness resume`."""
    run = folder.database().load_run(name)
    todo = [sample for sample in run.samples if sample.resumable]
    if not todo:
        say(f"{run.id} is complete: nothing to resume", err=True)
    Session(
        folder=folder,
        snapshot=_called_otherwise(folder, run.snapshot, calls),
        keys=[sample.key for sample in todo],
        output=output,
        run=run.id,
        replaying=any(run.unplayed(sample) for sample in todo),
        spent=run.spent(),
        unbounded=run.unbounded(),
    ).conduct()


def rescore_run(folder: ProjectFolder, name: str, judge: str | None, calls: CallOptions, output: Output) -> None:
    """`harness rescore`."""
    run = folder.database().load_run(name)
    snapshot = run.snapshot if judge is None else _judged_otherwise(folder, run.snapshot, judge)
    Session(
        folder=folder,
        snapshot=_called_otherwise(folder, snapshot, calls),
        keys=[sample.key for sample in run.samples if sample.finished or not run.unplayed(sample)],
        output=output,
        run=run.id,
        replaying=False,
        rescoring=True,
        spent=run.spent(),
        unbounded=run.unbounded(),
    ).conduct()


def _called_otherwise(folder: ProjectFolder, snapshot: Snapshot, calls: CallOptions) -> Snapshot:
    return snapshot.model_copy(update={"settings": calls.applied(snapshot.settings, folder.file.exchange)})


def _judged_otherwise(folder: ProjectFolder, snapshot: Snapshot, name: str) -> Snapshot:
    """A snapshot that is judged by this judge, with the rubric as it stands in the project now."""
    judges = judges_named(name, folder.file, folder.catalog)
    settings = snapshot.settings.model_copy(update={"judge": ",".join(judges) or None})
    rubrics = folder.load((), (), tuple(dict.fromkeys(judge.rubric for judge in judges.values()))).rubrics
    frozen = {name: snapshot.models[name] for name in snapshot.tested}  # a row under test stays what it was
    models = {**{judge.model: folder.catalog[judge.model] for judge in judges.values()}, **frozen}
    changes = {"judges": judges, "rubrics": rubrics, "models": models, "settings": settings}
    return with_cards(folder, snapshot.model_copy(update=changes))
