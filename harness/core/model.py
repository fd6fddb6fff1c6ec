"""A model that can be called: where it lives, what it costs, which messages it takes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AnyUrl, Field, JsonValue, StringConstraints, UrlConstraints, field_validator, model_validator

from harness.core.value import Line, Value

Currency = Literal["USD", "CNY"]
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*/\S+$")]
"""`provider/id`, as people write it."""
Amount = Annotated[Decimal, Field(ge=0)]
VARIABLE = re.compile(r"\$\{(\w+)\}")
"""Where a header or a proxy address takes a part from the environment, so that no secret stands in a file."""
USER = re.compile(r"//[^/$]*@")
SECRET_NAME = re.compile(r"auth|cookie|secret|password|(\b|[-_])(key|token)$", re.IGNORECASE)
"""How headers and fields are called that hold secrets."""
OUR_FIELDS = frozenset(
    {"model", "messages", "stream", "stream_options", "n", "max_tokens", "max_completion_tokens", "seed"}
)
"""What `extra_body` may not hold: the ceiling of a call's cost is reckoned from them."""


_SAME_HOUSE = {"chatgpt": "gpt", "o": "gpt", "hy": "hunyuan", "abab": "minimax", "charglm": "glm", "qwq": "qwen"}
"""Other beginnings of names of the same house's models."""


class Price(Value):
    """What tokens cost, and who says so."""

    currency: Currency
    input: Amount
    """For `per` input tokens."""
    output: Amount
    """For `per` output tokens."""
    cached_input: Amount | None = None
    """For `per` input tokens that the provider took from its cache; the input price when absent."""
    per: Annotated[int, Field(gt=0)] = 1_000_000
    as_of: date
    """The day the price was read."""
    source: Line
    """Where it was read."""
    list_input: Amount | None = None
    """The undiscounted input price, for the record."""
    list_output: Amount | None = None
    """The undiscounted output price, for the record."""


class MessageRules(Value):
    """What an endpoint accepts as a conversation."""

    max_messages: Annotated[int, Field(gt=0)] | None = None
    alternate: bool = False
    """User and assistant must take turns, the user first."""
    system_first: bool = True
    """The system message must be the first; what we send always is like that."""
    greeting: Literal["assistant", "in_system", "omit"] = "assistant"
    """Where a persona's greeting goes."""
    max_input_tokens: Annotated[int, Field(gt=0)] | None = None
    max_output_tokens: Annotated[int, Field(gt=0)] | None = None
    history: Literal["refuse", "keep_system_drop_oldest"] = "refuse"
    """What happens when a chat outgrows the limits."""
    seed: Literal["none", "any", "positive_10000"] = "any"
    """Which seeds it takes."""


class Range(Value):
    """The values a provider admits for a parameter."""

    least: float | None = None
    above: float | None = None
    """A lower bound that is not admitted itself."""
    most: float | None = None

    def admits(self, number: float) -> bool:
        """Whether a value lies within."""
        low = (self.least is None or number >= self.least) and (self.above is None or number > self.above)
        return low and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        bounds = (("at least", self.least), ("above", self.above), ("at most", self.most))
        return ", ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)


class Params(Value):
    """Sampling parameters; one that is unset is not sent at all."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(gt=0)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    seed: int | None = None
    stop: tuple[str, ...] | None = None


Ranged = Literal["temperature", "top_p", "frequency_penalty", "presence_penalty"]
"""The parameters whose range differs between providers; for `max_tokens` see `rules.max_output_tokens`."""


class ModelSpec(Value):
    """One row of the catalog, from the shipped one or from `harness.yaml`."""

    provider: Line = "openai"
    """Which adapter speaks to it: `openai` for any OpenAI-compatible endpoint, `local` for the embedded engine."""
    base_url: Annotated[AnyUrl, UrlConstraints(allowed_schemes=["http", "https"])] | None = None
    """The endpoint, up to and without `/chat/completions`."""
    id: Line
    """The model's name on the wire."""
    api_key_env: tuple[Line, ...] = ()
    """Environment variables that may hold the key, in order; empty when none is needed."""
    headers: Mapping[Line, Line] = Field(default_factory=dict)
    """Sent with each request; `${NAME}` stands for a variable of the environment, and secrets must be written so."""
    proxy: Line | None = None
    """The proxy to go through, in place of what HTTPS_PROXY and its like say; `${NAME}` as in headers."""
    stream: bool = False
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds without an answer after which a call is given up."""
    params: Params = Params()
    ranges: Mapping[Ranged, Range] = Field(default_factory=dict)
    """What the provider admits, where it is less than what the format does."""
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    """What the endpoint calls the output limit."""
    extra_body: Mapping[Line, JsonValue] = Field(default_factory=dict)
    """Fields of the provider's own, laid into each request."""
    cast: Literal["prompt", "names", "meta"] = "prompt"
    """How the endpoint learns who speaks: from the prompt alone, from a `name` on each message as well (MiniMax), or
    from a `meta` object in the prompt's place (Zhipu's character models)."""
    price: Price | None = None
    """None when unknown, which is not the same as free."""
    rules: MessageRules = MessageRules()
    context_tokens: Annotated[int, Field(gt=0)] | None = None
    """Input and output together; for the record."""
    structured: Literal["json_schema", "tool", "json_object", "none"] = "none"
    """How a judge on this model is held to the form of its answer: by a JSON schema, the parameters of a tool that it
    must call, JSON of any shape, or the prompt alone."""
    concurrency: Annotated[int, Field(gt=0)] = 8
    """How many calls may be under way at once to the provider."""
    requests_per_minute: Annotated[int, Field(gt=0)] | None = None
    tokens_per_minute: Annotated[int, Field(gt=0)] | None = None
    """Input and output together."""
    retired: date | None = None
    """The day the provider announced as its end."""
    notes: tuple[Line, ...] = ()
    """What a user should know before choosing it."""

    @field_validator("headers")
    @classmethod
    def _keeps_no_secret(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        for name, content in headers.items():
            if SECRET_NAME.search(name) and VARIABLE.search(content) is None:
                raise ValueError(f"{name} is a secret: write ${{NAME}} and set NAME in the environment")
        return headers

    @field_validator("extra_body")
    @classmethod
    def _leaves_ours_alone(cls, extra: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        for name in extra:
            if name in OUR_FIELDS:
                raise ValueError(
                    f"`{name}` is not for `extra_body`: it is set elsewhere in the row, or for each request"
                )
            if SECRET_NAME.search(name):
                raise ValueError(f"`{name}` looks like a secret: send it as a header, from the environment")
        return extra

    @model_validator(mode="after")
    def _has_an_endpoint(self) -> Self:
        if self.provider == "openai" and self.base_url is None:
            raise ValueError("`base_url` is missing")
        if self.base_url is not None and (self.base_url.username or self.base_url.password or self.base_url.query):
            raise ValueError("`base_url` holds a user, a password or a query: send secrets as a header")
        if self.proxy is not None and USER.search(self.proxy):
            raise ValueError("`proxy` holds a user or a password: write ${NAME} and set NAME in the environment")
        return self

    @property
    def most_output_tokens(self) -> int | None:
        """The most that an answer can have when no parameter says less; None when nothing bounds it."""
        return self.rules.max_output_tokens or self.context_tokens

    @property
    def family(self) -> str:
        """What models of one house have in common in their names: `gpt`, `hunyuan`, `deepseek`."""
        letters = re.match(r"[a-z]+", self.id.rpartition("/")[2].lower())
        return _SAME_HOUSE.get(letters[0], letters[0]) if letters else self.id

    @property
    def coldest(self) -> float:
        """The lowest temperature that the provider takes."""
        bound = self.ranges.get("temperature", Range())
        return bound.above + 0.01 if bound.above is not None else bound.least or 0.0

    def params_out_of_range(self) -> Iterator[tuple[str, str]]:
        """Parameters that the provider would refuse: each with what it takes."""
        for name, bounds in self.ranges.items():
            number = getattr(self.params, name)
            if number is not None and not bounds.admits(number):
                yield name, str(bounds)
        asked, most = self.params.max_tokens, self.rules.max_output_tokens
        if asked is not None and most is not None and asked > most:
            yield "max_tokens", f"at most {most:,}"

    def variables(self) -> Iterator[str]:
        """The variables that headers and proxy take their secrets from."""
        for text in (*self.headers.values(), self.proxy or ""):
            yield from VARIABLE.findall(text)


Catalog = Mapping[str, ModelSpec]
