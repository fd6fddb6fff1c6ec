"""Folding: one spelling for what readers take as the same, with the way back to the raw text.

Full-width forms become half-width, letters lower-case, curly quotes straight, compatibility letters plain, and
invisible characters vanish. Matching happens on the folded text; what is shown is always a slice of the raw one.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.core.finding import Span

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]")

_SAME_LENGTH = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "“”„‟「」『』«»"), '"')
    | dict.fromkeys(map(ord, "‘’‚‛`´"), "'")
    | dict.fromkeys(map(ord, "\u3000\u00a0\t\r\v\f"), " ")
    | dict.fromkeys(map(ord, "–—―−"), "-")
    | {ord("…"): "."}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and, where lengths differ, where in the raw text each of its code points starts and ends."""

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] = ()

    def raw_span(self, start: int, end: int) -> Span:
        """The stretch of raw text that a stretch of folded text came from."""
        if self.starts is None:
            return Span(start, end)
        if start >= end:
            return Span(self.starts[start], self.starts[start])
        return Span(self.starts[start], self.ends[end - 1])

    def index_at(self, raw: int) -> int:
        """Where the folded text has come to at a code point of the raw one."""
        return raw if self.starts is None else min(bisect_left(self.starts, raw), len(self.text))

    def find(self, phrase: str, start: int = 0) -> Span | None:
        """The first place at or after a folded index where a phrase occurs, folded likewise."""
        needle = fold(phrase).text
        at = self.text.find(needle, start) if needle else -1
        return None if at < 0 else self.raw_span(at, at + len(needle))


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Fold a text. Equal for readers means equal after folding."""
    same = text.translate(_SAME_LENGTH)
    plain = same.casefold()
    if len(plain) == len(text) and not _INVISIBLE.search(plain) and unicodedata.is_normalized("NFKC", plain):
        return Folded(plain)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _letters(same):
        piece = _plain(same[start:end])
        pieces.append(piece)
        starts.extend([start] * len(piece))
        ends.extend([end] * len(piece))
    starts.append(len(text))
    return Folded("".join(pieces), starts, ends)


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each letter with the marks that combine with it: `e` and an accent are one `é`."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not _combines(text[index]):
            yield start, index
            start = index


def _combines(character: str) -> bool:
    return unicodedata.combining(character) != 0 or "\u1160" <= character <= "\u11ff"


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", letter)).casefold()
    return unicodedata.normalize("NFKC", folded)  # folding may have taken a letter and its accent apart again
