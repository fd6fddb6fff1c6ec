"""The numbers at the top, per model and prompt: worded and written out, without markup."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.analysis.ratings import Consistency, DimensionSummary
from harness.analysis.summary import ModelSummary
from harness.analysis.survival import Survival
from harness.core.taxonomy import SEVERITIES, Severity
from harness.core.transcript import OUTCOMES
from harness.report import numbers
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A name and what is said of it."""

    name: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many findings there are of one severity."""

    severity: Severity
    name: str
    number: str
    text: str
    """Both: `3 breaks`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The share of samples unbroken after one turn, as drawn and as written."""

    turn: int
    share: float
    worst: float
    best: float
    text: str
    bounds: str
    """Empty when no sample was cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionView:
    """The ratings of one dimension."""

    name: str
    explanation: str
    mean: str
    lower: str
    scored: str
    unscored: str
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """One model under one prompt."""

    model: str
    prompt: str
    broken: str
    break_rate: str
    """By rules alone."""
    broken_turns: str
    judged_rate: str
    """By rules and trusted judges; empty when no judge is trusted."""
    consistency: str
    """A dash when nothing that a trusted judge graded counts."""
    consistency_lower: str
    median: str
    median_worst: str
    """The same if those cut short had broken at once; empty when that changes nothing."""
    survival: tuple[Standing, ...]
    cut_short: str
    """What to make of samples that ended early; empty when none did."""
    findings: tuple[Tally, ...]
    outcomes: tuple[Entry, ...]
    """Those that occurred."""
    dimensions: tuple[DimensionView, ...]
    latency: str
    latency_p95: str
    model_cost: str
    judge_cost: str
    cost_per_sample: str
    cost_per_unbroken_turn: str


def model_view(summary: ModelSummary, language: ReportLanguage, *, trusted: bool) -> ModelView:
    """The numbers of one model under one prompt, in a run in which some judge is trusted or none is."""
    survival, latency, bill = summary.survival, summary.latency, summary.model_bill
    return ModelView(
        model=summary.model,
        prompt=summary.prompt,
        broken=_of(summary.broken_samples, summary.samples, language),
        break_rate=numbers.percent(summary.break_rate_by_rules),
        broken_turns=_of(summary.broken_by_rules, summary.turns, language),
        judged_rate=numbers.percent(summary.break_rate) if trusted else "",
        consistency=numbers.score(summary.consistency.score) if summary.consistency else numbers.NOTHING,
        consistency_lower=_lower(summary.consistency, language),
        median=_median(survival, language),
        median_worst=_median_worst(survival, language),
        survival=_standings(survival) if survival else (),
        cut_short=word("cut_short", language, n=survival.cut_short) if survival and survival.cut_short else "",
        findings=tallies(summary.findings, language),
        outcomes=tuple(
            Entry(name=word(f"outcome.{name}", language), text=numbers.count(summary.outcomes[name]))
            for name in OUTCOMES
            if summary.outcomes.get(name)
        ),
        dimensions=tuple(_dimension_view(each, language) for each in summary.dimensions),
        latency=numbers.seconds(latency.p50 if latency else None, language),
        latency_p95=numbers.seconds(latency.p95 if latency else None, language),
        model_cost=numbers.bill(bill),
        judge_cost=numbers.bill(summary.judge_bill),
        cost_per_sample=numbers.part_of_bill(summary.cost_per_sample, bill),
        cost_per_unbroken_turn=numbers.part_of_bill(summary.cost_per_unbroken_turn, bill),
    )


def tallies(findings: Mapping[Severity, int], language: ReportLanguage) -> tuple[Tally, ...]:
    """How many findings there are of each severity, none included."""
    return tuple(
        Tally(
            severity=each,
            name=word(f"severity.{each}", language),
            number=numbers.count(findings.get(each, 0)),
            text=word(f"severity.{each}.count", language, n=findings.get(each, 0)),
        )
        for each in SEVERITIES
    )


def _lower(consistency: Consistency | None, language: ReportLanguage) -> str:
    """What the score would be if all that is unscored were as bad as can be; empty when nothing is."""
    if consistency is None or not consistency.unscored:
        return ""
    return word("consistency.lower", language, score=numbers.score(consistency.lower), n=consistency.unscored)


def _of(part: int, whole: int, language: ReportLanguage) -> str:
    return word("of", language, part=numbers.count(part), whole=numbers.count(whole))


def _median(survival: Survival | None, language: ReportLanguage) -> str:
    if survival is None:
        return numbers.NOTHING
    if survival.median_turns is None:
        return word("median.none", language)
    return word("median", language, turn=survival.median_turns)


def _median_worst(survival: Survival | None, language: ReportLanguage) -> str:
    if survival is None:
        return ""
    worst = next((turn for turn, share in enumerate(survival.worst, 1) if share <= 0.5), None)
    return "" if worst is None or worst == survival.median_turns else word("median.worst", language, turn=worst)


def _standings(survival: Survival) -> tuple[Standing, ...]:
    rows = zip(survival.shares, survival.worst, survival.best, strict=True)
    return tuple(
        Standing(
            turn,
            share,
            worst,
            best,
            numbers.percent(share),
            numbers.percent_between(worst, best) if survival.cut_short else "",
        )
        for turn, (share, worst, best) in enumerate(rows, 1)
    )


def _dimension_view(summary: DimensionSummary, language: ReportLanguage) -> DimensionView:
    return DimensionView(
        name=word(f"dimension.{summary.dimension}", language),
        explanation=word(f"dimension.{summary.dimension}.help", language),
        mean=numbers.grade(summary.mean),
        lower=numbers.grade(summary.lower),
        scored=numbers.count(summary.scored),
        unscored=numbers.count(summary.unscored),
        trusted=summary.trust == "trusted",
    )
