"""Small valid values for tests: each function takes what the test is about and fills in the rest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from harness.core.conversation import GOOD, Message, Outcome, Usage
from harness.core.finding import Finding, Span
from harness.core.model import ModelSpec
from harness.core.persona import Persona
from harness.core.rubric import Criterion, Rubric
from harness.core.run import JudgeSpec, Run, Sample, Settings, Snapshot, Status
from harness.core.scenario import Scenario
from harness.core.taxonomy import FAILURES, Dimension, FailureType, Severity
from harness.core.transcript import Call, Exchange, SampleKey, Transcript

MODEL = "mock/echo"
KEY = SampleKey("hob/rainy-night", "plain", MODEL, 1)
SYSTEM = "You are Hob, keeper of the Three Geese."


def persona(**fields: object) -> Persona:
    """A persona from what a card would say; an English innkeeper unless told otherwise."""
    card = {"id": "hob", "name": "Hob", "languages": ["en"], "description": "Keeper of the Three Geese.", **fields}
    return Persona.model_validate(card)


def persona_zh(**fields: object) -> Persona:
    """A persona that speaks Chinese."""
    return persona(**{"name": "阮三娘", "languages": ["zh"], "description": "渡口茶寮的老板娘。", **fields})


def scenario(*turns: str | Mapping[str, object], **fields: object) -> Scenario:
    """A scenario of these turns, each a user line or a whole turn."""
    written = [{"user": turn} if isinstance(turn, str) else turn for turn in turns or ("Good evening.",)]
    return Scenario.model_validate({"id": KEY.scenario, "title": "A rainy night", "turns": written, **fields})


def model(**fields: object) -> ModelSpec:
    """A row of the catalog; nothing listens at its address."""
    return ModelSpec.model_validate({"base_url": "http://127.0.0.1:9/v1", "id": "echo-1", **fields})


def priced(input: str = "1", output: str = "2", **fields: object) -> dict[str, object]:
    """A price for a million tokens, as YAML would say it."""
    return {"currency": "USD", "input": input, "output": output, "as_of": "2026-11-22", "source": "a page", **fields}


def snapshot(
    *scenarios: Scenario,
    who: Persona | None = None,
    models: Mapping[str, ModelSpec] | None = None,
    system: str = SYSTEM,
    judges: Mapping[str, JudgeSpec] | None = None,
    **settings: object,
) -> Snapshot:
    """What a run of these scenarios with one persona and one prompt is made of."""
    chats = scenarios or (scenario(),)
    who = who or persona()
    called = models or {MODEL: model()}
    judging = {judge.model for judge in (judges or {}).values()}
    return Snapshot(
        version="0",
        settings=Settings.model_validate(settings),
        personas={who.id: who},
        scenarios={each.id: each for each in chats},
        prompts={"plain": "You are {{ persona.name }}."},
        systems={"plain": {who.id: system}},
        checks={each.id: ("ai_self_disclosure",) for each in chats},
        tested=tuple(name for name in called if name not in judging),
        models=called,
        judges=judges or {},
    )


LEVELS = ("gone 没了", "slips 失手", "whole 做到")


def criterion(dimension: Dimension = "voice", **fields: object) -> Criterion:
    """One question with grades 0, 1 and 2, named after its dimension."""
    levels = [{"grade": n, "value": n / 2, "anchor": {"en": each, "zh": each}} for n, each in enumerate(LEVELS)]
    question = {"en": f"Is the {dimension} right?", "zh": f"{dimension} 对吗？"}
    values = {"id": dimension, "dimension": dimension, "question": question, "levels": levels, **fields}
    return Criterion.model_validate(values)


def rubric(*criteria: Criterion, **fields: object) -> Rubric:
    """A question sheet of these criteria, for whole chats unless told otherwise."""
    title = {"en": "A sheet", "zh": "评分表"}
    values = {"id": "sheet", "title": title, "version": 3, "criteria": criteria or (criterion(),), **fields}
    return Rubric.model_validate(values)


def exchange(
    turn: int = 1, text: str = "Wipe your boots.", outcome: Outcome = "answered", **fields: object
) -> Exchange:
    """One turn as it went: free, one attempt, one second."""
    values: dict[str, object] = {
        "sent": (Message("system", SYSTEM), Message("user", "Good evening.")),
        "call": Call(seconds=1.0, usage=Usage(input_tokens=10, output_tokens=5)),
        "error": "it did not work" if outcome == "failed" else None,
        **fields,
    }
    return Exchange(turn=turn, outcome=outcome, text=text if outcome in GOOD else "", **values)  # type: ignore[arg-type]


def transcript(*replies: str | Exchange, key: SampleKey = KEY) -> Transcript:
    """A transcript of these replies, from turn 1 on."""
    exchanges = (exchange(n, each) if isinstance(each, str) else each for n, each in enumerate(replies, 1))
    return Transcript(key=key, exchanges=tuple(exchanges))


def finding(
    failure_type: FailureType = "ai_self_disclosure",
    turn: int = 1,
    at: tuple[int, int] | None = (0, 4),
    *,
    source: str = "check",
    severity: Severity | None = None,
    **fields: object,
) -> Finding:
    """One violation; its severity is the failure type's own unless told otherwise."""
    values: dict[str, object] = {"certainty": 1.0, "quote": "Wipe", "message": f"{failure_type}.case", **fields}
    return Finding(
        failure_type=failure_type,
        severity=severity or FAILURES[failure_type].severity,
        source=source,
        turn=turn,
        span=Span(*at) if at else None,
        **values,  # type: ignore[arg-type]
    )


def run(*samples: Sample, of: Snapshot | None = None, status: Status = "ungated", id: str = "r1") -> Run:
    """A run that came to its end."""
    began = datetime(2026, 11, 22, 3, tzinfo=UTC)
    return Run(id=id, started=began, ended=began, status=status, snapshot=of or snapshot(), samples=samples)


def keys(of: Snapshot) -> Sequence[SampleKey]:
    """The plan of a snapshot."""
    return tuple(of.keys())
