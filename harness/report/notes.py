"""Findings as notes in the margin: worded and written out, without markup."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.analysis.findings import Marked
from harness.core.finding import Finding, Span
from harness.core.taxonomy import Dimension, Severity
from harness.report import numbers
from harness.report.wording import sentence, word
from harness.report.wording.findings import ReportLanguage

SURE = 0.995
"""Certainty from which a note says `certain` rather than a percentage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One finding beside the reply it is about."""

    anchor: str
    number: int
    """Counted through the sample, and shown at the marked words."""
    severity: Severity
    dimension: Dimension
    failure: str
    sentence: str
    also: tuple[str, ...]
    """What the others say who point at the same place."""
    found_by: str
    certainty: str
    span: Span | None
    """Where its words stand in the reply; None when it is about what is missing."""
    muted: str | None
    """Why and by whom it was accepted, if it was."""
    believed: bool
    """Notes of judges that are not trusted are greyed."""
    counts: bool
    """Whether it is in the numbers."""


def note_views(
    marked: Sequence[Marked], seen: Counter[str], language: ReportLanguage
) -> Mapping[int, tuple[NoteView, ...]]:
    """The notes of one sample by turn. `seen` counts ids over the whole page: equal replies have equal ones."""
    notes: dict[int, list[NoteView]] = {}
    for number, one in enumerate(marked, 1):
        seen[one.id] += 1
        repeat = f"-{seen[one.id]}" if seen[one.id] > 1 else ""
        notes.setdefault(one.main.turn, []).append(_note_view(f"f-{one.id}{repeat}", number, one, language))
    return {turn: tuple(of_turn) for turn, of_turn in notes.items()}


def _note_view(anchor: str, number: int, marked: Marked, language: ReportLanguage) -> NoteView:
    main = marked.main
    own = sentence(main, language)
    others = dict.fromkeys(sentence(other, language) for other in marked.others)
    return NoteView(
        anchor=anchor,
        number=number,
        severity=main.severity,
        dimension=main.dimension,
        failure=word(f"failure.{main.failure_type}", language),
        sentence=own,
        also=tuple(said for said in others if said != own),
        found_by=_found_by(marked, language),
        certainty=_certainty(main, language),
        span=main.span,
        muted=main.muted,
        believed=marked.believed,
        counts=marked.counts,
    )


def _found_by(marked: Marked, language: ReportLanguage) -> str:
    sources = dict.fromkeys(finding.source for finding in (marked.main, *marked.others))
    named = word("found_by.and", language).join(_source(source, language) for source in sources)
    return word("found_by", language, sources=named)


def _source(source: str, language: ReportLanguage) -> str:
    kind, _, name = source.partition(":")
    return word("by.judge", language, name=name) if kind == "judge" else word("by.rule", language)


def _certainty(finding: Finding, language: ReportLanguage) -> str:
    if finding.certainty >= SURE:
        return word("certain", language)
    return word("certainty", language, share=numbers.percent(round(finding.certainty, 2)))
