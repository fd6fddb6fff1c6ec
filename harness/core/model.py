"""A model that can be called: where it lives, what it costs, which messages it takes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AnyUrl, Field, StringConstraints, UrlConstraints, model_validator

from harness.core.value import Line, Value

Currency = Literal["USD", "CNY"]
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*/\S+$")]
"""`provider/id`, as people write it."""
Amount = Annotated[Decimal, Field(ge=0)]


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


class Params(Value):
    """Sampling parameters; one that is unset is not sent at all."""

    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(gt=0)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    seed: int | None = None
    stop: tuple[str, ...] | None = None


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
    stream: bool = False
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds without an answer after which a call is given up."""
    params: Params = Params()
    price: Price | None = None
    """None when unknown, which is not the same as free."""
    rules: MessageRules = MessageRules()
    structured: Literal["json_schema", "json_object", "none"] = "none"
    """How a judge on this model is held to its answer's form."""
    concurrency: Annotated[int, Field(gt=0)] = 8
    """How many calls may be under way at once."""
    notes: tuple[Line, ...] = ()
    """What a user should know before choosing it."""

    @model_validator(mode="after")
    def _has_an_endpoint(self) -> Self:
        if self.provider == "openai" and self.base_url is None:
            raise ValueError("`base_url` is missing")
        return self


Catalog = Mapping[str, ModelSpec]
