"""A project folder on disk: finding it, choosing from it, and loading what was chosen, all errors at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.model import Catalog
from harness.core.persona import Persona
from harness.core.project import Project, ProjectFile
from harness.core.rubric import Rubric
from harness.core.scenario import Scenario
from harness.errors import InputError, Problem, did_you_mean
from harness.store.catalog import extended_catalog
from harness.store.reading import Reading
from harness.store.starter import starter_folder
from harness.store.yaml import Document, parse_value, place_of, read_yaml

if TYPE_CHECKING:
    from harness.store.database import Database

PROJECT_FILE = "harness.yaml"


@dataclass(frozen=True)
class ProjectFolder:
    """Where a project's files are read from (`root`), and where its runs and reports go (`home`)."""

    root: Path
    home: Path

    @classmethod
    def find(cls, start: str | Path = ".") -> "ProjectFolder":
        """The project at or above a folder; the starter project, kept in that folder, when there is none.

        Raises:
            InputError: the folder does not exist.
        """
        folder = Path(start).resolve()
        if not folder.is_dir():
            raise InputError(Problem("no such folder", "name the folder of a project", str(start)))
        for candidate in (folder, *folder.parents):
            if (candidate / PROJECT_FILE).is_file():
                return cls(candidate, candidate)
        return cls(starter_folder(), folder)

    @property
    def is_starter(self) -> bool:
        """Whether no project was found, so that the shipped one stands in."""
        return self.root != self.home

    @cached_property
    def _document(self) -> Document:
        return read_yaml(self.root / PROJECT_FILE, PROJECT_FILE)

    @cached_property
    def file(self) -> ProjectFile:
        """What `harness.yaml` says.

        Raises:
            InputError: it is wrong.
        """
        if self._document.content is None:
            return ProjectFile()
        return parse_value(self._document, ProjectFile)

    @cached_property
    def catalog(self) -> Catalog:
        """The models that can be named here.

        Raises:
            InputError: a row in `harness.yaml` is wrong.
        """
        return extended_catalog(self._document, self.file.models)

    def database(self) -> "Database":
        """The store of this project's runs."""
        from harness.store.database import Database

        return Database.open(self.file.store, self.home)

    def scenario_ids(self) -> tuple[str, ...]:
        """Every scenario there is, by path, sorted."""
        files = (self.root / "scenarios").glob("*/*.yaml")
        return tuple(sorted(f"{file.parent.name}/{file.stem}" for file in files if file.stem != "persona"))

    def strays(self) -> list[Problem]:
        """A problem for each file under `scenarios/` that stands where no scenario is looked for."""
        folder = self.root / "scenarios"
        found = sorted(file for pattern in ("**/*.yaml", "**/*.yml") for file in folder.glob(pattern))
        return [
            Problem("stands where no scenario is looked for", "move it to scenarios/<persona>/<name>.yaml", str(shown))
            for file in found
            if file.suffix != ".yaml" or file.parent.parent != folder
            for shown in (file.relative_to(self.root),)
        ]

    def names(self, kind: str, ending: str) -> tuple[str, ...]:
        """The names of the prompts or rubrics there are, the shipped ones included."""
        folders = {self.root / kind, starter_folder() / kind}
        return tuple(sorted({file.stem for folder in folders for file in folder.glob(f"*{ending}")}))

    def choose(self, terms: Sequence[str], tags: Sequence[str] = ()) -> tuple[str, ...]:
        """The scenario ids that terms mean: an id, a persona's id, `tag:…` or a pattern; all of `tags` must be on them.

        Raises:
            InputError: a term that matches nothing, or nothing left.
        """
        known = self.scenario_ids()
        if not known:
            raise InputError(Problem("no scenarios here", "write scenarios/<persona>/<name>.yaml", "scenarios/"))
        tagged: dict[str, tuple[str, ...]] = {}
        if tags or any(term.startswith("tag:") for term in terms):
            tagged = self._tags(known)
        chosen: set[str] = set()
        problems: list[Problem] = []
        for term in terms:
            hits = _matching(term, known, tagged)
            chosen.update(hits)
            if not hits and (self.root / "scenarios" / term / "persona.yaml").is_file():
                remedy = f"write scenarios/{term}/<name>.yaml"
                problems.append(Problem(f"persona {term!r} has no scenarios", remedy))
            elif not hits:
                problems.append(_no_match(term, [*known, *self.file.suites], tagged))
        if problems:
            raise InputError(problems)
        kept = [one for one in known if one in chosen and all(tag in tagged.get(one, ()) for tag in tags)]
        if not kept:
            raise InputError(
                Problem(f"no chosen scenario has the tag {' and '.join(tags)}", "see `harness scenarios list`")
            )
        return tuple(kept)

    def _tags(self, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
        reading = Reading(self.root)
        tags = {one: scenario.tags for one in known if (scenario := reading.scenario_file(one)) is not None}
        reading.problems.report()
        return tags

    def located(self, problem: Problem) -> Problem:
        """A problem that names a file and a field, with the line of that field."""
        path = self.root / problem.where
        if path.suffix != ".yaml" or not path.is_file():
            return problem
        document = read_yaml(path, problem.where)
        place = problem.place or place_of(problem.what.partition(": ")[0])
        return replace(problem, where=document.where(place))

    def load(self, scenarios: Sequence[str], prompts: Sequence[str] = (), rubrics: Sequence[str] = ()) -> Project:
        """Read and check everything a selection needs.

        Raises:
            InputError: with every problem of every file.
        """
        reading = Reading(self.root)
        catalog = reading.problems.attempt(lambda: self.catalog) or {}
        file = reading.problems.attempt(lambda: self.file) or ProjectFile()
        loaded: dict[str, Scenario] = {}
        personas: dict[str, Persona] = {}
        for one in scenarios:
            persona = reading.persona(one.partition("/")[0])
            scenario = reading.scenario(one, persona)
            if persona and scenario:
                personas[persona.id] = persona
                loaded[one] = scenario
        templates = {name: text for name in prompts if (text := reading.prompt(name)) is not None}
        systems = {name: reading.systems(name, text, personas.values()) for name, text in templates.items()}
        sheets: dict[str, Rubric] = {name: sheet for name in rubrics if (sheet := reading.rubric(name)) is not None}
        reading.problems.report()
        return Project(
            file=file,
            catalog=catalog,
            personas=personas,
            scenarios=loaded,
            prompts=templates,
            systems=systems,
            rubrics=sheets,
        )


def _matching(term: str, known: Sequence[str], tagged: Mapping[str, tuple[str, ...]]) -> list[str]:
    if term.startswith("tag:"):
        return [one for one in known if term[4:] in tagged.get(one, ())]
    return [one for one in known if one == term or one.partition("/")[0] == term or fnmatchcase(one, term)]


def _no_match(term: str, known: Sequence[str], tagged: Mapping[str, tuple[str, ...]]) -> Problem:
    if term.startswith("tag:"):
        tags = sorted({tag for some in tagged.values() for tag in some})
        return Problem(f"no scenario has the tag {term[4:]!r}", did_you_mean(term[4:], tags))
    personas = sorted({one.partition("/")[0] for one in known if "/" in one})
    return Problem(f"no suite, scenario or persona {term!r}", did_you_mean(term, [*known, *personas]))
