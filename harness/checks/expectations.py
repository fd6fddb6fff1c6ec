"""What a scenario's turns expect of their replies: the deterministic part of `expect`. The judge sees to the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.reading import read
from harness.core.finding import Argument, Finding, Span
from harness.core.scenario import Expectation, Phrase, Phrases, Scenario
from harness.core.taxonomy import FailureType, Language
from harness.text.chinese import telling_characters
from harness.text.patterns import compile_pattern, well_formed
from harness.text.script import language_of

_LETTER = re.compile(r"[a-z0-9\u00c0-\u024f]")

LONGEST_ARGUMENT = 80
"""Characters of a pattern or an overrun that a message shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Compares each reply with the `expect` list of its turn."""

    failure_type: ClassVar[FailureType] = "unmet_expectation"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"unmet_expectation.{case}"
        for case in ("mentions", "forbids", "matches", "recalls", "max_chars", "min_chars", "language")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every expectation that a reply does not meet; one that was cut off cannot lack anything."""
        for line in chat.lines:
            if 1 <= line.turn <= len(chat.scenario.turns):
                for expectation in chat.scenario.turns[line.turn - 1].expect:
                    if not (expectation.recalls and _was_dropped(expectation.recalls, line, chat.scenario)):
                        yield from _unmet(expectation, line)


def _was_dropped(recalls: Phrases, line: Line, scenario: Scenario) -> bool:
    """Whether the model was no longer shown what it should recall: then it cannot have forgotten it."""
    shown = [turn.user for turn in scenario.turns[line.dropped : line.turn - 1]]
    return line.dropped > 0 and not all(
        any(_place(wording, user) is not None for wording in _wordings(phrase) for user in shown) for phrase in recalls
    )


def _unmet(expectation: Expectation, line: Line) -> Iterator[Finding]:
    if expectation.forbids:
        yield from _present(expectation, line)
    if expectation.max_chars is not None and len(line.reply) > expectation.max_chars:
        beyond = Span(expectation.max_chars, len(line.reply))
        yield _miss(expectation, line, "max_chars", beyond, length=len(line.reply), limit=expectation.max_chars)
    if expectation.language is not None and not _could_be(expectation.language, line.reply):
        yield _miss(expectation, line, "language", None, language=expectation.language)
    if line.complete:
        yield from _absent(expectation, line)


def _present(expectation: Expectation, line: Line) -> Iterator[Finding]:
    """The first forbidden phrase in the reply: one expectation is broken once, however often."""
    wordings = [wording for phrase in expectation.forbids or () for wording in _wordings(phrase)]
    places = [(span, wording) for wording in wordings if (span := _place(wording, line.reply)) is not None]
    if places:
        span, wording = min(places, key=lambda place: place[0].start)
        yield _miss(expectation, line, "forbids", span, phrase=wording)


def _absent(expectation: Expectation, line: Line) -> Iterator[Finding]:
    for phrase in _missing(expectation.mentions, line):
        yield _miss(expectation, line, "mentions", None, phrase=_shown(phrase))
    for phrase in _missing(expectation.recalls, line):
        yield _miss(expectation, line, "recalls", None, phrase=_shown(phrase))
    if expectation.matches is not None and not _matches(expectation.matches, line.reply):
        yield _miss(expectation, line, "matches", None, pattern=expectation.matches[:LONGEST_ARGUMENT])
    if expectation.min_chars is not None and len(line.reply) < expectation.min_chars:
        yield _miss(expectation, line, "min_chars", None, length=len(line.reply), limit=expectation.min_chars)


def _missing(phrases: Phrases | None, line: Line) -> tuple[Phrase, ...]:
    return tuple(
        phrase for phrase in phrases or () if all(_place(wording, line.reply) is None for wording in _wordings(phrase))
    )


def _could_be(wanted: Language, reply: str) -> bool:
    spoken = language_of(well_formed(reply))
    if spoken in ("zh", "zh-Hant") and wanted != "en":
        simplified, traditional = telling_characters(reply)
        return simplified <= traditional if wanted == "zh-Hant" else traditional <= simplified
    return spoken is None or spoken == wanted


def _matches(pattern: str, reply: str) -> bool:
    compiled = compile_pattern(pattern)
    return any(compiled.search(text) for text in (well_formed(reply), read(reply).text))


def _wordings(phrase: Phrase) -> tuple[str, ...]:
    return (phrase,) if isinstance(phrase, str) else phrase


def _place(wording: str, reply: str) -> Span | None:
    """Where a phrase stands, from the start of a word on: `ale` is in `alehouse`, not in `tale`."""
    reading, needle = read(reply), read(wording).text
    at = reading.text.find(needle) if needle else -1
    while at > 0 and _LETTER.match(needle) and _LETTER.match(reading.text[at - 1]):
        at = reading.text.find(needle, at + 1)
    return None if at < 0 else reading.span(at, at + len(needle))


def _shown(phrase: Phrase) -> str:
    return " / ".join(_wordings(phrase))


def _miss(expectation: Expectation, line: Line, case: str, span: Span | None, **arguments: Argument) -> Finding:
    own: FailureType = "forgetting" if case == "recalls" else "unmet_expectation"
    failure_type = expectation.failure_type or own
    return found(line, failure_type, span, f"unmet_expectation.{case}", certainty=1, severity=None, **arguments)
