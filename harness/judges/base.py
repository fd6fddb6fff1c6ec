"""What a judge is, and what it is shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from harness.core.conversation import Conversation
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.rating import Ask, Verdict
from harness.core.scenario import Scenario
from harness.core.taxonomy import Dimension
from harness.core.transcript import Exchange, Transcript

Asker = Callable[[Conversation], Awaitable[Ask]]
"""Puts one request to the judge's model and keeps the answer; the engine supplies it. It returns failures as values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One transcript to be judged, with what it is held against."""

    persona: Persona
    scenario: Scenario
    transcript: Transcript
    found: tuple[Finding, ...] = ()
    """What the checks found in it; a break that a check sees, too, needs no second vote."""
    only: frozenset[int] | None = None
    """The turns to be graded, when the others are there to be read alone."""
    called: frozenset[Dimension] = frozenset()
    """Dimensions that the graded turns put to the test, whatever their probes."""

    def replies(self) -> tuple[Exchange, ...]:
        """The turns that hold a reply; only these can be judged."""
        return self.transcript.replies()

    def graded(self) -> tuple[int, ...]:
        """The turns to be graded."""
        return tuple(reply.turn for reply in self.replies() if self.only is None or reply.turn in self.only)


class Judge(Protocol):
    """Something that reads a transcript and grades it."""

    @property
    def name(self) -> str:
        """What the run calls it."""
        ...

    @property
    def samples(self) -> int:
        """How often it is asked about each case."""
        ...

    async def vote(self, case: Case, ask: Asker, number: int = 1) -> Verdict:
        """What it makes of one case, asked for the so-manieth time.

        A judge that fails leaves ratings unscored; it never raises for that.
        """
        ...
