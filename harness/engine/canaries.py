"""Known transcripts slipped to a judge during a run: one that misses them is not believed that day."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from harness.core.chance import draw
from harness.core.conversation import GOOD
from harness.core.label import CLEAN, Label
from harness.core.rating import Ask
from harness.core.run import Canary
from harness.core.taxonomy import Language
from harness.engine.calibrate import labelled_case, prediction_of
from harness.engine.judging import Bench, judge_case

PAIRS = 2
"""Broken replies in each language, and as many without fault."""


def choose_canaries(labels: Sequence[Label], languages: set[Language], run: str) -> tuple[Label, ...]:
    """A few labels for each language, other ones for each run, lest a provider learn them: breaks and clean replies."""
    chosen: list[Label] = []
    for language in sorted({language[:2] for language in languages}):
        spoken = sorted(
            (label for label in labels if label.language[:2] == language),
            key=lambda label: draw(0, run, label.id),
        )
        chosen += islice((label for label in spoken if label.severity == "break"), PAIRS)
        chosen += islice((label for label in spoken if label.failure_type == CLEAN), PAIRS)
    return tuple(chosen)


async def fly(label: Label, bench: Bench) -> Canary | None:
    """Put one to a judge, past every cache: yesterday's answer says nothing of today's judge.

    None when no call succeeded, which says nothing of the judge either.
    """
    asks: list[Ask] = []

    async def record(ask: Ask) -> None:
        asks.append(ask)

    fresh = replace(bench, caller=replace(bench.caller, cache=None))
    prediction = prediction_of(label, await judge_case(labelled_case(label), [fresh], record))
    if not any(ask.outcome in GOOD for ask in asks):
        return None
    return Canary(
        judge=bench.judge.name,
        label=label.id,
        broken=label.broken,
        suspicion=prediction.violation,
        calls=tuple(ask.call for ask in asks),
    )
