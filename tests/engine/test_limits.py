"""Places for calls to one provider: how many at once, how many a minute, and how it is left alone."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from itertools import pairwise
from typing import Any

import pytest

from harness.engine.limits import Limits, Throttle
from tests.build import model


class Skipping(selectors.SelectSelector):
    """A selector that never waits: where nothing is ready, the time that it would have waited has gone by."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        self.skipped += max(0.0 if ready else timeout or 0.0, 1e-7)  # a clock that stood still could stop the world
        return ready


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop whose clock hardly moves while there is work, and jumps to the next alarm when there is none."""

    def __init__(self) -> None:
        self._selector_of_time = Skipping()
        super().__init__(self._selector_of_time)

    def time(self) -> float:
        return self._selector_of_time.skipped


def played(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What some work returns, its sleeps skipped."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work())


async def times(throttle: Throttle, calls: int, tokens: int = 0, lasting: float = 0.0) -> list[float]:
    """When so many calls that all want to leave at once do leave."""
    left: list[float] = []

    async def call() -> None:
        async with throttle.place(tokens):
            left.append(asyncio.get_running_loop().time())
            await asyncio.sleep(lasting)

    await asyncio.gather(*(call() for _ in range(calls)))
    return left


def test_so_many_calls_are_under_way_at_once_and_no_more() -> None:
    async def work() -> list[float]:
        return await times(Throttle(Limits(concurrency=3)), 7, lasting=10)

    assert [round(moment) for moment in played(work)] == [0, 0, 0, 10, 10, 10, 20]


@pytest.mark.parametrize("rate", [30, 60, 90, 600])
def test_requests_a_minute_are_never_exceeded_and_spread_evenly(rate: int) -> None:
    async def work() -> list[float]:
        return await times(Throttle(Limits(concurrency=1000, requests_per_minute=rate)), rate * 2)

    left = played(work)

    assert left[-1] == pytest.approx(120, rel=0.04)
    most = max(sum(start <= moment < start + 60 for moment in left) for start in left)
    assert most <= rate + max(1, rate / 60)
    assert max(later - earlier for earlier, later in pairwise(left)) <= 60 / rate + 1.01


def test_tokens_a_minute_hold_back_long_chats_and_not_short_ones() -> None:
    async def work(tokens: int) -> list[float]:
        return await times(Throttle(Limits(concurrency=1000, tokens_per_minute=60_000)), 60, tokens)

    assert played(lambda: work(100))[-1] < 1
    assert played(lambda: work(2000))[-1] == pytest.approx(105, abs=2)
    assert played(lambda: work(100_000))[-1] > 60, "one call that is larger than the window takes all of it"


def test_after_too_many_requests_everybody_waits_and_half_as_many_go_on() -> None:
    async def work() -> list[float]:
        throttle = Throttle(Limits(concurrency=8))
        for _ in range(5):
            throttle.pushed_back(7)  # one volley, one complaint
        return await times(throttle, 12, lasting=1)

    assert [round(moment) for moment in played(work)] == [7] * 4 + [8] * 4 + [9] * 4


def test_the_longest_wait_that_was_asked_for_is_kept() -> None:
    async def work() -> list[float]:
        throttle = Throttle(Limits(concurrency=8))
        throttle.pushed_back(30)
        throttle.pushed_back(3)
        return await times(throttle, 1)

    assert played(work) == [pytest.approx(30)]


def test_calls_that_go_well_widen_the_road_again_up_to_its_limit() -> None:
    async def most_at_once(throttle: Throttle) -> int:
        left = await times(throttle, 40, lasting=1)
        return max(sum(abs(one - moment) < 0.5 for one in left) for moment in left)

    async def work() -> list[int]:
        throttle = Throttle(Limits(concurrency=8))
        throttle.pushed_back(1)
        widths = [await most_at_once(throttle)]
        for _ in range(4 + 5):
            throttle.went_well()
        widths.append(await most_at_once(throttle))
        for _ in range(200):
            throttle.went_well()
        widths.append(await most_at_once(throttle))
        return widths

    assert played(work) == [4, 6, 8]


def test_one_place_is_always_left() -> None:
    async def work() -> list[float]:
        throttle = Throttle(Limits(concurrency=2))
        for _ in range(5):
            throttle.pushed_back(1)
            await throttle.clock.sleep(2)
        return await times(throttle, 2, lasting=1)

    first, second = played(work)
    assert second == pytest.approx(first + 1)


def test_a_call_that_is_cancelled_gives_its_place_back() -> None:
    async def work() -> list[float]:
        throttle = Throttle(Limits(concurrency=1))
        task = asyncio.create_task(times(throttle, 2, lasting=1000))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await times(throttle, 1)

    assert played(work) == [pytest.approx(1)]


def test_the_narrowest_row_of_a_provider_decides_and_the_command_line_overrides() -> None:
    rows = [
        model(concurrency=5, requests_per_minute=500),
        model(concurrency=9, requests_per_minute=100, tokens_per_minute=7),
    ]

    assert Limits.of(rows) == Limits(concurrency=5, requests_per_minute=100, tokens_per_minute=7)
    assert Limits.of(rows, 40).concurrency == 40
    assert Limits.of([model()]) == Limits(concurrency=8)
