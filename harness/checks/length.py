"""Replies longer or shorter than the writer wants. Says nothing until it is given a limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from harness.checks.base import Chat, found
from harness.core.finding import Finding, Span
from harness.core.taxonomy import FailureType

Limit = Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Measures replies in characters."""

    failure_type: ClassVar[FailureType] = "length"
    MESSAGES: ClassVar[tuple[str, ...]] = ("length.long", "length.short")

    max_chars: Limit | None = None
    min_chars: Limit | None = None

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every reply outside the limits; one that was cut off is not blamed for being short."""
        for line in chat.lines:
            length = len(line.reply)
            if self.max_chars is not None and length > self.max_chars:
                beyond = Span(self.max_chars, length)
                yield found(line, "length", beyond, "length.long", certainty=1, length=length, limit=self.max_chars)
            if self.min_chars is not None and length < self.min_chars and line.complete:
                yield found(line, "length", None, "length.short", certainty=1, length=length, limit=self.min_chars)
