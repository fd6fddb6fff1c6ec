"""Tables of tell-tale phrases, and the one loop that looks them up in every reply of a chat."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from harness.checks.base import Chat, Line, found
from harness.checks.reading import Reading, read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType, Severity
from harness.text.patterns import Pattern, compile_pattern

MOST_HITS = 32
"""Occurrences of one phrase looked at in one reply: whoever says it more often has long been found out."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that occurs in a reply, with all that may excuse it. Indices are those of the reading."""

    chat: Chat
    line: Line
    reading: Reading
    start: int
    end: int

    @property
    def persona(self) -> Persona:
        """Who is speaking."""
        return self.chat.persona

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.reading.text[self.start : self.end]


Excuse = Callable[[Hit], bool]
"""A reason why the same words are fine here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One way in which a character gives itself away."""

    message: str
    pattern: str
    """RE2 over the reading: lower case, straight quotes, half-width marks, simplified characters. With a group, only
    the group is found; what stands around it is context."""
    certainty: float
    severity: Severity | None = None
    """The failure type's own when absent."""
    unless: tuple[Excuse, ...] = ()


class Phrases:
    """A table of phrases, the most telling first: where two overlap, the first one is found."""

    def __init__(self, failure_type: FailureType, phrases: Iterable[Phrase]) -> None:
        self.failure_type = failure_type
        self.phrases = tuple(phrases)

    @property
    def messages(self) -> tuple[str, ...]:
        """The message ids of the table."""
        return tuple(dict.fromkeys(phrase.message for phrase in self.phrases))

    @cached_property
    def _any(self) -> Pattern:
        return compile_pattern("|".join(f"(?:{phrase.pattern})" for phrase in self.phrases))

    def findings(self, chat: Chat) -> Iterator[Finding]:
        """Everything in the chat that no excuse covers."""
        for line in chat.lines:
            if self._any.search(read(line.reply).text):
                yield from self._findings(chat, line)

    def _findings(self, chat: Chat, line: Line) -> Iterator[Finding]:
        taken: list[tuple[int, int]] = []
        for phrase in self.phrases:
            for hit in hits(phrase.pattern, chat, line):
                overlaps = any(hit.start < end and start < hit.end for start, end in taken)
                if overlaps or any(excuse(hit) for excuse in phrase.unless):
                    continue
                taken.append((hit.start, hit.end))
                span = hit.reading.span(hit.start, hit.end)
                yield found(
                    line,
                    self.failure_type,
                    span,
                    phrase.message,
                    certainty=phrase.certainty,
                    severity=phrase.severity,
                    quote=line.reply[span.start : span.end],
                )


def one_of(*alternatives: str) -> str:
    """A pattern that any of these patterns satisfies."""
    return f"(?:{'|'.join(alternatives)})"


def hits(pattern: str, chat: Chat, line: Line) -> Iterator[Hit]:
    """The first occurrences of a pattern in a reply."""
    reading = read(line.reply)
    compiled = compile_pattern(pattern)
    for match in islice(compiled.finditer(reading.text), MOST_HITS):
        start, end = match.span()
        for group in range(1, compiled.groups + 1):
            if match.span(group)[0] >= 0:
                start, end = match.span(group)
                break
        if start < end:
            yield Hit(chat, line, reading, start, end)
