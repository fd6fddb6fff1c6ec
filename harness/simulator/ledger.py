"""What became of each request, and what the provider charges for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from harness.errors import InputError, Problem
from harness.simulator.faults import FAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request that reached the chat endpoint. No key is in it."""

    number: int
    """In the order in which requests came, from 1."""
    body_sha256: str
    attempt: int
    """How often this very body has come, from 1."""
    at: str
    outcome: str
    """`answered`, `truncated`, `moderated`, `refused`, `limited`, `left` (the client did not wait), or its fault."""
    status: int | None
    """None when no status was sent."""
    prompt_tokens: int
    """Charged."""
    completion_tokens: int
    """Charged."""
    usage_told: bool
    """Whether the client was told just this usage, in an answer that came whole."""


@dataclass(slots=True)
class Ledger:
    """All requests so far, in the order in which what became of them was known."""

    entries: list[Entry] = field(default_factory=list)
    log: TextIO | None = None
    """Where each entry is written as well, a line each."""

    def note(self, entry: Entry) -> None:
        """Keep what became of a request."""
        self.entries.append(entry)
        if self.log is not None:
            self.log.write(json.dumps(asdict(entry)) + "\n")
            self.log.flush()

    def sums(self) -> dict[str, int]:
        """How many requests there were, how many were answered, met a fault or were charged, and the tokens charged."""
        return {
            "requests": len(self.entries),
            "answered": sum(entry.outcome == "answered" for entry in self.entries),
            "faults": sum(entry.outcome in FAULTS for entry in self.entries),
            "charged": sum(entry.prompt_tokens > 0 for entry in self.entries),
            "prompt_tokens": sum(entry.prompt_tokens for entry in self.entries),
            "completion_tokens": sum(entry.completion_tokens for entry in self.entries),
        }

    def as_object(self) -> dict[str, object]:
        """As `GET /simulator/ledger` shows it."""
        return {**self.sums(), "entries": [asdict(entry) for entry in self.entries]}


@contextmanager
def opened_ledger(log: Path | None) -> Iterator[Ledger]:
    """An empty ledger; its log, if it has one, goes on where an earlier one ended.

    Raises:
        InputError: the log cannot be written.
    """
    if log is None:
        yield Ledger()
        return
    try:
        file = log.open("a", encoding="utf-8")
    except OSError as error:
        problem = Problem(f"cannot be written: {error.strerror}", "choose another file", str(log))
        raise InputError(problem) from None
    with file:
        yield Ledger(log=file)


def now() -> str:
    """The time, as entries say it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
