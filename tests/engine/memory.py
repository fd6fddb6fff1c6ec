"""A journal in memory that takes its time, remembers the order of things, and refuses what comes out of turn."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from harness.core.charge import Charge
from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec
from harness.core.rating import Ask
from harness.core.run import Sample
from harness.core.transcript import Exchange, SampleKey, Transcript
from harness.engine.calls import Caller
from harness.engine.limits import Clock, Limits, Throttle
from harness.errors import StoreError
from harness.providers.scripted import Answer, Scripted
from tests.build import MODEL, model


@dataclass
class Memory:
    """Implements Journal. `events` may be shared with a provider, to see what came before what."""

    events: list[str] = field(default_factory=list)
    samples: dict[SampleKey, Sample] = field(default_factory=dict)
    broken: bool = False

    async def stored(self, key: SampleKey) -> Sample:
        return self.samples.get(key, Sample(transcript=Transcript(key=key), finished=False))

    async def record_exchange(self, key: SampleKey, exchange: Exchange) -> None:
        await self._commit()
        before = await self.stored(key)
        exchanges = before.transcript.resumable().exchanges
        assert exchange.turn == len(exchanges) + 1, "an exchange out of turn"
        kept = replace(before.transcript, exchanges=(*exchanges, exchange))
        self.samples[key] = replace(before, transcript=kept)
        self.events.append(f"kept {exchange.turn}")

    async def record_ask(self, key: SampleKey, ask: Ask) -> None:
        await self._commit()
        before = await self.stored(key)
        self.samples[key] = replace(before, asks=(*before.asks, ask))
        self.events.append("kept ask")

    async def finish_sample(self, sample: Sample) -> None:
        await self._commit()
        self.samples[sample.key] = sample
        self.events.append("finished")

    async def _commit(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        if self.broken:
            raise StoreError("the disk is full")


class Naps(Clock):
    """In the clock's place: remembers how long it was asked to sleep, and that is all that makes its time go by."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def now(self) -> float:
        return sum(self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Counted:
    """Implements Flights: how many are under way."""

    flying: int = 0

    def depart(self, ceiling: Charge | None) -> None:
        self.flying += 1

    def land(self, ceiling: Charge | None) -> None:
        self.flying -= 1


def caller(
    answer: Callable[[Conversation], Answer] | Answer,
    *,
    limit: int = 8,
    name: str = MODEL,
    spec: ModelSpec | None = None,
) -> tuple[Caller, Scripted, Naps]:
    """A caller of a model that says what it is told to, the model, and the sleep it is given."""
    provider = Scripted(answer if callable(answer) else lambda _: answer)
    naps = Naps()
    made = Caller(name=name, spec=spec or model(), provider=provider, throttle=throttle(limit, naps), flights=Counted())
    return made, provider, naps


def throttle(limit: int, clock: Clock | None = None) -> Throttle:
    """Places for so many calls at once."""
    return Throttle(Limits(concurrency=limit), clock or Naps())


def in_turn(*answers: Answer) -> Callable[[Conversation], Answer]:
    """These answers, one a call."""
    left = iter(answers)
    return lambda _: next(left)


def last_line(said: Conversation) -> str:
    return said.messages[-1].content


FILTERED = Completion(outcome="filtered", text="He drew his", finish_reason="content_filter")
EMPTY = Completion(outcome="empty", text="", finish_reason="stop")
TRUNCATED = Completion(outcome="truncated", text="Once upon a", finish_reason="length")
