"""Which findings are one finding, and which of them count."""

from collections.abc import Iterable
from dataclasses import dataclass

from harness.core.finding import Finding, finding_id
from harness.core.run import Run, Sample
from harness.core.taxonomy import SEVERITIES, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One violation, and everyone who points at it: a check and a judge at overlapping spans are one finding."""

    id: str
    main: Finding
    """The most telling one: of the check if there is one, then the gravest, then the surest."""
    others: tuple[Finding, ...] = ()
    believed: bool
    """Whether a rule or a trusted judge saw it."""

    @property
    def counts(self) -> bool:
        """Whether it is in the numbers: it is believed, and nobody accepted it."""
        return self.believed and self.main.muted is None


def marked_findings(sample: Sample, run: Run | None = None) -> tuple[Marked, ...]:
    """The findings of a sample, checks' and judges' together, by turn and place.

    The run tells which judges are trusted; without it none is.
    """
    replies = {exchange.turn: exchange.text for exchange in sample.transcript.replies()}
    everything = [*sample.findings, *(finding for verdict in sample.verdicts for finding in verdict.findings)]
    groups: list[list[Finding]] = []
    for finding in sorted(everything, key=_telling):
        group = next((group for group in groups if _same(group[0], finding)), None)
        if group is None:
            groups.append([finding])
        else:
            group.append(finding)
    groups.sort(key=lambda group: (group[0].turn, group[0].span.start if group[0].span else -1))
    return tuple(
        Marked(
            id=finding_id(replies.get(main.turn, ""), main),
            main=main,
            others=tuple(others),
            believed=main.by_rule if run is None else run.believes(main, sample.key.scenario),
        )
        for main, *others in groups
    )


def worst(findings: Iterable[Marked]) -> Severity | None:
    """The gravest severity among those that count."""
    counted = {marked.main.severity for marked in findings if marked.counts}
    return next((severity for severity in SEVERITIES if severity in counted), None)


def _telling(finding: Finding) -> tuple[bool, int, float]:
    return (not finding.by_rule, SEVERITIES.index(finding.severity), -finding.certainty)


def _same(one: Finding, other: Finding) -> bool:
    if one.turn != other.turn or one.failure_type != other.failure_type:
        return False
    if one.span is None or other.span is None:
        return one.span == other.span and one.arguments == other.arguments
    return one.span.overlaps(other.span)
