from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.analysis.calibration import Observed, calibrate, overlap
from harness.core.card import CardRow, Interval
from harness.core.label import Label, Prediction

REPLY = "The soup is hot."


def graded(
    human: float | None,
    judge: float | None,
    *,
    suspicion: float | None = None,
    scale: tuple[int, int] = (1, 5),
    **fields: object,
) -> Observed:
    """A reply to which people gave a grade of 1 to 5 for its facts, and a judge one from 0 to 1."""
    of_people = {} if human is None else {"human": {"value": human, "scale": scale}}
    return observed({"dimension": "facts", **of_people, **fields}, judge, suspicion)


def typed(failure_type: str, suspicion: float | None, dimension: str = "voice", **fields: object) -> Observed:
    """A reply that is labelled with what is wrong with it."""
    severity = "none" if failure_type == "clean" else "break"
    told = {"failure_type": failure_type, "severity": severity, "provenance": "authored", **fields}
    return observed(told, 0.5, suspicion, dimension)


def observed(
    fields: dict[str, object], judge: float | None, suspicion: float | None, dimension: str = "facts"
) -> Observed:
    values = {
        "id": "a", "language": "en", "persona": {"name": "Hob"}, "provenance": "human",
        "messages": [{"role": "assistant", "content": fields.pop("reply", REPLY)}], **fields,
    }  # fmt: skip
    label = Label.model_validate(values)
    said = Prediction(label=label.id, ratings={dimension: judge}, suspicions={dimension: suspicion})  # type: ignore[dict-item]
    return Observed(label=label, prediction=said)


def row(rows: Sequence[Observed]) -> CardRow:
    (made,) = calibrate(rows)
    return made


SAME = [graded(value, (value - 1) / 4) for value in (1, 2, 3, 4, 5)]
OPPOSED = [graded(value, (5 - value) / 4) for value in (1, 2, 3, 4, 5)]


def test_a_judge_that_grades_as_people_do_agrees_wholly() -> None:
    made = row(SAME)

    assert (made.dimension, made.language, made.labels, made.rows, made.scored) == ("facts", "en", "human", 5, 5)
    assert [made.pearson.value, made.spearman.value, made.kappa.value] == pytest.approx([1, 1, 1])
    assert made.bias.value == 0


def test_a_judge_that_grades_the_other_way_round_disagrees_wholly() -> None:
    made = row(OPPOSED)

    assert [made.pearson.value, made.spearman.value, made.kappa.value] == pytest.approx([-1, -1, -1])
    assert made.bias.value == 0


def test_order_alone_is_what_ranks_compare() -> None:
    made = row([graded(value, judge) for value, judge in ((1, 0), (2, 0.01), (3, 0.02), (4, 0.03), (5, 1))])

    assert made.spearman.value == pytest.approx(1)
    assert made.pearson.value == pytest.approx(0.7248, abs=1e-4)


@pytest.mark.parametrize(
    ("judge", "kappa"),
    [
        pytest.param((0, 0, 1, 1), 1.0, id="the-same"),
        pytest.param((0, 0, 1, 0), 0.5, id="one-of-four-off"),
        pytest.param((0, 1, 0, 1), 0.0, id="by-chance"),
        pytest.param((1, 1, 0, 0), -1.0, id="the-other-way-round"),
    ],
)
def test_kappa_is_what_agreement_is_worth_beyond_chance(judge: tuple[float, ...], kappa: float) -> None:
    yes_or_no = [graded(value, said, scale=(0, 1)) for value, said in zip((0, 0, 1, 1), judge, strict=True)]

    assert row(yes_or_no).kappa.value == pytest.approx(kappa)


def test_kappa_is_taken_on_the_grades_that_people_had() -> None:
    """0.3 of a scale from 1 to 5 is nearest to 2, and so the same as people's grade."""
    assert row([graded(2, 0.3), graded(5, 0.95), graded(1, 0.1)]).kappa.value == 1


def test_bias_is_what_a_judge_gives_too_much() -> None:
    assert row([graded(1, 0.5), graded(3, 0.5), graded(2, 0.5)]).bias.value == pytest.approx(0.25)


def test_a_judge_that_likes_long_replies_shows_it() -> None:
    likes = [graded(3, 0.5 + length / 10, reply="a" * (length + 1)) for length in range(5)]
    dislikes = [graded(3, 0.5 - length / 10, reply="a" * (length + 1)) for length in range(5)]

    assert (row(likes).length.value, row(dislikes).length.value) == (pytest.approx(1), pytest.approx(-1))


def test_what_does_not_vary_has_no_correlation() -> None:
    made = row([graded(3, 0.5), graded(3, 0.5), graded(3, 1)])

    assert (made.pearson, made.spearman) == (Interval(), Interval())


@pytest.mark.parametrize(
    ("bad", "good", "auroc"),
    [
        pytest.param((0.9, 0.8), (0.2, 0.1), 1.0, id="apart"),
        pytest.param((0.5, 0.5), (0.5, 0.5), 0.5, id="alike"),
        pytest.param((0.1, 0.2), (0.8, 0.9), 0.0, id="the-other-way-round"),
        pytest.param((0.9, 0.3), (0.5, 0.1), 0.75, id="one-of-four-pairs-wrong"),
        pytest.param((0.5,), (0.5, 0.1), 0.75, id="a-tie-is-half"),
    ],
)
def test_auroc_is_how_often_a_violation_is_the_more_suspect(
    bad: tuple[float, ...], good: tuple[float, ...], auroc: float
) -> None:
    rows = [graded(None, 0.5, suspicion=each, violation=True) for each in bad]
    rows += [graded(None, 0.5, suspicion=each, violation=False) for each in good]

    made = row(rows)

    assert (made.auroc.value, made.violations) == (auroc, len(bad))


suspicions = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(suspicions, suspicions)
def test_auroc_is_a_share_and_turns_round_with_the_labels(bad: list[float], good: list[float]) -> None:
    def auroc(violated: list[float], kept: list[float]) -> float:
        rows = [graded(None, 0.5, suspicion=each, violation=True) for each in violated]
        rows += [graded(None, 0.5, suspicion=each, violation=False) for each in kept]
        value = row(rows).auroc.value
        assert value is not None
        return value

    assert 0 <= auroc(bad, good) <= 1
    assert auroc(bad, good) + auroc(good, bad) == pytest.approx(1)


@pytest.mark.parametrize("violation", [True, False])
def test_of_one_kind_alone_there_is_no_auroc(violation: bool) -> None:
    assert row([graded(None, 0.5, suspicion=0.5, violation=violation)]).auroc == Interval()


def test_a_failure_type_is_a_violation_of_its_own_dimension_and_clean_rows_are_none_of_any() -> None:
    broken = [typed("style_break", 0.9), typed("clean", 0.1), typed("ai_self_disclosure", 0.8)]

    made = row(broken)

    assert (made.dimension, made.rows, made.violations, made.auroc.value) == ("voice", 2, 1, 1.0)


def test_rows_of_people_and_of_authors_are_counted_apart() -> None:
    people, authors = calibrate([*SAME, *(replace(each, label=authored(each)) for each in OPPOSED)])

    assert (people.labels, people.provenance, people.pearson.value) == ("human", {"human": 5}, pytest.approx(1))
    assert (authors.labels, authors.provenance, authors.pearson.value) == (
        "authored", {"authored": 5}, pytest.approx(-1),
    )  # fmt: skip


def authored(one: Observed) -> Label:
    return one.label.model_copy(update={"provenance": "authored"})


def test_languages_are_counted_apart_and_both_scripts_of_chinese_together() -> None:
    rows = [graded(3, 0.5, language=language) for language in ("zh", "en", "zh-Hant")]

    assert [(made.language, made.rows) for made in calibrate(rows)] == [("en", 1), ("zh", 2)]


def test_what_the_judge_left_unscored_is_counted_and_in_no_figure() -> None:
    made = row([*SAME, graded(5, None, suspicion=None, violation=True)])

    assert (made.rows, made.scored, made.violations) == (6, 5, 1)
    assert (made.pearson.value, made.bias.value) == (pytest.approx(1), 0)
    assert made.auroc == Interval()


def test_a_dimension_that_was_not_asked_about_has_no_row() -> None:
    assert calibrate([graded(3, 0.5, dimension="voice")]) == ()


def test_the_share_of_grades_that_come_again() -> None:
    def repeated(one: Observed, judge: float | None) -> Observed:
        return replace(one, again=replace(one.prediction, ratings={"facts": judge}))

    rows = [repeated(SAME[0], 0.0), repeated(SAME[1], 0.25), repeated(SAME[2], 0.5), repeated(SAME[3], 0.0)]

    made = row([*rows, repeated(SAME[4], None), SAME[4]])

    assert made.repeat.value == 0.75


def test_figures_have_intervals_where_there_are_enough_characters() -> None:
    rows = [graded(1 + n % 5, (n % 5) / 4 if n % 3 else 0.5, persona={"name": f"Hob {n // 2}"}) for n in range(20)]

    many, few = row(rows), row(rows[:8])

    assert (many.characters, few.characters) == (10, 4)
    assert many.pearson.value is not None
    assert many.pearson.low is not None
    assert many.pearson.high is not None
    assert -1 <= many.pearson.low < many.pearson.value < many.pearson.high <= 1
    assert (few.pearson.low, few.pearson.high) == (None, None)


def test_a_reader_without_skill_is_measured_beside_the_judge() -> None:
    rows = [
        graded(value, 0.5, violation=value < 3, reference=REPLY, reply=reply)
        for value, reply in ((5, REPLY), (3, "The soup is cold."), (1, "Xyz."))
    ]

    made = row([*rows, graded(1, 0.5, violation=False)])

    assert made.baseline_auroc.value == 1.0
    assert made.baseline_pearson.value is not None
    assert made.baseline_pearson.value > 0.9


def test_a_reply_that_is_the_reference_overlaps_wholly() -> None:
    assert overlap(REPLY, REPLY) == 1
    assert overlap("客官里边坐。", "客官，里边坐！") == 1
    assert overlap("abcd", "abxy") == pytest.approx(1 / 3)
    assert overlap("abab", "ababab") == pytest.approx(3 / 5)
    assert overlap("", REPLY) == overlap(REPLY, "") == 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_overlap_is_a_share(reply: str, reference: str) -> None:
    assert 0 <= overlap(reply, reference) <= 1
    assert overlap(reference, reference) in (0, 1)
    assert overlap(reply + reference, reference) >= overlap(reference, reference) - 1e-9
