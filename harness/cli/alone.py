"""A judge at work outside of any run: to be measured, or to compare two chats."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field

from harness.cli.calling import CallOptions, make_benches, make_callers, open_providers, provider_problems
from harness.cli.keys import environment, key_problems
from harness.cli.printing import say
from harness.core.charge import Bill
from harness.core.rating import Ask
from harness.core.run import JudgeSpec, Settings, Snapshot
from harness.engine.budget import Budget, budget_problems
from harness.engine.judging import Bench
from harness.errors import HarnessError, InputError
from harness.report.numbers import bill
from harness.store.journal import Answers
from harness.store.project import ProjectFolder
from harness.version import __version__

FLIGHTS = "judging"
"""The name under which its calls under way are noted: they belong to no run."""


@dataclass(slots=True)
class Ledger:
    """What the calls of a judge cost that belongs to no run."""

    bill: Bill = field(default_factory=Bill)

    async def record(self, ask: Ask) -> None:
        """Add one call; its answer is kept where equal requests look for it."""
        self.bill += Bill.of(ask.call.charges())

    @contextmanager
    def told_when_stopped(self) -> Iterator[None]:
        """Say what was spent when the work does not come to its end."""
        try:
            yield
        except HarnessError:
            say(f"cost of judging so far: {bill(self.bill)}", err=True)
            raise


def judge_alone(folder: ProjectFolder, name: str, spec: JudgeSpec, calls: CallOptions) -> Snapshot:
    """A plan with a judge and nothing to judge: all that calling it needs.

    Raises:
        InputError: its rubric is wrong, or a call option cannot be read.
    """
    return Snapshot(
        version=__version__,
        settings=calls.applied(Settings(judge=name), folder.file.exchange),
        personas={},
        scenarios={},
        prompts={},
        systems={},
        checks={},
        tested=(),
        models={spec.model: folder.catalog[spec.model]},
        judges={name: spec},
        rubrics=folder.load((), (), (spec.rubric,)).rubrics,
    )


def ready_environment(folder: ProjectFolder, snapshot: Snapshot) -> Mapping[str, str]:
    """The environment, when everything that a call needs is there.

    Raises:
        InputError: a key, a provider or a price is missing.
    """
    known = environment(folder)
    problems = key_problems(snapshot.models, snapshot.models, known) + provider_problems(snapshot.models)
    problems += budget_problems(snapshot, snapshot.models, {})
    if problems:
        raise InputError(problems)
    return known


async def open_benches(
    folder: ProjectFolder, snapshot: Snapshot, known: Mapping[str, str], stack: AsyncExitStack
) -> tuple[Bench, ...]:
    """The judges, ready to be asked until the stack closes. Answers are kept as they come."""
    database = folder.database()
    providers = await open_providers(snapshot.models, known, stack)
    answers = stack.enter_context(Answers(database=database))
    budget = Budget.of(snapshot.settings, {})
    return make_benches(snapshot, make_callers(snapshot, providers, database.flights(FLIGHTS), answers, budget))
