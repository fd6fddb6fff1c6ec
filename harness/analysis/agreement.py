"""How far the checks agree with labels: recall, precision and F1 by failure type and language, and false alarms.

Shares carry a Wilson interval of 95 %, F1 one that is drawn by character; see `intervals`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.analysis.intervals import Share, bootstrap
from harness.core.card import Interval
from harness.core.finding import Finding, Span
from harness.core.label import Label, Prediction
from harness.core.taxonomy import FAILURES, FailureType, Severity

PLACED = 0.5
"""Overlap of two spans, intersection over union, from which they point at the same words."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled reply and the findings that count in it: those that nobody muted and that are no mere note."""

    label: Label
    findings: tuple[Finding, ...]

    @property
    def hits(self) -> tuple[Finding, ...]:
        """The findings that touch the labelled words."""
        place = self.label.place
        if not self.label.broken:
            return ()
        return tuple(one for one in self.findings if place is None or one.span is None or one.span.overlaps(place))

    @property
    def named(self) -> bool:
        """Whether one of the hits is of the labelled failure type."""
        return any(finding.failure_type == self.label.failure_type for finding in self.hits)

    @property
    def placed(self) -> bool:
        """Whether one of the hits marks about the labelled words."""
        place = self.label.place
        return any(place and hit.span and _overlap(hit.span, place) >= PLACED for hit in self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What is found of one failure type, or of several pooled, in one language."""

    language: str
    failure_type: FailureType | None
    """None for all that a rule can wholly see, pooled."""
    recall: Share
    breaks: Share
    """Recall on breaks."""
    lapses: Share
    """Recall on lapses."""
    precision: Share
    f1: Interval
    named: Share
    """Hits that carry the labelled failure type."""
    placed: Share
    """Hits whose span is about the labelled one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What is found in clean replies of one language and origin."""

    language: str
    provenance: str
    flagged: Share
    """Those with any finding."""
    breaks: Share
    """Those with a finding of severity break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCard:
    """Everything that labels say about the checks."""

    agreements: tuple[Agreement, ...]
    alarms: tuple[Alarms, ...]
    misses: tuple[Judged, ...]
    """Labelled replies in which nothing touches the labelled words, of types that some rule can see."""
    false: tuple[Judged, ...]
    """Clean replies with findings."""


def agree(labels: Sequence[Label], predictions: Iterable[Prediction]) -> CheckCard:
    """Compare labels of failure types with what was found; `predictions` in the order of `labels`."""
    rows = [
        Judged(label, tuple(one for one in prediction.findings if one.muted is None and one.severity != "note"))
        for label, prediction in zip(labels, predictions, strict=True)
        if label.failure_type is not None
    ]
    seen = [row for row in rows if not row.label.broken or _visible(row.label)]
    clean = sorted((row for row in rows if not row.label.broken), key=_origin)
    return CheckCard(
        agreements=tuple(_agreements(seen)),
        alarms=tuple(_alarms(*origin, list(group)) for origin, group in groupby(clean, key=_origin)),
        misses=tuple(row for row in seen if row.label.broken and not row.hits),
        false=tuple(row for row in clean if row.findings),
    )


def _agreements(rows: Sequence[Judged]) -> Iterable[Agreement]:
    for language in sorted({_language(row) for row in rows}):
        spoken = [row for row in rows if _language(row) == language]
        yield _agreement(language, None, spoken)
        labelled = {row.label.failure_type for row in spoken if row.label.broken}
        for failure_type in FAILURES:
            if failure_type in labelled:
                yield _agreement(language, failure_type, spoken)


def _agreement(language: str, failure_type: FailureType | None, rows: Sequence[Judged]) -> Agreement:
    def meant(row: Judged) -> bool:
        return row.label.broken and (
            row.label.failure_type == failure_type if failure_type else _visible(row.label, "wholly")
        )

    def claimed(row: Judged) -> bool:
        return any(failure_type in (None, finding.failure_type) for finding in row.findings)

    def right(row: Judged) -> bool:
        return row.named if failure_type else bool(row.hits)

    relevant = [row for row in rows if meant(row) or failure_type or not row.label.broken]
    broken = [row for row in relevant if meant(row)]
    hit = [row for row in broken if row.hits]
    return Agreement(
        language=language,
        failure_type=failure_type,
        recall=Share(len(hit), len(broken)),
        breaks=_of_severity("break", broken),
        lapses=_of_severity("lapse", broken),
        precision=Share(
            sum(meant(row) and right(row) for row in relevant if claimed(row)), sum(map(claimed, relevant))
        ),
        f1=_f1(relevant, meant, claimed, right),
        named=Share(sum(row.named for row in hit), len(hit)),
        placed=Share(sum(row.placed for row in hit), len(hit)),
    )


def _of_severity(severity: Severity, rows: Iterable[Judged]) -> Share:
    graded = [row for row in rows if row.label.severity == severity]
    return Share(sum(bool(row.hits) for row in graded), len(graded))


Test = Callable[[Judged], bool]


def _f1(rows: Sequence[Judged], meant: Test, claimed: Test, right: Test) -> Interval:
    """F1 and its bootstrap by character: twice the hits over the hits, the claims and what was meant."""
    import numpy as np

    def share(table: np.ndarray) -> float | None:
        hits, every = table.sum(axis=0)
        return float(hits / every) if every else None

    characters = sorted({row.label.persona.name for row in rows})
    counts = np.zeros((len(characters), 2))
    for row in rows:
        hit = meant(row) and claimed(row) and right(row)
        counts[characters.index(row.label.persona.name)] += (2 * hit, meant(row) + claimed(row))
    return bootstrap(share, counts, characters)


def _alarms(language: str, provenance: str, rows: Sequence[Judged]) -> Alarms:
    return Alarms(
        language=language,
        provenance=provenance,
        flagged=Share(sum(bool(row.findings) for row in rows), len(rows)),
        breaks=Share(sum(any(one.severity == "break" for one in row.findings) for row in rows), len(rows)),
    )


def _visible(label: Label, how: str = "") -> bool:
    by_rule = FAILURES[label.failure_type].by_rule if label.failure_type in FAILURES else "never"  # type: ignore[index]
    return by_rule == how if how else by_rule != "never"


def _language(row: Judged) -> str:
    """Both scripts of Chinese are one language here."""
    return row.label.language[:2]


def _origin(row: Judged) -> tuple[str, str]:
    return _language(row), row.label.provenance


def _overlap(one: Span, other: Span) -> float:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return max(shared, 0) / (max(one.end, other.end) - min(one.start, other.start) or 1)
