"""What a profile is: how one provider takes requests, and how it words what it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

Json = Mapping[str, object]
Finish = Literal["stop", "length", "filtered"]
Telling = Literal["right", "none", "wrong"]
"""What the client is told about its usage."""

RefusalKind = Literal[
    "malformed",
    "bad_key",
    "no_balance",
    "retired",
    "rate_limit",
    "server_error",
    "filtered_input",
    "filtered_output",
]
"""Why a request gets no reply."""

RuleName = Literal["body", "parameter", "null", "roles", "system", "alternate", "user_last", "content", "too_many"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a request."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A chat request as it was understood."""

    id: str
    """The same for equal requests, so that equal requests get equal bytes."""
    model: str
    messages: tuple[Said, ...]
    body: Json
    """All that was posted."""
    stream: bool = False
    wants_usage: bool = False
    """`stream_options.include_usage` was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the model generated."""

    text: str
    finish: Finish | None
    """None when the client is never told why the text ends."""
    prompt_tokens: int
    completion_tokens: int
    telling: Telling = "right"


@dataclass(frozen=True, slots=True)
class Page:
    """A whole HTTP answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a provider takes. A limit that is None is not enforced."""

    roles: frozenset[str] = frozenset({"system", "user", "assistant"})
    max_messages: int | None = None
    alternate: bool = False
    """User and assistant take turns and the user begins; a system message may stand before."""
    user_last: bool = False
    one_system: bool = False
    content_required: bool = False
    null_refused: bool = False
    """Parameters that are null fail, though ones that are absent are fine."""
    above_zero: frozenset[str] = frozenset()
    """Parameters whose range begins just above its lower end."""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """The lowest and highest number each parameter may be."""
    max_input_tokens: int | None = None
    """What is beyond it is lost from the front, and nothing says so."""
    stops_after: bool = False
    """A reply keeps the stop text that ended it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a request breaks."""

    rule: RuleName
    said: str


class Profile(Protocol):
    """One provider as its clients meet it."""

    name: ClassVar[str]
    """What `--profile` calls it."""
    model: ClassVar[str]
    """The model it serves; any other id is answered all the same."""
    rules: ClassVar[Rules]
    row: ClassVar[Json]
    """What a catalog row for it says beside its address and id."""
    retry_after: ClassVar[bool]
    """Whether a rate limit of its own says when to come back."""
    refuses_filtered: ClassVar[bool]
    """Whether a whole reply that its filter stops is refused; if not, the part before comes with a finish reason."""

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """The answer to a request that gets no reply."""
        ...

    def whole(self, ask: Ask, reply: Reply) -> Json:
        """A reply in one piece."""
        ...

    def events(self, ask: Ask, reply: Reply) -> Iterable[Json]:
        """A reply in the pieces of a stream, without the mark at its end."""
        ...

    def without_choice(self, ask: Ask) -> Json:
        """An answer that looks well and says nothing."""
        ...

    def stream_error(self, ask: Ask) -> Json:
        """What a stream carries when the model fails while it speaks."""
        ...

    def tells_usage(self, ask: Ask, reply: Reply) -> bool:
        """Whether a reply that ends says what it used."""
        ...

    def wrong_path(self, path: str) -> Page:
        """What stands where no endpoint is."""
        ...

    def models(self) -> Json:
        """The list of models."""
        ...
