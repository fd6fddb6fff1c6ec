from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.analysis.survival import Life, survival

HELD, BROKE, CUT = (False, False), (True, False), (False, True)


def lives(*ends: tuple[int, tuple[bool, bool]]) -> list[Life]:
    return [Life(turns, *how) for turns, how in ends]


# By hand. Six samples of five turns: breaks at turn 1 and (two) at turn 3, cut short after 2 and after 3, one holds.
#   after 1: 5/6   after 2: 5/6   after 3: of 4 still watched two broke: 5/6 × 2/4 = 5/12   after 4 and 5: the same
# Worst: those cut short broke at 3 and 4.  after 3: of 5, three broke: 5/6 × 2/5 = 1/3   after 4: of 2, one: 1/6
# Best: those cut short never broke.        after 3: of 5, two broke: 5/6 × 3/5 = 1/2
MIXED = lives((1, BROKE), (3, BROKE), (3, BROKE), (2, CUT), (3, CUT), (5, HELD))


def test_survival_is_the_kaplan_meier_estimate_with_its_bounds() -> None:
    found = survival(MIXED, 5)

    assert found is not None
    assert found.shares == pytest.approx((5 / 6, 5 / 6, 5 / 12, 5 / 12, 5 / 12))
    assert found.worst == pytest.approx((5 / 6, 5 / 6, 1 / 3, 1 / 6, 1 / 6))
    assert found.best == pytest.approx((5 / 6, 5 / 6, 1 / 2, 1 / 2, 1 / 2))
    assert (found.median_turns, found.cut_short) == (3, 2)


def test_without_breaks_and_without_cuts_all_stand_to_the_end() -> None:
    found = survival(lives((3, HELD), (3, HELD)), 3)

    assert found is not None
    assert found.shares == found.worst == found.best == (1.0, 1.0, 1.0)
    assert (found.median_turns, found.cut_short) == (None, 0)


def test_when_all_break_none_stand_and_the_median_is_where_half_did() -> None:
    found = survival(lives((1, BROKE), (2, BROKE), (3, BROKE), (4, BROKE)), 4)

    assert found is not None
    assert found.shares == pytest.approx((0.75, 0.5, 0.25, 0.0))
    assert found.median_turns == 2


def test_a_sample_that_is_cut_short_says_nothing_of_later_turns() -> None:
    found = survival(lives((2, CUT), (4, HELD)), 4)

    assert found is not None
    assert found.shares == found.best == (1.0, 1.0, 1.0, 1.0)
    assert found.worst == pytest.approx((1.0, 1.0, 0.5, 0.5))


def test_a_shorter_scenario_that_came_to_its_end_may_not_have_hidden_a_break() -> None:
    found = survival(lives((2, HELD), (4, HELD)), 4)

    assert found is not None
    assert found.worst == (1.0, 1.0, 1.0, 1.0)


def test_a_break_before_a_cut_is_a_break() -> None:
    found = survival([Life(2, True, True), *lives((3, HELD))], 3)

    assert found is not None
    assert found.shares == found.worst == found.best == pytest.approx((1.0, 0.5, 0.5))


def test_a_sample_cut_short_before_its_first_reply_counts_in_the_bounds_alone() -> None:
    found = survival(lives((0, CUT), (2, BROKE), (2, HELD)), 2)

    assert found is not None
    assert found.shares == pytest.approx((1.0, 0.5))
    assert found.worst == pytest.approx((2 / 3, 1 / 3))
    assert found.best == pytest.approx((1.0, 2 / 3))


@pytest.mark.parametrize("none", [[], lives((0, CUT)), lives((0, CUT), (0, CUT))], ids=["no-samples", "one", "two"])
def test_without_an_answered_turn_there_is_no_survival(none: list[Life]) -> None:
    assert survival(none, 5) is None


ENDS = st.tuples(st.integers(0, 8), st.sampled_from([HELD, BROKE, CUT, (True, True)]))


@given(st.lists(ENDS.filter(lambda end: end[0] > 0 or not end[1][0]), min_size=1, max_size=12))
def test_shares_only_fall_and_lie_between_worst_and_best(ends: list[tuple[int, tuple[bool, bool]]]) -> None:
    found = survival(lives(*ends), 8)

    if found is None:
        assert all(turns == 0 for turns, _ in ends)
        return
    for shares in (found.worst, found.shares, found.best):
        assert len(shares) == 8
        assert all(0.0 <= share <= 1.0 for share in shares)
        assert all(later <= sooner + 1e-12 for sooner, later in pairwise(shares))
    for low, middle, high in zip(found.worst, found.shares, found.best, strict=True):
        assert low - 1e-12 <= middle <= high + 1e-12
    if found.median_turns is not None:
        assert found.shares[found.median_turns - 1] <= 0.5
