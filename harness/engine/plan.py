"""From a loaded project and what was asked of it to a snapshot: checked against the models' rules before any call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.checks import BadCheck, build_checks, choose_checks
from harness.core.conversation import Message
from harness.core.model import ModelSpec
from harness.core.project import Project
from harness.core.run import JudgeSpec, Settings, Snapshot
from harness.core.scenario import CheckChoice, CheckEntry, Scenario
from harness.engine.opening import opening_messages, tokens_of
from harness.errors import InputError, Problem
from harness.text.estimate import USUAL_REPLY, estimate_tokens
from harness.version import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, names resolved."""

    tested: tuple[str, ...]
    """Catalog names of the models under test."""
    judges: Mapping[str, JudgeSpec] = field(default_factory=dict)
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
    called = dict.fromkeys((*request.tested, *(spec.model for spec in request.judges.values())))
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
        judges=request.judges,
        rubrics=project.rubrics,
    )
    problems.extend(_rule_problems(snapshot))
    if problems:
        raise InputError(problems)
    return snapshot


def _rule_problems(snapshot: Snapshot) -> Iterator[Problem]:
    """Requests that a model would refuse, or cut: each told once for each model."""
    for name, spec in snapshot.models.items():
        for param, bounds in spec.params_out_of_range():
            what = f"models.{name}.params.{param}: {getattr(spec.params, param)}, and the provider takes {bounds}"
            yield Problem(what, "change it", "harness.yaml", place=("models", name, "params", param))
    for name in snapshot.tested:
        spec = snapshot.models[name]
        greeted = any(persona.greeting.strip() for persona in snapshot.personas.values())
        if spec.rules.alternate and spec.rules.greeting == "assistant" and greeted:
            what = f"{name} wants the user to speak first, and a chat would open with the persona's greeting"
            yield Problem(what, "set `greeting: in_system` in its `rules`", "harness.yaml")
        if spec.rules.history == "keep_system_drop_oldest":
            continue
        for scenario in snapshot.scenarios.values():
            openings = [_opening(snapshot, scenario, prompt, spec) for prompt in snapshot.prompts]
            if openings:
                yield from _too_long(name, spec, scenario, max(openings, key=tokens_of))


def _opening(snapshot: Snapshot, scenario: Scenario, prompt: str, spec: ModelSpec) -> tuple[Message, ...]:
    persona = snapshot.personas[scenario.persona]
    return opening_messages(snapshot.systems[prompt][persona.id], persona, spec.rules)


def _too_long(name: str, spec: ModelSpec, scenario: Scenario, opening: tuple[Message, ...]) -> Iterator[Problem]:
    """The first turn at which a chat will have outgrown the model, if it goes as chats usually do."""
    where = f"scenarios/{scenario.id}.yaml"
    remedy = f"split the scenario, or set models.{name}.rules.history: keep_system_drop_oldest"
    most, room = spec.rules.max_messages, spec.rules.max_input_tokens
    reply = min(spec.params.max_tokens or USUAL_REPLY, USUAL_REPLY)
    count, tokens = len(opening), tokens_of(opening)
    for number, turn in enumerate(scenario.turns, 1):
        count, tokens = count + 1, tokens + estimate_tokens(turn.user)
        if most is not None and count > most:
            yield Problem(f"turns[{number}]: message {count} of the chat, and {name} takes {most}", remedy, where)
            return
        if room is not None and tokens > room:
            what = f"turns[{number}].user: about {tokens:,} input tokens by then, and {name} takes {room:,}"
            yield Problem(what, remedy, where)
            return
        count, tokens = count + 1, tokens + (estimate_tokens(turn.assistant) if turn.assistant else reply)
