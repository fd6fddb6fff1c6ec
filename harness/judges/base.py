"""What a judge is, and what it is shown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from harness.core.conversation import Conversation
from harness.core.persona import Persona
from harness.core.rating import Ask, Verdict
from harness.core.scenario import Scenario
from harness.core.transcript import Exchange, Transcript

Asker = Callable[[Conversation], Awaitable[Ask]]
"""Puts one request to the judge's model and keeps the answer; the engine supplies it. It returns failures as values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One transcript to be judged, with what it is held against."""

    persona: Persona
    scenario: Scenario
    transcript: Transcript

    def replies(self) -> tuple[Exchange, ...]:
        """The turns that hold a reply; only these can be judged."""
        return self.transcript.replies()


class Judge(Protocol):
    """Something that reads a transcript and grades it."""

    async def judge(self, case: Case, ask: Asker) -> Verdict:
        """What it makes of one case. A judge that fails leaves ratings unscored; it never raises for that."""
        ...
