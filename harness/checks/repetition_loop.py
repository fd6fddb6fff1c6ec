"""The character gets stuck: the same words over and over in one reply, or an earlier reply said again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from rapidfuzz import fuzz

from harness.checks.base import Chat, Line, found
from harness.checks.overlap import shingles
from harness.checks.reading import read
from harness.core.finding import Finding, Span
from harness.core.taxonomy import FailureType
from harness.text.segments import sentences
from harness.text.tokens import tokens, weight, words

UNIT = 3
"""Words in a row whose return is noticed."""
LONG_UNIT = 8.0
"""A unit of this weight is a loop from its third time on; a shorter one from its fifth."""
TIMES = {1: 40, 2: 10}
"""One word and two need more: “哈哈哈哈哈哈”, "no, no, no" and “来了来了来了” are people."""
LONG_LINE = 14.0
"""A line worth this many Chinese characters, ten words or so, is not said twice by chance."""
ASCII_WEIGHT = 0.3
"""What a letter is worth beside a Chinese character."""
NEARLY = 92.0
"""Similarity, 0 to 100, from which two replies count as the same."""
MOST_COMPARED = 600
"""Characters of two replies that are compared."""
MOST_READ = 20_000
"""Characters of a reply whose lines are remembered."""

_AGAIN = re.compile(
    r"\b(?:again|repeat|once more|say that|what did you say|pardon|didn't (?:catch|hear))\b"
    r"|再[说讲念唱]|重复|没听清|又说什么"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionLoop:
    """Finds loops within a reply and replies said before. Catch-phrases, greetings and songs may recur."""

    failure_type: ClassVar[FailureType] = "repetition_loop"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(f"repetition_loop.{case}" for case in ("loop", "line", "reply"))

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every loop, and every reply or long line that stood in an earlier turn."""
        allowed = read("\n".join((chat.persona.greeting, *chat.persona.voice.says, *chat.persona.voice.examples))).text
        for number, line in enumerate(chat.lines):
            yield from _loops(line)
            if not _AGAIN.search(read(line.user).text):
                yield from _said_before(line, _others(line, chat.lines[:number]), allowed)


def _loops(line: Line) -> Iterator[Finding]:
    reading = read(line.reply)
    groups = shingles(words(reading.text), UNIT)
    if len(groups) - len(set(groups)) < UNIT:
        return
    placed = tokens(reading.text)
    for start, end, period in _periodic(groups):
        unit = weight(token.text for token in placed[start : start + period])
        times = (end - start) // period
        if times < (3 if unit >= LONG_UNIT else TIMES.get(period, 5)) or reading.kind(placed[start].start) == "quoted":
            continue
        span = reading.span(placed[start].start, placed[end - 1].end)
        yield found(
            line, "repetition_loop", span, "repetition_loop.loop", certainty=0.95, severity="break", times=times
        )


def _periodic(groups: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, int]]:
    """Stretches in which the same words come back at one distance, as (start, end, distance).

    One pass: each group of words remembers where it stood last, and a stretch goes on while that distance stays.
    """
    last: dict[tuple[str, ...], int] = {}
    start = period = 0
    for at, group in enumerate(groups):
        distance = at - last.get(group, at)
        last[group] = at
        if distance == period:
            continue
        if period:
            yield start, at + UNIT - 1, period
        start, period = at - distance, distance
    if period:
        yield start, len(groups) + UNIT - 1, period


def _others(line: Line, earlier: Sequence[Line]) -> tuple[Line, ...]:
    """The earlier lines that answer something else: the same question may well get the same answer."""
    return tuple(other for other in earlier if read(other.user).text != read(line.user).text)


def _said_before(line: Line, earlier: Sequence[Line], allowed: str) -> Iterator[Finding]:
    text = read(line.reply).text
    if _worth(text) < LONG_LINE or text in allowed:
        return
    for other in earlier:
        if fuzz.ratio(text[:MOST_COMPARED], read(other.reply).text[:MOST_COMPARED], score_cutoff=NEARLY):
            whole = Span(0, len(line.reply))
            yield found(line, "repetition_loop", whole, "repetition_loop.reply", certainty=0.92, earlier=other.turn)
            return
    before: dict[str, int] = {}
    for other in earlier:
        before |= {said: before.get(said, other.turn) for said, _, _ in _long_lines(other.reply)}
    for said, start, end in _long_lines(line.reply):
        if said in before and said not in allowed:
            span = read(line.reply).span(start, end)
            turn = before[said]
            yield found(line, "repetition_loop", span, "repetition_loop.line", certainty=0.8, earlier=turn)


@lru_cache(maxsize=256)
def _long_lines(reply: str) -> tuple[tuple[str, int, int], ...]:
    """The sentences that are long enough not to recur by chance, with their places in the reading."""
    text = read(reply).text
    bounds = [bound for bound in sentences(text[:MOST_READ]) if _worth(text[slice(*bound)]) >= LONG_LINE]
    return tuple((text[start:end].strip(" \"'*().!?。"), start, end) for start, end in bounds)


def _worth(text: str) -> float:
    letters = len(text.encode("ascii", "ignore"))
    return len(text) - letters + ASCII_WEIGHT * letters
