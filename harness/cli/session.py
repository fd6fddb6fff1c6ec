"""One run from its plan to its report: opens what is needed, drives the engine, keeps the promises about exit codes."""

import asyncio
import signal
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

import typer

from harness.checks import prepare
from harness.cli.calling import Callers, make_benches, make_callers, open_providers, provider_problems
from harness.cli.keys import environment, key_problems
from harness.cli.output import Output, check_places
from harness.cli.printing import say
from harness.cli.progress import WatchedJournal, shown_progress
from harness.core.journal import Journal
from harness.core.label import Label
from harness.core.model import Currency, ModelSpec
from harness.core.run import EXIT_CODES, Snapshot, Status, finished_status
from harness.core.transcript import Exchange, SampleKey
from harness.engine.budget import Budget, budget_problems
from harness.engine.canaries import choose_canaries, fly
from harness.engine.evaluate import Evaluator
from harness.engine.judging import Bench
from harness.engine.run import Crew, Replayers, Rescorers, run_samples
from harness.errors import BudgetSpent, InputError, Problem, RunStopped
from harness.store.database import Database
from harness.store.golden import golden_labels
from harness.store.journal import RunJournal
from harness.store.project import ProjectFolder

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One invocation that works on one run."""

    folder: ProjectFolder
    snapshot: Snapshot
    keys: Sequence[SampleKey]
    """The samples to finish."""
    output: Output
    run: str | None = None
    """None for a run that begins now."""
    replaying: bool = True
    """Whether the model under test is called."""
    rescoring: bool = False
    """Whether what was found before is forgotten first."""
    recorded: Sequence[Sequence[Exchange]] = ()
    """The exchanges of each sample, when they were made elsewhere."""

    spent: Mapping[Currency, Decimal] = field(default_factory=dict)
    """What the run cost at most so far."""
    unbounded: int = 0
    """How many of its calls so far are of unknown cost without any bound."""

    @property
    def called(self) -> Mapping[str, ModelSpec]:
        """The models that calls may go to."""
        judges = tuple(spec.model for spec in self.snapshot.judges.values())
        names = (*(self.snapshot.tested if self.replaying else ()), *judges)
        return {name: self.snapshot.models[name] for name in names}

    def conduct(self) -> None:
        """Work through the samples; then report, and exit as the outcome says.

        Raises:
            InputError: a key is missing, a report cannot be written, or somebody else works on the run.
            StoreError: the store failed; what was stored is intact.
        """
        known = environment(self.folder)
        problems = key_problems(self.snapshot.models, self.called, known)
        problems += check_places(self.output, self.folder.home)
        problems += provider_problems(self.called)
        problems += budget_problems(self.snapshot, self.called, self.spent)
        if self.unbounded and self.snapshot.settings.max_cost is not None:
            what = f"--max-cost: nobody knows what {self.unbounded} calls of this run have cost, or could have at most"
            problems.append(Problem(what, "leave the limit out, or begin a new run"))
        if problems:
            raise InputError(problems)
        for name, spec in self.called.items():
            if spec.retired is not None:
                say(f"Warning: {name}: its provider announced its end for {spec.retired}", err=True)
        database = self.folder.database()
        run, status, stopped = asyncio.run(_Worker(self, database, known).work())
        loaded = database.load_run(run)
        status = status or finished_status(loaded)
        loaded = replace(loaded, status=status, ended=database.end_run(run, status))
        # pandas and the report load only now, when all calls are done and kept
        from harness.cli.reporting import conclude

        conclude(loaded, self.output, self.folder.home)
        if stopped is not None:
            say(f"Error: {stopped}", err=True)
        if any(sample.resumable for sample in loaded.samples):
            higher = ' --max-cost "…"' if status == "budget" else ""
            say(f"Finish it with: harness resume {run}{higher}", err=True)
        raise typer.Exit(EXIT_CODES[status])


@dataclass(slots=True)
class _Worker:
    """The part of a session that runs inside the event loop."""

    session: Session
    database: Database
    known: Mapping[str, str]
    interrupted: bool = False

    async def work(self) -> tuple[str, Status | None, RunStopped | None]:
        """The run's id, its status if it did not come to its end, and what stopped it."""
        session, snapshot = self.session, self.session.snapshot
        async with AsyncExitStack() as stack:
            providers = await open_providers(session.called, self.known, stack)
            fresh = session.run is None and not session.recorded
            run = session.run or self.database.begin_run(snapshot, len(session.keys), session.recorded)
            stack.enter_context(self.database.only_worker(run))
            flights = self.database.flights(run)
            self.database.keep_abandoned(run, flights)  # what a process that was killed has left
            if session.rescoring:
                self.database.begin_rescore(run, snapshot)
            elif session.run is not None:
                self.database.keep_snapshot(run, snapshot)
            places = {key: place for place, key in enumerate(snapshot.keys())}
            journal = stack.enter_context(RunJournal(database=self.database, run=run, places=places, fresh=fresh))
            self._announce(run)
            turns = sum(len(snapshot.scenarios[key.scenario].turns) for key in session.keys)
            progress = stack.enter_context(shown_progress(len(session.keys), turns))
            capped = session.run is not None and snapshot.settings.max_cost is not None
            # Looked up again now that nobody else works on the run.
            spent = self.database.load_run(run).spent() if capped else session.spent
            budget = Budget.of(snapshot.settings, spent)
            with flights.noting():
                callers = make_callers(snapshot, providers, flights, journal, budget)
                watched = WatchedJournal(journal, progress)
                preparing = asyncio.create_task(self._prepare(watched.begun))
                stack.callback(preparing.cancel)
                canaries = self._slip_canaries(run, make_benches(snapshot, callers))
                end = await self._finish_all(self._crew(watched, callers), canaries)
            self.database.keep_abandoned(run, flights)
            return run, *end

    def _announce(self, run: str) -> None:
        judges = ", ".join(f"{name} ({spec.rubric})" for name, spec in self.session.snapshot.judges.items())
        say(f"run {run}: judged by {judges}" if judges else f"run {run}: no judge", err=True)
        for judge, tested in self.session.snapshot.relatives():
            say(f"Warning: judge {judge} and {tested} are of one family: it may think too well of it", err=True)

    async def _slip_canaries(self, run: str, benches: Sequence[Bench]) -> None:
        """Put known transcripts to each judge whose word would count, once a run and again when it judges anew."""
        session = self.session
        trusted = [
            bench for bench in benches if (card := session.snapshot.cards.get(bench.judge.name)) and card.trusted()
        ]
        kept = () if session.rescoring else self.database.load_canaries(run)
        known = {(canary.judge, canary.label) for canary in kept}
        languages = {persona.language for persona in session.snapshot.personas.values()}
        labels = choose_canaries(golden_labels(), languages, run) if trusted else ()

        async def slip(label: Label, bench: Bench) -> None:
            canary = await fly(label, bench)
            if canary is not None:
                self.database.keep_canary(run, canary)

        wanted = [(label, bench) for bench in trusted for label in labels if (bench.judge.name, label.id) not in known]
        await asyncio.gather(*(slip(label, bench) for label, bench in wanted))

    async def _prepare(self, begun: asyncio.Event) -> None:
        """Compile the patterns of the checks while replies are on their way."""
        await begun.wait()
        await asyncio.to_thread(prepare, {persona.language for persona in self.session.snapshot.personas.values()})

    async def _finish_all(self, crew: Crew, canaries: Awaitable[None]) -> tuple[Status | None, RunStopped | None]:
        try:
            with self._signals_watched():
                await canaries
                async for _ in run_samples(self.session.keys, crew):
                    pass
        except asyncio.CancelledError:
            if not self.interrupted:
                raise
            return "interrupted", None
        except BudgetSpent as spent:
            return "budget", spent
        except RunStopped as stopped:
            return "incomplete", stopped
        return None, None

    def _crew(self, journal: Journal, callers: Callers) -> Crew:
        snapshot = self.session.snapshot
        evaluator = Evaluator.of(snapshot, journal, make_benches(snapshot, callers))
        if self.session.replaying:
            return Replayers(snapshot=snapshot, callers=callers.tested, evaluator=evaluator)
        return Rescorers(evaluator=evaluator)

    @contextmanager
    def _signals_watched(self) -> Iterator[None]:
        """Make a signal end the work in good order; a second one, while that goes on, ends the process."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            self.interrupted = True
            if task is not None:
                task.cancel()

        for number in SIGNALS:
            loop.add_signal_handler(number, stop)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
                signal.signal(number, signal.default_int_handler)
