"""Calls to one model: how many at once, how often again, how long they took and what they cost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from harness.core.charge import Charge, charge_for
from harness.core.conversation import Completion, Conversation, Usage
from harness.core.model import ModelSpec
from harness.core.transcript import Call
from harness.errors import CallError, RefusedCall, RetryableCall, RunStopped
from harness.providers.base import Provider

LOG = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
LONGEST_WAIT = 120.0
"""Seconds a server may ask us to wait; one that asks for more is given up."""

_BACKOFF = wait_exponential_jitter(initial=1, max=60, jitter=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What became of one call: a completion, or why there is none."""

    completion: Completion | None
    error: str | None = None
    call: Call


@dataclass(slots=True, kw_only=True)
class Caller:
    """One model that can be called."""

    name: str
    spec: ModelSpec
    provider: Provider
    limit: int
    """Calls under way at once."""
    most_attempts: int = MOST_ATTEMPTS
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    abandoned: int = 0
    """Attempts that were given up without a trace in any transcript, and may have been charged for."""
    _free: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.limit)

    async def call(self, conversation: Conversation) -> Called:
        """Call until there is an answer or no hope of one.

        Raises:
            RunStopped: no call to this model can succeed.
        """
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(RetryableCall),
            stop=self._hopeless,
            wait=_wait,
            sleep=self.sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        made = _Made()
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._attempt(conversation, made)
        except RefusedCall as error:
            self.abandoned += made.unpriced
            raise RunStopped(f"{self.name}: {error} · see `harness models show {self.name}`") from error
        except asyncio.CancelledError:
            self.abandoned += made.unpriced + made.under_way * (not self._free_of_charge)
            raise
        except CallError as error:
            return Called(completion=None, error=str(error), call=made.call(answered=False))
        raise AssertionError("tenacity ends by returning or raising")

    @property
    def _free_of_charge(self) -> bool:
        return charge_for(None, self.spec.price) is not None

    async def _attempt(self, conversation: Conversation, made: "_Made") -> Called:
        async with self._free:
            made.attempts += 1
            made.under_way = True
            started = perf_counter()
            try:
                completion = await self.provider.complete(conversation)
            except CallError as error:
                made.under_way = False
                made.unpriced += error.maybe_billed and not self._free_of_charge
                raise
            finally:
                made.seconds = perf_counter() - started
        charge = charge_for(completion.usage, self.spec.price)
        return Called(completion=completion, call=made.call(usage=completion.usage, charge=charge))

    def _hopeless(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self.most_attempts or (_asked_wait(state) or 0.0) > LONGEST_WAIT

    def _tell(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        LOG.warning(
            "%s: %s · again in %.0f s (%d/%d)", self.name, error, wait, state.attempt_number + 1, self.most_attempts
        )


@dataclass(slots=True)
class _Made:
    """What the attempts of one call took so far."""

    attempts: int = 0
    unpriced: int = 0
    under_way: bool = False
    seconds: float = 0.0

    def call(self, *, answered: bool = True, usage: Usage | None = None, charge: Charge | None = None) -> Call:
        return Call(
            seconds=self.seconds,
            attempts=self.attempts,
            unpriced=self.unpriced,
            usage=usage,
            charge=charge,
            answered=answered,
        )


def _asked_wait(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, RetryableCall) else None


def _wait(state: RetryCallState) -> float:
    asked = _asked_wait(state)
    return _BACKOFF(state) if asked is None else asked
