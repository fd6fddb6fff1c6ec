"""The character gets stuck: the same words over and over in one reply, or an earlier reply said again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rapidfuzz import fuzz

from harness.checks.base import Chat, Line, found
from harness.checks.reading import read
from harness.core.finding import Finding, Span
from harness.core.taxonomy import FailureType
from harness.text.segments import sentences
from harness.text.tokens import Token, tokens, weight

UNIT = 3
"""Fewest tokens that make up a loop: “哈哈哈” and "no, no, no" are none."""
LONG_UNIT = 8.0
"""A unit of this weight is a loop from its third time on; a shorter one from its fifth."""
LONG_LINE = 14.0
"""A line of this weight, ten words or so, is not said twice by chance."""
NEARLY = 92.0
"""Similarity, 0 to 100, from which two replies count as the same."""
MOST_COMPARED = 600
"""Characters of two replies that are compared."""

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
                yield from _said_before(line, chat.lines[:number], allowed)


def _loops(line: Line) -> Iterator[Finding]:
    reading = read(line.reply)
    words = tokens(reading.text)
    for start, end, period in _periodic(words):
        unit = weight(words[start : start + period])
        times = (end - start) // period
        if period < UNIT or times < (3 if unit >= LONG_UNIT else 5):
            continue
        if reading.kind(words[start].start) != "quoted":
            span = reading.span(words[start].start, words[end - 1].end)
            yield found(
                line, "repetition_loop", span, "repetition_loop.loop", certainty=0.95, severity="break", times=times
            )


def _periodic(words: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Stretches in which the same tokens come back at one distance, as (start, end, distance).

    One pass: each group of tokens remembers where it stood last, and a stretch goes on while that distance stays.
    """
    last: dict[tuple[str, ...], int] = {}
    start = period = 0
    for at in range(len(words) - UNIT + 1):
        group = tuple(word.text for word in words[at : at + UNIT])
        distance = at - last.get(group, at)
        last[group] = at
        if distance == period:
            continue
        if period:
            yield start, at + UNIT - 1, period
        start, period = at - distance, distance
    if period:
        yield start, len(words), period


def _said_before(line: Line, earlier: Sequence[Line], allowed: str) -> Iterable[Finding]:
    same_question = {other.turn for other in earlier if read(other.user).text == read(line.user).text}
    for other in earlier:
        if other.turn not in same_question and _nearly_same(line.reply, other.reply, allowed):
            whole = Span(0, len(line.reply))
            return [found(line, "repetition_loop", whole, "repetition_loop.reply", certainty=0.92, earlier=other.turn)]
    return list(_repeated_lines(line, [other for other in earlier if other.turn not in same_question], allowed))


def _nearly_same(reply: str, other: str, allowed: str) -> bool:
    one, two = read(reply).text, read(other).text
    if weight(tokens(one)) < LONG_LINE or one in allowed:
        return False
    return fuzz.ratio(one[:MOST_COMPARED], two[:MOST_COMPARED], score_cutoff=NEARLY) > 0


def _repeated_lines(line: Line, earlier: Sequence[Line], allowed: str) -> Iterator[Finding]:
    before: dict[str, int] = {}
    for other in earlier:
        for text, _ in _lines(other.reply):
            before.setdefault(text, other.turn)
    for text, span in _lines(line.reply):
        if text in before and text not in allowed:
            yield found(line, "repetition_loop", span, "repetition_loop.line", certainty=0.8, earlier=before[text])


def _lines(reply: str) -> Iterator[tuple[str, Span]]:
    """The sentences that are long enough not to recur by chance."""
    for start, end in sentences(reply):
        text = read(reply[start:end]).text.strip(" \"'*()")
        if weight(tokens(text)) >= LONG_LINE:
            yield text, Span(start, end)
