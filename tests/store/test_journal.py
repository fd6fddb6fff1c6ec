import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import enumerate as threads

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import event

from harness.core.conversation import Message
from harness.core.run import Sample, Snapshot
from harness.core.transcript import Call, SampleKey, Transcript
from harness.errors import StoreError
from harness.store.database import Database
from harness.store.journal import RunJournal
from tests.build import exchange, snapshot
from tests.store.samples import CALL, HOSTILE, rich_sample, rich_snapshot
from tests.text.anything import clean_texts

FILE = "harness.db"
STUCK = 10
"""Seconds after which a test fails rather than wait for a journal that will never answer."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{FILE}", tmp_path)
    yield opened
    opened.engine.dispose()


def begun(database: Database, of: Snapshot | None = None, *, fresh: bool = True) -> tuple[RunJournal, list[SampleKey]]:
    """A new run's journal and its plan."""
    made = of or rich_snapshot()
    keys = list(made.keys())
    run = database.begin_run(made, len(keys))
    places = {key: place for place, key in enumerate(keys)}
    return RunJournal(database=database, run=run, places=places, fresh=fresh), keys


def rows(database: Database, table: str) -> int:
    """How many rows another process would see."""
    with closing(sqlite3.connect(str(database.engine.url.database))) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def keep(journal: RunJournal, sample: Sample) -> None:
    for each in sample.transcript.exchanges:
        await journal.record_exchange(sample.key, each)
    for ask in sample.asks:
        await journal.record_ask(sample.key, ask)
    await journal.finish_sample(sample)


async def test_a_run_comes_back_as_it_went(database: Database, tmp_path: Path) -> None:
    journal, keys = begun(database)
    samples = [rich_sample(key) for key in keys]
    with journal:
        for sample in reversed(samples):
            await keep(journal, sample)
    database.end_run(journal.run, "failed")

    loaded = Database.open(f"sqlite:///{FILE}", tmp_path).load_run()
    assert loaded.snapshot == rich_snapshot()
    assert list(loaded.samples) == samples
    assert loaded.status == "failed"
    assert [row.finished for row in database.list_runs()] == [4]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=clean_texts, sent=clean_texts)
async def test_any_text_comes_back_as_it_was(database: Database, text: str, sent: str) -> None:
    journal, (key,) = begun(database, snapshot())
    said = exchange(1, text, sent=(Message("user", sent),), error=text)
    with journal:
        await journal.record_exchange(key, said)

    assert database.load_run(journal.run).samples[0].transcript.exchanges == (said,)


async def test_an_entry_is_there_for_another_process_as_soon_as_it_was_awaited(database: Database) -> None:
    journal, (key, *_) = begun(database)
    sample = rich_sample(key)
    with journal:
        await journal.record_exchange(key, sample.transcript.exchanges[0])
        assert rows(database, "exchanges") == 1
        await journal.record_ask(key, sample.asks[0])
        assert rows(database, "asks") == 1
        await journal.finish_sample(sample)
        assert rows(database, "samples") == 1


async def test_many_conversations_share_one_journal(database: Database) -> None:
    journal, keys = begun(database)

    async def talk(key: SampleKey) -> None:
        for turn in range(1, 26):
            await journal.record_exchange(key, exchange(turn, f"{key} {turn} 龙"))

    with journal:
        await asyncio.gather(*map(talk, keys))

    for key, sample in zip(keys, database.load_run(journal.run).samples, strict=True):
        assert [each.text for each in sample.transcript.exchanges] == [f"{key} {turn} 龙" for turn in range(1, 26)]


async def test_of_two_exchanges_for_a_turn_the_later_holds_and_the_first_call_is_still_billed(
    database: Database,
) -> None:
    journal, (key, *_) = begun(database)
    with journal:
        await journal.record_exchange(key, exchange(1, "a"))
        await journal.record_exchange(key, exchange(2, outcome="failed", call=CALL))
        await journal.record_exchange(key, exchange(2, "b"))
        await journal.record_exchange(key, exchange(3, "c"))

    stored = database.load_run(journal.run).samples[0]
    assert [each.text for each in stored.transcript.exchanges] == ["a", "b", "c"]
    assert stored.replaced == (CALL,)
    assert not stored.finished


async def test_a_sample_scored_again_has_its_new_findings_and_all_its_asks(database: Database) -> None:
    journal, (key, *_) = begun(database)
    first = rich_sample(key)
    with journal:
        await keep(journal, first)
        await journal.record_ask(key, first.asks[0])
        await journal.finish_sample(Sample(transcript=first.transcript))

    stored = database.load_run(journal.run).samples[0]
    assert (stored.findings, stored.verdicts) == ((), ())
    assert stored.asks == (*first.asks, first.asks[0])


async def test_what_an_earlier_process_left_is_handed_back(database: Database) -> None:
    journal, (first, second, *_) = begun(database, fresh=False)
    with journal:
        await journal.record_exchange(second, exchange(1, HOSTILE))

        assert await journal.stored(first) == Sample(transcript=Transcript(key=first), finished=False)
        assert (await journal.stored(second)).transcript.exchanges == (exchange(1, HOSTILE),)


async def test_a_deleted_run_leaves_nothing_and_its_neighbours_everything(database: Database) -> None:
    kept, deleted = begun(database), begun(database)
    for journal, keys in (kept, deleted):
        with journal:
            for key in keys:
                await keep(journal, rich_sample(key))
    before = database.load_run(kept[0].run)
    database.delete_run(deleted[0].run)

    assert [row.id for row in database.list_runs()] == [kept[0].run]
    assert database.load_run(kept[0].run) == before
    assert (rows(database, "samples"), rows(database, "exchanges"), rows(database, "asks")) == (4, 12, 8)


async def test_closing_writes_what_still_waits(database: Database) -> None:
    journal, (key, *_) = begun(database)
    with journal:
        waiting = [asyncio.create_task(journal.record_exchange(key, exchange(turn))) for turn in range(1, 51)]
        await asyncio.sleep(0)
    assert rows(database, "exchanges") == 50
    async with asyncio.timeout(STUCK):
        await asyncio.gather(*waiting)

    assert not [thread for thread in threads() if thread.name == "journal"]


async def test_a_caller_that_was_cancelled_stops_nobody_else(database: Database) -> None:
    journal, (key, *_) = begun(database)
    with journal:
        gone = asyncio.create_task(journal.record_exchange(key, exchange(1)))
        stays = asyncio.create_task(journal.record_exchange(key, exchange(2)))
        await asyncio.sleep(0)
        gone.cancel()
        async with asyncio.timeout(STUCK):
            await stays
            await journal.record_exchange(key, exchange(3))

    assert rows(database, "exchanges") == 3


async def test_a_full_disk_is_a_store_error_and_what_was_stored_stays(database: Database) -> None:
    journal, (key, *_) = begun(database)
    with journal:
        await journal.record_exchange(key, exchange(1, "kept"))
        full(database)
        with pytest.raises(StoreError, match=r"the store refused: database or disk is full .* is intact"):
            await journal.record_exchange(key, exchange(2, HOSTILE * 5000))

    stored = database.load_run(journal.run).samples[0]
    assert [each.text for each in stored.transcript.exchanges] == ["kept"]


async def test_with_a_full_disk_everyone_who_waits_is_told(database: Database) -> None:
    journal, keys = begun(database)
    full(database)
    big = exchange(1, HOSTILE * 5000)
    with journal:
        told = await asyncio.gather(*(journal.record_exchange(key, big) for key in keys), return_exceptions=True)

    assert [type(each) for each in told] == [StoreError] * len(keys)


async def test_an_entry_that_cannot_be_written_at_all_leaves_nobody_waiting(database: Database) -> None:
    journal, (key, *_) = begun(database, snapshot())
    journal.run = "\ud800"
    with journal:
        async with asyncio.timeout(STUCK):
            with pytest.raises(UnicodeEncodeError):
                await journal.record_exchange(key, exchange(1))


def full(database: Database) -> None:
    """Let the file grow no more, on this and every later connection."""

    def no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    database.engine.dispose()
    event.listen(database.engine, "connect", no_more_pages)
    database.list_runs()


def test_a_call_that_cost_nothing_known_stays_unknown(tmp_path: Path) -> None:
    async def go() -> None:
        with journal:
            await journal.record_exchange(key, exchange(1, call=Call(seconds=0.0, attempts=0)))

    database = Database.open(f"sqlite:///{FILE}", tmp_path)
    journal, (key, *_) = begun(database)
    asyncio.run(go())

    assert database.load_run().samples[0].transcript.exchanges[0].call.charge is None
    database.engine.dispose()


async def test_who_is_cancelled_while_an_entry_is_written_learns_first_that_it_was(database: Database) -> None:
    """Or a call whose answer is stored, and priced, would be told as one of unknown cost as well."""
    journal, (key, *_) = begun(database)
    recorded: list[int] = []

    async def work() -> None:
        await journal.record_exchange(key, exchange(1))
        recorded.append(rows(database, "exchanges"))
        await journal.record_exchange(key, exchange(2))

    with journal:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, STUCK)

    assert recorded == [1]
