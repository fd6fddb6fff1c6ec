"""The calls under way are known even after the process that made them was killed."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from harness.core.charge import Charge
from harness.core.run import Abandoned
from harness.store.database import Database
from harness.store.flights import FlightLog
from tests.build import snapshot

CENT = Charge(Decimal("0.01"), "USD", "a page")
FEN = Charge(Decimal("0.010000000001"), "CNY", "a page")

DYING = """
import os, sys
from decimal import Decimal
from pathlib import Path
from harness.core.charge import Charge
from harness.store.flights import FlightLog
with FlightLog(Path(sys.argv[1])).noting() as log:
    for _ in range(3):
        log.depart(Charge(Decimal("0.01"), "USD", "a page"))
    log.depart(None)
    log.land(Charge(Decimal("0.01"), "USD", "a page"))
    os.kill(os.getpid(), 9)
"""


def test_what_was_under_way_when_a_process_was_killed_is_known(tmp_path: Path) -> None:
    file = tmp_path / "run.flights"

    done = subprocess.run([sys.executable, "-c", DYING, str(file)], check=False, env={**os.environ})

    assert done.returncode == -9
    assert FlightLog(file).left() == Abandoned(3, {"USD": Decimal("0.02")})


def test_currencies_are_kept_apart_and_rounded_up(tmp_path: Path) -> None:
    with FlightLog(tmp_path / "a").noting() as log:
        log.depart(CENT)
        log.depart(FEN)
        assert log.left() == Abandoned(2, {"USD": Decimal("0.01"), "CNY": Decimal("0.010000001")})
        log.land(FEN)
        log.land(CENT)
        assert log.left() == Abandoned()


def test_a_list_that_is_not_there_or_damaged_is_empty(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"short")

    assert FlightLog(tmp_path / "a").left() == FlightLog(tmp_path / "b").left() == Abandoned()
    FlightLog(tmp_path / "a").clear()


def test_what_a_process_left_is_added_to_its_run_once(tmp_path: Path) -> None:
    database = Database.open("sqlite:///.harness/harness.db", tmp_path)
    run = database.begin_run(snapshot(), 1)
    flights = database.flights(run)
    for _ in range(2):
        with flights.noting() as log:
            log.depart(CENT)
        assert database.load_run(run).abandoned.calls >= 1, "told even before anybody goes on with the run"
        database.keep_abandoned(run, flights)
        database.keep_abandoned(run, flights)
        flights = database.flights(run)

    assert database.load_run(run).abandoned == Abandoned(2, {"USD": Decimal("0.02")})
