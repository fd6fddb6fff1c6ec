import pytest

from harness.core.rating import Rating, Unscored


def rating(value: float | None, unscored: Unscored | None) -> Rating:
    return Rating(criterion="voice", dimension="voice", turn=1, value=value, unscored=unscored)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_scored_rating_has_a_value_and_no_reason_why_not(value: float) -> None:
    assert rating(value, None).value == value


def test_an_unscored_rating_has_a_reason_and_no_value() -> None:
    assert rating(None, "unreadable").value is None


@pytest.mark.parametrize(
    ("value", "unscored"),
    [pytest.param(0.0, "missing", id="both"), pytest.param(None, None, id="neither")],
)
def test_a_rating_is_never_both_and_never_neither(value: float | None, unscored: Unscored | None) -> None:
    with pytest.raises(ValueError, match="scored or unscored"):
        rating(value, unscored)
