"""One violation, found by a check or a judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from harness.core.taxonomy import FAILURES, Dimension, FailureType, Severity

Argument = str | int | float


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the raw reply in code points, end not included."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation at one place of one reply."""

    failure_type: FailureType
    severity: Severity
    certainty: float
    """0 to 1: how sure the source is."""
    source: str
    """`check` or `judge:<name>`."""
    turn: int
    span: Span | None
    """None when it is about what is not there, such as a missing mention."""
    quote: str
    message: str
    """Id of the sentence that explains it; the report words it."""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    muted: str | None = None
    """Why and by whom it was accepted, if it was."""

    @property
    def dimension(self) -> Dimension:
        """The dimension that the failure type belongs to."""
        return FAILURES[self.failure_type].dimension

    @property
    def by_rule(self) -> bool:
        """Whether a deterministic check found it."""
        return self.source == "check"

    @property
    def judge(self) -> str:
        """The name of the judge who saw it; empty when a rule did."""
        return "" if self.by_rule else self.source.removeprefix("judge:")


def finding_id(reply: str, finding: Finding) -> str:
    """A stable id: the hash of reply, type and span, so that a writer's verdict on it survives a new run."""
    span = (finding.span.start, finding.span.end) if finding.span else finding.message
    digest = blake2b(f"{finding.failure_type}\0{span}\0{reply}".encode("utf-8", "surrogatepass"), digest_size=8)
    return digest.hexdigest()
