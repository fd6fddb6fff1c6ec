"""A text as checks read it: folded, Chinese in simplified characters, and cut into speech, narration and quotation."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from harness.core.finding import Span
from harness.text.chinese import simplified
from harness.text.fold import Folded, fold
from harness.text.patterns import well_formed
from harness.text.segments import Kind, Segment, segments

NEARBY = 60
"""Code points on either side of a match that may excuse it."""

_CLAUSE_MARK = re.compile(r'[,.;:!?()\[\]"*。、\n]|--')
_SENTENCE_MARK = re.compile(r"[.!?。\n]")
_NARRATOR_IN_PERSON = re.compile(r"\b(?:i|i'm|i'd|i'll|me|my|we|you)\b|[我俺咱你您]")
"""Who speaks of `I` or `you` outside quotation marks cites somebody inside them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Indices are those of `text` unless said otherwise; `span` leads back to the raw text."""

    text: str
    folded: Folded
    parts: tuple[Segment, ...]
    """The parts of the raw text, in raw code points."""
    speaks_in_quotes: bool
    """Whether quotation marks hold the character's own speech, as in a novel, rather than somebody else's words."""

    def span(self, start: int, end: int) -> Span:
        """The raw stretch that a stretch of the reading came from."""
        return self.folded.raw_span(start, end)

    def kind(self, at: int) -> Kind:
        """What kind of part an index lies in; a novel's quotations are speech."""
        raw = self.span(at, at + 1).start
        place = bisect_right(self.parts, raw, key=lambda part: part.start) - 1
        kind = self.parts[max(place, 0)].kind
        return "speech" if kind == "quoted" and self.speaks_in_quotes else kind

    def clause_before(self, at: int) -> str:
        """What stands before an index in its clause."""
        return _CLAUSE_MARK.split(self.text[max(0, at - NEARBY) : at])[-1]

    def clause_after(self, at: int) -> str:
        """What follows an index in its clause."""
        return _CLAUSE_MARK.split(self.text[at : at + NEARBY])[0]

    def sentence_before(self, at: int) -> str:
        """What stands before an index in its sentence."""
        return _SENTENCE_MARK.split(self.text[max(0, at - NEARBY) : at])[-1]

    def sentence_after(self, at: int) -> str:
        """What follows an index up to the end of its sentence, with the mark that ends it."""
        rest = self.text[at : at + NEARBY]
        mark = _SENTENCE_MARK.search(rest)
        return rest[: mark.end()] if mark else rest


@lru_cache(maxsize=256)
def read(text: str) -> Reading:
    """Read a text."""
    folded = fold(text)
    parts = segments(text)
    outside = " ".join(text[part.start : part.end] for part in parts if part.kind == "speech")
    return Reading(
        text=simplified(well_formed(folded.text)),
        folded=folded,
        parts=parts or (Segment("speech", 0, 0),),
        speaks_in_quotes=not _NARRATOR_IN_PERSON.search(fold(outside).text),
    )
