"""Calls to one model: under its provider's limits and the run's budget, made again while that can help, and billed."""

import logging
from dataclasses import dataclass, field
from decimal import Decimal
from time import perf_counter

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from harness.core.charge import Charge, ceiling_for, charge_for
from harness.core.conversation import GOOD, Completion, Conversation, Usage
from harness.core.journal import Cache, Flights, Remembered
from harness.core.model import ModelSpec
from harness.core.transcript import Call
from harness.engine.budget import Budget
from harness.engine.limits import Throttle
from harness.errors import CallError, RefusedCall, RetryableCall, RunStopped
from harness.providers.base import Provider
from harness.text.estimate import USUAL_REPLY, estimate_tokens

LOG = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
SHORTEST_WAIT = 1.0
LONGEST_WAIT = 120.0
"""Seconds a server may ask us to wait; one that asks for more is given up."""

_BACKOFF = wait_exponential_jitter(initial=1, max=60, jitter=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What became of one call: a completion, or why there is none."""

    completion: Completion | None
    error: str | None = None
    call: Call
    flying: int = 0
    """Attempts that stay on the list of flights until the call is recorded."""
    ceiling: Charge | None = None


@dataclass(slots=True, kw_only=True)
class Caller:
    """One model that can be called."""

    name: str
    spec: ModelSpec
    provider: Provider
    throttle: Throttle
    """Shared by the models of a provider."""
    flights: Flights
    budget: Budget | None = None
    cache: Cache | None = None
    most_attempts: int = MOST_ATTEMPTS

    async def call(self, conversation: Conversation, epoch: int = 1, *, keep: bool = True) -> Called:
        """Call until there is an answer or no hope of one, unless the answer is known.

        With `keep` a reply can be used again at once; see `remember` for what must be read first.

        Raises:
            RunStopped: no call to the model can succeed, or none may be made.
        """
        if self.cache is None:
            return await self._call(conversation)
        digest = conversation.digest(self.spec, epoch)
        known = await self.cache.recall(digest)
        if known is not None:
            call = Call(seconds=0.0, attempts=0, cached=True, usage=known.completion.usage, saved=known.charge)
            return Called(completion=known.completion, call=call)
        called = await self._call(conversation)
        if keep:
            await self.remember(conversation, epoch, called)
        return called

    async def remember(self, conversation: Conversation, epoch: int, called: Called) -> None:
        """Keep a reply for equal requests to come."""
        completion = called.completion
        if self.cache is not None and completion is not None and completion.outcome in GOOD and called.call.attempts:
            digest = conversation.digest(self.spec, epoch)
            await self.cache.remember(digest, Remembered(completion, called.call.charge))

    def recorded(self, called: Called) -> None:
        """What became of a call is durable: its attempts need no longer be remembered as under way."""
        for _ in range(called.flying):
            self.flights.land(called.ceiling)

    async def _call(self, conversation: Conversation) -> Called:
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(RetryableCall),
            stop=self._hopeless,
            wait=_wait,
            sleep=self.throttle.clock.sleep,
            before_sleep=self._before_another,
            reraise=True,
        )
        made = _Made(ceiling=ceiling_for(conversation, self.spec))
        try:
            completion: Completion = await attempts(self._attempt, conversation, made)
        except RefusedCall as error:
            raise RunStopped(f"{self.name}: {error} · see `harness models show {self.name}`") from error
        except CallError as error:
            return made.called(None, str(error), answered=False)
        return made.called(completion, charge=charge_for(completion.usage, self.spec.price))

    async def _attempt(self, conversation: Conversation, made: "_Made") -> Completion:
        async with self.throttle.place(self._tokens(conversation)):
            held = await self.budget.reserve(made.ceiling) if self.budget else Decimal(0)
            await self.throttle.until_open()
            made.attempts += 1
            if not made.free:
                self.flights.depart(made.ceiling)
                made.flying += 1
            started = perf_counter()
            try:
                completion = await self.provider.complete(conversation)
            except CallError as error:
                await self._failed(made, held, billed=error.maybe_billed and not made.free)
                raise
            finally:
                made.seconds = perf_counter() - started
            if self.budget:
                await self.budget.settle(held, charge_for(completion.usage, self.spec.price))
            self.throttle.went_well()
            return completion

    async def _failed(self, made: "_Made", held: Decimal, *, billed: bool) -> None:
        nothing = Charge(Decimal(0), self.spec.price.currency, "") if self.spec.price else None
        if self.budget:
            await self.budget.settle(held, None if billed else nothing)
        if billed:
            made.unpriced += 1
        elif not made.free:
            self.flights.land(made.ceiling)
            made.flying -= 1

    def _tokens(self, conversation: Conversation) -> int:
        if not self.throttle.counts_tokens:
            return 0
        sent = sum(estimate_tokens(message.content) for message in conversation.messages)
        return sent + min(conversation.params.max_tokens or USUAL_REPLY, USUAL_REPLY)

    def _hopeless(self, state: RetryCallState) -> bool:
        return state.attempt_number >= self.most_attempts or (_asked_wait(state) or 0.0) > LONGEST_WAIT

    def _before_another(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        wait = state.next_action.sleep if state.next_action else 0.0
        if isinstance(error, RetryableCall) and error.busy:
            self.throttle.pushed_back(wait)
        LOG.warning(
            "%s: %s · again in %.0f s (%d/%d)", self.name, error, wait, state.attempt_number + 1, self.most_attempts
        )


@dataclass(slots=True, kw_only=True)
class _Made:
    """What the attempts of one call took so far."""

    ceiling: Charge | None
    attempts: int = 0
    unpriced: int = 0
    flying: int = 0
    seconds: float = 0.0
    free: bool = field(init=False)

    def __post_init__(self) -> None:
        self.free = self.ceiling is not None and not self.ceiling.amount

    def called(
        self,
        completion: Completion | None,
        error: str | None = None,
        *,
        answered: bool = True,
        charge: Charge | None = None,
    ) -> Called:
        """The call as it is kept."""
        usage: Usage | None = completion.usage if completion else None
        unknown = self.unpriced + (answered and charge is None)
        call = Call(
            seconds=self.seconds,
            attempts=self.attempts,
            unpriced=self.unpriced,
            usage=usage,
            charge=charge,
            answered=answered,
            at_most=self.ceiling.times(unknown) if self.ceiling and unknown else None,
        )
        return Called(completion=completion, error=error, call=call, flying=self.flying, ceiling=self.ceiling)


def _asked_wait(state: RetryCallState) -> float | None:
    error = state.outcome.exception() if state.outcome else None
    return error.retry_after if isinstance(error, RetryableCall) else None


def _wait(state: RetryCallState) -> float:
    """What the server asks for; our own patience where it asks for none, or for so little that it has been rounded."""
    asked = _asked_wait(state)
    return _BACKOFF(state) if asked is None or asked < SHORTEST_WAIT else asked
