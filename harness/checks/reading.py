"""A text as checks read it: folded, Chinese in simplified characters, and cut into speech, narration and quotation."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

from harness.core.finding import Span
from harness.text.chinese import simplified
from harness.text.fold import Folded, fold
from harness.text.patterns import well_formed
from harness.text.segments import Kind, Segment, segments, sentences

NEARBY = 60
"""Code points on either side of a match that may excuse it."""
MOST_PARTED = 30_000
"""Code points of a reply that are told apart into speech, narration and quotation."""

MOST_FOLDED = 250_000
"""Code points of a folded reply that are read: one sign may fold to eighteen."""

_CLAUSE_MARK = re.compile(r'[,.;:!?()\[\]"*。、\n]|--|\b(?:since|because|but|so)\b|因为|所以|但|可是|而是|只是')
_SENTENCE_MARK = re.compile(r"[.!?。\n]")
_NARRATOR_IN_PERSON = re.compile(r"\b(?:i|i'm|i'd|i'll|me|my|we|you)\b|[我俺咱你您]")
"""Who speaks of `I` or `you` outside quotation marks cites somebody inside them."""
_CITING = re.compile(
    r"\b(?:the|an?|that|this|some|my|his|her|old|they) ?\w*"
    r" (?:said|says|cried|shouted|asked|wrote|reads?|told)[^.!?]{0,8}$"
    r"|\b(?:wrote|written|reads?|letter|note|notice|sign|inscription|poem|song|titled?|called)\b[^.!?]{0,12}$"
    r"|[他她]们?说$|(?:写[着道的了:]|[信牌碑纸匾]子?上|上书|题着|那人说|有人说|他们说|众人说|念道|唱道|唱的是|叫做?)[^。!?]{0,6}$"
)
"""What leads up to words that are not the speaker's own, in a novel too."""


@dataclass(frozen=True)
class Reading:
    """Indices are those of `text` unless said otherwise; `span` leads back to the raw text."""

    raw: str
    text: str
    folded: Folded

    @cached_property
    def parts(self) -> tuple[Segment, ...]:
        """The parts of the raw text, in raw code points; whatever lies far behind counts as the last of them."""
        return segments(self.raw[:MOST_PARTED]) or (Segment("speech", 0, 0),)

    @cached_property
    def speaks_in_quotes(self) -> bool:
        """Whether quotation marks hold the character's own speech, as in a novel, rather than somebody else's words."""
        outside = " ".join(self.raw[part.start : part.end] for part in self.parts if part.kind == "speech")
        return not _NARRATOR_IN_PERSON.search(fold(outside).text)

    def span(self, start: int, end: int) -> Span:
        """The raw stretch that a stretch of the reading came from."""
        return self.folded.raw_span(start, end)

    def kind(self, at: int) -> Kind:
        """What kind of part an index lies in; a novel's quotations are speech."""
        raw = self.span(at, at + 1).start
        place = max(bisect_right(self.parts, raw, key=lambda part: part.start) - 1, 0)
        kind = self.parts[place].kind
        return "speech" if kind == "quoted" and self.speaks_in_quotes and not self._cites(place) else kind

    def citations(self, before: int) -> tuple[Segment, ...]:
        """The quotations that are somebody else's words, of those that begin before a code point."""
        return tuple(
            part
            for place, part in enumerate(self.parts)
            if part.kind == "quoted" and part.start < before and not (self.speaks_in_quotes and not self._cites(place))
        )

    def _cites(self, place: int) -> bool:
        """Whether the words before a quotation announce somebody else's."""
        start = self.parts[place].start
        before = self.raw[max(0, start - NEARBY) : start]
        return _CITING.search(simplified(well_formed(fold(before).text))) is not None

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence."""
        return sentences(self.text[:MOST_PARTED])

    def sentence(self, start: int, end: int, longest: int) -> tuple[int, int]:
        """The sentence or sentences around a stretch; the stretch itself if they are longer than that."""
        place = bisect_right(self.sentences, start, key=lambda bounds: bounds[0])
        first = self.sentences[place - 1][0] if place else start
        last = next((stop for _, stop in self.sentences[max(place - 1, 0) :] if stop >= end), end)
        return (first, last) if last - first <= longest else (start, end)

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
    return Reading(text, simplified(well_formed(folded.text[:MOST_FOLDED])), folded)
