"""Money: what calls cost. Unknown is None and never free; currencies are never added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from harness.core.conversation import Usage
from harness.core.model import Currency, Price


@dataclass(frozen=True, slots=True)
class Charge:
    """Money for one call."""

    amount: Decimal
    currency: Currency
    source: str
    """Where the price was read, and when."""


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
