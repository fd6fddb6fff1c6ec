"""What is sent to a provider, and what comes back when a call succeeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from pydantic import JsonValue, TypeAdapter

from harness.core.model import ModelSpec, Params

Role = Literal["system", "user", "assistant"]
Outcome = Literal["answered", "truncated", "filtered", "empty", "failed"]
GOOD: frozenset[Outcome] = frozenset({"answered", "truncated"})
"""Outcomes whose text is the model's own, so that the chat can go on from it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands on the wire."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the provider counted them."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    """The part of the input that came from the provider's prefix cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """The JSON an answer must be; providers enforce it as far as their endpoint can."""

    name: str
    schema: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who speaks in a chat, for endpoints that want to be told apart from the prompt."""

    character: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One request: everything a provider needs to answer."""

    messages: tuple[Message, ...]
    params: Params = Params()
    form: AnswerForm | None = None
    cast: Cast | None = None
    """None when the request is no chat with a character, such as a judge's."""
    take: int = 1
    """Which of several answers to the same question is asked for; the first of all others may be known already."""

    def digest(self, spec: ModelSpec, epoch: int) -> str:
        """A fingerprint of this request: equal ones to the same endpoint and model in the same epoch have equal ones.

        No secret takes part in it: headers do as they are written, with their variables unfilled.
        """
        target = (spec.provider, str(spec.base_url), spec.id, spec.cast, spec.structured, spec.headers, spec.extra_body)
        first = {2: {"take"}} if self.take == 1 else None  # so that answers kept before there were others stay known
        content = _REQUEST.dump_json((target, epoch, self), exclude=first)
        return blake2b(content, digest_size=16).hexdigest()


_Target = tuple[str, str, str, str, str, Mapping[str, str], Mapping[str, JsonValue]]
_REQUEST: TypeAdapter[tuple[_Target, int, Conversation]] = TypeAdapter(tuple[_Target, int, Conversation])


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One response that was understood, good or bad."""

    outcome: Outcome
    text: str
    """What the character said; of a filtered reply, what came through before the filter."""
    finish_reason: str | None = None
    usage: Usage | None = None
    first_token_seconds: float | None = None
    """Time to the first piece of text, when streamed."""
