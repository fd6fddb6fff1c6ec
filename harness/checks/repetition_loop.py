"""The character gets stuck: words over and over, one thought said again and again, an earlier reply anew."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from rapidfuzz import fuzz, process

from harness.checks.base import Chat, Line, found
from harness.checks.overlap import placed_shingles, shared_runs, shingles
from harness.checks.phrases import MOST_HITS
from harness.checks.reading import Reading, read
from harness.core.finding import Finding, Span
from harness.core.taxonomy import FailureType, Severity
from harness.text.patterns import compile_pattern
from harness.text.tokens import content, tokens, weight, words

UNIT = 3
"""Words in a row whose return is noticed."""
LONG_UNIT = 8.0
"""A unit of this weight is a loop from its third time on; a shorter one from its fifth."""
TIMES = {1: 40, 2: 10}
"""One word and two need more: “哈哈哈哈哈哈”, "no, no, no" and “来了来了来了” are people."""
LONG_RUN = 10
"""Words in a row that nobody says twice in one reply."""
MOST_OF_IT = 0.5
"""Share of a reply that such runs must fill: whoever takes up the question once more is not stuck yet."""
RESTATED = 0.7
"""Share of what a sentence speaks of that another one spoke of already, from which it says nothing new."""
FEW_CONTENT = 3
"""Words of content a sentence needs to be compared."""
REPEATED = 0.2
"""Share of words of content that come again, below which nobody looks closer."""
CIRCLING = 0.45
"""Share of words of content that have come before, in a passage that turns round and round."""
PASSAGE = 20
"""Words of content in such a passage."""
LONG_LINE = 10.0
"""A line worth this many Chinese characters, or thirty letters, is not said twice by chance."""
ASCII_WEIGHT = 0.3
"""What a letter is worth beside a Chinese character."""
NEARLY = {True: 78.0, False: 70.0}
"""Similarity, 0 to 100, from which two lines count as the same: in letters, and in Chinese characters."""
MOST_COMPARED = 200
"""Characters of two lines that are compared."""
MOST_EARLIER = 8
"""How many replies back lines are looked for word by word; verbatim runs are looked for in all."""
MOST_READ = 8_000
"""Characters of a reply whose lines are looked at."""
VERBATIM = 15.0
"""Weight of a run of words that stood in an earlier reply already."""

_AGAIN = (
    r"\b(?:again|repeat|once more|say that|what did you say|pardon|didn't (?:catch|hear)|recite|sing)\b"
    r"|再[说讲念唱]|重复|没听清|又说什么|念|唱"
)
_CLAUSE = re.compile(r"[^,;.!?。、:\n]+")
_RESTATES = (
    r"\b(?:in other words|that is to say|which is to say|what i mean is|i mean to say|meaning|so to speak"
    r"|put another way)\b"
    r"|换句话|换言之|就是[说讲]|也就是|总之|总而言之|所以[说讲]|可见|既是|讲到底|说到底|说白了|还是那句"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepetitionLoop:
    """Finds loops within a reply and replies said before. Catch-phrases, greetings and songs may recur."""

    failure_type: ClassVar[FailureType] = "repetition_loop"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"repetition_loop.{case}" for case in ("loop", "circle", "line", "reply")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every loop, and every reply or long line that stood in an earlier turn."""
        voice = chat.persona.voice
        allowed = read("\n".join((*voice.says, *voice.examples, chat.persona.description))).text
        said: dict[tuple[str, ...], list[int]] = {}
        for number, line in enumerate(chat.lines):
            yield from _loops(line, allowed)
            shared = {place for run in placed_shingles(read(line.reply).text) for place in said.get(run, ())}
            if not compile_pattern(_AGAIN).search(read(line.user).text):
                earlier = _others(line, [chat.lines[place] for place in sorted(shared)])
                recent = _others(line, chat.lines[max(0, number - MOST_EARLIER) : number])
                yield from _said_before(line, earlier, recent, allowed)
            for run in placed_shingles(read(line.reply).text):
                said.setdefault(run, []).append(number)


def _loops(line: Line, allowed: str) -> Iterator[Finding]:
    reading = read(line.reply)
    spelled = words(reading.text)
    groups = shingles(spelled, UNIT)
    if len(groups) - len(set(groups)) >= UNIT:
        spans = [*_periods(reading, groups), *_again(reading, spelled)]
        if spans:
            first, last = min(start for start, _ in spans), max(end for _, end in spans)
            yield _stuck(line, "loop", first, last, certainty=0.95, severity="break")
            return
    twice = list(_told_twice(reading))
    if twice:
        yield _stuck(line, "circle", twice[0][0], twice[-1][1], certainty=0.75, severity="lapse")
        return
    told = content(reading.text)
    if len(told) > FEW_CONTENT and len(set(told)) <= (1 - REPEATED) * len(told):
        yield from _circles(line, reading, allowed)


def _stuck(line: Line, case: str, start: int, end: int, *, certainty: float, severity: Severity) -> Finding:
    span = read(line.reply).span(start, end)
    return found(line, "repetition_loop", span, f"repetition_loop.{case}", certainty=certainty, severity=severity)


def _periods(reading: Reading, groups: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where a unit comes back at once, and back again."""
    placed = tokens(reading.text)
    for start, end, period in _periodic(groups):
        unit = weight(token.text for token in placed[start : start + period])
        enough = 3 if unit >= LONG_UNIT else TIMES.get(period, 5)
        if (end - start) // period >= enough and reading.kind(placed[start].start) != "quoted":
            yield placed[start].start, placed[end - 1].end


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


def _again(reading: Reading, spelled: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Long runs of words that stand twice in one reply, outside quotation marks, and are most of it."""
    placed = tokens(reading.text)
    seen: dict[tuple[str, ...], int] = {}
    twice: list[tuple[int, int]] = []
    covered: set[int] = set()
    for at, group in enumerate(shingles(spelled, LONG_RUN)):
        before = seen.setdefault(group, at)
        if before <= at - LONG_RUN and (len(twice) >= MOST_HITS or reading.kind(placed[at].start) != "quoted"):
            twice.append((placed[before].start, placed[at + LONG_RUN - 1].end))
            covered.update(range(before, before + LONG_RUN), range(at, at + LONG_RUN))
    if len(covered) >= MOST_OF_IT * len(spelled):
        yield from twice


def _told_twice(reading: Reading) -> Iterator[tuple[int, int]]:
    """Clauses that stand twice, when several of them do."""
    seen: dict[str, int] = {}
    twice: list[tuple[int, int]] = []
    for clause in _CLAUSE.finditer(reading.text[:MOST_READ]):
        said = clause.group().strip()
        if len(said) < LONG_LINE / 2:
            continue
        if said in seen and len(words(said)) >= UNIT - 1 and reading.kind(clause.start()) != "quoted":
            twice.append((seen[said], clause.end()))
        seen.setdefault(said, clause.start())
    repeated = {reading.text[start : start + 6] for start, _ in twice}
    if len(repeated) >= UNIT and twice[-1][1] - twice[0][0] >= MOST_OF_IT * len(reading.text):
        yield from twice


def _circles(line: Line, reading: Reading, allowed: str) -> Iterator[Finding]:
    """Sentences that say again what others have said."""
    bounds = [
        (start, end)
        for start, end in reading.sentences
        if reading.kind(start) != "quoted" and reading.text[start:end].strip(" .!?。") not in allowed
    ]
    told = [frozenset(content(reading.text[start:end])) for start, end in bounds]
    again = [at for at, words_of in enumerate(told) if any(_covers(words_of, other) for other in told[:at])]
    restating = compile_pattern(_RESTATES).search(reading.text) is not None
    if len(again) >= 2 and (len(again) >= 0.4 * len(told) or restating):
        first = next(at for at, other in enumerate(told) if any(_covers(told[one], other) for one in again))
        start, end = bounds[first][0], bounds[again[-1]][1]
        yield _stuck(line, "circle", start, end, certainty=0.75, severity="lapse")
    elif restating and bounds:
        everything = content(reading.text)
        turning = max(
            (1 - len(set(part)) / len(part) for part in _passages(everything) if part),
            default=0.0,
        )
        if turning >= CIRCLING:
            yield _stuck(line, "circle", bounds[0][0], bounds[-1][1], certainty=0.65, severity="lapse")


def _covers(told: frozenset[str], other: frozenset[str]) -> bool:
    least = min(len(told), len(other))
    return least >= FEW_CONTENT and len(told & other) >= RESTATED * least


def _passages(told: Sequence[str]) -> Iterator[Sequence[str]]:
    return (told[at : at + PASSAGE] for at in range(max(1, len(told) - PASSAGE + 1)) if len(told) >= PASSAGE // 2)


def _others(line: Line, earlier: Sequence[Line]) -> tuple[Line, ...]:
    """The earlier lines that answer something else: the same question may well get the same answer."""
    return tuple(other for other in earlier if read(other.user).text != read(line.user).text)


def _said_before(line: Line, earlier: Sequence[Line], recent: Sequence[Line], allowed: str) -> Iterator[Finding]:
    """Runs of words out of earlier replies that share some, and lines nearly like one of the recent replies."""
    places: dict[tuple[int, int], int] = {}
    reading = read(line.reply)
    for other in earlier:
        for run in shared_runs(reading.text, read(other.reply).text, allowed=allowed):
            if weight(word.text for word in run) >= VERBATIM:
                places.setdefault((run[0].start, run[-1].end), other.turn)
    lines = [(before[:MOST_COMPARED], other.turn) for other in recent for before, _, _ in _long_lines(other.reply)]
    earlier_lines, turns = [said for said, _ in lines], [turn for _, turn in lines]
    for said, start, end in _long_lines(line.reply):
        if said in allowed or any(begin < end and start < stop for begin, stop in places):
            continue
        turn = _same_line(said, earlier_lines, turns)
        if turn is not None:
            places[start, end] = turn
    yield from _repeated(line, reading, places)


def _repeated(line: Line, reading: Reading, places: dict[tuple[int, int], int]) -> Iterator[Finding]:
    if not places:
        return
    covered = sum(end - start for start, end in places)
    if covered >= 0.6 * len(reading.text.strip()):
        whole = Span(0, len(line.reply))
        turn = next(iter(places.values()))
        yield found(line, "repetition_loop", whole, "repetition_loop.reply", certainty=0.92, earlier=turn)
        return
    for (start, end), turn in places.items():
        span = reading.span(start, end)
        yield found(line, "repetition_loop", span, "repetition_loop.line", certainty=0.8, earlier=turn)


def _same_line(said: str, earlier: Sequence[str], turns: Sequence[int]) -> int | None:
    """The turn in which nearly the same line stood."""
    nearly = NEARLY[said.isascii()]
    found = process.extractOne(said[:MOST_COMPARED], earlier, scorer=fuzz.ratio, score_cutoff=nearly)
    return turns[found[2]] if found else None


@lru_cache(maxsize=256)
def _long_lines(reply: str) -> tuple[tuple[str, int, int], ...]:
    """The sentences that are long enough not to recur by chance, with their places in the reading."""
    text = read(reply).text
    lines = ((text[start:end], start, end) for start, end in read(reply).sentences if start < MOST_READ)
    return tuple((said.strip(" \"'*().!?。"), start, end) for said, start, end in lines if _worth(said) >= LONG_LINE)


def _worth(text: str) -> float:
    letters = len(text.encode("ascii", "ignore"))
    return len(text) - letters + ASCII_WEIGHT * letters
