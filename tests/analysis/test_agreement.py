import pytest

from harness.analysis.agreement import CheckCard, agree
from harness.core.finding import Finding, Span
from harness.core.label import Label, Prediction
from harness.core.taxonomy import FailureType, Severity

REPLY = "Sit down, friend. I am a program. The soup is hot."
SPAN = "I am a program."


def label(
    name: str, failure_type: str = "ai_self_disclosure", severity: str = "break", span: str = SPAN, who: str = "Hob"
) -> Label:
    clean = failure_type == "clean"
    return Label.model_validate(
        {
            "id": name,
            "language": "en",
            "persona": {"name": who},
            "messages": [{"role": "user", "content": "Hm?"}, {"role": "assistant", "content": REPLY}],
            "provenance": "authored",
            "failure_type": failure_type,
            "severity": "none" if clean else severity,
            "span": "" if clean else span,
        }
    )


def finding(
    words: str = SPAN, failure_type: FailureType = "ai_self_disclosure", severity: Severity = "break"
) -> Finding:
    start = REPLY.index(words)
    return Finding(
        failure_type=failure_type,
        severity=severity,
        certainty=0.9,
        source="check",
        turn=1,
        span=Span(start, start + len(words)),
        quote=words,
        message="x",
    )


def card(*rows: tuple[Label, tuple[Finding, ...]]) -> CheckCard:
    return agree([row for row, _ in rows], [Prediction(label=row.id, findings=found) for row, found in rows])


def test_recall_precision_and_f1_are_counted_by_row() -> None:
    counted = card(
        (label("a"), (finding(),)),
        (label("b"), ()),
        (label("c", severity="lapse"), (finding(),)),
        (label("d", "clean"), (finding(),)),
        (label("e", "clean"), ()),
    )
    pooled = counted.agreements[0]

    assert pooled.failure_type is None
    assert (pooled.recall.hits, pooled.recall.of) == (2, 3)
    assert (pooled.breaks.hits, pooled.breaks.of) == (1, 2)
    assert (pooled.lapses.hits, pooled.lapses.of) == (1, 1)
    assert (pooled.precision.hits, pooled.precision.of) == (2, 3)
    assert pooled.f1.value == pytest.approx(2 / 3)
    assert [row.label.id for row in counted.misses] == ["b"]
    assert [row.label.id for row in counted.false] == ["d"]
    assert (counted.alarms[0].breaks.hits, counted.alarms[0].breaks.of) == (1, 2)


def test_a_finding_elsewhere_is_no_hit_but_a_false_claim() -> None:
    pooled = card((label("a"), (finding("The soup is hot."),))).agreements[0]

    assert (pooled.recall.hits, pooled.precision.hits, pooled.precision.of) == (0, 0, 1)


def test_a_hit_of_another_type_is_found_but_not_named() -> None:
    counted = card((label("a"), (finding(failure_type="prompt_leak"),)))
    pooled, own = counted.agreements

    assert (pooled.recall.hits, pooled.named.hits) == (1, 0)
    assert (own.recall.hits, own.precision.of) == (1, 0)


def test_a_span_is_right_when_it_shares_half_of_all_the_words() -> None:
    assert card((label("a"), (finding(),))).agreements[0].placed.hits == 1
    assert card((label("a"), (finding(REPLY),))).agreements[0].placed.hits == 0


def test_notes_and_muted_findings_do_not_count() -> None:
    counted = card((label("a", "clean"), (finding(severity="note"),)))

    assert counted.false == ()


def test_types_that_no_rule_can_see_are_left_out() -> None:
    counted = card((label("a", "emotional_jump"), ()), (label("b"), (finding(),)))

    assert [one.failure_type for one in counted.agreements] == [None, "ai_self_disclosure"]
    assert counted.misses == ()


def test_intervals_hold_the_figure_and_narrow_with_more_rows() -> None:
    few = card(*((label(str(n), who=f"Hob {n}"), (finding(),) if n % 2 else ()) for n in range(6))).agreements[0]
    many = card(*((label(str(n), who=f"Hob {n}"), (finding(),) if n % 2 else ()) for n in range(60))).agreements[0]

    for interval in (few.recall.interval, few.f1, many.recall.interval, many.f1):
        assert interval.low is not None
        assert interval.value is not None
        assert interval.high is not None
        assert interval.low <= interval.value <= interval.high
    assert many.f1.high - many.f1.low < few.f1.high - few.f1.low  # type: ignore[operator]
