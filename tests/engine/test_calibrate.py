"""Labelled replies as a judge is shown them, and its answers in numbers."""

import json

import pytest

from harness.core.conversation import Conversation
from harness.core.finding import Finding
from harness.core.label import Label
from harness.core.taxonomy import DENSE, DIMENSIONS, FAILURE_TYPES, Dimension
from harness.engine.calibrate import GRAVITY, Judged, labelled_case, predict_by_judge, suspicion
from harness.engine.judging import Bench
from harness.errors import LostCall
from harness.judges import SheetJudge
from harness.providers.scripted import Answer, Scripted
from tests.build import criterion, finding, model, rubric

from .labels import CHAT, Kept, about, clean, label
from .memory import caller, in_turn

SHEET = rubric(*(criterion(dimension) for dimension in DIMENSIONS), per_turn=True)


def bench(*answers: Answer) -> tuple[Bench, Scripted]:
    calling, provider, _ = caller(in_turn(*answers), name="mock/judge", spec=model())
    return Bench(judge=SheetJudge(name="strict", rubric=SHEET, spec=calling.spec), caller=calling), provider


async def asked_about(row: Label) -> Conversation:
    """The first request that a row makes."""
    sitting, provider = bench(answer({}))
    await predict_by_judge(row, [sitting], Kept().record)
    return provider.asked[0]


def answer(grades: dict[str, int], *violations: dict[str, object], quote: str = "As an AI model") -> str:
    given = {item: {"quote": quote, "reason": "短而有力", "grade": each} for item, each in grades.items()}
    return json.dumps({"violations": violations, "grades": given}, ensure_ascii=False)


def violation(turn: int = 2, severity: str = "lapse", quote: str = "As an AI model") -> dict[str, object]:
    return {
        "turn": turn, "failure_type": "ai_self_disclosure", "severity": severity, "quote": quote, "why": "不像他"
    }  # fmt: skip


def test_only_the_last_turn_is_graded_and_the_chat_before_it_is_shown() -> None:
    case = labelled_case(label())

    assert (case.graded(), case.only) == ((2,), frozenset({2}))
    assert [(reply.turn, reply.text) for reply in case.replies()] == [(1, CHAT[0][1]), (2, CHAT[1][1])]
    assert [turn.user for turn in case.scenario.turns] == [CHAT[0][0], CHAT[1][0]]
    assert (case.persona.name, case.persona.language) == ("Hob", "en")


def test_the_reference_stands_at_the_last_turn_alone() -> None:
    case = labelled_case(label(reference=["He is a man.", "He\n keeps the inn."]))

    assert [turn.reference for turn in case.scenario.turns] == [None, "He is a man. He keeps the inn."]
    assert [turn.reference for turn in labelled_case(label(reference=" \n")).scenario.turns] == [None, None]


def test_a_reply_to_nothing_is_a_turn_all_the_same() -> None:
    case = labelled_case(label().model_copy(update={"messages": label().messages[-1:]}))

    assert [turn.user for turn in case.scenario.turns] == ["…"]


def test_a_row_is_graded_in_what_it_is_about_or_in_everything() -> None:
    assert labelled_case(about("facts")).called == {"facts"}
    assert labelled_case(about("voice")).called == {"voice"}
    assert labelled_case(label()).called == labelled_case(clean()).called == set(DIMENSIONS) - DENSE


@pytest.mark.parametrize("failure_type", [name for name in FAILURE_TYPES if name != "ai_self_disclosure"])
async def test_nothing_asked_gives_away_what_is_wrong(failure_type: str) -> None:
    first = await asked_about(label())

    assert await asked_about(label(failure_type=failure_type)) == first
    assert await asked_about(clean(provenance="natural")) == first


async def test_a_row_is_asked_about_its_last_turn_in_every_dimension() -> None:
    request = await asked_about(label(reference="He is a man."))

    form = request.form
    assert form is not None
    grades = form.schema["properties"]["grades"]["properties"]  # type: ignore[index, call-overload]
    assert set(grades) == {f"{dimension}_2" for dimension in DIMENSIONS}  # type: ignore[arg-type]
    assert "He is a man." in request.messages[-1].content
    assert "Look for violations in turn 2 alone" in request.messages[-1].content


async def judged(row: Label, *answers: Answer) -> tuple[Judged, Scripted]:
    sitting, provider = bench(*answers)
    kept = Kept()
    told = await predict_by_judge(row, [sitting], kept.record)
    assert len(kept.asks) == len(provider.asked), "a call is not in the bill"
    return told, provider


async def test_a_judges_answer_is_ratings_and_suspicions_by_dimension() -> None:
    prediction, provider = await judged(label(), answer({"immersion_2": 0, "voice_2": 1, "facts_2": 2}, violation()))
    said = prediction.prediction

    assert (said.label, prediction.again, len(provider.asked)) == ("a", None, 1)
    assert {name: said.ratings[name] for name in ("immersion", "voice", "facts")} == {
        "immersion": 0.0, "voice": 0.5, "facts": 1.0,
    }  # fmt: skip
    assert set(said.ratings) == set(DIMENSIONS)
    assert said.suspicions["immersion"] == pytest.approx((2 + GRAVITY["lapse"] * 0.5) / 3)
    assert (said.suspicions["voice"], said.suspicions["facts"]) == (pytest.approx(1 / 3), 0)
    assert said.violation == said.suspicions["immersion"]
    assert [each.failure_type for each in said.findings] == ["ai_self_disclosure"]


async def test_a_row_of_one_dimension_is_as_suspect_as_that_dimension() -> None:
    prediction, _ = await judged(about("facts"), answer({"immersion_2": 0, "facts_2": 1, "voice_2": 2}))

    assert prediction.prediction.violation == pytest.approx(1 / 3)
    assert prediction.prediction.unscored_reason is None


async def test_what_is_wrong_with_an_earlier_turn_is_not_held_against_the_reply() -> None:
    earlier = violation(turn=1, severity="break", quote="I do, friend.")

    prediction, provider = await judged(label(), answer({}, earlier))

    assert (prediction.prediction.findings, len(provider.asked)) == ((), 1)


async def test_a_call_that_failed_is_no_rating_and_says_why() -> None:
    prediction, _ = await judged(about("facts"), LostCall("网关坏了"))

    said = prediction.prediction
    assert (said.ratings["facts"], said.violation, said.unscored_reason) == (None, None, "failed")


async def test_a_label_can_be_put_to_the_judge_a_second_time() -> None:
    (sitting, provider), kept = bench(answer({"facts_2": 2}), answer({"facts_2": 0})), Kept()

    both = await predict_by_judge(about("facts"), [sitting], kept.record, again=True)

    assert both.again is not None
    assert (both.prediction.ratings["facts"], both.again.ratings["facts"]) == (1.0, 0.0)
    first, second = provider.asked
    assert first.messages == second.messages
    assert len({ask.digest for ask in kept.asks}) == 2, "the cache would give the first answer again"


def of(dimension: Dimension, severity: str, certainty: float = 1.0) -> Finding:
    kinds = {"immersion": "meta_commentary", "voice": "style_break"}
    return finding(kinds[dimension], severity=severity, certainty=certainty)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rating", "findings", "suspect"),
    [
        pytest.param(1.0, [], 0.0, id="nothing-wrong"),
        pytest.param(0.0, [], 2 / 3, id="the-worst-grade"),
        pytest.param(0.5, [], 1 / 3, id="half"),
        pytest.param(0.0, [of("voice", "break")], 1.0, id="the-worst-grade-and-a-break"),
        pytest.param(1.0, [of("voice", "break")], 1 / 3, id="a-break-alone"),
        pytest.param(1.0, [of("voice", "break", 0.5)], 1 / 6, id="a-break-half-sure"),
        pytest.param(1.0, [of("voice", "note"), of("voice", "lapse")], 0.7 / 3, id="the-gravest-counts"),
        pytest.param(1.0, [of("immersion", "break")], 0.0, id="a-break-of-another-dimension"),
        pytest.param(None, [of("voice", "lapse")], 0.7, id="no-grade-but-a-finding"),
        pytest.param(None, [of("immersion", "break")], None, id="nothing-known"),
    ],
)
def test_suspicion_is_what_the_grade_lacks_and_the_gravest_finding(
    rating: float | None, findings: list[Finding], suspect: float | None
) -> None:
    assert suspicion("voice", {"voice": rating}, findings) == (None if suspect is None else pytest.approx(suspect))


def test_a_better_grade_is_never_more_suspect() -> None:
    values = [suspicion("voice", {"voice": step / 10}, [of("voice", "note")]) for step in range(11)]

    assert values == sorted(values, key=lambda each: -(each or 0))
    assert all(each is not None and 0 <= each <= 1 for each in values)
