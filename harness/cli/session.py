"""One run from its plan to its report: opens what is needed, drives the engine, keeps the promises about exit codes."""

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace

import typer

from harness.cli.keys import environment, key_for, key_problems
from harness.cli.output import Output, check_places
from harness.cli.printing import say
from harness.cli.progress import WatchedJournal, shown_progress
from harness.cli.selection import Selection, judge_named, plan_selection
from harness.core.journal import Journal
from harness.core.run import EXIT_CODES, Snapshot, Status, finished_status
from harness.core.transcript import Exchange, SampleKey
from harness.engine.calls import Caller
from harness.engine.evaluate import Bench, Evaluator
from harness.engine.run import Crew, Replayers, Rescorers, run_samples
from harness.errors import InputError, Problem, RunStopped, did_you_mean
from harness.judges import SheetJudge
from harness.providers import provider_classes
from harness.store.database import Database
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

    @property
    def called(self) -> tuple[str, ...]:
        """The models that calls may go to."""
        judges = tuple(spec.model for spec in self.snapshot.judges.values())
        return tuple(dict.fromkeys((*(self.snapshot.tested if self.replaying else ()), *judges)))

    def conduct(self) -> None:
        """Work through the samples; then report, and exit as the outcome says.

        Raises:
            InputError: a key is missing, a report cannot be written, or somebody else works on the run.
            StoreError: the store failed; what was stored is intact.
        """
        known = environment(self.folder)
        problems = key_problems(self.snapshot.models, self.called, known)
        problems += check_places(self.output, self.folder.home)
        problems += _provider_problems(self.snapshot, self.called)
        if problems:
            raise InputError(problems)
        database = self.folder.database()
        worker = _Worker(self, database, {name: key_for(self.snapshot.models[name], known) for name in self.called})
        run, status, stopped = asyncio.run(worker.work())
        loaded = database.load_run(run)
        status = status or finished_status(loaded)
        loaded = replace(loaded, status=status, ended=database.end_run(run, status))
        # pandas and the report load only now, when all calls are done and kept
        from harness.cli.reporting import conclude

        conclude(loaded, self.output, self.folder.home)
        if stopped is not None:
            say(f"Error: {stopped}", err=True)
        if any(sample.resumable for sample in loaded.samples):
            say(f"Finish it with: harness resume {run}", err=True)
        raise typer.Exit(EXIT_CODES[status])


@dataclass(slots=True)
class _Worker:
    """The part of a session that runs inside the event loop."""

    session: Session
    database: Database
    keys: dict[str, str | None]
    interrupted: bool = False

    async def work(self) -> tuple[str, Status | None, RunStopped | None]:
        """The run's id, its status if it did not come to its end, and what stopped it."""
        session = self.session
        async with AsyncExitStack() as stack:
            callers = {name: await self._caller(name, stack) for name in session.called}
            fresh = session.run is None and not session.recorded
            run = session.run or self.database.begin_run(session.snapshot, len(session.keys), session.recorded)
            stack.enter_context(self.database.only_worker(run))
            if session.rescoring:
                self.database.begin_rescore(run, session.snapshot)
            places = {key: place for place, key in enumerate(session.snapshot.keys())}
            journal = stack.enter_context(RunJournal(self.database, run, places, fresh))
            self._announce(run)
            turns = sum(len(session.snapshot.scenarios[key.scenario].turns) for key in session.keys)
            progress = stack.enter_context(shown_progress(len(session.keys), turns))
            end = await self._finish_all(self._crew(WatchedJournal(journal, progress), callers))
            self.database.add_abandoned(run, sum(caller.abandoned for caller in callers.values()))
            return run, *end

    def _announce(self, run: str) -> None:
        judges = ", ".join(f"{name} ({spec.rubric})" for name, spec in self.session.snapshot.judges.items())
        say(f"run {run}: judged by {judges}" if judges else f"run {run}: no judge", err=True)

    async def _finish_all(self, crew: Crew) -> tuple[Status | None, RunStopped | None]:
        try:
            with self._signals_watched():
                async for _ in run_samples(self.session.keys, crew):
                    pass
        except asyncio.CancelledError:
            if not self.interrupted:
                raise
            return "interrupted", None
        except RunStopped as stopped:
            return "incomplete", stopped
        return None, None

    async def _caller(self, name: str, stack: AsyncExitStack) -> Caller:
        spec = self.session.snapshot.models[name]
        provider = await stack.enter_async_context(provider_classes()[spec.provider].open(spec, self.keys[name]))
        limit = self.session.snapshot.settings.concurrency or spec.concurrency
        return Caller(name=name, spec=spec, provider=provider, limit=limit)

    def _crew(self, journal: Journal, callers: dict[str, Caller]) -> Crew:
        snapshot = self.session.snapshot
        bench = None
        for name, spec in snapshot.judges.items():
            caller = callers[spec.model]
            judge = SheetJudge(name=name, rubric=snapshot.rubrics[spec.rubric], spec=caller.spec)
            bench = Bench(judge=judge, caller=caller)
        evaluator = Evaluator.of(snapshot, journal, bench)
        if self.session.replaying:
            return Replayers(snapshot=snapshot, callers=callers, evaluator=evaluator)
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


def _provider_problems(snapshot: Snapshot, called: Sequence[str]) -> list[Problem]:
    """A problem for each model whose `provider` is none that there is."""
    known = tuple(provider_classes())
    return [
        Problem(f"models.{name}.provider: no provider {spec.provider!r}", did_you_mean(spec.provider, known))
        for name in called
        if (spec := snapshot.models[name]).provider not in known
    ]


def run_selection(folder: ProjectFolder, selection: Selection, output: Output) -> None:
    """`harness run`."""
    snapshot = plan_selection(folder, selection)
    Session(folder=folder, snapshot=snapshot, keys=list(snapshot.keys()), output=output).conduct()


def resume_run(folder: ProjectFolder, name: str, concurrency: int | None, output: Output) -> None:
    """`harness resume`."""
    run = folder.database().load_run(name)
    todo = [sample for sample in run.samples if sample.resumable]
    if not todo:
        say(f"{run.id} is complete: nothing to resume", err=True)
    Session(
        folder=folder,
        snapshot=with_concurrency(run.snapshot, concurrency),
        keys=[sample.key for sample in todo],
        output=output,
        run=run.id,
        replaying=any(run.unplayed(sample) for sample in todo),
    ).conduct()


def rescore_run(folder: ProjectFolder, name: str, judge: str | None, concurrency: int | None, output: Output) -> None:
    """`harness rescore`."""
    run = folder.database().load_run(name)
    snapshot = run.snapshot if judge is None else with_judge(folder, run.snapshot, judge)
    Session(
        folder=folder,
        snapshot=with_concurrency(snapshot, concurrency),
        keys=[sample.key for sample in run.samples if sample.finished or not run.unplayed(sample)],
        output=output,
        run=run.id,
        replaying=False,
        rescoring=True,
    ).conduct()


def with_concurrency(snapshot: Snapshot, concurrency: int | None) -> Snapshot:
    """A snapshot whose calls are limited otherwise."""
    if concurrency is None:
        return snapshot
    settings = snapshot.settings.model_copy(update={"concurrency": concurrency})
    return snapshot.model_copy(update={"settings": settings})


def with_judge(folder: ProjectFolder, snapshot: Snapshot, name: str) -> Snapshot:
    """A snapshot that is judged by this judge, with the rubric as it stands in the project now."""
    judge = judge_named(name, folder.file, folder.catalog)
    settings = snapshot.settings.model_copy(update={"judge": judge[0] if judge else None})
    if judge is None:
        return snapshot.model_copy(update={"judges": {}, "rubrics": {}, "settings": settings})
    rubrics = folder.load((), (), (judge[1].rubric,)).rubrics
    models = {**snapshot.models, judge[1].model: folder.catalog[judge[1].model]}
    changes = {"judges": dict([judge]), "rubrics": rubrics, "models": models, "settings": settings}
    return snapshot.model_copy(update=changes)
