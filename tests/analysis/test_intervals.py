from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.analysis.intervals import FEWEST_CLUSTERS, Share, bootstrap
from harness.core.card import Interval


def mean(rows: np.ndarray) -> float:
    return float(rows.mean())


def test_a_share_has_wilsons_interval() -> None:
    half, none = Share(5, 10).interval, Share(0, 10).interval

    assert (half.value, half.low, half.high) == pytest.approx((0.5, 0.2366, 0.7634), abs=1e-4)
    assert (none.value, none.low, none.high) == pytest.approx((0, 0, 3.8415 / 13.8415), abs=1e-4)


def test_a_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).interval == Interval()


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_within_its_interval(counted: tuple[int, int]) -> None:
    interval = Share(*counted).interval

    assert interval.value is not None
    assert interval.low is not None
    assert interval.high is not None
    assert 0 <= interval.low <= interval.value + 1e-9
    assert interval.value - 1e-9 <= interval.high <= 1


def test_clusters_are_drawn_whole() -> None:
    clusters = [name for size, name in enumerate("abcdef", 1) for _ in range(size)]
    rows = np.array([ord(name) for name in clusters])
    drawn: list[Counter[int]] = []

    def look(draw: np.ndarray) -> float:
        drawn.append(Counter(draw.tolist()))
        return 0.0

    bootstrap(look, rows, clusters, 50)

    assert len(drawn) == 51
    for draw in drawn:
        times = [draw[ord(name)] / size for size, name in enumerate("abcdef", 1)]
        assert all(each.is_integer() for each in times)
        assert sum(times) == 6
    assert len({frozenset(draw.items()) for draw in drawn}) > 10


def test_one_of_five_is_drawn_three_times_at_most_in_95_of_a_hundred_draws() -> None:
    interval = bootstrap(mean, np.array([1.0, 0, 0, 0, 0]), "abcde")

    assert (interval.value, interval.low, interval.high) == pytest.approx((0.2, 0.0, 0.6))


def test_rows_of_one_cluster_say_less_than_as_many_of_their_own() -> None:
    rows = np.array([0.0, 1.0] * 3).repeat(10)
    apart = bootstrap(mean, rows, range(60))
    together = bootstrap(mean, rows, [place // 10 for place in range(60)])

    assert apart.value == together.value == 0.5
    assert width(together) > 1.5 * width(apart)


def width(interval: Interval) -> float:
    assert interval.low is not None
    assert interval.high is not None
    return interval.high - interval.low


def test_of_few_clusters_nothing_can_be_drawn() -> None:
    rows = np.arange(40.0)

    few = bootstrap(mean, rows, [place % (FEWEST_CLUSTERS - 1) for place in range(40)])
    enough = bootstrap(mean, rows, [place % FEWEST_CLUSTERS for place in range(40)])

    assert few == Interval(value=19.5)
    assert width(enough) > 0


def test_the_same_rows_have_the_same_interval() -> None:
    rows = np.arange(30.0)

    assert bootstrap(mean, rows, range(30)) == bootstrap(mean, rows, range(30))


@pytest.mark.parametrize(
    "rows", [pytest.param(np.empty(0), id="no-rows"), pytest.param(np.arange(9.0), id="undefined")]
)
def test_what_is_not_defined_has_no_figure(rows: np.ndarray) -> None:
    assert bootstrap(lambda _: None, rows, range(len(rows))) == Interval()


def test_draws_in_which_it_is_not_defined_are_left_out() -> None:
    def share_of_ones(rows: np.ndarray) -> float | None:
        return 1.0 if rows.any() else None

    assert bootstrap(share_of_ones, np.array([1.0, 0, 0, 0, 0]), "abcde") == Interval(value=1, low=1, high=1)
