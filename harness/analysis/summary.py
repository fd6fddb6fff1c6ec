"""The headline numbers of a run, per model and prompt (DESIGN §7)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

import pandas as pd

from harness.analysis.findings import marked_findings
from harness.analysis.frame import frame_turns
from harness.analysis.ratings import Consistency, DimensionSummary, consistency_of, summarise_dimensions
from harness.analysis.survival import Life, Survival, survival
from harness.core.charge import Bill
from harness.core.conversation import GOOD
from harness.core.model import Currency
from harness.core.run import EXIT_CODES, Run, Sample, Status
from harness.core.taxonomy import SEVERITIES, Severity
from harness.core.transcript import OUTCOMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Seconds from request to last byte."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """One model under one prompt."""

    model: str
    prompt: str
    samples: int
    unfinished_samples: int
    """Samples that were not checked, because the run ended first; they are in no rate."""
    broken_samples: int
    """Samples with at least one break."""
    turns: int
    """Turns of finished samples that were answered or truncated."""
    broken_turns: int
    """Those with a break that a rule or a trusted judge saw."""
    broken_by_rules: int
    """Those with a break that a rule saw."""
    outcomes: Mapping[str, int]
    findings: Mapping[Severity, int]
    survival: Survival | None
    dimensions: tuple[DimensionSummary, ...]
    """Those that were rated, in the order of DESIGN."""
    consistency: Consistency | None
    """Of trusted ratings alone; None without any."""
    model_bill: Bill
    judge_bill: Bill
    saved: Bill
    """What answers out of the cache, of the model and of judges, had cost when they were paid for."""
    latency: Latency | None

    @property
    def break_rate(self) -> float | None:
        """Share of turns with a break, by rules and trusted judges; None without turns."""
        return self.broken_turns / self.turns if self.turns else None

    @property
    def break_rate_by_rules(self) -> float | None:
        """The same by rules alone."""
        return self.broken_by_rules / self.turns if self.turns else None

    @property
    def cost_per_sample(self) -> Mapping[Currency, Decimal]:
        """What the model under test cost for each sample."""
        return {currency: amount / self.samples for currency, amount in self.model_bill.amounts.items() if self.samples}

    @property
    def cost_per_unbroken_turn(self) -> Mapping[Currency, Decimal]:
        """What the model under test cost for each turn without a break."""
        unbroken = self.turns - self.broken_turns
        return {currency: amount / unbroken for currency, amount in self.model_bill.amounts.items() if unbroken}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run in numbers."""

    run: str
    status: Status
    models: tuple[ModelSummary, ...]
    samples: int
    abandoned: int
    """Calls of unknown cost that belong to no transcript, because the run was stopped while they were under way."""
    ratings_scored: int
    ratings_unscored: int
    canary_bill: Bill = field(default_factory=Bill)
    """What known transcripts cost that were slipped to the judges."""

    @property
    def exit_code(self) -> int:
        """What a command that ran it ends with."""
        return EXIT_CODES[self.status]

    @property
    def unfinished_samples(self) -> int:
        """Samples that the run did not come to check."""
        return sum(model.unfinished_samples for model in self.models)

    @property
    def turns(self) -> int:
        """Turns of finished samples that were answered or truncated."""
        return sum(model.turns for model in self.models)

    @property
    def break_rate(self) -> float | None:
        """Share of turns with a break, over all models."""
        return sum(model.broken_turns for model in self.models) / self.turns if self.turns else None

    @property
    def break_rate_by_rules(self) -> float | None:
        """The same by rules alone."""
        return sum(model.broken_by_rules for model in self.models) / self.turns if self.turns else None

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How all scripted turns ended."""
        return {name: sum(model.outcomes[name] for model in self.models) for name in OUTCOMES}

    @property
    def findings(self) -> Mapping[Severity, int]:
        """Findings that count."""
        return {severity: sum(model.findings[severity] for model in self.models) for severity in SEVERITIES}

    @property
    def model_bill(self) -> Bill:
        """What the models under test cost, calls that were given up included."""
        given_up = Bill(unknown_calls=self.abandoned, calls=self.abandoned)
        return sum((model.model_bill for model in self.models), given_up)

    @property
    def judge_bill(self) -> Bill:
        """What judging cost."""
        return sum((model.judge_bill for model in self.models), self.canary_bill)

    @property
    def saved(self) -> Bill:
        """What answers out of the cache had cost when they were paid for."""
        return sum((model.saved for model in self.models), Bill())


def summarise(run: Run) -> Summary:
    """All numbers of a run."""
    table = frame_turns(run)
    models = []
    order = sorted(run.samples, key=_pair)
    for (model, prompt), samples in groupby(order, key=_pair):
        rows = table[(table["model"] == model) & (table["prompt"] == prompt)]
        models.append(_model_summary(model, prompt, tuple(samples), rows, run))
    ratings = [rating for sample in run.samples for rating in sample.ratings]
    scored = sum(rating.value is not None for rating in ratings)
    return Summary(
        run=run.id,
        status=run.status,
        models=tuple(models),
        samples=len(run.samples),
        abandoned=run.abandoned.calls,
        canary_bill=Bill.of(charge for canary in run.canaries for call in canary.calls for charge in call.charges()),
        ratings_scored=scored,
        ratings_unscored=len(ratings) - scored,
    )


def _pair(sample: Sample) -> tuple[str, str]:
    return sample.key.model, sample.key.prompt


def _model_summary(model: str, prompt: str, samples: Sequence[Sample], rows: pd.DataFrame, run: Run) -> ModelSummary:
    good = rows[rows["outcome"].isin(GOOD)]
    answered = good[good["finished"]]
    lives = [_life(sample, run) for sample in samples if sample.finished]
    calls = [call for sample in samples for call in sample.model_calls()]
    asked = [ask.call for sample in samples for ask in sample.asks]
    seconds = good.loc[good["attempts"] > 0, "seconds"]
    outcomes = Counter(rows["outcome"])
    return ModelSummary(
        model=model,
        prompt=prompt,
        samples=len(samples),
        unfinished_samples=sum(not sample.finished for sample in samples),
        broken_samples=sum(life.broken for life in lives),
        turns=len(answered),
        broken_turns=int((answered["break"] > 0).sum()),
        broken_by_rules=int((answered["rule_break"] > 0).sum()),
        outcomes={name: outcomes.get(name, 0) for name in OUTCOMES},
        findings={severity: int(rows[severity].sum()) for severity in SEVERITIES},
        survival=survival(lives, int(rows["turn"].max()) if len(rows) else 0),
        dimensions=tuple(summarise_dimensions(run, samples)),
        consistency=consistency_of(run, samples),
        model_bill=Bill.of(charge for call in calls for charge in call.charges()),
        judge_bill=Bill.of(charge for call in asked for charge in call.charges()),
        saved=Bill.of(call.saved for call in (*calls, *asked) if call.cached),
        latency=Latency(p50=float(seconds.quantile(0.5)), p95=float(seconds.quantile(0.95))) if len(seconds) else None,
    )


def _life(sample: Sample, run: Run) -> Life:
    breaks = [
        marked.main.turn for marked in marked_findings(sample, run) if marked.counts and marked.main.severity == "break"
    ]
    replies = sample.transcript.replies()
    last = replies[-1].turn if replies else 0
    return Life(min(breaks, default=last), bool(breaks), sample.transcript.ended_early)
