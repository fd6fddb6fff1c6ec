import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from harness.core.run import EXIT_CODES, Status
from harness.errors import InputError, StoreError
from harness.store.database import Database
from harness.store.tables import SAMPLES
from tests.build import exchange, scenario, snapshot
from tests.store.files import problems_of, project
from tests.store.samples import rich_snapshot

URL = "sqlite:///.harness/harness.db"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(URL, tmp_path)


def named(database: Database, ids: list[str]) -> None:
    """Runs with these ids, from oldest to newest."""
    for number, one in enumerate(ids):
        made = database.begin_run(snapshot(), 1)
        with database.engine.begin() as connection:
            started = f"2026-11-22T03:00:{number:02}+00:00"
            connection.exec_driver_sql("UPDATE runs SET id = ?, started = ? WHERE id = ?", (one, started, made))


def test_a_new_run_is_listed_as_running_with_its_size(database: Database) -> None:
    run = database.begin_run(rich_snapshot(), 4)

    (row,) = database.list_runs()
    assert (row.id, row.status, row.suite, row.samples, row.finished) == (run, "running", "冒烟", 4, 0)
    assert row.ended is None
    assert row.started.tzinfo is not None


def test_a_snapshot_comes_back_as_it_was(database: Database) -> None:
    kept = rich_snapshot()
    run = database.begin_run(kept, 4)

    again = Database.open(URL, database.lock_folder.parents[1]).snapshot(run)
    assert again == kept
    assert list(again.keys()) == list(kept.keys())
    assert [one.id for one in again.scenarios.values()] == ["san/night", "san/day"]


def test_a_rescore_forgets_what_was_found_and_keeps_by_whom_it_is_judged_now(database: Database) -> None:
    run = database.begin_run(snapshot(), 1)
    other = database.begin_run(snapshot(), 1)
    with database.engine.begin() as connection:
        for each in (run, other):
            connection.execute(insert(SAMPLES).values(run=each, sample=0, findings="[]", verdicts="[]"))
    database.begin_rescore(run, rich_snapshot())
    assert database.snapshot(run) == rich_snapshot()
    assert database.snapshot(other) == snapshot()
    assert {row.id: row.finished for row in database.list_runs()} == {run: 0, other: 1}


def test_recorded_exchanges_are_kept_with_their_run(database: Database) -> None:
    run = database.begin_run(snapshot(), 1, [[exchange(text="客官里边坐。")]])
    (sample,) = database.load_run(run).samples
    assert [kept.text for kept in sample.transcript.exchanges] == ["客官里边坐。"]
    assert not sample.finished


def test_a_run_that_is_worked_on_cannot_be_deleted(database: Database) -> None:
    run = database.begin_run(snapshot(), 1)
    with database.only_worker(run), pytest.raises(InputError, match="another process is working on"):
        database.delete_run(run)
    database.delete_run(run)
    assert database.list_runs() == ()


@pytest.mark.parametrize("status", [status for status in EXIT_CODES if status != "running"])
def test_a_run_that_ended_says_how_and_when(database: Database, status: Status) -> None:
    run, other = database.begin_run(snapshot(), 1), database.begin_run(snapshot(), 1)
    database.end_run(run, status)

    ended = database.load_run(run)
    assert ended.status == status
    assert ended.ended is not None
    assert ended.ended >= ended.started
    assert (database.load_run(other).status, database.load_run(other).ended) == ("running", None)


def test_a_run_that_died_early_loads_with_all_its_samples_unfinished(database: Database) -> None:
    kept = rich_snapshot()
    run = database.load_run(database.begin_run(kept, 4))

    assert [sample.key for sample in run.samples] == list(kept.keys())
    assert all(not sample.finished and not sample.transcript.exchanges for sample in run.samples)


@pytest.mark.parametrize(
    ("name", "found"),
    [("last", "20261122-b2"), ("20261122-a1", "20261122-a1"), ("20261122-b", "20261122-b2"), ("2025", "20251122-a")],
)
def test_a_run_is_found_by_its_id_its_unique_start_or_as_the_last(database: Database, name: str, found: str) -> None:
    named(database, ["20251122-a", "20261122-a1", "20261122-a12", "20261122-b2"])

    assert database.find_run(name) == found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026", "3 runs start with '2026' · write more of the id"),
        ("20261122-a3", "no run '20261122-a3' · did you mean '20261122-a1'"),
        ("zzz", "no run 'zzz' · known: "),
    ],
)
def test_a_name_of_no_run_or_of_several_is_refused(database: Database, name: str, expected: str) -> None:
    named(database, ["20251122-a", "20261122-a1", "20261122-a12", "20261122-b2"])
    with pytest.raises(InputError) as caught:
        database.load_run(name)

    assert problems_of(caught)[0].startswith(expected)


def test_without_any_run_the_next_step_is_named(database: Database) -> None:
    with pytest.raises(InputError, match="no runs here yet · start one with `harness run`"):
        database.find_run()


def test_runs_are_listed_newest_first(database: Database) -> None:
    named(database, ["b", "a", "c"])

    assert [row.id for row in database.list_runs()] == ["c", "a", "b"]


def test_two_runs_begun_in_the_same_second_have_two_ids(database: Database) -> None:
    assert len({database.begin_run(snapshot(), 1) for _ in range(5)}) == 5


def test_the_store_lies_where_the_project_says_and_keeps_itself_out_of_git(tmp_path: Path) -> None:
    project(tmp_path, {"harness.yaml": "store: sqlite:///runs/here.db\n"}).database()

    assert (tmp_path / "runs" / "here.db").is_file()
    assert (tmp_path / "runs" / ".gitignore").read_text() == "*\n"


def test_a_store_beside_harness_yaml_ignores_nothing_else(tmp_path: Path) -> None:
    Database.open("sqlite:///here.db", tmp_path)

    assert not (tmp_path / ".gitignore").exists()


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    Database.open(f"sqlite:///{tmp_path}/库/a b.db", tmp_path / "elsewhere")

    assert (tmp_path / "库" / "a b.db").is_file()


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("harness.db", "store: 'harness.db' is no database URL"),
        ("", "store: '' is no database URL"),
        ("postgresql://host:port/db", "store: 'postgresql://host:port/db' is no database URL"),
        ("postgresql://host/db", "store: only SQLite files are supported so far"),
        ("nosuch+driver://x/y", "store: only SQLite files are supported so far"),
        ("sqlite://", "store: only SQLite files are supported so far"),
    ],
)
def test_a_url_that_is_no_sqlite_file_is_refused(tmp_path: Path, url: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        Database.open(url, tmp_path)

    assert problems_of(caught) == [f"{what} · write sqlite:///path/to/file.db"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        Database.open("sqlite:///file/harness.db", tmp_path)

    assert problems_of(caught) == [f"{tmp_path}/file: the store cannot be made: Not a directory · make it writable"]


@pytest.mark.parametrize("damage", ["not a database", "a folder"])
def test_what_is_no_database_is_a_store_error(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "harness.db"
    if damage == "a folder":
        path.mkdir()
    else:
        path.write_bytes(b"not a database at all " * 500)
    with pytest.raises(StoreError, match=r"^the store .*(file is not|unable to open).* is intact$"):
        Database.open("sqlite:///harness.db", tmp_path)


def test_a_store_of_a_newer_harness_is_refused_and_left_alone(tmp_path: Path) -> None:
    kept = Database.open(URL, tmp_path)
    kept.begin_run(snapshot(), 1)
    kept.engine.dispose()
    with closing(sqlite3.connect(tmp_path / ".harness" / "harness.db")) as connection:
        connection.execute("INSERT INTO format VALUES (99)")
        connection.commit()

    with pytest.raises(StoreError, match="the store has format 99, this harness knows 3 · upgrade harness"):
        Database.open(URL, tmp_path)


def test_opening_a_store_again_keeps_what_is_in_it(tmp_path: Path) -> None:
    run = Database.open(URL, tmp_path).begin_run(snapshot(scenario(id="hob/a")), 1)

    again = Database.open(URL, tmp_path)
    assert again.load_run().id == run
    with again.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT version FROM format").all() == [(3,)]


@pytest.mark.parametrize("table", ["runs", "samples", "exchanges", "asks"])
def test_a_table_that_is_gone_is_a_store_error(database: Database, table: str) -> None:
    run = database.begin_run(snapshot(), 1)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")

    with pytest.raises(StoreError, match="the store refused: no such table"):
        database.load_run(run)
