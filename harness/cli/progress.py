"""Progress of a long run, on standard error: a bar at a terminal, a line for each finished sample elsewhere."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from harness.core.journal import Journal
from harness.core.rating import Ask
from harness.core.run import Sample
from harness.core.transcript import Exchange, SampleKey
from harness.text.visible import visible


class Progress(Protocol):
    """Somebody who is told how a run goes."""

    def turn(self) -> None:
        """One more turn is done."""
        ...

    def sample(self, sample: Sample) -> None:
        """One more sample is done."""
        ...


@dataclass(frozen=True, slots=True)
class WatchedJournal:
    """A journal that also tells how far things are."""

    journal: Journal
    progress: Progress
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first reply is there, and the next ones are on their way."""

    async def stored(self, key: SampleKey) -> Sample:
        """As the journal."""
        return await self.journal.stored(key)

    async def record_exchange(self, key: SampleKey, exchange: Exchange) -> None:
        """As the journal, then tell."""
        await self.journal.record_exchange(key, exchange)
        self.progress.turn()
        self.begun.set()

    async def record_ask(self, key: SampleKey, ask: Ask) -> None:
        """As the journal."""
        await self.journal.record_ask(key, ask)

    async def finish_sample(self, sample: Sample) -> None:
        """As the journal, then tell."""
        await self.journal.finish_sample(sample)
        self.progress.sample(sample)


@contextmanager
def shown_progress(samples: int, turns: int) -> Iterator[Progress]:
    """Progress, and what the engine has to say meanwhile, in whatever way standard error allows."""
    if sys.stderr.isatty():
        with _bar(samples, turns) as (bar, say), _heard(say):
            yield bar
    else:
        _say(f"{samples} samples, {turns} turns")
        with _heard(_say):
            yield _Lines(samples)


@dataclass(slots=True)
class _Lines:
    samples: int
    done: int = 0

    def turn(self) -> None:
        pass

    def sample(self, sample: Sample) -> None:
        self.done += 1
        breaks = sum(finding.severity == "break" and finding.muted is None for finding in sample.findings)
        exchanges = sample.transcript.exchanges
        end = exchanges[-1].outcome if exchanges else "skipped"
        line = f"[{self.done}/{self.samples}] {sample.key}: {len(exchanges)} turns, {end}"
        _say(f"{line}, {breaks} breaks" if breaks else line)


def _say(line: str) -> None:
    print(visible(line), file=sys.stderr, flush=True)


@contextmanager
def _bar(samples: int, turns: int) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars
    from rich.text import Text

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        turn_bar = bars.add_task("turns", total=turns)
        sample_bar = bars.add_task("samples", total=samples)

        class Told:
            def turn(self) -> None:
                bars.advance(turn_bar)

            def sample(self, _sample: Sample) -> None:
                bars.advance(sample_bar)

        yield Told(), lambda line: bars.console.print(Text(visible(line)))


@contextmanager
def _heard(say: Callable[[str], None]) -> Iterator[None]:
    """What the engine logs while calls are made, such as a wait before another attempt."""

    class Teller(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(record.getMessage())

    log, teller = logging.getLogger("harness"), Teller()
    log.addHandler(teller)
    try:
        yield
    finally:
        log.removeHandler(teller)


@contextmanager
def counted(total: int, what: str) -> Iterator[Callable[[], None]]:
    """Progress of things that are alike: a bar at a terminal, a line for each tenth elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress as Bars

        with Bars(console=Console(stderr=True), transient=True) as bars, _heard(lambda line: bars.console.print(line)):
            task = bars.add_task(what, total=total)
            yield lambda: bars.advance(task)
        return
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        if done * 10 // total > (done - 1) * 10 // total:
            _say(f"{done} of {total} {what}")

    with _heard(_say):
        yield tell
