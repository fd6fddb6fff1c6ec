"""What a check is, and what it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from harness.core.finding import Argument, Finding, Span
from harness.core.persona import Persona
from harness.core.scenario import Scenario
from harness.core.taxonomy import FAILURES, FailureType, Severity
from harness.text.fold import Folded, fold


@dataclass(frozen=True, slots=True)
class Line:
    """One reply and the user message it answers."""

    turn: int
    user: str
    reply: str
    complete: bool = True
    """False when the reply was cut off: what is missing from it may only not have been reached."""

    dropped: int = 0
    """How many of the first turns the model was not shown any more at this turn."""

    @property
    def folded(self) -> Folded:
        """The reply as patterns should see it."""
        return fold(self.reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One transcript as checks see it: only turns that hold a reply, in order."""

    persona: Persona
    scenario: Scenario
    system: str
    """The system message as it was really sent; empty when there was none."""
    lines: tuple[Line, ...]


class Check(Protocol):
    """A deterministic rule. A frozen dataclass whose fields are its YAML arguments; the class names what it finds."""

    failure_type: ClassVar[FailureType]
    """What it finds, and its name in YAML."""
    MESSAGES: ClassVar[tuple[str, ...]]
    """Every message id its findings can carry, each `<failure type>.<case>`; the report words them all."""

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every violation that can be seen in a chat; nothing where a rule cannot tell."""
        ...


def found(
    line: Line,
    failure_type: FailureType,
    span: Span | None,
    message: str,
    *,
    certainty: float,
    severity: Severity | None = None,
    **arguments: Argument,
) -> Finding:
    """A finding of a check at one place of one reply; severity is the failure type's own unless given."""
    return Finding(
        failure_type=failure_type,
        severity=severity or FAILURES[failure_type].severity,
        certainty=certainty,
        source="check",
        turn=line.turn,
        span=span,
        quote=line.reply[span.start : span.end] if span else "",
        message=message,
        arguments=arguments,
    )
