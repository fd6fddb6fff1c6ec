"""A reply cut where its setting changes: at the ends of findings, and where speech and stage directions meet."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from harness.core.finding import Span
from harness.core.taxonomy import SEVERITIES, Severity
from harness.report.notes import NoteView
from harness.text.segments import segments
from harness.text.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a reply that is set in one way throughout."""

    text: str
    stage: bool
    """Whether it is narration, which a script sets apart from what is said."""
    notes: tuple[NoteView, ...] = ()
    """The notes it belongs to, that on the longest stretch first."""
    closed: tuple[NoteView, ...] = ()
    """Those whose stretch ends with it."""

    @property
    def severity(self) -> Severity | None:
        """The gravest of its notes, where one that is muted or unconfirmed yields to one that counts."""
        found = {note.severity for note in self.notes if note.counts} or {note.severity for note in self.notes}
        return next((severity for severity in SEVERITIES if severity in found), None)

    @property
    def muted(self) -> bool:
        """Whether every note on it was accepted."""
        return all(note.muted is not None for note in self.notes)

    @property
    def believed(self) -> bool:
        """Whether a rule or a trusted judge stands behind at least one of its notes."""
        return any(note.believed for note in self.notes)


def passages(reply: str, notes: Sequence[NoteView]) -> tuple[Passage, ...]:
    """Cut a reply so that each piece lies in the same notes throughout. Spans may overlap, or reach too far."""
    spans = {note.number: span for note in notes if (span := _fitted(note.span, reply)) is not None}
    parts = segments(reply)
    starts = [part.start for part in parts]
    edges = {edge for span in spans.values() for edge in (span.start, span.end)}
    pieces = []
    for start, end in pairwise(sorted({0, len(reply), *starts, *edges})):
        part = parts[bisect_right(starts, start) - 1]
        inside = _around(start, end, notes, spans)
        pieces.append(
            Passage(
                text=visible(reply[start:end]),
                stage=part.kind == "narration",
                notes=inside,
                closed=tuple(note for note in inside if spans[note.number].end == end),
            )
        )
    return tuple(_joined(pieces))


def _fitted(span: Span | None, reply: str) -> Span | None:
    """The span as far as the reply goes; None when nothing of it is there."""
    if span is None:
        return None
    start, end = max(span.start, 0), min(span.end, len(reply))
    return Span(start, end) if start < end else None


def _around(start: int, end: int, notes: Sequence[NoteView], spans: Mapping[int, Span]) -> tuple[NoteView, ...]:
    inside = [
        note
        for note in notes
        if note.number in spans and spans[note.number].start <= start and end <= spans[note.number].end
    ]
    return tuple(sorted(inside, key=lambda note: spans[note.number].start - spans[note.number].end))


def _joined(pieces: Iterable[Passage]) -> list[Passage]:
    """Neighbours that are set alike, as speech and quotation are, are one piece."""
    joined: list[Passage] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and not last.closed and (last.stage, last.notes) == (piece.stage, piece.notes):
            joined[-1] = replace(piece, text=last.text + piece.text)
        else:
            joined.append(piece)
    return joined
