import pytest

from harness.analysis.pairs import win_rate
from harness.core.pair import Choice, Compared, Preference


def compared(scenario: str, *choices: Choice | None, flipped: bool = False) -> Compared:
    preferences = tuple(Preference(turn=turn, better=one, flipped=flipped) for turn, one in enumerate(choices, 1))
    return Compared(scenario=scenario, epoch=1, preferences=preferences)


def test_a_tie_is_half_a_win_and_what_was_not_read_is_in_no_share() -> None:
    rate = win_rate([compared("a", "a", "b", "tie", None), compared("b", "a")])

    assert (rate.turns, rate.wins, rate.losses, rate.ties, rate.unread) == (4, 2, 1, 1, 1)
    assert rate.rate.value == pytest.approx(0.625)


def test_flips_are_counted_beside_the_ties_they_make() -> None:
    rate = win_rate([compared("a", "tie", "tie", flipped=True), compared("a", "tie")])

    assert (rate.ties, rate.flips) == (3, 2)


def test_the_interval_draws_whole_scenarios_and_few_have_none() -> None:
    few = win_rate([compared("a", *["a"] * 20)])
    many = win_rate([compared(f"s{n}", *(["a"] * 4 if n % 2 else ["b"] * 4)) for n in range(10)])

    assert (few.rate.value, few.rate.low) == (1.0, None)
    assert many.rate.low is not None
    assert many.rate.high is not None
    assert many.rate.low < 0.5 < many.rate.high


def test_nothing_compared_is_no_share() -> None:
    assert win_rate([]).rate.value is None
