"""Many samples at once: takes sample keys, yields finished samples."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from harness.core.run import Sample, Snapshot
from harness.core.transcript import SampleKey
from harness.engine.calls import Caller
from harness.engine.evaluate import Evaluator
from harness.engine.replay import Script, replay


class Crew(Protocol):
    """Those who finish samples."""

    async def finish(self, key: SampleKey) -> Sample:
        """One sample from wherever an earlier process left it to its end."""
        ...

    def hands(self, model: str) -> int:
        """How many samples of a model are worked on at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayers:
    """A crew that plays what is not played yet, then evaluates."""

    snapshot: Snapshot
    callers: Mapping[str, Caller]
    """A caller for each model under test."""
    evaluator: Evaluator

    async def finish(self, key: SampleKey) -> Sample:
        """Replay and evaluate one sample."""
        journal = self.evaluator.journal
        stored = await journal.stored(key)
        script = Script.of(key, self.snapshot)
        transcript = await replay(script, stored.transcript.resumable(), self.callers[key.model], journal)
        return await self.evaluator.evaluate(transcript, stored.asks)

    def hands(self, model: str) -> int:
        """Enough to keep both the model and the judge busy."""
        return self.callers[model].limit + self.evaluator.hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorers:
    """A crew that evaluates transcripts that are there, and never calls the model under test."""

    evaluator: Evaluator

    async def finish(self, key: SampleKey) -> Sample:
        """Evaluate one stored sample."""
        stored = await self.evaluator.journal.stored(key)
        return await self.evaluator.evaluate(stored.transcript, stored.asks)

    def hands(self, model: str) -> int:
        """Enough to keep the judge busy."""
        return max(1, self.evaluator.hands)


async def run_samples(keys: Iterable[SampleKey], crew: Crew) -> AsyncIterator[Sample]:
    """Finish samples, in whatever order they are done. Models do not wait for each other.

    Raises:
        RunStopped: no call to a model can succeed; what was stored stays.
        StoreError: something could not be kept; what was stored stays.
    """
    waiting: dict[str, list[SampleKey]] = {}
    for key in keys:
        waiting.setdefault(key.model, []).append(key)
    done: asyncio.Queue[Sample | Exception] = asyncio.Queue()
    workers: list[asyncio.Task[None]] = []
    try:
        for model, own in waiting.items():
            queue = iter(own)
            hands = min(crew.hands(model), len(own))
            workers += [asyncio.create_task(_work(queue, crew, done)) for _ in range(hands)]
        for _ in range(sum(map(len, waiting.values()))):
            result = await done.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _work(queue: Iterator[SampleKey], crew: Crew, done: asyncio.Queue[Sample | Exception]) -> None:
    try:
        for key in queue:
            done.put_nowait(await crew.finish(key))
    except Exception as error:  # whoever awaits the samples decides
        done.put_nowait(error)
