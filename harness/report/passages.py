"""A reply cut where its setting changes: at the ends of findings, and where speech and stage directions meet."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from harness.core.finding import Span
from harness.report.inert import visible
from harness.text.segments import segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a reply that is set in one way throughout."""

    text: str
    stage: bool
    """Whether it is narration, which a script sets apart from what is said."""
    notes: tuple[int, ...]
    """The numbers of the findings it belongs to, the shortest span last."""
    closed: tuple[int, ...]
    """The numbers of those whose span ends with it."""


def passages(reply: str, spans: Mapping[int, Span]) -> tuple[Passage, ...]:
    """Cut a reply so that each piece lies in the same findings throughout. Spans may overlap, or reach too far."""
    marks = {number: fitted for number, span in spans.items() if (fitted := _fitted(span, reply)) is not None}
    parts = segments(reply)
    starts = [part.start for part in parts]
    edges = {edge for span in marks.values() for edge in (span.start, span.end)}
    cuts = sorted({0, len(reply), *starts, *edges})
    pieces = []
    for start, end in pairwise(cuts):
        inside = [number for number, span in marks.items() if span.start <= start and end <= span.end]
        inside.sort(key=lambda number: marks[number].start - marks[number].end)
        part = parts[bisect_right(starts, start) - 1]
        pieces.append(
            Passage(
                text=visible(reply[start:end]),
                stage=part.kind == "narration",
                notes=tuple(inside),
                closed=tuple(number for number in sorted(inside) if marks[number].end == end),
            )
        )
    return tuple(_joined(pieces))


def marked_numbers(pieces: tuple[Passage, ...]) -> frozenset[int]:
    """The findings that can be pointed at in the text."""
    return frozenset(number for piece in pieces for number in piece.closed)


def _fitted(span: Span, reply: str) -> Span | None:
    """The span as far as the reply goes; None when nothing of it is there."""
    start, end = max(span.start, 0), min(span.end, len(reply))
    return Span(start, end) if start < end else None


def _joined(pieces: list[Passage]) -> list[Passage]:
    """Neighbours that are set alike, as speech and quotation are, are one piece."""
    joined: list[Passage] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and not last.closed and (last.stage, last.notes) == (piece.stage, piece.notes):
            joined[-1] = Passage(text=last.text + piece.text, stage=piece.stage, notes=piece.notes, closed=piece.closed)
        else:
            joined.append(piece)
    return joined
