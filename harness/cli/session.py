"""One run from its plan to its report: opens what is needed, drives the engine, keeps the promises about exit codes."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import typer
from filelock import FileLock, Timeout

from harness.cli.keys import environment, key_for, key_problems
from harness.cli.output import Output, check_places
from harness.cli.progress import WatchedJournal, shown_progress
from harness.cli.selection import Selection, judge_named, plan_selection
from harness.core.journal import Journal
from harness.core.run import EXIT_CODES, Snapshot, Status
from harness.core.transcript import SampleKey
from harness.engine.calls import Caller
from harness.engine.evaluate import Bench, Evaluator
from harness.engine.run import Crew, Replayers, Rescorers, run_samples
from harness.errors import InputError, Problem, RunStopped, did_you_mean
from harness.judges import SheetJudge
from harness.providers import provider_classes
from harness.store.database import Database
from harness.store.journal import RunJournal
from harness.store.project import ProjectFolder

Prepare = Callable[[Journal], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One invocation that works on one run."""

    folder: ProjectFolder
    snapshot: Snapshot
    output: Output
    replaying: bool
    """Whether the model under test is called."""

    @property
    def called(self) -> tuple[str, ...]:
        """The models that calls may go to."""
        judges = tuple(spec.model for spec in self.snapshot.judges.values())
        return tuple(dict.fromkeys((*(self.snapshot.tested if self.replaying else ()), *judges)))

    def conduct(self, run: str | None, keys: Sequence[SampleKey], prepare: Prepare | None = None) -> None:
        """Work through samples of a run, a new one if it has no id yet; then report, and exit as the outcome says.

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
        run, status, stopped = asyncio.run(worker.work(run, keys, prepare))
        # pandas and the report load only now, when all calls are done
        from harness.cli.reporting import conclude

        status = conclude(database, run, status, self.output, self.folder.home)
        if stopped is not None:
            typer.echo(f"Error: {stopped}", err=True)
        if status in ("interrupted", "incomplete"):
            typer.echo(f"Finish it with: harness {'resume' if self.replaying else 'rescore'} {run}", err=True)
        raise typer.Exit(EXIT_CODES[status])


@dataclass(slots=True)
class _Worker:
    """The part of a session that runs inside the event loop."""

    session: Session
    database: Database
    keys: dict[str, str | None]
    interrupted: bool = False

    async def work(
        self, run: str | None, keys: Sequence[SampleKey], prepare: Prepare | None
    ) -> tuple[str, Status | None, RunStopped | None]:
        """The run's id, its status if it did not come to its end, and what stopped it."""
        snapshot = self.session.snapshot
        async with AsyncExitStack() as stack:
            callers = {name: await self._caller(name, stack) for name in self.session.called}
            fresh = run is None and prepare is None
            run = run or self.database.begin_run(snapshot, len(keys))
            stack.enter_context(_only_worker(self.database, run))
            places = {key: place for place, key in enumerate(snapshot.keys())}
            journal = stack.enter_context(RunJournal(self.database, run, places, fresh))
            if prepare is not None:
                await prepare(journal)
            turns = sum(len(snapshot.scenarios[key.scenario].turns) for key in keys)
            judges = ", ".join(f"{name} ({spec.rubric})" for name, spec in snapshot.judges.items())
            typer.echo(f"run {run}: judged by {judges}" if judges else f"run {run}: no judge", err=True)
            progress = stack.enter_context(shown_progress(len(keys), turns))
            crew = self._crew(WatchedJournal(journal, progress), callers)
            return run, *await self._finish_all(keys, crew)

    async def _finish_all(self, keys: Sequence[SampleKey], crew: Crew) -> tuple[Status | None, RunStopped | None]:
        self._watch_signals()
        try:
            async for _ in run_samples(keys, crew):
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

    def _watch_signals(self) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            self.interrupted = True
            if task is not None:
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)


def _provider_problems(snapshot: Snapshot, called: Sequence[str]) -> list[Problem]:
    """A problem for each model whose `provider` is none that there is."""
    known = tuple(provider_classes())
    return [
        Problem(f"models.{name}.provider: no provider {spec.provider!r}", did_you_mean(spec.provider, known))
        for name in called
        if (spec := snapshot.models[name]).provider not in known
    ]


def _only_worker(database: Database, run: str) -> FileLock:
    """The lock that keeps two processes from paying for the same run; it is gone when its holder dies."""
    lock = FileLock(database.lock_folder / f"{run}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(Problem(f"another process is working on {run}", "wait for it, or end it first")) from None
    return lock


def run_selection(folder: ProjectFolder, selection: Selection, output: Output) -> None:
    """`harness run`."""
    snapshot = plan_selection(folder, selection)
    session = Session(folder=folder, snapshot=snapshot, output=output, replaying=True)
    session.conduct(None, list(snapshot.keys()))


def resume_run(folder: ProjectFolder, name: str, concurrency: int | None, output: Output) -> None:
    """`harness resume`."""
    database = folder.database()
    run = database.load_run(name)
    todo = [sample.key for sample in run.samples if sample.resumable]
    if not todo and run.status != "running":
        typer.echo(f"{run.id} is complete: nothing to resume", err=True)
    snapshot = with_concurrency(run.snapshot, concurrency)
    Session(folder=folder, snapshot=snapshot, output=output, replaying=bool(todo)).conduct(run.id, todo)


def rescore_run(folder: ProjectFolder, name: str, judge: str | None, concurrency: int | None, output: Output) -> None:
    """`harness rescore`."""
    database = folder.database()
    run = database.load_run(name)
    snapshot = with_concurrency(run.snapshot, concurrency)
    if judge is not None:
        snapshot = with_judge(folder, snapshot, judge)
        database.change_snapshot(run.id, snapshot)
    keys = [sample.key for sample in run.samples if sample.finished]
    Session(folder=folder, snapshot=snapshot, output=output, replaying=False).conduct(run.id, keys)


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
