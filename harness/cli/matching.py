"""Which samples stand against each other in a comparison, and what a judge makes of them."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import combinations

from harness.analysis.pairs import WinRate, win_rate
from harness.cli.alone import Ledger, judge_alone, open_benches, ready_environment
from harness.cli.calling import CallOptions
from harness.cli.cards import with_cards
from harness.cli.printing import say
from harness.cli.progress import counted
from harness.cli.selection import judges_named
from harness.core.charge import Bill
from harness.core.pair import Compared
from harness.core.run import Run, Sample, Snapshot
from harness.engine.judging import prefer_kept
from harness.errors import InputError, Problem
from harness.judges import Pair
from harness.store.project import ProjectFolder


@dataclass(frozen=True, slots=True)
class Side:
    """One of two that are compared."""

    name: str
    run: Run
    samples: tuple[Sample, ...]


def sides(runs: Sequence[Run], by: str | None) -> tuple[tuple[Side, Side], ...]:
    """The sides that stand against each other: two runs, or every two prompts or models of one.

    Raises:
        InputError: there are not two of them.
    """
    if by is None:
        first, second = (Side(run.id, run, run.samples) for run in runs)
        return ((first, second),)
    if by not in ("prompt", "model"):
        raise InputError(Problem(f"--by {by!r}", "write prompt or model"))
    (run,) = runs
    names = dict.fromkeys(getattr(sample.key, by) for sample in run.samples)
    if len(names) < 2:
        raise InputError(Problem(f"{run.id} has but one {by}", "run it with several, or compare two runs"))
    every = [Side(name, run, tuple(each for each in run.samples if getattr(each.key, by) == name)) for name in names]
    return tuple(combinations(every, 2))


def compare_sides(
    folder: ProjectFolder, judge: str, runs: Sequence[Run], by: str | None, calls: CallOptions
) -> tuple[list[tuple[str, str, WinRate]], Bill]:
    """The win rate of the first of each two sides, and what it cost to learn it.

    Raises:
        InputError: there is no such judge, a key is missing, or there are no two samples to compare.
        RunStopped: no call can succeed, or none may be made any more.
    """
    pairings = sides(runs, by)
    named = judges_named(judge, folder.file, folder.catalog)
    if len(named) != 1:
        raise InputError(Problem(f"-j {judge}: one judge compares", "name one"))
    ((name, spec),) = named.items()
    matched = [(first.name, second.name, list(_pairs(first, second, by))) for first, second in pairings]
    if not any(pairs for _, _, pairs in matched):
        raise InputError(Problem("no two samples of the same scenario and epoch", "compare runs of the same scenarios"))
    ledger = Ledger()
    snapshot = with_cards(folder, judge_alone(folder, name, spec, calls))
    _caution(snapshot, name, runs)
    known = ready_environment(folder, snapshot)

    async def work() -> list[list[Compared]]:
        async with AsyncExitStack() as stack:
            (bench,) = await open_benches(folder, snapshot, known, stack)
            told = stack.enter_context(counted(sum(len(pairs) for _, _, pairs in matched), "pairs compared"))

            async def one(pair: Pair) -> Compared:
                preferences = await prefer_kept(pair, bench, ledger.record)
                told()
                return Compared(scenario=pair.a.key.scenario, epoch=pair.a.key.epoch, preferences=preferences)

            return [list(await asyncio.gather(*map(one, pairs))) for _, _, pairs in matched]

    with ledger.told_when_stopped():
        compared = asyncio.run(work())
    rates = [(first, second, win_rate(each)) for (first, second, _), each in zip(matched, compared, strict=True)]
    return rates, ledger.bill


def _caution(snapshot: Snapshot, judge: str, runs: Sequence[Run]) -> None:
    """Say what speaks against taking the judge's word."""
    card = snapshot.cards.get(judge)
    if card is None or not card.trusted():
        say(f"Warning: judge {judge} is not shown to agree with people: see `harness calibrate -j`", err=True)
    family = snapshot.models[snapshot.judges[judge].model].family
    for tested in dict.fromkeys(name for run in runs for name in run.snapshot.tested):
        if family in {run.snapshot.models[tested].family for run in runs if tested in run.snapshot.models}:
            say(f"Warning: judge {judge} and {tested} are of one family: it may think too well of it", err=True)


def _pairs(first: Side, second: Side, by: str | None) -> Iterator[Pair]:
    """Samples that differ in nothing but the side. Two runs may differ in model and prompt, too, if none are alike."""
    waiting: dict[tuple[object, ...], list[Sample]] = {}
    alike = {sample.key for sample in first.samples} & {sample.key for sample in second.samples}
    for sample in second.samples:
        waiting.setdefault(_place(sample, by, bool(alike)), []).append(sample)
    for sample in first.samples:
        others = waiting.get(_place(sample, by, bool(alike)))
        if others:
            scenario = first.run.snapshot.scenarios[sample.key.scenario]
            yield Pair(
                persona=first.run.snapshot.personas[scenario.persona],
                scenario=scenario,
                a=sample.transcript,
                b=others.pop(0).transcript,
            )


def _place(sample: Sample, by: str | None, alike: bool) -> tuple[object, ...]:
    if by is None:
        return sample.key if alike else (sample.key.scenario, sample.key.epoch)
    return tuple(value for name, value in sample.key._asdict().items() if name != by)
