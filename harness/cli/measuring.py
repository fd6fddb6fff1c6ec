"""`harness calibrate -j`: labelled replies are put to a judge, and what comes back is measured."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harness.analysis.calibration import Observed, calibrate
from harness.cli.alone import Ledger, judge_alone, open_benches, ready_environment
from harness.cli.calling import CallOptions
from harness.cli.progress import counted
from harness.cli.selection import judges_named
from harness.core.card import Card, Flips, Step, Tongue
from harness.core.charge import Bill
from harness.core.label import Label
from harness.core.pair import Preference
from harness.core.run import Snapshot
from harness.engine.calibrate import predict_by_judge
from harness.engine.flips import Counterparts, counterparts
from harness.engine.judging import prefer_kept
from harness.engine.sensitivity import Trial, rate, trials
from harness.errors import InputError, Problem
from harness.judges.asking import fingerprint
from harness.store.project import ProjectFolder
from harness.version import __version__

EVERY = 5
"""Of so many labels one is put to the judge a second time."""
MOST_AGAIN = 50
"""How many labels that is at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that came back."""

    card: Card
    bill: Bill
    observed: tuple[Observed, ...]


def measure(
    folder: ProjectFolder, name: str, files: Sequence[Path], labels: Sequence[Label], calls: CallOptions
) -> Measured:
    """Put every label to a judge. Answers are kept as they come, so that the next time only the missing are asked for.

    Raises:
        InputError: there is no such judge, or a key or a price is missing.
        RunStopped: no call can succeed, or none may be made any more.
    """
    named = judges_named(name, folder.file, folder.catalog)
    if len(named) != 1:
        raise InputError(Problem(f"-j {name}: one judge has a card", "name one; leave -j out to measure the checks"))
    ((judge, spec),) = named.items()
    snapshot = judge_alone(folder, judge, spec, calls)
    rubric, model = snapshot.rubrics[spec.rubric], snapshot.models[spec.model]
    known = ready_environment(folder, snapshot)
    ledger = Ledger()
    with ledger.told_when_stopped():
        observed, steps, flips = asyncio.run(_Measuring(folder, snapshot, known, labels, ledger).work())
    return Measured(
        card=Card(
            model=spec.model,
            id=model.id,
            params=model.params,
            samples=spec.samples,
            rubric=rubric.edition,
            prompt=fingerprint(rubric),
            measured=datetime.now(UTC).date(),
            version=__version__,
            labels=tuple(file.name for file in files),
            rows=calibrate(observed),
            sensitivity=steps,
            flips=flips,
        ),
        bill=ledger.bill,
        observed=observed,
    )


@dataclass(frozen=True, slots=True)
class _Measuring:
    folder: ProjectFolder
    snapshot: Snapshot
    known: Mapping[str, str]
    labels: Sequence[Label]
    ledger: Ledger

    async def work(self) -> tuple[tuple[Observed, ...], tuple[Step, ...], tuple[Flips, ...]]:
        """All labels and trials, as many at once as the judge's provider takes."""
        async with AsyncExitStack() as stack:
            benches = await open_benches(self.folder, self.snapshot, self.known, stack)
            tried = tuple(trials(self.labels))
            opposed = tuple(counterparts(self.labels))
            told = stack.enter_context(counted(len(self.labels) + len(tried) + len(opposed), "judged"))
            twice = {label.id for label in self.labels[::EVERY][:MOST_AGAIN]}

            async def observe(label: Label) -> Observed:
                judged = await predict_by_judge(label, benches, self.ledger.record, again=label.id in twice)
                told()
                return Observed(label=label, prediction=judged.prediction, again=judged.again)

            async def rated(trial: Trial) -> float | None:
                rating = await rate(trial, benches, self.ledger.record)
                told()
                return rating

            async def chosen(each: Counterparts) -> Sequence[Preference]:
                preferences = await prefer_kept(each.pair, benches[0], self.ledger.record)
                told()
                return preferences

            try:
                async with asyncio.TaskGroup() as group:
                    seen = [group.create_task(observe(label)) for label in self.labels]
                    ratings = [group.create_task(rated(trial)) for trial in tried]
                    choices = [group.create_task(chosen(each)) for each in opposed]
            except BaseExceptionGroup as several:  # one call that cannot succeed ends them all
                raise several.exceptions[0] from None
        results = [(trial, task.result()) for trial, task in zip(tried, ratings, strict=True)]
        preferred = [(each.language, task.result()) for each, task in zip(opposed, choices, strict=True)]
        return tuple(task.result() for task in seen), _steps(results), tuple(_flips(preferred))


def _steps(results: Sequence[tuple[Trial, float | None]]) -> tuple[Step, ...]:
    """The mean rating at each share, by language."""
    groups: dict[tuple[str, float], list[float | None]] = {}
    for trial, rating in results:
        groups.setdefault((trial.language, trial.share), []).append(rating)
    return tuple(
        Step(language=language, share=share, rating=sum(known) / len(known) if known else None, chats=len(ratings))  # type: ignore[arg-type]
        for (language, share), ratings in sorted(groups.items())
        for known in [[each for each in ratings if each is not None]]
    )


def _flips(preferred: Sequence[tuple[Tongue, Sequence[Preference]]]) -> Iterator[Flips]:
    """How often place decided, by language; the faithful reply is the second of each pair."""
    for language in dict.fromkeys(language for language, _ in preferred):
        read = [each for spoken, some in preferred for each in some if spoken == language and each.better is not None]
        yield Flips(
            language=language,
            pairs=len(read),
            flipped=sum(each.flipped for each in read),
            right=sum(each.better == "b" for each in read),
        )
