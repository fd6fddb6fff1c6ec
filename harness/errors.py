"""Every exception we raise.

HarnessError                 70   our own bug when it is none of the ones below
├── InputError                2   the author must mend something; nothing was called, nothing was written
├── StoreError                3   what was paid for could not be made durable; the run stops, what was stored is intact
├── RunStopped                3   going on cannot help (bad key, no balance, engine gone); resumable once mended
│   └── BudgetSpent           4   the next call could cost more than the run may; resumable with a higher limit
├── Interrupted             130   SIGINT or SIGTERM
└── CallError                 –   one call to a model went wrong; the engine turns it into an outcome
    ├── RetryableCall         –   the same call may succeed a little later
    ├── LostCall              –   it will not; this sample ends here
    └── RefusedCall           –   no call to this model can succeed; becomes RunStopped
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class HarnessError(Exception):
    """Base of all of ours; `exit_code` is what the process ends with when one reaches the top."""

    exit_code = 70


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what the author wrote, as *where: what · what to do*."""

    what: str
    remedy: str
    where: str = ""
    place: tuple[str | int, ...] = ()
    """The way to the field within its file, where `what` does not begin with it; see `ProjectFolder.located`."""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} · {self.remedy}" if self.remedy else f"{place}{self.what}"


class InputError(HarnessError):
    """Something the author wrote or typed is wrong; all problems found are reported at once."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """Problems gathered from many places, so that they can be reported at once."""

    found: list[Problem] = field(default_factory=list)

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What a function returns, or None with its problems noted."""
        try:
            return read()
        except InputError as error:
            self.found.extend(error.problems)
            return None

    def report(self) -> None:
        """End here if anything was wrong.

        Raises:
            InputError: with every problem, each told once.
        """
        if self.found:
            raise InputError(dict.fromkeys(self.found))


class StoreError(HarnessError):
    """The store could not keep something: disk full, folder read-only, database damaged."""

    exit_code = 3


class RunStopped(HarnessError):
    """A run that cannot go on, whatever sample comes next."""

    exit_code = 3


class BudgetSpent(RunStopped):
    """A run whose cost limit leaves no room for the next call."""

    exit_code = 4


class Interrupted(HarnessError):
    """The user or the system asked the process to stop."""

    exit_code = 130


class CallError(HarnessError):
    """One call to a model failed.

    `status` is the HTTP status when there was one; `maybe_billed` whether the provider may have charged for it all the
    same, as it may once it has begun to answer.
    """

    def __init__(self, message: str, *, status: int | None = None, maybe_billed: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.maybe_billed = maybe_billed


class RetryableCall(CallError):
    """A later identical call may succeed; `retry_after` is the wait in seconds the server asked for.

    `busy` when the provider said that too much is asked of it, so that it had better be left alone.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        maybe_billed: bool = False,
        retry_after: float | None = None,
        busy: bool = False,
    ) -> None:
        super().__init__(message, status=status, maybe_billed=maybe_billed)
        self.retry_after = retry_after
        self.busy = busy


class LostCall(CallError):
    """This request will never succeed (malformed, too long, unreadable answer)."""


class RefusedCall(CallError):
    """No request with this key to this model will succeed (bad key, no balance, model unknown or retired)."""


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """What to do about an unknown name: the nearest known ones, or all of them when none is near."""
    beginnings = [one for one in known if name and one.startswith(name)]
    near = get_close_matches(name, known, n=3, cutoff=0.6) or beginnings[:3]
    if near:
        return "did you mean " + " or ".join(repr(candidate) for candidate in near) + "?"
    if not known:
        return "none is defined"
    shown = ", ".join(sorted(known)[:12])
    return f"known: {shown}" + (", …" if len(known) > 12 else "")
