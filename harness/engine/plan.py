"""From a loaded project and what was asked of it to a snapshot: checked against the models' rules before any call."""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.checks import BadCheck, build_checks, choose_checks
from harness.core.model import ModelSpec
from harness.core.project import Project
from harness.core.run import JudgeSpec, Settings, Snapshot
from harness.core.scenario import CheckChoice, CheckEntry, Scenario
from harness.engine.opening import opening_messages
from harness.errors import InputError, Problem
from harness.text.estimate import estimate_tokens
from harness.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, names resolved."""

    tested: tuple[str, ...]
    """Catalog names of the models under test."""
    judge: tuple[str, JudgeSpec] | None = None
    settings: Settings = Settings()
    checks: CheckChoice = CheckChoice()
    """What the suite adds and skips."""


def plan(project: Project, request: Request) -> Snapshot:
    """Everything the run is made of.

    Raises:
        InputError: a check that is wrong, or a chat that a model's rules do not admit; all of them at once.
    """
    problems: list[Problem] = []
    checks: dict[str, tuple[CheckEntry, ...]] = {}
    for scenario in project.scenarios.values():
        try:
            chosen = choose_checks(project.file.checks, request.checks, scenario.checks)
            build_checks(chosen)
            checks[scenario.id] = chosen
        except BadCheck as error:
            problems.append(Problem(f"checks: {error}", error.remedy, f"scenarios/{scenario.id}.yaml"))
    judges = dict([request.judge]) if request.judge else {}
    called = dict.fromkeys((*request.tested, *(spec.model for spec in judges.values())))
    snapshot = Snapshot(
        version=__version__,
        settings=request.settings,
        personas=project.personas,
        scenarios=project.scenarios,
        prompts=project.prompts,
        systems=project.systems,
        checks=checks,
        tested=request.tested,
        models={name: project.catalog[name] for name in called},
        judges=judges,
        rubrics=project.rubrics,
    )
    problems.extend(_rule_problems(snapshot))
    if problems:
        raise InputError(problems)
    return snapshot


def _rule_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """Chats that cannot be sent as they are, each told once for each model."""
    for name in snapshot.tested:
        spec = snapshot.models[name]
        greeted = any(persona.greeting.strip() for persona in snapshot.personas.values())
        if spec.rules.alternate and spec.rules.greeting == "assistant" and greeted:
            what = f"{name} wants the user to speak first, and a chat would open with the persona's greeting"
            yield Problem(what, "set `greeting: in_system` in its `rules`", "harness.yaml")
        asked, most = spec.params.max_tokens, spec.rules.max_output_tokens
        if asked is not None and most is not None and asked > most:
            what = f"models.{name}.params.max_tokens: {asked:,}, and the model gives at most {most:,}"
            yield Problem(what, "lower it", "harness.yaml")
        for scenario in snapshot.scenarios.values():
            longest = max(
                (_opening_size(snapshot, scenario, prompt, spec) for prompt in snapshot.prompts), default=(0, 0)
            )
            yield from _too_long(name, spec, scenario, *longest)


def _opening_size(snapshot: Snapshot, scenario: Scenario, prompt: str, spec: ModelSpec) -> tuple[int, int]:
    persona = snapshot.personas[scenario.persona]
    opening = opening_messages(snapshot.systems[prompt][persona.id], persona, spec.rules)
    return sum(estimate_tokens(message.content) for message in opening), len(opening)


def _too_long(name: str, spec: ModelSpec, scenario: Scenario, tokens: int, messages: int) -> Iterator[Problem]:
    where = f"scenarios/{scenario.id}.yaml"
    if spec.rules.history == "keep_system_drop_oldest":
        return
    count = messages + 2 * len(scenario.turns) - 1
    most = spec.rules.max_messages
    if most is not None and count > most:
        what = f"{count} messages by the last turn, {name} takes {most}"
        yield Problem(what, "split the scenario", where)
    room = spec.rules.max_input_tokens
    if room is None:
        return
    for number, turn in enumerate(scenario.turns, 1):
        tokens += estimate_tokens(turn.user)
        if tokens > room:
            what = f"turns[{number}].user: about {tokens:,} input tokens by then, {name} takes {room:,}"
            yield Problem(what, "shorten it, or choose another model", where)
            return
        tokens += estimate_tokens(turn.assistant or "")
