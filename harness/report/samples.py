"""One sample as a script with notes in the margin: worded and written out, without markup."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.analysis.findings import marked_findings, worst
from harness.core.charge import Bill
from harness.core.run import Run, Sample
from harness.core.taxonomy import SEVERITIES, Severity
from harness.report import numbers
from harness.report.grades import VerdictView, verdict_views
from harness.report.notes import NoteView, note_views
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
    def notes(self) -> tuple[NoteView, ...]:
        """The notes of all turns."""
        return tuple(note for turn in self.turns for note in turn.notes)


def sample_views(run: Run, language: ReportLanguage) -> Iterator[SampleView]:
    """The samples of a run, in the order they were planned."""
    seen: Counter[str] = Counter()
    for place, sample in enumerate(run.samples, 1):
        yield _sample_view(place, sample, run, seen, language)


def _sample_view(place: int, sample: Sample, run: Run, seen: Counter[str], language: ReportLanguage) -> SampleView:
    snapshot, key = run.snapshot, sample.key
    scenario = snapshot.scenarios[key.scenario]
    persona = snapshot.personas[scenario.persona]
    marked = marked_findings(sample, run)
    notes = note_views(marked, seen, language)
    exchanges = {exchange.turn: exchange for exchange in sample.transcript.exchanges}
    counted = Counter(one.main.severity for one in marked if one.counts)
    gravest = worst(marked)
    return SampleView(
        anchor=f"s-{place}",
        title=scenario.title,
        scenario=key.scenario,
        persona=persona.name,
        user=persona.user.name,
        lang=persona.language,
        model=key.model,
        prompt=key.prompt,
        epoch=word("epoch", language, number=key.epoch) if snapshot.settings.epochs > 1 else "",
        ended=_ended(sample),
        worst=gravest,
        tally={severity: counted[severity] for severity in SEVERITIES if counted[severity]},
        unconfirmed=sum(not one.counts and one.main.muted is None for one in marked),
        muted=sum(one.main.muted is not None for one in marked),
        rank=_rank(gravest, counted),
        opened=gravest == "break" and len(run.samples) <= MOST_OPEN,
        system=_system(sample, run),
        greeting="" if snapshot.models[key.model].rules.greeting == "omit" else persona.greeting,
        turns=tuple(
            turn_view(number, turn, exchanges.get(number), notes.get(number, ()), persona.facts, language)
            for number, turn in enumerate(scenario.turns, 1)
        ),
        verdicts=verdict_views(sample, run, language),
        calls=call_views(sample.transcript.exchanges, language),
        cost=numbers.bill(Bill.of(charge for call in sample.model_calls() for charge in call.charges())),
        judge_cost=numbers.bill(Bill.of(charge for ask in sample.asks for charge in ask.call.charges())),
    )


def _ended(sample: Sample) -> str:
    exchanges = sample.transcript.exchanges
    if sample.transcript.ended_early:
        return exchanges[-1].outcome
    if not sample.finished or not exchanges:
        return "unfinished"
    return "truncated" if any(exchange.outcome == "truncated" for exchange in exchanges) else "answered"


def _rank(gravest: Severity | None, counted: Mapping[Severity, int]) -> int:
    """Breaks come before lapses, lapses before notes; among equals, more findings before fewer."""
    place = SEVERITIES.index(gravest) if gravest else len(SEVERITIES)
    return place * 10_000 - min(sum(counted.values()), 9_999)


def _system(sample: Sample, run: Run) -> str:
    """The system message as it was sent, or as it would have been."""
    for exchange in sample.transcript.exchanges[:1]:
        return next((message.content for message in exchange.sent if message.role == "system"), "")
    persona = run.snapshot.scenarios[sample.key.scenario].persona
    return run.snapshot.systems[sample.key.prompt][persona]
