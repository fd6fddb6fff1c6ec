"""What a judge says counts where it is trusted, and nowhere else."""

from dataclasses import replace

import pytest

from harness.analysis.findings import marked_findings
from harness.analysis.summary import ModelSummary, summarise
from harness.core.card import CardRow, Interval
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.rating import Rating, Unscored, Verdict
from harness.core.run import Canary, JudgeSpec, Run, Sample
from harness.core.taxonomy import Dimension
from harness.core.transcript import SampleKey
from tests.build import finding, model, persona, persona_zh, run, scenario, snapshot, transcript
from tests.cards import card, row, with_cards

TWO = ("Wipe your boots.", "Mind the goose.")


def rating(
    value: float | None, dimension: Dimension = "voice", turn: int | None = None, unscored: Unscored = "missing"
) -> Rating:
    return Rating(
        criterion=dimension, dimension=dimension, turn=turn, value=value, unscored=unscored if value is None else None
    )


def said(*findings: Finding, ratings: tuple[Rating, ...] = (), judge: str = "strict") -> Verdict:
    return Verdict(judge=judge, rubric="quick@1", stage="strict", findings=findings, ratings=ratings)


def blamed(turn: int = 2, judge: str = "strict", **fields: object) -> Finding:
    """A break of voice that a judge saw."""
    return finding("style_break", turn, source=f"judge:{judge}", severity="break", **fields)  # type: ignore[arg-type]


def judged(
    *verdicts: Verdict,
    rows: tuple[CardRow, ...] = (row(),),
    who: Persona | None = None,
    canaries: tuple[Canary, ...] = (),
) -> Run:
    """A run of one chat of two turns, whose judge has a card of these rows."""
    return chats({"hob/a": [verdicts]}, rows, who, canaries=canaries)


def chats(
    epochs: dict[str, list[tuple[Verdict, ...]]],
    rows: tuple[CardRow, ...] = (row(),),
    who: Persona | None = None,
    findings: tuple[Finding, ...] = (),
    canaries: tuple[Canary, ...] = (),
) -> Run:
    """A run of several chats, each with what judges said of every epoch."""
    judges = {name: JudgeSpec(model="mock/judge", rubric="quick") for name in ("strict", "other")}
    made = snapshot(
        *(scenario("one", "two", id=name) for name in epochs),
        who=who or persona(),
        models={"mock/echo": model(), "mock/judge": model()},
        judges=judges,
    )
    samples = [
        Sample(
            transcript=transcript(*TWO, key=SampleKey(name, "plain", "mock/echo", number)),
            findings=findings,
            verdicts=verdicts,
        )
        for name, told in epochs.items()
        for number, verdicts in enumerate(told, 1)
    ]
    return replace(with_cards(run(*samples, of=made), {"strict": card(*rows)}), canaries=canaries)


def only(made: Run) -> ModelSummary:
    (summary,) = summarise(made).models
    return summary


def test_a_break_that_a_trusted_judge_sees_counts_apart_from_those_of_rules() -> None:
    summary = only(judged(said(blamed())))

    assert (summary.broken_samples, summary.broken_turns, summary.broken_by_rules) == (1, 1, 0)
    assert (summary.break_rate, summary.break_rate_by_rules) == (0.5, 0)
    assert summary.findings == {"break": 1, "lapse": 0, "note": 0}
    assert summary.survival is not None
    assert summary.survival.shares == pytest.approx((1.0, 0.0))


WEAK = row(labels="authored")
POOR = row(auroc=Interval(value=0.7))


@pytest.mark.parametrize(
    ("rows", "who"),
    [
        pytest.param((), persona(), id="no-card"),
        pytest.param((WEAK,), persona(), id="authored-labels"),
        pytest.param((POOR,), persona(), id="often-wrong"),
        pytest.param((row("facts"),), persona(), id="trusted-in-something-else"),
        pytest.param((row(),), persona_zh(), id="trusted-in-another-language"),
    ],
)
def test_without_trust_a_judge_counts_nowhere(rows: tuple[CardRow, ...], who: Persona) -> None:
    made = judged(said(blamed(), ratings=(rating(1.0),)), rows=rows, who=who)

    summary = only(made)
    assert (summary.broken_samples, summary.broken_turns, summary.consistency) == (0, 0, None)
    assert summary.findings == {"break": 0, "lapse": 0, "note": 0}
    assert [marked.counts for marked in marked_findings(made.samples[0], made)] == [False]


@pytest.mark.parametrize("language", ["zh", "zh-Hant"])
def test_what_is_known_of_a_judge_in_chinese_holds_for_both_scripts(language: str) -> None:
    who = persona_zh(languages=[language])

    assert only(judged(said(blamed()), rows=(row(language="zh"),), who=who)).broken_turns == 1


def test_a_judge_is_not_believed_for_the_card_of_another() -> None:
    summary = only(judged(said(blamed(judge="other"), ratings=(rating(1.0),), judge="other")))

    assert (summary.broken_turns, summary.consistency) == (0, None)


def test_what_somebody_accepted_does_not_count_whoever_sees_it() -> None:
    assert only(judged(said(blamed(muted="he may (Lin)")))).broken_turns == 0


def test_a_break_that_rule_and_judge_see_is_one_and_the_rules() -> None:
    by_rule = finding("style_break", 2, severity="break")

    summary = only(chats({"hob/a": [(said(blamed()),)]}, findings=(by_rule,)))

    assert (summary.broken_turns, summary.broken_by_rules, summary.findings["break"]) == (1, 1, 1)


def test_a_judge_that_missed_its_canaries_is_not_believed_in_that_run() -> None:
    missed = tuple(Canary(judge="strict", label=name, broken=True, suspicion=0.0) for name in "abcd")

    summary = only(judged(said(blamed(), ratings=(rating(1.0),)), canaries=missed))

    assert (summary.broken_turns, summary.consistency) == (0, None)


def test_consistency_is_the_mean_of_trusted_grades_out_of_a_hundred() -> None:
    grades = (rating(1.0, turn=1), rating(0.5, turn=2), rating(0.0, "facts", 1))

    consistency = only(judged(said(ratings=grades))).consistency

    assert consistency is not None
    assert (consistency.score, consistency.lower) == (75, 75)
    assert (consistency.scored, consistency.unscored) == (2, 0)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_consistency_goes_from_0_to_100(value: float) -> None:
    consistency = only(judged(said(ratings=(rating(value),)))).consistency

    assert consistency is not None
    assert consistency.score == 100 * value


def test_what_is_unscored_lowers_the_lower_bound_alone() -> None:
    consistency = only(judged(said(ratings=(rating(1.0, turn=1), rating(None, turn=2))))).consistency

    assert consistency is not None
    assert (consistency.score, consistency.lower, consistency.scored, consistency.unscored) == (100, 50, 1, 1)


def test_every_scenario_weighs_the_same_however_often_it_was_played() -> None:
    good, bad = (said(ratings=(rating(1.0),)),), (said(ratings=(rating(0.0),)),)

    consistency = only(chats({"hob/a": [good, good, bad], "hob/b": [bad]})).consistency

    assert consistency is not None
    assert consistency.score == pytest.approx(100 * (2 / 3 + 0) / 2)


def test_a_dimension_shows_its_trusted_grades_where_there_are_any() -> None:
    voices = said(ratings=(rating(1.0),)), said(ratings=(rating(0.0), rating(0.5, "facts")), judge="other")

    dimensions = {each.dimension: each for each in only(judged(*voices)).dimensions}

    assert (dimensions["voice"].mean, dimensions["voice"].scored, dimensions["voice"].trust) == (1.0, 1, "trusted")
    assert (dimensions["facts"].mean, dimensions["facts"].trust) == (0.5, "uncalibrated")


def test_a_weak_judge_is_said_to_be_weak() -> None:
    (voice,) = only(judged(said(ratings=(rating(1.0),)), rows=(WEAK,))).dimensions

    assert (voice.mean, voice.trust) == (1.0, "weak")


def test_findings_without_a_run_count_by_rule_alone() -> None:
    made = judged(said(blamed()))

    assert [marked.counts for marked in marked_findings(made.samples[0])] == [False]
