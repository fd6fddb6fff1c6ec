"""The Journal and the Cache over the database: one thread writes, and commits together whatever has come in meanwhile.

An entry is durable (it survives the death of the process) once its commit is done, and only then does the caller go on.
Under load many conversations share one commit, so that durability costs them little.
"""

import asyncio
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from sqlalchemy import Insert, insert
from sqlalchemy.dialects.sqlite import insert as upsert

from harness.core.journal import Remembered
from harness.core.rating import Ask
from harness.core.run import Sample
from harness.core.transcript import Exchange, SampleKey, Transcript
from harness.store.connection import store_errors
from harness.store.database import Database
from harness.store.tables import ANSWER, ANSWERS, ASK, ASKS, EXCHANGE, EXCHANGES, FINDINGS, SAMPLES, VERDICTS

_ADD_EXCHANGE = insert(EXCHANGES)
_ADD_ASK = insert(ASKS)
_ADD_ANSWER = upsert(ANSWERS).on_conflict_do_nothing()
_ADD_SAMPLE = upsert(SAMPLES)
_SET_SAMPLE = _ADD_SAMPLE.on_conflict_do_update(
    index_elements=[SAMPLES.c.run, SAMPLES.c.sample],
    set_={"findings": _ADD_SAMPLE.excluded.findings, "verdicts": _ADD_SAMPLE.excluded.verdicts},
)


@dataclass(frozen=True, slots=True)
class _Entry:
    statement: Insert
    row: dict[str, object]
    done: asyncio.Future[None]


@dataclass(slots=True, kw_only=True)
class Answers:
    """Keeps answers for whoever asks the same. Use as a context manager inside the event loop that runs the engine."""

    database: Database
    _queue: SimpleQueue[_Entry | None] = field(default_factory=SimpleQueue)
    _thread: Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._write, name="journal")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    async def recall(self, digest: str) -> Remembered | None:
        """The answer to an equal request, of whatever run."""
        body = await asyncio.to_thread(self.database.answer, digest)
        return ANSWER.validate_json(body) if body is not None else None

    async def remember(self, digest: str, answer: Remembered) -> None:
        """Keep an answer for runs to come, unless there is one."""
        await self._put(_ADD_ANSWER, {"digest": digest, "body": ANSWER.dump_json(answer).decode()})

    async def _put(self, statement: Insert, row: dict[str, object]) -> None:
        entry = _Entry(statement, row, asyncio.get_running_loop().create_future())
        self._queue.put(entry)
        try:
            await asyncio.shield(entry.done)
        except asyncio.CancelledError:
            # What is on its way to the disk will be there: whoever asked must learn it, and is cancelled right after.
            await entry.done
            if (task := asyncio.current_task()) is not None:
                task.cancel()

    def _write(self) -> None:
        """The writing thread: take all that waits, commit it, wake those who wait for it."""
        closing = False
        while not closing:
            entry = self._queue.get()
            batch: list[_Entry] = []
            while True:
                if entry is None:
                    closing = True
                else:
                    batch.append(entry)
                if self._queue.empty():
                    break
                entry = self._queue.get()
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Entry]) -> None:
        grouped: dict[Insert, list[dict[str, object]]] = {}
        for entry in batch:
            grouped.setdefault(entry.statement, []).append(entry.row)
        failure: Exception | None = None
        try:
            with store_errors(), self.database.engine.begin() as connection:
                for statement, rows in grouped.items():
                    connection.execute(statement, rows)
        except Exception as error:  # whatever it is, nobody may be left waiting
            failure = error
        assert self._loop is not None  # noqa: S101 - set before the thread starts
        self._loop.call_soon_threadsafe(_wake, [entry.done for entry in batch], failure)


@dataclass(slots=True, kw_only=True)
class RunJournal(Answers):
    """Keeps one run."""

    run: str
    places: dict[SampleKey, int]
    """Each sample's place in the plan."""
    fresh: bool
    """True when nothing can be stored yet, which saves looking."""

    async def stored(self, key: SampleKey) -> Sample:
        """What an earlier process left of a sample."""
        if self.fresh:
            return Sample(transcript=Transcript(key=key), finished=False)
        return await asyncio.to_thread(lambda: next(self.database.load_samples(self.run, {self.places[key]: key})))

    async def record_exchange(self, key: SampleKey, exchange: Exchange) -> None:
        """Keep one exchange."""
        await self._keep(_ADD_EXCHANGE, key, {"body": EXCHANGE.dump_json(exchange).decode()})

    async def record_ask(self, key: SampleKey, ask: Ask) -> None:
        """Keep one answer of a judge."""
        await self._keep(_ADD_ASK, key, {"body": ASK.dump_json(ask).decode()})

    async def finish_sample(self, sample: Sample) -> None:
        """Keep what was found, in place of what an earlier scoring found."""
        row: dict[str, object] = {
            "findings": FINDINGS.dump_json(sample.findings).decode(),
            "verdicts": VERDICTS.dump_json(sample.verdicts).decode(),
        }
        await self._keep(_SET_SAMPLE, sample.key, row)

    async def _keep(self, statement: Insert, key: SampleKey, row: dict[str, object]) -> None:
        await self._put(statement, {"run": self.run, "sample": self.places[key], **row})


def _wake(waiting: list[asyncio.Future[None]], failure: Exception | None) -> None:
    for done in waiting:
        if done.cancelled():
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)
