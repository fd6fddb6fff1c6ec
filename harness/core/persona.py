"""Who the model must be."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.core.taxonomy import FailureType, Language
from harness.core.value import FromPath, Line, Name, Value

Narration = Literal["none", "asterisks", "brackets"]


class Knowledge(Value):
    """What the character can and cannot know."""

    era: str = ""
    """When and where the character lives, in words: `late medieval fantasy`."""
    knows: tuple[Line, ...] = ()
    """Things the character is at home with."""
    unknown: tuple[Line, ...] = ()
    """Things the character cannot have heard of; naming one as if known is an anachronism."""


class Voice(Value):
    """How the character speaks."""

    register_: Annotated[str, Field(alias="register")] = ""
    """The tone in a few words: `gruff and witty`."""
    calls_self: tuple[Line, ...] = ()
    """How the character refers to itself."""
    calls_user: tuple[Line, ...] = ()
    """How the character addresses the user."""
    says: tuple[Line, ...] = ()
    """Catch-phrases; allowed to recur."""
    never_says: tuple[Line, ...] = ()
    """Words that would betray the voice."""
    examples: tuple[Line, ...] = ()
    """Lines the character might say."""


class User(Value):
    """Who the user plays."""

    name: Line = "the user"
    """What prompts call the user."""


class Allow(Value):
    """A finding that a writer has accepted."""

    failure_type: FailureType
    """The failure type that is fine here."""
    reason: Line
    """Why it is fine."""
    author: Line
    """Who says so."""
    quote: str | None = None
    """Only findings whose quote contains this text; every finding of the type when absent."""


class Persona(FromPath):
    """One character, from `scenarios/<id>/persona.yaml`."""

    name: Line
    """The character's name."""
    nature: Line = "human-like"
    """What the character is: human-like, machine, animal, spirit, …; a machine may say that it is one."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    """Languages the character speaks, the main one first."""
    description: Line
    """The character in a few sentences."""
    facts: Mapping[Name, Line] = Field(default_factory=dict)
    """Checkable statements by id."""
    knowledge: Knowledge = Knowledge()
    voice: Voice = Voice()
    narration: Narration = "none"
    """How actions are written: not at all, *between asterisks*, or (in brackets)."""
    user: User = User()
    greeting: str = ""
    """The character's opening line, if the chat starts with one."""
    allow: tuple[Allow, ...] = ()
    """Findings that writers have accepted."""

    @model_validator(mode="after")
    def _languages_differ(self) -> Self:
        if len(set(self.languages)) != len(self.languages):
            raise ValueError("a language stands twice")
        return self

    @property
    def language(self) -> Language:
        """The main language."""
        return self.languages[0]
