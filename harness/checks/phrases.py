"""Tables of tell-tale phrases, and the one loop that looks them up in every reply of a chat."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from harness.checks.base import Chat, Line, found
from harness.checks.reading import Reading, read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType, Severity
from harness.core.value import Value
from harness.text.patterns import Pattern, Sieve, compile_pattern

TABLES = Path(__file__).with_name("tables")
MOST_HITS = 32
"""Occurrences of one phrase looked at in one reply: whoever says it more often has long been found out."""
LONGEST_SENTENCE = 300
"""A sentence longer than this is not marked as a whole: whoever writes so has forgotten the full stops."""

_LETTERS = {".en": re.compile("[a-z]{2}|[<{#*]"), ".zh": re.compile("[\u3400-\u9fff【]")}
"""What a text must hold for the table of a language to be looked up."""
_WORDS = re.compile(r"\{([a-z_]+)\}")


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


class Phrase(Value):
    """One way in which a character gives itself away, as a table states it."""

    message: str
    """The case, the second half of the message id."""
    certainty: Annotated[float, Field(gt=0, le=1)]
    severity: Severity | None = None
    """The failure type's own when absent."""
    unless: tuple[str, ...] = ()
    """Names of the excuses that cover it."""
    enough: Annotated[int, Field(ge=1)] = 1
    """How many different patterns of it must occur together: some words tell only in company."""
    apart: bool = False
    """Whether each of them must occur in words of its own."""
    within: Literal["reply", "sentence"] = "reply"
    """How close together that is."""
    not_with: tuple[str, ...] = ()
    """Patterns that make a sentence innocent, wherever in it they occur."""
    patterns: Annotated[tuple[str, ...], Field(min_length=1)]
    """RE2 over the reading: lower case, straight quotes, half-width marks, simplified characters. With a group, what
    stands around it is context. `{name}` stands for the words of that name."""

    @cached_property
    def innocent(self) -> Pattern | None:
        """What makes a sentence innocent, as one pattern."""
        return compile_pattern(one_of(*self.not_with)) if self.not_with else None


class Table(Value):
    """A file of phrases in one language, the most telling first."""

    words: Mapping[str, str | tuple[str, ...]] = {}
    """Parts of patterns by name; of a list, any one will do."""
    phrase: tuple[Phrase, ...]

    def spelled(self) -> Iterator[Phrase]:
        """The phrases with their words in place."""
        for phrase in self.phrase:
            spelled = {name: tuple(map(self._spell, getattr(phrase, name))) for name in ("patterns", "not_with")}
            yield phrase.model_copy(update=spelled)

    def _spell(self, pattern: str) -> str:
        return _WORDS.sub(lambda name: self._spell(self._any_of(name[1])), pattern)

    def _any_of(self, name: str) -> str:
        words = self.words[name]
        return words if isinstance(words, str) else one_of(*words)


class Lookup:
    """One table, ready to be looked up: read when it is made, compiled when a text first holds its letters."""

    def __init__(self, path: Path) -> None:
        self.letters = _LETTERS[path.suffixes[0]]
        self.phrases = tuple(Table.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).spelled())
        self._owners = tuple(number for number, phrase in enumerate(self.phrases) for _ in phrase.patterns)

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve([pattern for phrase in self.phrases for pattern in phrase.patterns])

    def candidates(self, text: str) -> Iterator[tuple[Phrase, Sequence[Pattern]]]:
        """The phrases that may occur in a text, in order, each with those of its patterns that may."""
        if not self.letters.search(text):
            return
        possible: dict[int, list[Pattern]] = {}
        for number, pattern in self._sieve.candidates(text):
            possible.setdefault(self._owners[number], []).append(pattern)
        for owner, patterns in possible.items():
            if len(patterns) >= self.phrases[owner].enough:
                yield self.phrases[owner], patterns


class Phrases:
    """The tables of a failure type: where two phrases of one overlap, the first is found."""

    def __init__(self, failure_type: FailureType, excuses: Mapping[str, Excuse]) -> None:
        self.failure_type = failure_type
        self.excuses = excuses

    @cached_property
    def tables(self) -> tuple[Lookup, ...]:
        """A table for each language."""
        return tuple(map(Lookup, sorted(TABLES.glob(f"{self.failure_type}.*.toml"))))

    def findings(self, chat: Chat) -> Iterator[Finding]:
        """Everything in the chat that no excuse covers."""
        for line in chat.lines:
            for table in self.tables:
                yield from self._findings(table.candidates(read(line.reply).text), chat, line)

    def _findings(
        self, possible: Iterable[tuple[Phrase, Sequence[Pattern]]], chat: Chat, line: Line
    ) -> Iterator[Finding]:
        taken: list[tuple[int, int]] = []
        for phrase, patterns in possible:
            for start, end, text in self._places(phrase, patterns, chat, line):
                if not any(start < stop and begin < end for begin, stop in taken):
                    taken.append((start, end))
                    yield found(
                        line,
                        self.failure_type,
                        read(line.reply).span(start, end),
                        f"{self.failure_type}.{phrase.message}",
                        certainty=phrase.certainty,
                        severity=phrase.severity,
                        quote=text,
                    )

    def _places(
        self, phrase: Phrase, patterns: Sequence[Pattern], chat: Chat, line: Line
    ) -> Iterator[tuple[int, int, str]]:
        """The sentences that hold the phrase, with its own words; one place around all of it where several must."""
        excuses = [self.excuses[name] for name in phrase.unless]
        together: dict[tuple[int, int], list[list[Hit]]] = {}
        for pattern in patterns:
            mine: dict[tuple[int, int], list[Hit]] = {}
            for hit in hits(pattern, chat, line):
                sentence = hit.reading.sentence(hit.start, hit.end, LONGEST_SENTENCE)
                if phrase.innocent is not None and phrase.innocent.search(hit.reading.text[slice(*sentence)]):
                    continue
                if not any(excuse(hit) for excuse in excuses):
                    close = phrase.within == "sentence" or phrase.enough == 1
                    mine.setdefault(sentence if close else (0, 0), []).append(hit)
            for place, several in mine.items():
                together.setdefault(place, []).append(several)
        for place, each in together.items():
            if (_apart(each) if phrase.apart else len(each)) >= phrase.enough:
                first, last = min(one[0].start for one in each), max(one[-1].end for one in each)
                start, end = place if place != (0, 0) else (first, last)
                told = read(line.reply).span(first, last)
                yield start, end, line.reply[told.start : told.end]


def _apart(each: Iterable[Sequence[Hit]]) -> int:
    """How many patterns occur in words of their own, the shortest first: two that read the same words are one sign."""
    counted: list[Hit] = []
    for several in sorted(each, key=lambda several: min(one.end - one.start for one in several)):
        own = (one for one in several if all(one.end <= hit.start or hit.end <= one.start for hit in counted))
        counted.extend(islice(own, 1))
    return len(counted)


def one_of(*alternatives: str) -> str:
    """A pattern that any of these patterns satisfies."""
    return f"(?:{'|'.join(alternatives)})"


def hits(pattern: Pattern, chat: Chat, line: Line) -> Iterator[Hit]:
    """The first occurrences of a pattern in a reply."""
    reading = read(line.reply)
    for match in islice(pattern.finditer(reading.text), MOST_HITS):
        start, end = match.span()
        for group in range(1, pattern.groups + 1):
            if match.span(group)[0] >= 0:
                start, end = match.span(group)
                break
        if start < end:
            yield Hit(chat, line, reading, start, end)
