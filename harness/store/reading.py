"""Reading the files of one selection, each once, gathering every problem before any is reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.core.persona import Persona
from harness.core.rubric import Rubric
from harness.core.scenario import Phrase, Scenario, Turn
from harness.errors import InputError, Problem, Problems, did_you_mean
from harness.store.starter import starter_folder
from harness.store.yaml import Document, parse_value, read_text, read_yaml
from harness.text.fold import fold
from harness.text.patterns import BadPattern, compile_pattern
from harness.text.templates import BadTemplate, render_template


@dataclass(slots=True)
class Reading:
    """One pass over a project's files."""

    root: Path
    problems: Problems = field(default_factory=Problems)
    _personas: dict[str, Persona | None] = field(default_factory=dict)

    def persona(self, name: str) -> Persona | None:
        """One persona, or None with its problems noted."""
        if name not in self._personas:
            shown = f"scenarios/{name}/persona.yaml"
            self._personas[name] = self.problems.attempt(lambda: self._read_persona(name, shown))
        return self._personas[name]

    def _read_persona(self, name: str, shown: str) -> Persona:
        path = self.root / shown
        if not path.is_file() or Path(name).name != name:
            known = [file.parent.name for file in (self.root / "scenarios").glob("*/persona.yaml")]
            raise InputError(Problem(f"no persona {name!r}", f"write it, or {did_you_mean(name, known)}", shown))
        return parse_value(read_yaml(path, shown), Persona).model_copy(update={"id": name})

    def scenario_file(self, one: str) -> Scenario | None:
        """One scenario as it is written, before anything is held against its persona."""
        return self._scenario_document(one)[0]

    def _scenario_document(self, one: str) -> tuple[Scenario | None, Document | None]:
        shown = f"scenarios/{one}.yaml"
        if not one.isprintable():
            what = "the name has characters that cannot be printed"
            self.problems.found.append(Problem(what, "rename the file", shown))
        document = self.problems.attempt(lambda: read_yaml(self.root / shown, shown))
        scenario = self.problems.attempt(lambda: parse_value(document, Scenario)) if document else None
        return (scenario.model_copy(update={"id": one}) if scenario else None), document

    def scenario(self, one: str, persona: Persona | None) -> Scenario | None:
        """One scenario with its user lines rendered, or None with its problems noted."""
        scenario, document = self._scenario_document(one)
        if scenario is None or document is None or persona is None:
            return None
        values = persona_values(persona)
        turns: list[Turn] = []
        for index, turn in enumerate(scenario.turns):
            place = ("turns", index)
            self.problems.found.extend(_turn_problems(turn, turns, persona, document, place))
            rendered = turn.user
            try:
                rendered = render_template(turn.user, values)
            except BadTemplate as error:
                problem = document.problem((*place, "user"), str(error), _remedy(error, values))
                self.problems.found.append(problem)
            if not rendered.strip():
                self.problems.found.append(document.problem((*place, "user"), "renders to nothing", "say something"))
            turns.append(turn if rendered == turn.user else turn.model_copy(update={"user": rendered}))
        return scenario.model_copy(update={"turns": tuple(turns)})

    def prompt(self, name: str) -> str | None:
        """A prompt's template, the project's own or a shipped one."""
        return self.problems.attempt(lambda: read_text(*self._find("prompts", name, ".md")))

    def systems(self, name: str, template: str, personas: Iterable[Persona]) -> Mapping[str, str]:
        """The system message that a prompt renders for each persona."""
        rendered: dict[str, str] = {}
        for persona in personas:
            values = persona_values(persona)
            try:
                rendered[persona.id] = render_template(template, values).strip()
            except BadTemplate as error:
                where = f"prompts/{name}.md:{error.line or 1}"
                self.problems.found.append(Problem(str(error), _remedy(error, values), where))
                return {}
            if not rendered[persona.id]:
                self.problems.found.append(
                    Problem("renders to nothing", "write the system message", f"prompts/{name}.md:1")
                )
        return rendered

    def rubric(self, name: str) -> Rubric | None:
        """One rubric, the project's own or a shipped one."""

        def read() -> Rubric:
            path, shown = self._find("rubrics", name, ".yaml")
            return parse_value(read_yaml(path, shown), Rubric).model_copy(update={"id": name})

        return self.problems.attempt(read)

    def _find(self, kind: str, name: str, ending: str) -> tuple[Path, str]:
        shown = f"{kind}/{name}{ending}"
        for folder in (self.root, starter_folder()):
            if Path(name).name == name and (folder / shown).is_file():
                return folder / shown, shown
        known = [file.stem for folder in (self.root, starter_folder()) for file in (folder / kind).glob(f"*{ending}")]
        raise InputError(Problem(f"no {kind[:-1]} {name!r}", did_you_mean(name, sorted(set(known))), shown))


def persona_values(persona: Persona) -> Mapping[str, object]:
    """What a template knows: the persona as plain data, by the names that its file uses."""
    return {"persona": persona.model_dump(mode="json", by_alias=True, exclude={"id"})}


def _turn_problems(
    turn: Turn, earlier: Sequence[Turn], persona: Persona, document: Document, place: tuple[str | int, ...]
) -> list[Problem]:
    problems = []
    if turn.about is not None and turn.about not in persona.facts:
        what = f"{persona.name} has no fact {turn.about!r}"
        problems.append(document.problem((*place, "about"), what, did_you_mean(turn.about, tuple(persona.facts))))
    for index, expectation in enumerate(turn.expect):
        inner = (*place, "expect", index)
        if expectation.matches is not None:
            try:
                compile_pattern(expectation.matches)
            except BadPattern as error:
                problems.append(document.problem((*inner, "matches"), f"no pattern: {error}", "mend it (RE2 syntax)"))
        for phrase in expectation.recalls or ():
            if not any(_says(line.user, phrase) for line in earlier):
                what = f"no earlier user line says {phrase!r}"
                problems.append(document.problem((*inner, "recalls"), what, "recall what was said, or use `mentions`"))
    return problems


def _says(line: str, phrase: Phrase) -> bool:
    alternatives = (phrase,) if isinstance(phrase, str) else phrase
    folded = fold(line)
    return any(folded.find(alternative) is not None for alternative in alternatives)


def _remedy(error: BadTemplate, values: Mapping[str, object]) -> str:
    """What to do about a template: the nearest names it could have meant."""
    if error.unknown is None:
        return "mend the template; it knows `persona` alone"
    persona = values["persona"]
    known = list(persona) if isinstance(persona, Mapping) else []
    return did_you_mean(error.unknown, ["persona", *known])
