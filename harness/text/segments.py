"""The parts of a reply: what is said, what is narrated, what is quoted from somebody or something else."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["speech", "narration", "quoted"]

_MARKED = re.compile(
    r"(?P<narration>"
    r"\*\*\*[^*\n]+\*\*\*|\*(?!\*)[^*\n]+\*(?!\*)"  # *he nods*
    r"|（[^（）\n]*）|\([^()\n]*\)"  # （点头） (nods)
    r"|【[^【】\n]*】|\[[^\[\]\n]*\])"  # 【叹气】 [sighs]
    r"|(?P<quoted>“[^“”\n]*”|「[^「」\n]*」|『[^『』\n]*』|\"[^\"\n]*\"|《[^《》\n]*》)"
)
_SENTENCE_END = re.compile(r"(?<=[。！？!?…])(?![。！？!?…])[”」』\"'）)*]*|(?<=\.)(?=[\s\"'*)]|$)[\"'*)]*|\n+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one kind; `start` and `end` are code points of the raw reply."""

    kind: Kind
    start: int
    end: int


def segments(text: str) -> tuple[Segment, ...]:
    """Cut a reply into its parts, in order and without gaps."""
    parts: list[Segment] = []
    at = 0
    for mark in _MARKED.finditer(text):
        if mark.start() > at:
            parts.append(Segment("speech", at, mark.start()))
        parts.append(Segment("narration" if mark.lastgroup == "narration" else "quoted", mark.start(), mark.end()))
        at = mark.end()
    if at < len(text):
        parts.append(Segment("speech", at, len(text)))
    return tuple(parts)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence, by Chinese and English marks and line breaks, without surrounding space."""
    bounds: list[tuple[int, int]] = []
    at = 0
    for end in (*(mark.end() for mark in _SENTENCE_END.finditer(text)), len(text)):
        piece = text[at:end]
        if piece.strip():
            bounds.append((at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip())))
        at = end
    return tuple(bounds)
