"""What one provider puts up with: calls under way at once, requests and tokens a minute, and when to leave it alone."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiolimiter import AsyncLimiter
from anyio import CapacityLimiter

from harness.core.model import ModelSpec

SECOND, MINUTE = 1.0, 60.0
VOLLEY = 1.0
"""Seconds within which complaints are about the same calls."""
TOKEN_WINDOW = 15.0
"""Seconds in which a quarter of a minute's tokens may go out at once; a long chat is as much as many short ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one account with one provider."""

    concurrency: int
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    @classmethod
    def of(cls, specs: Iterable[ModelSpec], concurrency: int | None = None) -> "Limits":
        """The narrowest of what the rows of a provider say; `concurrency` overrides theirs."""
        rows = list(specs)
        return cls(
            concurrency=concurrency or min(row.concurrency for row in rows),
            requests_per_minute=min((row.requests_per_minute for row in rows if row.requests_per_minute), default=None),
            tokens_per_minute=min((row.tokens_per_minute for row in rows if row.tokens_per_minute), default=None),
        )


class Clock:
    """The event loop's time; tests put their own in its place."""

    def now(self) -> float:
        """Seconds since some moment."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        await asyncio.sleep(seconds)


class Throttle:
    """Places for calls to one provider.

    When it answers "too many requests", nobody calls until the wait it asked for is over, and half as many may call at
    once as before; each time so many calls in a row went well, one more may (additive increase, multiplicative
    decrease, as TCP finds the width of a road that nobody tells it: RFC 5681 §3.1).
    """

    def __init__(self, limits: Limits, clock: Clock | None = None) -> None:
        self.limits = limits
        self.clock = clock or Clock()
        self._width = CapacityLimiter(limits.concurrency)
        self._well = 0
        self._closed_until = 0.0
        self._complained = -VOLLEY
        self._requests = _requests_a_minute(limits.requests_per_minute)
        self._tokens = _tokens_a_minute(limits.tokens_per_minute)

    @property
    def counts_tokens(self) -> bool:
        """Whether `place` must be told how many tokens a call is likely to take."""
        return self._tokens is not None

    @asynccontextmanager
    async def place(self, tokens: int = 0) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it."""
        async with self._width:
            if self._requests is not None:
                await self._requests.acquire()
            if self._tokens is not None:
                await self._tokens.acquire(min(tokens, self._tokens.max_rate))
            await self.until_open()
            yield

    def pushed_back(self, seconds: float) -> None:
        """The provider answered that it is too much, and wants to be left alone for so long."""
        now = self.clock.now()
        if now >= max(self._closed_until, self._complained + VOLLEY):  # the calls of one volley are one complaint
            self._complained = now
            self._width.total_tokens = max(1, self._width.total_tokens // 2)
        self._closed_until = max(self._closed_until, now + seconds)
        self._well = 0

    def went_well(self) -> None:
        """The provider answered."""
        if self._width.total_tokens == self.limits.concurrency:
            return
        self._well += 1
        if self._well >= self._width.total_tokens:
            self._well = 0
            self._width.total_tokens += 1

    async def until_open(self) -> None:
        """Wait until the provider may be called again."""
        while (wait := self._closed_until - self.clock.now()) > 0:  # it may have been put off meanwhile
            await self.clock.sleep(wait)


def _requests_a_minute(most: int | None) -> AsyncLimiter | None:
    """Evenly spread: some providers count by the second, so that a minute's worth at once would be too much."""
    if most is None:
        return None
    each_second = most / MINUTE
    return AsyncLimiter(each_second, SECOND) if each_second >= 1 else AsyncLimiter(1, SECOND / each_second)


def _tokens_a_minute(most: int | None) -> AsyncLimiter | None:
    return None if most is None else AsyncLimiter(most * TOKEN_WINDOW / MINUTE, TOKEN_WINDOW)
