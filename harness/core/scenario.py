"""A persona's scripted chat."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from harness.core.persona import Allow
from harness.core.taxonomy import FailureType, Language, ProbeKind
from harness.core.value import FromPath, Line, Name, Value

Phrase = Line | Annotated[tuple[Line, ...], Field(min_length=1)]
"""A phrase to look for, or a list of which any one will do."""
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1)]

CheckEntry = FailureType | Annotated[Mapping[FailureType, Mapping[str, JsonValue]], Field(min_length=1, max_length=1)]
"""A check by the failure type it finds, or with its arguments: `length` · `{length: {max_chars: 600}}`."""


class Expectation(Value):
    """What one reply must do. Exactly one kind stands in each entry of an `expect` list."""

    mentions: Phrases | None = None
    """All of these occur in the reply."""
    forbids: Phrases | None = None
    """None of these occurs."""
    matches: Line | None = None
    """This RE2 pattern is found, whatever the case of letters."""
    recalls: Phrases | None = None
    """What the user said earlier comes back; a miss is `forgetting`."""
    max_chars: Annotated[int, Field(ge=1)] | None = None
    """The reply has at most this many characters."""
    min_chars: Annotated[int, Field(ge=1)] | None = None
    """The reply has at least this many characters."""
    language: Language | None = None
    """The reply is in this language."""
    judge: Line | None = None
    """A yes/no question for the judge, as a statement that should hold."""
    failure_type: FailureType | None = None
    """What a miss is called, if not `unmet_expectation`."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [name for name in EXPECTATION_KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none"
            raise ValueError(f"one of {', '.join(EXPECTATION_KINDS)} must stand in each entry; found {found}")
        return self


EXPECTATION_KINDS = tuple(name for name in Expectation.model_fields if name != "failure_type")


class Turn(Value):
    """One scripted user message, and what is expected of the reply to it."""

    user: Line
    """What the user says: a template in which `persona` is known."""
    assistant: Line | None = None
    """With `history: scripted`, the reply that later turns see instead of the model's own."""
    expect: tuple[Expectation, ...] = ()
    probe: ProbeKind | None = None
    """How this turn tempts the character, if it does."""
    reference: Line | None = None
    """What a faithful character would say or know here; the judge is shown it."""
    about: Name | None = None
    """The fact of the persona that is at stake."""


class CheckChoice(Value):
    """Checks added to or left out of the package's default set."""

    add: tuple[CheckEntry, ...] = ()
    skip: tuple[FailureType, ...] = ()


class Scenario(FromPath):
    """One scripted chat, from `scenarios/<persona>/<name>.yaml`."""

    title: Line
    tags: tuple[Name, ...] = ()
    history: Literal["live", "scripted"] = "live"
    """Whether later turns see the model's own replies or the `assistant` lines given here."""
    turns: Annotated[tuple[Turn, ...], Field(min_length=1)]
    checks: CheckChoice = CheckChoice()
    allow: tuple[Allow, ...] = ()
    """Findings that writers have accepted."""

    @model_validator(mode="after")
    def _script_fits_history(self) -> Self:
        scripted = self.history == "scripted"
        for number, turn in enumerate(self.turns, 1):
            if scripted and turn.assistant is None and number < len(self.turns):
                raise ValueError(f"turn {number} has no `assistant` line, which `history: scripted` needs")
            if not scripted and turn.assistant is not None:
                raise ValueError(f"turn {number} has an `assistant` line, which `history: live` never shows")
        return self

    @property
    def persona(self) -> str:
        """The id of the persona, the first half of ours."""
        return self.id.partition("/")[0]
