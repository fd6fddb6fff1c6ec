"""Everything a report shows, worded and written out, without markup: what a run and its summary say to a reader."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.analysis.summary import Summary
from harness.core.run import Run
from harness.core.taxonomy import DIMENSIONS, SEVERITIES
from harness.core.transcript import OUTCOMES
from harness.report import numbers
from harness.report.cards import CardView, card_views, judge_trust, trusted_dimensions
from harness.report.headline import Entry, ModelView, Tally, model_view, tallies
from harness.report.samples import SampleView, sample_views
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to filter by."""

    key: str
    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """The whole page."""

    language: ReportLanguage
    version: str
    run: str
    suite: str
    lead: str
    """What came of it, in one sentence."""
    cautions: tuple[str, ...]
    """What a reader must know before believing the numbers."""
    header: tuple[Entry, ...]
    tiles: tuple[Entry, ...]
    findings: tuple[Tally, ...]
    models: tuple[ModelView, ...]
    costs: tuple[Entry, ...]
    """The whole bill by role."""
    cards: tuple[CardView, ...]
    """What is known of the judges."""
    saved: str
    """What answers out of the cache had cost when they were paid for; empty when there were none."""
    outcomes: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    dimensions: tuple[Choice, ...]
    samples: tuple[SampleView, ...]


def view_report(run: Run, summary: Summary, language: ReportLanguage) -> ReportView:
    """What a run and its summary say to a reader of a language."""
    samples = tuple(sample_views(run, language))
    notes = [note for sample in samples for note in sample.notes]
    trusted = any(trusted_dimensions(run, judge) for judge in run.snapshot.judges)
    return ReportView(
        language=language,
        version=run.snapshot.version,
        run=run.id,
        suite=run.snapshot.settings.suite or "",
        lead=_lead(summary, language),
        cautions=tuple(_cautions(run, summary, language)),
        header=tuple(_header(run, language)),
        tiles=tuple(_tiles(summary, language)),
        findings=tallies(summary.findings, language),
        models=tuple(model_view(each, language, trusted=trusted) for each in summary.models),
        costs=tuple(_costs(summary, language)),
        cards=tuple(card_views(run, language)),
        saved=numbers.bill(summary.saved) if summary.saved.calls else "",
        outcomes=_choices("outcome", OUTCOMES, [key for sample in samples for key in sample.outcomes], language),
        severities=_choices("severity", SEVERITIES, [note.severity for note in notes], language),
        dimensions=_choices("dimension", DIMENSIONS, [note.dimension for note in notes], language),
        samples=samples,
    )


def _lead(summary: Summary, language: ReportLanguage) -> str:
    broken = sum(model.broken_samples for model in summary.models)
    if not summary.turns:
        return word("lead.nothing", language)
    if not broken and (summary.unfinished_samples or _lost(summary)):
        return word("lead.partial", language)
    return word("lead.broken" if broken else "lead.unbroken", language, n=summary.samples, broken=broken)


def _lost(summary: Summary) -> int:
    """Replies that never came, behind which a break may hide."""
    return sum(summary.outcomes[name] for name in ("failed", "filtered", "empty"))


def _cautions(run: Run, summary: Summary, language: ReportLanguage) -> list[str]:
    cautions = []
    if summary.status not in ("passed", "failed", "ungated"):
        cautions.append(word(f"status.{summary.status}.help", language))
    if summary.unfinished_samples:
        cautions.append(word("caution.unfinished", language, n=summary.unfinished_samples))
    if lost := _lost(summary):
        cautions.append(word("caution.lost", language, n=lost))
    if any(sample.verdicts for sample in run.samples):
        cautions += [
            word("caution.judge", language, name=name)
            for name in run.snapshot.judges
            if not trusted_dimensions(run, name) and not run.doubted(name)
        ]
    cautions += [
        word("caution.canaries", language, name=name, missed=missed, flown=flown)
        for name in run.snapshot.judges
        for missed, flown in [run.missed(name)]
        if run.doubted(name)
    ]
    cautions += [word("caution.family", language, judge=one, model=other) for one, other in run.snapshot.relatives()]
    return cautions


def _header(run: Run, language: ReportLanguage) -> list[Entry]:
    snapshot, settings = run.snapshot, run.snapshot.settings
    between = word("and", language)
    entries = {
        "status": (word(f"status.{run.status}", language), word(f"status.{run.status}.help", language)),
        "started": (numbers.moment(run.started, language), ""),
        "duration": (
            numbers.seconds((run.ended - run.started).total_seconds() if run.ended else None, language),
            "",
        ),
        "characters": (between.join(persona.name for persona in snapshot.personas.values()), ""),
        "models": (between.join(snapshot.tested), ""),
        "prompts": (between.join(snapshot.prompts), ""),
        "judge": _judge(run, language),
        "size": (
            word("samples", language, n=len(run.samples)),
            word("epochs", language, n=settings.epochs) if settings.epochs > 1 else "",
        ),
    }
    return [Entry(name=word(f"header.{key}", language), text=text, hint=hint) for key, (text, hint) in entries.items()]


def _judge(run: Run, language: ReportLanguage) -> tuple[str, str]:
    """Who judged, and how far to believe it."""
    snapshot = run.snapshot
    if not snapshot.judges:
        return word("judge.none", language), ""
    named = [
        word("judge.behind", language, name=name, model=spec.model, rubric=spec.rubric)
        for name, spec in snapshot.judges.items()
    ]
    return word("and", language).join(named), " · ".join(judge_trust(run, name, language) for name in snapshot.judges)


def _tiles(summary: Summary, language: ReportLanguage) -> list[Entry]:
    broken = sum(model.broken_samples for model in summary.models)
    return [
        Entry(
            name=word("tile.broken", language),
            text=word("of", language, part=numbers.count(broken), whole=numbers.count(summary.samples)),
            hint=word("tile.broken.help", language),
        ),
        Entry(
            name=word("tile.break_rate", language),
            text=numbers.percent(summary.break_rate_by_rules),
            hint=word("tile.break_rate.help", language, n=summary.turns),
        ),
        Entry(
            name=word("tile.cost", language),
            text=numbers.bill(summary.model_bill + summary.judge_bill),
            hint=word("tile.cost.help", language, n=(summary.model_bill + summary.judge_bill).calls),
        ),
    ]


def _costs(summary: Summary, language: ReportLanguage) -> list[Entry]:
    bills = {
        "model": summary.model_bill,
        "judge": summary.judge_bill,
        "total": summary.model_bill + summary.judge_bill,
    }
    return [
        Entry(
            name=word(f"cost.{role}", language),
            text=numbers.bill(bill),
            hint=word("unknown_calls", language, n=bill.unknown_calls) if bill.unknown_calls else "",
        )
        for role, bill in bills.items()
    ]


def _choices(kind: str, keys: Sequence[str], found: Sequence[str], language: ReportLanguage) -> tuple[Choice, ...]:
    """What occurs, in the order of DESIGN."""
    number: Mapping[str, int] = Counter(found)
    return tuple(
        Choice(key=key, name=word(f"{kind}.{key}", language), number=numbers.count(number[key]))
        for key in keys
        if number[key]
    )
