"""What can go wrong on purpose, and to which requests."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast

from harness.core.chance import draw
from harness.errors import InputError, Problem, Problems, did_you_mean

FaultKind = Literal[
    "rate-limit",
    "rate-limit-silent",
    "server-error",
    "bad-gateway",
    "overloaded-page",
    "invalid-key",
    "no-balance",
    "retired",
    "reset",
    "hang",
    "cut",
    "no-end",
    "stream-error",
    "truncated-json",
    "no-choice",
    "empty",
    "no-usage",
    "wrong-usage",
    "slow-drip",
    "filtered",
    "length",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of trouble."""

    means: str
    before_reply: bool
    """It comes instead of a reply, so that nothing was generated and nothing is charged."""


FAULTS: Mapping[FaultKind, Fault] = {
    "rate-limit": Fault("a rate limit that says when to come back", True),
    "rate-limit-silent": Fault("a rate limit that does not", True),
    "server-error": Fault("the provider's own 5xx", True),
    "bad-gateway": Fault("502 with a page of HTML", True),
    "overloaded-page": Fault("200 with a page of HTML", True),
    "invalid-key": Fault("the key is refused", True),
    "no-balance": Fault("the account is empty", True),
    "retired": Fault("the model is gone", True),
    "reset": Fault("the connection is reset before a byte has come", True),
    "hang": Fault("no answer until the client gives up", False),
    "cut": Fault("the connection is reset half-way through the answer", False),
    "no-end": Fault("the text stops without a finish reason", False),
    "stream-error": Fault(
        "the answer turns into an error half-way; not streamed, the error is all there is, in a 200", False
    ),
    "truncated-json": Fault("JSON that breaks off, in an answer that is otherwise whole", False),
    "no-choice": Fault("an answer without a choice", False),
    "empty": Fault("a reply without text", False),
    "no-usage": Fault("a whole reply that does not say what it used", False),
    "wrong-usage": Fault("a whole reply that says nonsense about what it used", False),
    "slow-drip": Fault("a whole reply, a few bytes at a time", False),
    "filtered": Fault("the provider's filter stops the reply half-way", False),
    "length": Fault("the reply is cut off as too long", False),
}

_WRITTEN = re.compile(r"(?P<kind>[^:@]*)(?:(?P<mark>[:@])(?P<rest>.*))?")
_RANGE = re.compile(r"([1-9]\d{0,11})(?:-([1-9]\d{0,11}))?")


@dataclass(frozen=True, slots=True)
class Scripted:
    """A fault that meets the requests from one number to another, counted from 1."""

    kind: FaultKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Likely:
    """A fault that meets a share of all requests."""

    kind: FaultKind
    share: float


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Which request meets which fault."""

    scripted: tuple[Scripted, ...] = ()
    likely: tuple[Likely, ...] = ()

    def meeting(self, number: int, digest: str, attempt: int, seed: int) -> FaultKind | None:
        """What the `attempt`th request with that body meets, which is the `number`th of all; at most one fault.

        A script goes by the number. Chance is drawn from the body and the attempt, so that the order in which
        requests come in changes nothing.
        """
        for scripted in self.scripted:
            if scripted.first <= number <= scripted.last:
                return scripted.kind
        drawn = draw(seed, "fault", digest, attempt) if self.likely else 0.0
        for likely in self.likely:
            if drawn < likely.share:
                return likely.kind
            drawn -= likely.share
        return None


def read_faults(written: Iterable[str]) -> FaultPlan:
    """A plan from what people write: `KIND:SHARE`, `KIND@N` or `KIND@N-M`.

    Raises:
        InputError: with every entry that cannot be read.
    """
    problems = Problems()
    read = [problems.attempt(partial(_read, entry)) for entry in written]
    likely = tuple(one for one in read if isinstance(one, Likely))
    if sum(one.share for one in likely) > 1 + 1e-9:
        problems.found.append(_problem("the shares of all faults sum to more than 1", "lower some"))
    problems.report()
    return FaultPlan(tuple(one for one in read if isinstance(one, Scripted)), likely)


def _read(entry: str) -> Scripted | Likely:
    found = _WRITTEN.fullmatch(entry)
    name, mark, rest = (found["kind"], found["mark"], found["rest"]) if found else (entry, None, "")
    if name not in FAULTS:
        raise InputError(_problem(f"no fault is called {name!r}", did_you_mean(name, tuple(FAULTS))))
    kind = cast(FaultKind, name)
    if mark is None:
        what = f"{entry!r} says neither how often nor when"
        raise InputError(_problem(what, f"write {name}:0.1 for a share, or {name}@7 for the seventh request"))
    return Likely(kind, _share(entry, rest)) if mark == ":" else _range(entry, kind, rest)


def _share(entry: str, written: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(_problem(f"{entry!r}: the share must be from 0 to 1", "write, say, 0.1 for one in ten"))
    return share


def _range(entry: str, kind: FaultKind, written: str) -> Scripted:
    found = _RANGE.fullmatch(written)
    first = int(found[1]) if found else 0
    last = int(found[2] or first) if found else 0
    if not 1 <= first <= last:
        what = f"{entry!r}: no range of requests"
        raise InputError(_problem(what, f"write {kind}@7 or {kind}@7-9, counted from 1"))
    return Scripted(kind, first, last)


def _problem(what: str, remedy: str) -> Problem:
    return Problem(what, remedy, "--fault")
