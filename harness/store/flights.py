"""The calls under way, noted where the death of the process does not reach: in a file that is mapped into memory.

A note costs about a microsecond and no write is waited for. The kernel keeps what was written to the mapping when the
process is killed; only a power failure loses it.
"""

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_UP, Decimal
from pathlib import Path

from harness.core.charge import Charge
from harness.core.model import Currency
from harness.core.run import Abandoned

CURRENCIES: tuple[Currency, ...] = ("USD", "CNY")
RECORD = struct.Struct("<3q")
"""How many calls are under way, and what they can cost at most, in billionths of a dollar and of a yuan."""
BILLION = 1_000_000_000


class FlightLog:
    """Implements Flights inside `noting`; outside of it, tells what the last process left."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._calls = 0
        self._at_most = dict.fromkeys(CURRENCIES, 0)
        self._map: mmap.mmap | None = None

    @contextmanager
    def noting(self) -> Iterator["FlightLog"]:
        """Note flights, beginning with none."""
        self._file.write_bytes(RECORD.pack(0, 0, 0))
        with self._file.open("r+b") as opened, mmap.mmap(opened.fileno(), RECORD.size) as mapped:
            self._map = mapped
            try:
                yield self
            finally:
                self._map = None

    def depart(self, ceiling: Charge | None) -> None:
        """An attempt leaves that can cost so much at most."""
        self._note(1, ceiling)

    def land(self, ceiling: Charge | None) -> None:
        """What became of it is recorded, or it cost nothing."""
        self._note(-1, ceiling)

    def left(self) -> Abandoned:
        """The calls that were under way when their process ended."""
        try:
            calls, *amounts = RECORD.unpack(self._file.read_bytes())
        except (OSError, struct.error):
            return Abandoned()
        known = zip(CURRENCIES, amounts, strict=True)
        return Abandoned(calls, {currency: Decimal(amount) / BILLION for currency, amount in known if amount})

    def clear(self) -> None:
        """Forget them."""
        self._file.unlink(missing_ok=True)

    def _note(self, change: int, ceiling: Charge | None) -> None:
        self._calls += change
        if ceiling is not None:
            self._at_most[ceiling.currency] += change * int((ceiling.amount * BILLION).to_integral_value(ROUND_UP))
        if self._map is not None:
            RECORD.pack_into(self._map, 0, self._calls, *(self._at_most[each] for each in CURRENCIES))
