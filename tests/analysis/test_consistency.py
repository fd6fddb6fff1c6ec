"""The score of a model by trusted grades: a cell for each sample, turn and dimension, each worked out by hand."""

import pytest

from harness.analysis.ratings import Consistency
from harness.analysis.summary import summarise
from harness.core.rating import Rating, Unscored, Verdict
from harness.core.run import JudgeSpec, Sample
from harness.core.taxonomy import Dimension
from harness.core.transcript import SampleKey
from tests.build import KEY, MODEL, model, run, scenario, snapshot, transcript
from tests.cards import card, row, with_cards

SECOND = KEY._replace(scenario="hob/second")


def rating(value: float | None, dimension: Dimension = "voice", turn: int = 1) -> Rating:
    unscored: Unscored | None = "missing" if value is None else None
    return Rating(criterion=dimension, dimension=dimension, turn=turn, value=value, unscored=unscored)


def sample(*ratings: Rating, key: SampleKey = KEY, **others: tuple[Rating, ...]) -> Sample:
    """A chat of two turns as graded by `strict`, and by others by name."""
    verdicts = tuple(
        Verdict(judge=name, rubric="quick@1", stage="strict", ratings=graded)
        for name, graded in {"strict": ratings, **others}.items()
    )
    return Sample(transcript=transcript("Wipe your boots.", "Sit down.", key=key), verdicts=verdicts)


def consistency(*samples: Sample, trusted: tuple[str, ...] = ("strict",)) -> Consistency | None:
    of = snapshot(
        scenario("one", "two"),
        scenario("one", "two", id=SECOND.scenario),
        models={MODEL: model(), "mock/judge": model()},
        judges={name: JudgeSpec(model="mock/judge", rubric="quick") for name in ("strict", "mild")},
        epochs=2,
    )
    (summary,) = summarise(with_cards(run(*samples, of=of), {name: card(row()) for name in trusted})).models
    return summary.consistency


def test_turns_are_averaged_within_an_epoch_then_epochs_then_scenarios() -> None:
    found = consistency(
        sample(rating(1.0), rating(0.5, turn=2)),  # 0.75
        sample(rating(0.25), key=KEY._replace(epoch=2)),  # 0.25, which makes 0.5 of the scenario
        sample(rating(1.0), key=SECOND),
    )

    assert found == Consistency(score=75.0, lower=75.0, scored=4, unscored=0)


def test_what_is_unscored_is_left_out_of_the_score_and_the_worst_in_its_bound() -> None:
    found = consistency(sample(rating(1.0), rating(None, turn=2)), sample(rating(0.5), key=SECOND))

    assert found == Consistency(score=75.0, lower=50.0, scored=2, unscored=1)


@pytest.mark.parametrize(
    ("trusted", "second", "found"),
    [
        pytest.param(("strict", "mild"), 0.5, Consistency(score=75.0, lower=75.0, scored=2, unscored=0), id="mean"),
        pytest.param(("strict", "mild"), None, Consistency(score=100.0, lower=50.0, scored=1, unscored=1), id="one"),
        pytest.param(("strict",), 0.5, Consistency(score=100.0, lower=100.0, scored=1, unscored=0), id="not-believed"),
        pytest.param((), 0.5, None, id="neither-believed"),
    ],
)
def test_trusted_judges_of_one_cell_share_it(
    trusted: tuple[str, ...], second: float | None, found: Consistency | None
) -> None:
    assert consistency(sample(rating(1.0), mild=(rating(second),)), trusted=trusted) == found


def test_nothing_but_unscored_grades_is_no_score() -> None:
    assert consistency(sample(rating(None))) is None
