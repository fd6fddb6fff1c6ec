"""The headline numbers of a run, each computed by hand beside the test."""

from dataclasses import replace
from decimal import Decimal

import pytest

from harness.analysis.summary import ModelSummary, Summary, summarise
from harness.core.charge import Bill, Charge
from harness.core.conversation import Outcome
from harness.core.rating import Ask, Rating, Verdict
from harness.core.run import Run, Sample, finished_status
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from tests.build import KEY, MODEL, exchange, finding, keys, model, run, scenario, snapshot, transcript

TWO_MODELS = {MODEL: model(), "mock/other": model()}
OF = snapshot(scenario("one", "two", "three", "four"), models=TWO_MODELS, epochs=2)


def cost(cents: str) -> Charge:
    return Charge(Decimal(cents) / 100, "USD", "a page")


def said(turn: int, seconds: float = 1.0, charge: Charge | None = None, outcome: Outcome = "answered") -> Exchange:
    return exchange(turn, outcome=outcome, call=Call(seconds=seconds, charge=charge))


def ask(charge: Charge | None) -> Ask:
    return Ask(model="j", digest="d", sent=(), outcome="answered", answer="{}", call=Call(seconds=1, charge=charge))


def rating(value: float | None, dimension: str = "voice", turn: int | None = None) -> Rating:
    reason = "missing" if value is None else None
    return Rating(criterion=dimension, dimension=dimension, turn=turn, value=value, unscored=reason)  # type: ignore[arg-type]


def verdict(*ratings: Rating) -> tuple[Verdict, ...]:
    return (Verdict(judge="j", rubric="s@1", stage="strict", ratings=ratings),)


def hand_made() -> Run:
    """Two models, two epochs of four turns.

    mock/echo, epoch 1: 4 answered, breaks at 2 (twice in one reply) and 3, a lapse at 1. Epoch 2: answered, truncated,
    then filtered; one turn skipped; a muted break. mock/other: nothing but a failure, and a sample never begun.
    """
    one, two, other, unbegun = (OF_KEYS[n] for n in (0, 1, 2, 3))
    first = Sample(
        transcript=transcript(*(said(turn, turn, cost("10")) for turn in (1, 2, 3, 4)), key=one),
        findings=(finding("style_break"), finding(turn=2, at=(0, 1)), finding(turn=2, at=(2, 3)), finding(turn=3)),
        verdicts=verdict(rating(1.0), rating(0.5), rating(None), rating(None, "form")),
        asks=(ask(cost("3")), ask(None)),
    )
    cut = [said(1, 5, cost("10")), said(2, 6, None, "truncated"), said(3, 60, cost("1"), "filtered")]
    second = Sample(
        transcript=transcript(*cut, key=two),
        findings=(finding(muted="fine (Lin)"),),
        asks=(ask(cost("4")),),
        replaced=(Call(seconds=9, charge=None), Call(seconds=9, charge=cost("2"))),
    )
    third = Sample(transcript=transcript(said(1, 99, None, "failed"), key=other))
    return run(first, second, third, Sample(transcript=Transcript(key=unbegun), finished=False), of=OF)


OF_KEYS = [SampleKey(*KEY[:2], name, epoch) for name in TWO_MODELS for epoch in (1, 2)]


@pytest.fixture(name="summary")
def _summary() -> Summary:
    return summarise(hand_made())


@pytest.fixture(name="echo")
def _echo(summary: Summary) -> ModelSummary:
    return summary.models[0]


def test_there_is_one_row_for_each_model_and_prompt(summary: Summary) -> None:
    assert [(each.model, each.prompt, each.samples) for each in summary.models] == [
        (MODEL, "plain", 2), ("mock/other", "plain", 2),
    ]  # fmt: skip
    assert (summary.run, summary.samples, summary.unfinished_samples, summary.exit_code) == ("r1", 4, 1, 0)


def test_the_break_rate_counts_turns_and_not_findings(echo: ModelSummary, summary: Summary) -> None:
    assert (echo.turns, echo.broken_turns, echo.break_rate) == (6, 2, pytest.approx(2 / 6))
    assert (echo.broken_samples, echo.findings) == (1, {"break": 3, "lapse": 1, "note": 0})
    assert summary.break_rate == pytest.approx(2 / 6)
    assert summary.findings == {"break": 3, "lapse": 1, "note": 0}


def test_every_scripted_turn_has_an_outcome(echo: ModelSummary, summary: Summary) -> None:
    assert echo.outcomes == {
        "answered": 5, "truncated": 1, "filtered": 1, "empty": 0, "failed": 0, "skipped": 1,
    }  # fmt: skip
    assert summary.outcomes == {
        "answered": 5, "truncated": 1, "filtered": 1, "empty": 0, "failed": 1, "skipped": 8,
    }  # fmt: skip


def test_bills_hold_retried_calls_and_count_the_unknown(echo: ModelSummary, summary: Summary) -> None:
    assert echo.model_bill == Bill({"USD": Decimal("0.53")}, unknown_calls=2, calls=9)
    assert echo.judge_bill == Bill({"USD": Decimal("0.07")}, unknown_calls=1, calls=3)
    assert summary.model_bill == Bill({"USD": Decimal("0.53")}, unknown_calls=3, calls=10)
    assert summary.judge_bill == echo.judge_bill
    assert echo.cost_per_sample == {"USD": Decimal("0.265")}
    assert echo.cost_per_unbroken_turn == {"USD": Decimal("0.53") / 4}


def test_latency_is_of_replies_alone(echo: ModelSummary, summary: Summary) -> None:
    assert echo.latency is not None
    assert (echo.latency.p50, echo.latency.p95) == (pytest.approx(3.5), pytest.approx(5.75))
    assert summary.models[1].latency is None


def test_survival_is_censored_where_a_sample_was_cut_short(echo: ModelSummary, summary: Summary) -> None:
    assert echo.survival is not None
    assert echo.survival.shares == pytest.approx((1.0, 0.5, 0.5, 0.5))
    assert echo.survival.worst == pytest.approx((1.0, 0.5, 0.0, 0.0))
    assert (echo.survival.median_turns, echo.survival.cut_short) == (2, 1)
    assert summary.models[1].survival is None


def test_unscored_ratings_are_neither_zero_nor_one_and_bound_the_mean(echo: ModelSummary, summary: Summary) -> None:
    voice, form = echo.dimensions
    assert (voice.dimension, voice.scored, voice.unscored) == ("voice", 2, 1)
    assert (voice.mean, voice.lower) == (pytest.approx(0.75), pytest.approx(0.5))
    assert (form.dimension, form.mean, form.lower, form.unscored) == ("form", None, None, 1)
    assert {each.trust for each in echo.dimensions} == {"uncalibrated"}
    assert (summary.ratings_scored, summary.ratings_unscored) == (2, 2)


def test_a_model_that_never_answered_has_no_rates(summary: Summary) -> None:
    other = summary.models[1]

    assert (other.turns, other.break_rate, other.dimensions, other.latency) == (0, None, (), None)
    assert (other.cost_per_sample, other.cost_per_unbroken_turn) == ({}, {})


def test_recorded_chats_cost_nothing_and_took_no_time() -> None:
    recorded = replace(said(1), call=Call(seconds=0, attempts=0))
    one = summarise(run(Sample(transcript=transcript(recorded)), of=snapshot(scenario("one")))).models[0]

    assert (one.turns, one.model_bill, one.latency) == (1, Bill(), None)


def test_replies_that_were_never_checked_are_in_no_rate_but_in_the_bill() -> None:
    checked = Sample(transcript=transcript(said(1, charge=cost("1"))), findings=(finding(),))
    cut = [said(turn, charge=cost("1")) for turn in (1, 2)]
    unchecked = Sample(transcript=transcript(*cut, key=KEY._replace(epoch=2)), finished=False)
    one = summarise(run(checked, unchecked, of=snapshot(scenario("one", "two"), epochs=2))).models[0]

    assert (one.samples, one.unfinished_samples) == (2, 1)
    assert (one.turns, one.break_rate, one.broken_samples) == (1, 1.0, 1)
    assert one.survival is not None
    assert one.survival.shares[0] == 0.0
    assert one.model_bill == Bill({"USD": Decimal("0.03")}, calls=3)


def test_a_run_without_samples_has_no_numbers() -> None:
    summary = summarise(run(of=OF, status="incomplete"))

    assert (summary.models, summary.turns, summary.break_rate) == ((), 0, None)
    assert (summary.exit_code, summary.model_bill) == (3, Bill())


def test_a_turn_broken_by_every_reply_costs_nothing_per_unbroken_one() -> None:
    sample = Sample(transcript=transcript(said(1, 1, cost("5"))), findings=(finding(),))
    one = summarise(run(sample, of=snapshot(scenario("one")))).models[0]

    assert (one.break_rate, one.cost_per_unbroken_turn) == (1.0, {})


def ended(*outcomes: Outcome, of: int, limit: float) -> Run:
    """One sample a scenario of this many turns, each ending as it is told after answers before it."""
    plan = snapshot(scenario(*("x" for _ in range(of))), epochs=len(outcomes), max_incomplete=limit)
    samples = []
    for key, outcome in zip(keys(plan), outcomes, strict=True):
        good = outcome == "answered"
        replies = [said(turn) for turn in range(1, of + (1 if good else 0))]
        samples.append(Sample(transcript=transcript(*replies, *([] if good else [said(of, outcome=outcome)]), key=key)))
    return run(*samples, of=plan, status="running")


@pytest.mark.parametrize(
    ("case", "status"),
    [
        pytest.param(ended("answered", of=3, limit=0.1), "ungated", id="all-answered"),
        pytest.param(ended("failed", of=10, limit=0.1), "ungated", id="exactly-at-the-limit"),
        pytest.param(ended("failed", of=9, limit=0.1), "incomplete", id="just-above-the-limit"),
        pytest.param(ended(*["failed"] * 29, *["answered"] * 71, of=2, limit=0.145), "ungated", id="at-an-odd-limit"),
        pytest.param(ended("failed", "answered", of=100, limit=0.0), "incomplete", id="none-allowed"),
        pytest.param(ended("filtered", "empty", of=2, limit=0.0), "ungated", id="filtered-and-empty-are-answers"),
        pytest.param(ended("failed", of=1, limit=1.0), "incomplete", id="nothing-answered"),
        pytest.param(run(of=OF), "incomplete", id="no-samples"),
    ],
)
def test_a_run_is_incomplete_when_too_much_failed_or_nothing_was_answered(case: Run, status: str) -> None:
    assert finished_status(case) == status


@pytest.mark.parametrize(
    ("failed", "turns", "limit"), [(29, 100, 0.29), (57, 100, 0.57), (58, 100, 0.58), (7, 25, 0.28)]
)
def test_exactly_at_the_limit_is_not_above_it_whatever_the_limit(failed: int, turns: int, limit: float) -> None:
    outcomes: list[Outcome] = ["failed"] * failed
    plan = snapshot(scenario("x"), epochs=turns, max_incomplete=limit)
    ends = [*outcomes, *["answered"] * (turns - failed)]
    samples = [
        Sample(transcript=transcript(said(1, outcome=end), key=key)) for key, end in zip(keys(plan), ends, strict=True)
    ]  # type: ignore[arg-type]

    assert finished_status(run(*samples, of=plan)) == "ungated"


def test_every_turn_after_a_failure_counts_as_failed() -> None:
    plan = snapshot(scenario(*"abcdefghij"), max_incomplete=0.5)
    early = Sample(transcript=transcript(*map(said, (1, 2, 3, 4)), said(5, outcome="failed")))
    late = Sample(transcript=transcript(*map(said, (1, 2, 3, 4, 5)), said(6, outcome="failed")))

    assert finished_status(run(early, of=plan)) == "incomplete"
    assert finished_status(run(late, of=plan)) == "ungated"


def test_ratings_that_could_not_be_had_do_not_make_a_run_incomplete() -> None:
    unread = Sample(transcript=transcript(said(1)), verdicts=verdict(rating(None), rating(None)))

    assert finished_status(run(unread, of=snapshot(scenario("one"), max_incomplete=0.0))) == "ungated"
