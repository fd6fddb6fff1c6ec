"""One invocation over many samples, and everything needed to understand it later."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Annotated, Literal

from pydantic import Field

from harness.core.card import Card, Trust
from harness.core.charge import Bill, Cap, ExchangeRate
from harness.core.finding import Finding
from harness.core.model import Currency, ModelSpec
from harness.core.persona import Persona
from harness.core.rating import Ask, Rating, Verdict
from harness.core.rubric import Rubric
from harness.core.scenario import CheckEntry, Scenario
from harness.core.taxonomy import Dimension, FailureType, Severity
from harness.core.transcript import Call, SampleKey, Transcript
from harness.core.value import Line, Name, Value

Status = Literal["running", "passed", "ungated", "failed", "incomplete", "budget", "interrupted"]

EXIT_CODES: Mapping[Status, int] = {
    "passed": 0,
    "ungated": 0,
    "failed": 1,
    "incomplete": 3,
    "budget": 4,
    "interrupted": 130,
    "running": 3,
}
"""What a finished command ends with. A run still marked as running died before it could say how it ended."""


class JudgeSpec(Value):
    """A judge that a project defines: a model and the rubric it reads."""

    model: Line
    """A name of the catalog."""
    rubric: Name = "in-character"
    samples: Annotated[int, Field(ge=1, le=15)] = 1
    """How often it is asked about each chat; the median of its grades counts."""


class Settings(Value):
    """How a run was asked to go; together with the rest of the snapshot it makes the run repeatable."""

    suite: str | None = None
    epochs: Annotated[int, Field(ge=1, le=1000)] = 1
    base_seed: int = 0
    concurrency: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Calls under way at once to each model; the catalog's limit for it when absent."""
    judge: str | None = None
    """The judge's name."""
    max_cost: Cap | None = None
    """The run ends before a call that could exceed it."""
    exchange: ExchangeRate | None = None
    """For models that are priced in the other currency than the limit."""
    cache: Literal["judge", "all", "none"] = "judge"
    """Whose answers may come out of the cache of earlier ones."""
    max_incomplete: Annotated[float, Field(ge=0, le=1)] = 0.10
    """The share of failed turns above which the run is incomplete; unscored ratings count once a judge is trusted."""
    severities: Mapping[FailureType, Severity] = Field(default_factory=dict)
    """Severities that the project sets other than the package does."""


class Snapshot(Value):
    """Everything a run was made of, frozen at its start. No key, no secret."""

    version: str
    """The package's version."""
    settings: Settings
    personas: Mapping[str, Persona]
    scenarios: Mapping[str, Scenario]
    """User lines are rendered."""
    prompts: Mapping[str, str]
    """The templates, by name."""
    systems: Mapping[str, Mapping[str, str]]
    """The rendered system message by prompt and persona."""
    checks: Mapping[str, tuple[CheckEntry, ...]]
    """The checks of each scenario, arguments included."""
    tested: tuple[str, ...]
    """The models under test."""
    models: Mapping[str, ModelSpec]
    """The catalog rows of all models called, judges' included."""
    judges: Mapping[str, JudgeSpec] = Field(default_factory=dict)
    rubrics: Mapping[str, Rubric] = Field(default_factory=dict)
    cards: Mapping[str, Card] = Field(default_factory=dict)
    """What is known of the judges, by their names."""

    def relatives(self) -> Iterator[tuple[str, str]]:
        """Each judge with a model under test of its own family, of which it may think too well."""
        for judge, spec in self.judges.items():
            for tested in self.tested:
                if self.models[spec.model].family == self.models[tested].family:
                    yield judge, tested

    def keys(self) -> Iterator[SampleKey]:
        """The plan: every sample, in order. A sample's place in it is its name in the store."""
        epochs = range(1, self.settings.epochs + 1)
        return map(SampleKey._make, product(self.scenarios, self.prompts, self.tested, epochs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One transcript and what was found in it."""

    transcript: Transcript
    findings: tuple[Finding, ...] = ()
    """What the checks found."""
    verdicts: tuple[Verdict, ...] = ()
    """What the judges made of it."""
    asks: tuple[Ask, ...] = ()
    """Every call to a judge that was ever paid for this sample, replaced judgings included."""
    replaced: tuple[Call, ...] = ()
    """Calls to the model under test that failed and were made again by a resume."""
    finished: bool = True
    """False when the run ended before the sample was replayed, checked and judged."""

    @property
    def key(self) -> SampleKey:
        """Which sample it is."""
        return self.transcript.key

    @property
    def resumable(self) -> bool:
        """Whether a resume has something to do: it is unfinished, or a failed call ended it."""
        ends = self.transcript.exchanges[-1:]
        return not self.finished or bool(ends and ends[0].outcome == "failed")

    def model_calls(self) -> tuple[Call, ...]:
        """Every call to the model under test that was ever made for it."""
        return (*(exchange.call for exchange in self.transcript.exchanges), *self.replaced)

    @property
    def ratings(self) -> tuple[Rating, ...]:
        """The grades of all judges."""
        return tuple(rating for verdict in self.verdicts for rating in verdict.ratings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A known transcript that was slipped to a judge, and what it made of it."""

    judge: str
    label: str
    """The label's id."""
    broken: bool
    """Whether something is wrong with it, as we know."""
    suspicion: float | None
    """How surely the judge thinks so, 0 to 1; None when it could not be read."""
    calls: tuple[Call, ...] = ()

    @property
    def missed(self) -> bool:
        """Whether the judge is wrong about it, or says nothing."""
        return self.suspicion is None or (self.suspicion >= SUSPECT) != self.broken


SUSPECT = 0.5
"""From this suspicion on a judge holds a reply for broken."""
MOST_MISSED = 0.25
"""The share of its canaries that a judge may be wrong about: one of four is noise, two are a judge that has changed."""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Calls that left and were never heard of again, because their process ended: of unknown cost."""

    calls: int = 0
    at_most: Mapping[Currency, Decimal] = field(default_factory=dict)
    """What they can have cost, where a bound is known."""

    def __add__(self, other: "Abandoned") -> "Abandoned":
        return Abandoned(self.calls + other.calls, (Bill(self.at_most) + Bill(other.at_most)).amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A saved run: all that analysis and report read."""

    id: str
    started: datetime
    ended: datetime | None
    status: Status
    snapshot: Snapshot
    samples: tuple[Sample, ...]
    abandoned: Abandoned = Abandoned()
    """Calls that were under way when a process ended."""
    canaries: tuple[Canary, ...] = ()
    """What was slipped to its judges, in order; of two answers about the same the later one holds."""

    def missed(self, judge: str) -> tuple[int, int]:
        """How many of its canaries a judge missed, and how many there were."""
        latest = {canary.label: canary for canary in self.canaries if canary.judge == judge}
        return sum(canary.missed for canary in latest.values()), len(latest)

    def doubted(self, judge: str) -> bool:
        """Whether a judge missed so many of its canaries that it is not believed in this run."""
        missed, flown = self.missed(judge)
        return missed > MOST_MISSED * flown

    def trust(self, judge: str, dimension: Dimension, scenario: str) -> Trust:
        """How far a judge is believed in one dimension, in the language of a scenario's character."""
        card = self.snapshot.cards.get(judge)
        persona = self.snapshot.personas[self.snapshot.scenarios[scenario].persona]
        return card.trust(dimension, persona.language) if card and not self.doubted(judge) else "uncalibrated"

    def believes(self, finding: Finding, scenario: str) -> bool:
        """Whether a rule saw a finding, or a judge that is trusted in its dimension."""
        return finding.by_rule or self.trust(finding.judge, finding.dimension, scenario) == "trusted"

    def spent(self) -> Mapping[Currency, Decimal]:
        """What it cost at most so far, as far as bounds are known: known charges, and the ceilings of unknown ones."""
        calls = self._calls()
        charges = [each for call in calls for each in (call.charge, call.at_most) if each is not None]
        return (Bill.of(charges) + Bill(self.abandoned.at_most)).amounts

    def unbounded(self) -> int:
        """How many calls are of unknown cost without any bound."""
        calls = self._calls()
        unknown = sum(Bill.of(call.charges()).unknown_calls for call in calls if call.at_most is None)
        return unknown + (0 if self.abandoned.at_most else self.abandoned.calls)

    def _calls(self) -> list[Call]:
        of_samples = [
            call for sample in self.samples for call in (*sample.model_calls(), *(ask.call for ask in sample.asks))
        ]
        return of_samples + [call for canary in self.canaries for call in canary.calls]

    def unplayed(self, sample: Sample) -> bool:
        """Whether a model under test has still to be called for a sample: turns are left, or a failed call ended it."""
        transcript = sample.transcript.resumable()
        turns = len(self.snapshot.scenarios[sample.key.scenario].turns)
        return len(transcript.exchanges) < turns and not transcript.ended_early


def finished_status(run: Run) -> Status:
    """How a run whose work is over ended.

    `incomplete` when a sample was not finished, nothing was answered, or too much failed or is unscored. Ratings of a
    judge that is not trusted are in no number, so that they cannot make a run incomplete.
    """
    planned = answered = failed = 0
    for sample in run.samples:
        turns = len(run.snapshot.scenarios[sample.key.scenario].turns)
        replies = len(sample.transcript.replies())
        ends = sample.transcript.exchanges[-1:]
        planned += turns
        answered += replies
        failed += turns - replies if ends and ends[0].outcome == "failed" else 0
    unfinished = any(not sample.finished for sample in run.samples)
    trusted = [
        rating
        for sample in run.samples
        for verdict in sample.verdicts
        for rating in verdict.ratings
        if run.trust(verdict.judge, rating.dimension, sample.key.scenario) == "trusted"
    ]
    most = run.snapshot.settings.max_incomplete
    unscored = sum(rating.value is None for rating in trusted)
    if unfinished or not answered or failed / planned > most or unscored > most * len(trusted):
        return "incomplete"
    return "ungated"
