"""Many samples at once: takes sample keys, yields finished samples."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from harness.core.run import Sample, Snapshot
from harness.core.transcript import SampleKey
from harness.engine.calls import Caller
from harness.engine.evaluate import Evaluator
from harness.engine.replay import Script, replay
from harness.errors import BudgetSpent


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
        return self.callers[model].throttle.limits.concurrency + self.evaluator.hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescorers:
    """A crew that evaluates transcripts that are there, and never calls the model under test."""

    evaluator: Evaluator

    async def finish(self, key: SampleKey) -> Sample:
        """Evaluate one stored sample."""
        stored = await self.evaluator.journal.stored(key)
        again = self.evaluator.snapshot.settings.cache == "none"
        return await self.evaluator.evaluate(stored.transcript, stored.asks, again=again)

    def hands(self, model: str) -> int:
        """Enough to keep the judge busy."""
        return max(1, self.evaluator.hands)


async def run_samples(keys: Iterable[SampleKey], crew: Crew) -> AsyncIterator[Sample]:
    """Finish samples, in whatever order they are done. Models do not wait for each other.

    When the budget is spent no sample is begun any more; those under way go on for as long as their calls still fit.

    Raises:
        RunStopped: no call to a model can succeed, or none may be made; what was stored stays.
        StoreError: something could not be kept; what was stored stays.
    """
    shift = _Shift(keys, crew)
    workers = shift.start()
    spent: BudgetSpent | None = None
    try:
        while shift.working:
            match await shift.done.get():
                case BudgetSpent() as error:
                    spent = spent or error
                case Exception() as error:
                    raise error
                case Sample() as sample:
                    yield sample
                case None:
                    shift.working -= 1
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    if spent is not None:
        raise spent


class _Shift:
    """Workers over a queue of samples for each model."""

    def __init__(self, keys: Iterable[SampleKey], crew: Crew) -> None:
        self.done: asyncio.Queue[Sample | Exception | None] = asyncio.Queue()
        self.working = 0
        """Workers that are not known to have gone home."""
        self._crew = crew
        self._over = False
        self._waiting: dict[str, deque[SampleKey]] = {}
        for key in keys:
            self._waiting.setdefault(key.model, deque()).append(key)

    def start(self) -> list[asyncio.Task[None]]:
        workers = []
        for model, queue in self._waiting.items():
            for _ in range(min(self._crew.hands(model), len(queue))):
                workers.append(asyncio.create_task(self._work(queue)))
        self.working = len(workers)
        return workers

    async def _work(self, queue: deque[SampleKey]) -> None:
        try:
            while queue and not self._over:
                self.done.put_nowait(await self._crew.finish(queue.popleft()))
        except Exception as error:  # whoever awaits the samples decides
            self._over = self._over or isinstance(error, BudgetSpent)
            self.done.put_nowait(error)
        finally:
            self.done.put_nowait(None)
