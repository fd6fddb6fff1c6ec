"""What was really sent and received for one sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from harness.core.charge import Charge
from harness.core.conversation import GOOD, Message, Outcome, Usage

OUTCOMES: tuple[str, ...] = ("answered", "truncated", "filtered", "empty", "failed", "skipped")
"""How a scripted turn can end; `skipped` turns were never asked."""


class SampleKey(NamedTuple):
    """One scenario × prompt × model × epoch."""

    scenario: str
    prompt: str
    model: str
    epoch: int

    def __str__(self) -> str:
        return f"{self.scenario} · {self.prompt} · {self.model} · {self.epoch}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What one call took, whatever came of it."""

    seconds: float
    """From the request of the last attempt to the last byte of its answer."""
    attempts: int = 1
    """0 when no call was made: the answer was recorded elsewhere or cached, or the request could not be sent."""
    unpriced: int = 0
    """Attempts that failed and may have been charged for all the same."""
    usage: Usage | None = None
    charge: Charge | None = None
    """For the answer; None when its cost is unknown, or when there is none."""
    answered: bool = True
    at_most: Charge | None = None
    """What its unknown charges can come to at most; None when there are none, or no bound is known."""
    cached: bool = False
    """Whether the answer came out of the cache."""
    saved: Charge | None = None
    """What the cached answer had cost when it was paid for."""

    def charges(self) -> Iterator[Charge | None]:
        """What it adds to a bill: a charge for the answer, and an unknown one for each attempt of unknown cost."""
        if self.attempts and self.answered:
            yield self.charge
        yield from (None for _ in range(self.unpriced))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One turn as it really went: the messages sent, and the reply."""

    turn: int
    """Counted from 1."""
    sent: tuple[Message, ...]
    dropped: int = 0
    """How many of the first turns were left out of the history, by the model's rule."""
    outcome: Outcome
    text: str
    """The reply; empty unless answered or truncated."""
    partial: str = ""
    """Of a filtered reply, what came through before the filter."""
    finish_reason: str | None = None
    error: str | None = None
    """Why it failed, when it did."""
    seed: int | None = None
    first_token_seconds: float | None = None
    call: Call

    @property
    def good(self) -> bool:
        """Whether there is a reply to check."""
        return self.outcome in GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """One sample's exchanges in order; turns after the last one were skipped."""

    key: SampleKey
    exchanges: tuple[Exchange, ...] = ()

    @property
    def ended_early(self) -> bool:
        """Whether a bad outcome ended it, so that nothing may be said of later turns."""
        return bool(self.exchanges) and not self.exchanges[-1].good

    def resumable(self) -> "Transcript":
        """Without a failed end: that turn may be asked again."""
        kept = self.exchanges[:-1] if self.exchanges and self.exchanges[-1].outcome == "failed" else self.exchanges
        return Transcript(key=self.key, exchanges=kept)

    def replies(self) -> tuple[Exchange, ...]:
        """The exchanges that hold a reply."""
        return tuple(exchange for exchange in self.exchanges if exchange.good)
