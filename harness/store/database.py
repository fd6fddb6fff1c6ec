"""The store of runs: SQLAlchemy over SQLite. Reading is plain; writing during a run goes through `RunJournal`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine, Table, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.schema import CreateIndex, CreateTable

from harness.core.run import Abandoned, Canary, Run, Sample, Snapshot, Status
from harness.core.transcript import Exchange, SampleKey, Transcript
from harness.errors import InputError, Problem, StoreError, did_you_mean
from harness.store.connection import connect, store_errors
from harness.store.flights import FlightLog
from harness.store.tables import (
    ABANDONED,
    ANSWERS,
    ASK,
    ASKS,
    CANARIES,
    EXCHANGE,
    EXCHANGES,
    FINDINGS,
    FORMAT,
    FORMATS,
    METADATA,
    RUNS,
    SAMPLES,
    VERDICTS,
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line of the list of runs."""

    id: str
    started: datetime
    ended: datetime | None
    status: Status
    suite: str
    samples: int
    finished: int


@dataclass(frozen=True, slots=True)
class Database:
    """All runs of one project."""

    engine: Engine
    lock_folder: Path

    @classmethod
    def open(cls, url: str, home: Path) -> "Database":
        """Open the store, making it when it is not there.

        Raises:
            InputError: the URL is wrong, or the place cannot be written.
            StoreError: it is damaged, or of a newer version.
        """
        engine, folder = connect(url, home)
        database = cls(engine, folder / "locks")
        with store_errors():
            database._make_tables()
        return database

    def _make_tables(self) -> None:
        """Make what is missing. Two processes may do so at once, so each step leaves be what is there."""
        with self.engine.begin() as connection:
            connection.execute(CreateTable(FORMATS, if_not_exists=True))
            version = connection.scalar(select(func.max(FORMATS.c.version)))
            if version is None:
                connection.execute(upsert(FORMATS).values(version=FORMAT).on_conflict_do_nothing())
            elif version != FORMAT:
                remedy = "upgrade harness" if version > FORMAT else "move the file away: no released version wrote it"
                raise StoreError(f"the store has format {version}, this harness knows {FORMAT} · {remedy}")
            for table in METADATA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))

    def begin_run(self, snapshot: Snapshot, samples: int, recorded: Sequence[Sequence[Exchange]] = ()) -> str:
        """Keep a new run's snapshot and return its id.

        `recorded` are the exchanges of each sample, when they were made elsewhere; all are kept, or nothing is.
        """
        now = datetime.now(UTC)
        run = f"{now:%Y%m%d-%H%M%S}-{token_hex(2)}"
        row = {
            "id": run,
            "started": now.isoformat(),
            "status": "running",
            "suite": snapshot.settings.suite or "",
            "samples": samples,
            "abandoned": ABANDONED.dump_json(Abandoned()).decode(),
            "canaries": "[]",
            "snapshot": snapshot.model_dump_json(by_alias=True),
        }
        exchanges = [
            {"run": run, "sample": place, "body": EXCHANGE.dump_json(exchange).decode()}
            for place, made in enumerate(recorded)
            for exchange in made
        ]
        with store_errors(), self.engine.begin() as connection:
            connection.execute(insert(RUNS).values(row))
            if exchanges:
                connection.execute(insert(EXCHANGES), exchanges)
        return run

    def end_run(self, run: str, status: Status) -> datetime:
        """Mark how and when a run ended, and return when."""
        ended = datetime.now(UTC)
        with store_errors(), self.engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(status=status, ended=ended.isoformat()))
        return ended

    def flights(self, run: str) -> FlightLog:
        """Where the calls under way of whoever works on a run are noted."""
        return FlightLog(self.lock_folder / f"{run}.flights")

    def keep_abandoned(self, run: str, log: FlightLog) -> None:
        """Keep that a process ended while calls were under way, and begin its list of flights anew."""
        left = log.left()
        if left.calls:
            with store_errors(), self.engine.begin() as connection:
                before = ABANDONED.validate_json(
                    connection.execute(select(RUNS.c.abandoned).where(RUNS.c.id == run)).scalar_one()
                )
                row = {"abandoned": ABANDONED.dump_json(before + left).decode()}
                connection.execute(update(RUNS).where(RUNS.c.id == run).values(row))
        log.clear()

    def load_canaries(self, run: str) -> tuple[Canary, ...]:
        """What was slipped to the judges of a run so far."""
        with store_errors(), self.engine.connect() as connection:
            return CANARIES.validate_json(
                connection.execute(select(RUNS.c.canaries).where(RUNS.c.id == run)).scalar_one()
            )

    def keep_canary(self, run: str, canary: Canary) -> None:
        """Add what a judge made of a known transcript."""
        row = {"canaries": CANARIES.dump_json((*self.load_canaries(run), canary)).decode()}
        with store_errors(), self.engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run).values(row))

    def begin_rescore(self, run: str, snapshot: Snapshot) -> None:
        """Forget what was found in a run, which makes its samples unfinished, and keep by whom it is judged now."""
        with store_errors(), self.engine.begin() as connection:
            connection.execute(_new_snapshot(run, snapshot))
            connection.execute(delete(SAMPLES).where(SAMPLES.c.run == run))

    def keep_snapshot(self, run: str, snapshot: Snapshot) -> None:
        """Keep that a run goes on with other settings."""
        with store_errors(), self.engine.begin() as connection:
            connection.execute(_new_snapshot(run, snapshot))

    def list_runs(self) -> tuple[RunRow, ...]:
        """All runs, the newest first."""
        done = select(SAMPLES.c.run, func.count().label("finished")).group_by(SAMPLES.c.run).subquery()
        query = (
            select(RUNS, func.coalesce(done.c.finished, 0).label("finished"))
            .outerjoin(done, done.c.run == RUNS.c.id)
            .order_by(RUNS.c.started.desc(), RUNS.c.id.desc())
        )
        with store_errors(), self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            RunRow(
                r.id, _time(r.started), _time(r.ended) if r.ended else None, r.status, r.suite, r.samples, r.finished
            )
            for r in rows
        )

    def find_run(self, name: str = "last") -> str:
        """The id that a name stands for: an id, its unique start, or `last`.

        Raises:
            InputError: there is no such run, or more than one.
        """
        with store_errors(), self.engine.connect() as connection:
            newest = select(RUNS.c.id).order_by(RUNS.c.started.desc(), RUNS.c.id.desc())
            ids = [str(one) for one in connection.scalars(newest)]
        if not ids:
            raise InputError(Problem("no runs here yet", "start one with `harness run`"))
        if name == "last":
            return ids[0]
        hits = [one for one in ids if one == name] or [one for one in ids if one.startswith(name)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise InputError(Problem(f"{len(hits)} runs start with {name!r}", "write more of the id"))
        raise InputError(Problem(f"no run {name!r}", did_you_mean(name, ids)))

    def snapshot(self, run: str) -> Snapshot:
        """What a run was made of."""
        with store_errors(), self.engine.connect() as connection:
            body = connection.scalar(select(RUNS.c.snapshot).where(RUNS.c.id == run))
        return Snapshot.model_validate_json(body or "")

    def load_run(self, name: str = "last") -> Run:
        """A whole run, unfinished samples included."""
        run = self.find_run(name)
        with store_errors(), self.engine.connect() as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.id == run)).one()
        snapshot = Snapshot.model_validate_json(row.snapshot)
        keys = dict(enumerate(snapshot.keys()))
        return Run(
            id=run,
            started=_time(row.started),
            ended=_time(row.ended) if row.ended else None,
            status=row.status,
            abandoned=ABANDONED.validate_json(row.abandoned) + self.flights(run).left(),
            canaries=CANARIES.validate_json(row.canaries),
            snapshot=snapshot,
            samples=tuple(self.load_samples(run, keys)),
        )

    def load_samples(self, run: str, keys: dict[int, SampleKey]) -> Iterator[Sample]:
        """The samples at some places of a run's plan, in that order."""
        with store_errors(), self.engine.connect() as connection:
            exchanges = _grouped(connection.execute(_of(EXCHANGES, run, keys, EXCHANGES.c.id)))
            asks = _grouped(connection.execute(_of(ASKS, run, keys, ASKS.c.id)))
            results = {row.sample: row for row in connection.execute(_of(SAMPLES, run, keys, SAMPLES.c.sample))}
        for place, key in keys.items():
            result = results.get(place)
            every = [EXCHANGE.validate_json(body) for body in exchanges.get(place, ())]
            latest = {exchange.turn: exchange for exchange in every}
            yield Sample(
                transcript=Transcript(key=key, exchanges=tuple(latest[turn] for turn in sorted(latest))),
                findings=FINDINGS.validate_json(result.findings) if result else (),
                verdicts=VERDICTS.validate_json(result.verdicts) if result else (),
                asks=tuple(ASK.validate_json(body) for body in asks.get(place, ())),
                replaced=tuple(each.call for each in every if latest[each.turn] is not each),
                finished=result is not None,
            )

    def answer(self, digest: str) -> str | None:
        """The kept answer to a request."""
        with store_errors(), self.engine.connect() as connection:
            body: str | None = connection.scalar(select(ANSWERS.c.body).where(ANSWERS.c.digest == digest))
        return body

    @contextmanager
    def only_worker(self, run: str) -> Iterator[None]:
        """Keep other processes from working on a run meanwhile; the lock is gone when its holder dies.

        Raises:
            InputError: another process is working on it.
        """
        lock = FileLock(self.lock_folder / f"{run}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise InputError(Problem(f"another process is working on {run}", "wait for it, or end it first")) from None
        try:
            yield
        finally:
            lock.release()

    def delete_run(self, run: str) -> None:
        """Forget a run.

        Raises:
            InputError: a process is working on it.
        """
        with self.only_worker(run), store_errors(), self.engine.begin() as connection:
            for column in (SAMPLES.c.run, EXCHANGES.c.run, ASKS.c.run, RUNS.c.id):
                connection.execute(delete(column.table).where(column == run))
            self.flights(run).clear()


def _new_snapshot(run: str, snapshot: Snapshot) -> Any:
    return update(RUNS).where(RUNS.c.id == run).values(snapshot=snapshot.model_dump_json(by_alias=True))


def _of(table: Table, run: str, keys: dict[int, SampleKey], order: Any) -> Any:
    query = select(table).where(table.c.run == run).order_by(table.c.sample, order)
    return query.where(table.c.sample == next(iter(keys))) if len(keys) == 1 else query


def _grouped(rows: Any) -> dict[int, list[str]]:
    bodies: dict[int, list[str]] = {}
    for row in rows:
        bodies.setdefault(row.sample, []).append(row.body)
    return bodies


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
