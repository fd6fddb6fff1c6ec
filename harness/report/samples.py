"""One sample as a script with notes in the margin: worded and written out, without markup."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.analysis.findings import marked_findings, worst
from harness.core.charge import Bill
from harness.core.run import Run, Sample
from harness.core.taxonomy import DIMENSIONS, SEVERITIES, Dimension, Severity
from harness.report import numbers
from harness.report.grades import VerdictView, verdict_views
from harness.report.notes import note_views
from harness.report.turns import CallView, TurnView, call_views, turn_view
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage

MOST_OPEN = 30
"""In a run of more samples than this, all of them start closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """One section of the report, and its line in the overview."""

    anchor: str
    title: str
    scenario: str
    persona: str
    user: str
    lang: str
    """The language of its texts, so that the right glyphs are chosen."""
    model: str
    prompt: str
    epoch: str
    """Which repeat; empty when there is only one."""
    ended: str
    """How its last reply ended, or `unfinished`."""
    worst: Severity | None
    tally: Mapping[Severity, int]
    """Findings that count."""
    unconfirmed: int
    """Findings that only a judge made."""
    muted: int
    rank: int
    """Its place when the worst come first."""
    opened: bool
    system: str
    greeting: str
    turns: tuple[TurnView, ...]
    verdicts: tuple[VerdictView, ...]
    calls: tuple[CallView, ...]
    cost: str
    judge_cost: str

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How its turns ended, each once."""
        return tuple(dict.fromkeys(turn.outcome for turn in self.turns))

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Of all its notes, each once."""
        return tuple(each for each in SEVERITIES if any(note.severity == each for note in self._notes()))

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Of all its notes, each once."""
        return tuple(each for each in DIMENSIONS if any(note.dimension == each for note in self._notes()))
