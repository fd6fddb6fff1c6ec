from dataclasses import replace

import pytest

from harness.analysis.findings import marked_findings, worst
from harness.core.finding import Finding
from harness.core.rating import Verdict
from harness.core.run import Sample
from harness.core.transcript import Transcript
from tests.build import KEY, finding, transcript

JUDGE = "judge:strict"
MUTED = "fine here (Lin)"


THREE = ("Wipe your boots.",) * 3


def sample(*found: Finding, judged: tuple[Finding, ...] = (), texts: tuple[str, ...] = THREE) -> Sample:
    verdicts = (Verdict(judge="strict", rubric="sheet@1", stage="strict", findings=judged),) if judged else ()
    return Sample(transcript=transcript(*texts), findings=found, verdicts=verdicts)


def by_judge(*arguments: object, **fields: object) -> Finding:
    return finding(*arguments, source=JUDGE, **{"certainty": 0.5, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "judge", "together"),
    [
        pytest.param(finding(at=(0, 4)), by_judge(at=(0, 4)), True, id="same-span"),
        pytest.param(finding(at=(0, 4)), by_judge(at=(3, 9)), True, id="overlap"),
        pytest.param(finding(at=(0, 9)), by_judge(at=(3, 5)), True, id="inside"),
        pytest.param(finding(at=(0, 4)), by_judge(at=(4, 9)), False, id="side-by-side"),
        pytest.param(finding(at=(0, 4)), by_judge("identity_swap", at=(0, 4)), False, id="other-type"),
        pytest.param(finding(at=(0, 4)), by_judge(turn=2, at=(0, 4)), False, id="other-turn"),
        pytest.param(finding(at=None), by_judge(at=(0, 4)), False, id="one-without-a-place"),
        pytest.param(finding(at=None), by_judge(at=None), True, id="both-without-a-place"),
        pytest.param(
            finding("unmet_expectation", at=None, arguments={"expected": "inn"}),
            by_judge("unmet_expectation", at=None, arguments={"expected": "bed"}),
            False,
            id="two-expectations",
        ),
    ],
)
def test_a_check_and_a_judge_that_point_at_the_same_are_one_finding(
    check: Finding, judge: Finding, together: bool
) -> None:
    marked = marked_findings(sample(check, judged=(judge,)))

    assert len(marked) == (1 if together else 2)
    if together:
        assert (marked[0].main, marked[0].others) == (check, (judge,))


def test_the_check_speaks_for_a_finding_even_if_the_judge_takes_it_more_gravely() -> None:
    check, judge = finding("meta_commentary", severity="note"), by_judge("meta_commentary", severity="break")

    (marked,) = marked_findings(sample(check, judged=(judge,)))

    assert (marked.main, worst([marked])) == (check, "note")


def test_of_two_judges_findings_the_graver_then_the_surer_speaks() -> None:
    mild = by_judge(severity="lapse", certainty=0.9)
    grave, surer = by_judge(severity="break", certainty=0.5), by_judge(severity="break", certainty=0.7)

    (marked,) = marked_findings(sample(judged=(mild, grave, surer)))

    assert (marked.main, marked.others) == (surer, (grave, mild))


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        pytest.param(sample(finding()), True, id="a-rule"),
        pytest.param(sample(finding(muted=MUTED)), False, id="accepted"),
        pytest.param(sample(judged=(by_judge(),)), False, id="a-judge-alone"),
        pytest.param(sample(finding(muted=MUTED), judged=(by_judge(),)), False, id="accepted-though-a-judge-sees-it"),
        pytest.param(sample(finding(), judged=(by_judge(),)), True, id="rule-and-judge"),
    ],
)
def test_only_what_a_rule_saw_and_nobody_accepted_counts(found: Sample, counts: bool) -> None:
    (marked,) = marked_findings(found)

    assert marked.counts is counts
    assert worst([marked]) == ("break" if counts else None)


def test_the_gravest_that_counts_is_the_worst() -> None:
    note, lapse = finding("length", at=(0, 2)), finding("style_break", at=(3, 5))
    muted = finding(at=(6, 8), muted=MUTED)

    assert worst(marked_findings(sample(note, lapse, muted))) == "lapse"
    assert worst(marked_findings(sample())) is None


def test_findings_come_in_the_order_in_which_a_reader_meets_them() -> None:
    places: list[tuple[int, tuple[int, int] | None]] = [(2, (5, 6)), (2, None), (1, (9, 10)), (2, (0, 2))]

    mains = [each.main for each in marked_findings(sample(*(finding(turn=turn, at=at) for turn, at in places)))]

    assert [(each.turn, each.span and each.span.start) for each in mains] == [(1, 9), (2, None), (2, 0), (2, 5)]


def test_the_id_is_of_the_reply_the_type_and_the_place_and_of_nothing_else() -> None:
    (one,) = marked_findings(sample(finding()))
    (same,) = marked_findings(sample(finding(certainty=0.2, muted=MUTED, severity="note")))
    (elsewhere,) = marked_findings(sample(finding(at=(1, 4))))
    (other_reply,) = marked_findings(sample(finding(), texts=("客官里边坐。",)))

    assert one.id == same.id
    assert len({one.id, elsewhere.id, other_reply.id}) == 3


def test_a_sample_that_was_never_begun_has_no_findings() -> None:
    assert marked_findings(Sample(transcript=Transcript(key=KEY))) == ()


def test_findings_of_several_judges_are_all_there() -> None:
    one = sample(judged=(by_judge(at=(0, 2)),))
    verdict = Verdict(judge="other", rubric="sheet@1", stage="strict", findings=(by_judge(at=(5, 8)),))

    assert len(marked_findings(replace(one, verdicts=(*one.verdicts, verdict)))) == 2
