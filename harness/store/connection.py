"""The connection to the store: which database, how SQLite is set up, and what its errors mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError

from harness.errors import InputError, Problem, StoreError


def connect(url: str, home: Path) -> tuple[Engine, Path]:
    """An engine for the database at a URL, and the folder it lies in, made when it is not there.

    Raises:
        InputError: the URL is wrong, or the place cannot be written.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError(Problem(f"store: {url!r} is no database URL", "write sqlite:///path/to/file.db")) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise InputError(Problem("store: only SQLite files are supported so far", "write sqlite:///path/to/file.db"))
    file = (home / parsed.database).resolve()
    _prepare_folder(file.parent, home)
    engine = create_engine(parsed.set(database=str(file)), connect_args={"timeout": 60})
    event.listen(engine, "connect", _tune)
    return engine, file.parent


def _tune(connection: Any, _record: Any) -> None:
    """Write-ahead logging: what is committed survives the death of the process, and readers never wait."""
    connection.execute("PRAGMA synchronous=NORMAL")
    # Switching needs the file for oneself and does not wait for it; whoever comes second finds it switched.
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode=WAL")


def _prepare_folder(folder: Path, home: Path) -> None:
    try:
        (folder / "locks").mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if folder != home and not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            Problem(f"the store cannot be made: {error.strerror}", "make it writable", str(folder))
        ) from None


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn what the database says into ours.

    Raises:
        StoreError: in place of any error of the database.
    """
    try:
        yield
    except OperationalError as error:
        raise StoreError(
            f"the store refused: {error.orig} · free space or mend its rights; what was stored is intact"
        ) from error
    except SQLAlchemyError as error:
        told = error.orig if isinstance(error, DBAPIError) else error
        raise StoreError(f"the store failed: {told} · what was stored is intact") from error
