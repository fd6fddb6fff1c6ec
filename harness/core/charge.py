"""Money: what calls cost. Unknown is None and never free; currencies are never added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from harness.core.conversation import Conversation, Usage
from harness.core.model import Currency, ModelSpec, Price
from harness.core.value import Line, Value


@dataclass(frozen=True, slots=True)
class Charge:
    """Money for one call."""

    amount: Decimal
    currency: Currency
    source: str
    """Where the price was read, and when."""

    def times(self, count: int) -> "Charge":
        """The same charge so many times."""
        return Charge(self.amount * count, self.currency, self.source)


def charge_for(usage: Usage | None, price: Price | None) -> Charge | None:
    """The charge for what a provider says it used; None when the price, or the usage that it needs, is unknown."""
    if price is None:
        return None
    source = f"{price.source}, {price.as_of.isoformat()}"
    if not price.input and not price.output:
        return Charge(Decimal(0), price.currency, source)
    if usage is None:
        return None
    fresh = usage.input_tokens - usage.cached_tokens
    cached = price.input if price.cached_input is None else price.cached_input
    total = fresh * price.input + usage.cached_tokens * cached + usage.output_tokens * price.output
    return Charge(total / price.per, price.currency, source)


TOKENS_A_MESSAGE = 16
"""More than any chat template spends on saying who speaks."""


def ceiling_for(conversation: Conversation, spec: ModelSpec) -> Charge | None:
    """The most that one attempt at a request can cost; None when its price or the length of its answer has no bound.

    Every tokenizer in use makes at most one token of a byte, so the input has no more tokens than UTF-8 bytes.
    """
    if spec.price is None:
        return None
    most = conversation.params.max_tokens or spec.most_output_tokens
    if most is None and spec.price.output:
        return None
    sent = sum(len(message.content.encode("utf-8", "replace")) for message in conversation.messages)
    sent += TOKENS_A_MESSAGE * (len(conversation.messages) + 1)
    if conversation.cast is not None and spec.cast != "prompt":
        who = (conversation.cast.character, conversation.cast.user)
        sent += max(len(name.encode("utf-8", "replace")) for name in who) * (len(conversation.messages) + 1)
    if spec.extra_body:
        sent += len(repr(spec.extra_body).encode("utf-8", "replace"))
    if conversation.form is not None:
        sent += len(repr(conversation.form.schema).encode("utf-8", "replace"))
    dearest = max(spec.price.input, spec.price.cached_input or Decimal(0))
    amount = (sent * dearest + (most or 0) * spec.price.output) / spec.price.per
    return Charge(amount, spec.price.currency, f"{spec.price.source}, {spec.price.as_of.isoformat()}")


class Cap(Value):
    """The most that a run may cost."""

    amount: Annotated[Decimal, Field(gt=0)]
    currency: Currency

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class ExchangeRate(Value):
    """What a dollar was worth on a day; only a cost limit converts, bills never do."""

    usd_cny: Annotated[Decimal, Field(gt=0)]
    """Yuan for a dollar."""
    as_of: date
    source: Line

    def convert(self, amount: Decimal, currency: Currency, into: Currency) -> Decimal:
        """An amount in the other currency."""
        if currency == into:
            return amount
        return amount * self.usd_cny if into == "CNY" else amount / self.usd_cny


def per_million(amount: Decimal, price: Price) -> Decimal:
    """One of a price's amounts for a million tokens, as providers quote them."""
    return (amount * 1_000_000 / price.per).normalize()


@dataclass(frozen=True, slots=True)
class Bill:
    """A sum of charges: one amount a currency, and how many calls could not be priced."""

    amounts: Mapping[Currency, Decimal] = field(default_factory=dict)
    unknown_calls: int = 0
    calls: int = 0

    @classmethod
    def of(cls, charges: Iterable[Charge | None]) -> "Bill":
        """Add up charges, counting the unknown ones; see `Call.charges`."""
        amounts: dict[Currency, Decimal] = {}
        unknown = calls = 0
        for charge in charges:
            calls += 1
            if charge is None:
                unknown += 1
            else:
                amounts[charge.currency] = amounts.get(charge.currency, Decimal(0)) + charge.amount
        return cls(amounts=amounts, unknown_calls=unknown, calls=calls)

    def __add__(self, other: "Bill") -> "Bill":
        amounts = dict(self.amounts)
        for currency, amount in other.amounts.items():
            amounts[currency] = amounts.get(currency, Decimal(0)) + amount
        return Bill(amounts, self.unknown_calls + other.unknown_calls, self.calls + other.calls)
