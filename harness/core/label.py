"""Labelled replies: what a careful reader says is wrong with one, and what checks and a judge say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

from harness.core.conversation import Message
from harness.core.finding import Finding, Span
from harness.core.persona import Allow, Knowledge, User, Voice
from harness.core.taxonomy import Dimension, FailureType, Language, Severity
from harness.core.value import Line, Name, Value

Provenance = Literal["human", "planted", "authored", "natural"]
CLEAN = "clean"
"""Stands in place of a failure type in a reply without any."""


class _Row(Value):
    """Part of a row of a label file; sets of others carry columns of their own, which are left alone."""

    model_config = ConfigDict(extra="ignore")


def _in_words(written: object) -> object:
    """Cards written as fields, and references written as lists, in lines of text."""
    if isinstance(written, Mapping):
        return "\n".join(f"{name}: {_in_words(value)}" for name, value in written.items())
    return "\n".join(str(_in_words(one)) for one in written) if isinstance(written, list) else written


Words = Annotated[str, BeforeValidator(_in_words)]
"""Text, which label files also write as fields or as a list."""


class LabelledPersona(_Row):
    """Who the reply should have been: a name, and as much of a card as the row tells."""

    name: Line
    description: Words = ""
    nature: Line = "human-like"
    facts: Mapping[Name, Line] = Field(default_factory=dict)
    knowledge: Knowledge = Knowledge()
    voice: Voice = Voice()
    user: User = User()
    greeting: str = ""
    languages: tuple[Language, ...] = ()
    """All that the character speaks; the row's own language when empty."""
    allow: tuple[Allow, ...] = ()


class HumanGrade(_Row):
    """What a person gave the reply in one dimension."""

    value: FiniteFloat
    scale: tuple[FiniteFloat, FiniteFloat]
    """Lowest and highest grade there is."""

    @model_validator(mode="after")
    def _on_the_scale(self) -> Self:
        if not self.scale[0] <= self.value <= self.scale[1] or self.scale[0] == self.scale[1]:
            raise ValueError("value lies outside scale")
        return self


class Label(_Row):
    """One labelled reply: the last message. Either a failure type (or `clean`) or a human grade stands in it."""

    id: Line
    language: Language
    persona: LabelledPersona
    messages: Annotated[tuple[Message, ...], Field(min_length=1)]
    reference: Words | None = None
    """What a faithful character would say or know here."""
    provenance: Provenance
    failure_type: FailureType | Literal["clean"] | None = None
    severity: Severity | Literal["none"] | None = None
    span: str = ""
    """The violating words, as they stand in the reply."""
    dimension: Dimension | None = None
    human: HumanGrade | None = None
    violation: bool | None = None
    """Whether people found the reply to violate the dimension."""

    @model_validator(mode="after")
    def _tells_something(self) -> Self:
        if self.messages[-1].role != "assistant":
            raise ValueError("the last message is not the reply of an assistant")
        if (self.failure_type is None) == (self.dimension is None):
            raise ValueError("either failure_type or dimension must stand in it")
        if self.dimension is not None and self.human is None and self.violation is None:
            raise ValueError("a dimension needs `human` or `violation`")
        if self.broken and self.severity in (None, "none"):
            raise ValueError("a failure type needs a severity: break, lapse or note")
        if self.failure_type == CLEAN and (self.span or self.severity not in (None, "none")):
            raise ValueError("a clean row has no span, and no severity but none")
        if self.span not in self.reply:
            raise ValueError("span does not stand in the last message")
        return self

    @property
    def reply(self) -> str:
        """The reply in question."""
        return self.messages[-1].content

    @property
    def broken(self) -> bool:
        """Whether it is labelled with a failure type."""
        return self.failure_type not in (None, CLEAN)

    @property
    def place(self) -> Span | None:
        """Where the violating words stand in the reply."""
        start = self.reply.find(self.span) if self.span else -1
        return None if start < 0 else Span(start, start + len(self.span))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What checks and a judge say of one labelled reply."""

    label: str
    """The id of the label."""
    findings: tuple[Finding, ...] = ()
    ratings: Mapping[Dimension, float | None] = field(default_factory=dict)
    """0 to 1 by dimension; None where a judge's answer is unscored."""
    violation: float | None = None
    """0 to 1: how surely something is wrong with it."""
    suspicions: Mapping[Dimension, float | None] = field(default_factory=dict)
    """The same by dimension, of a judge."""
    unscored_reason: str | None = None
