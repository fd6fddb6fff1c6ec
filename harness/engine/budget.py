"""The ceiling on what a run may cost: no call starts whose worst case does not fit under it any more."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from harness.core.charge import Cap, Charge, ExchangeRate
from harness.core.model import Currency, ModelSpec
from harness.core.run import Settings, Snapshot
from harness.errors import BudgetSpent, Problem


@dataclass(slots=True, kw_only=True)
class Budget:
    """Money for one run, in the currency of its limit."""

    cap: Cap
    rate: ExchangeRate | None = None
    spent: Decimal = Decimal(0)
    """Known charges, and the worst case of unknown ones."""
    _overcharged: bool = False
    """Whether a call cost more than it should have been able to, so that no ceiling can be kept any more."""
    _held: Decimal = Decimal(0)
    """The worst case of the calls under way."""
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    @classmethod
    def of(cls, settings: Settings, spent: Mapping[Currency, Decimal]) -> "Budget | None":
        """The budget of a run that cost so much already; None when it has no limit."""
        if settings.max_cost is None:
            return None
        budget = cls(cap=settings.max_cost, rate=settings.exchange)
        budget.spent = sum((budget._converted(amount, currency) for currency, amount in spent.items()), Decimal(0))
        return budget

    async def reserve(self, ceiling: Charge | None) -> Decimal:
        """Set aside what a call can cost at most, and return that; see `settle`.

        While it does not fit, wait for calls under way to turn out cheaper than they might have been.

        Raises:
            BudgetSpent: it does not fit, and nothing is under way.
        """
        if ceiling is None:
            raise BudgetSpent(f"a call's cost has no bound, so that the limit of {self.cap} could not be kept")
        worst = self._converted(ceiling.amount, ceiling.currency)
        async with self._settled:
            while self._overcharged or self.spent + self._held + worst > self.cap.amount:
                if self._overcharged or not self._held:
                    raise BudgetSpent(self._refusal(worst))
                await self._settled.wait()
            self._held += worst
        return worst

    async def settle(self, worst: Decimal, charge: Charge | None) -> None:
        """Replace what was set aside by what it came to; an unknown charge counts as its worst case."""
        cost = worst if charge is None else self._converted(charge.amount, charge.currency)
        async with self._settled:
            self._held -= worst
            self.spent += cost
            self._overcharged = self._overcharged or cost > worst
            self._settled.notify_all()

    def _refusal(self, worst: Decimal) -> str:
        if self._overcharged:
            return f"a call cost more than its output limit allows, so that the limit of {self.cap} cannot be kept"
        return (
            f"the cost limit leaves no room: {_rounded(self.spent)} of {self.cap} are spent, or set aside for calls of "
            f"unknown cost, and the next call can cost {_rounded(worst)} · {_rounded(self.spent + worst)} "
            f"{self.cap.currency} is the least that helps, or a lower `params.max_tokens`"
        )

    def _converted(self, amount: Decimal, currency: Currency) -> Decimal:
        if self.rate is None:
            return amount
        return self.rate.convert(amount, currency, self.cap.currency)


def budget_problems(
    snapshot: Snapshot, called: Mapping[str, ModelSpec], spent: Mapping[Currency, Decimal] | None = None
) -> Iterator[Problem]:
    """Why the limit could not be kept: one problem for each model whose calls have no bound in its currency.

    A model that only judges is bounded by what is asked of it. `spent` is what the run has cost so far.
    """
    cap, exchange = snapshot.settings.max_cost, snapshot.settings.exchange
    if cap is None:
        return
    if exchange is None and any(amount and currency != cap.currency for currency, amount in (spent or {}).items()):
        what = f"--max-cost: the run has cost money in another currency than {cap.currency}"
        yield Problem(what, "give the limit in that currency, or set `exchange` in harness.yaml")
    for name, spec in called.items():
        price = spec.price
        if price is None:
            what = f"--max-cost: {name} has no price, so that no limit can be kept"
            yield Problem(what, f"set models.{name}.price in harness.yaml, or leave the limit out")
        elif price.currency != cap.currency and exchange is None and (price.input or price.output):
            what = f"--max-cost: {name} is priced in {price.currency}, the limit is in {cap.currency}"
            yield Problem(what, "give the limit in that currency, or set `exchange` in harness.yaml")
        elif price.output and name in snapshot.tested and not (spec.params.max_tokens or spec.most_output_tokens):
            what = f"--max-cost: nothing bounds how long an answer of {name} can be"
            yield Problem(what, f"set models.{name}.params.max_tokens in harness.yaml")


def _rounded(amount: Decimal) -> str:
    return f"{amount:.4g}"
