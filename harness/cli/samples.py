"""One sample or scenario in full, for reading at a terminal or by a machine."""

from collections.abc import Mapping

from pydantic import TypeAdapter

from harness.analysis.findings import marked_findings
from harness.cli.printing import say
from harness.core.persona import Persona
from harness.core.run import Run, Sample
from harness.core.scenario import Scenario
from harness.errors import InputError, Problem
from harness.report.wording import sentence

SAMPLE = TypeAdapter(Sample)


def sample_at(run: Run, place: str) -> Sample:
    """The sample at a place of a run, counted from 1.

    Raises:
        InputError: there is none.
    """
    if place.isascii() and place.isdigit() and 1 <= int(place) <= len(run.samples):
        return run.samples[int(place) - 1]
    raise InputError(Problem(f"no sample {place!r} in {run.id}", f"write a number from 1 to {len(run.samples)}"))


def sample_object(run: Run, place: str) -> Mapping[str, object]:
    """A sample as plain data: transcript with the messages as sent, findings, verdicts, answers of judges."""
    content: Mapping[str, object] = SAMPLE.dump_python(sample_at(run, place), mode="json")
    return content


def print_sample(run: Run, place: str) -> None:
    """A sample as a script with its findings."""
    sample = sample_at(run, place)
    say(str(sample.key))
    scenario = run.snapshot.scenarios[sample.key.scenario]
    name = run.snapshot.personas[scenario.persona].name
    for exchange in sample.transcript.exchanges:
        say(f"\n{exchange.turn}. user: {scenario.turns[exchange.turn - 1].user}")
        said = exchange.text or exchange.partial or exchange.error or ""
        say(f"   {name} [{exchange.outcome}]: {said}")
        for finding in (marked.main for marked in marked_findings(sample, run)):
            if finding.turn == exchange.turn:
                muted = f" (accepted: {finding.muted})" if finding.muted else ""
                say(f"   ^ {finding.severity} {finding.failure_type}: {sentence(finding, 'en')}{muted}")


def print_scenario(scenario: Scenario, persona: Persona) -> None:
    """A scenario as a script."""
    say(f"{scenario.id}: {scenario.title} · {persona.name}")
    if persona.greeting:
        say(f"   {persona.name}: {persona.greeting}")
    for number, turn in enumerate(scenario.turns, 1):
        probe = f" [{turn.probe}]" if turn.probe else ""
        say(f"{number:2}. {turn.user}{probe}")
        if turn.reference:
            say(f"    faithful: {turn.reference}")
