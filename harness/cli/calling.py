"""How the models of a run are called: what a command line says about it, and everything a caller is made of."""

import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from decimal import Decimal

from harness.cli.keys import access_to
from harness.core.charge import Cap, ExchangeRate
from harness.core.journal import Cache, Flights
from harness.core.model import Currency, ModelSpec
from harness.core.run import Settings, Snapshot
from harness.engine.budget import Budget
from harness.engine.calls import Caller
from harness.engine.judging import Bench
from harness.engine.limits import Limits, Throttle
from harness.errors import InputError, Problem, did_you_mean
from harness.judges import SheetJudge
from harness.providers import Provider, provider_classes

_CAP = re.compile(r"([$¥]?)\s*(\d+(?:\.\d+)?)\s*([A-Za-z]{3})?")
_SIGNS: Mapping[str, Currency] = {"$": "USD", "¥": "CNY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """What a command line says about calls; None leaves a thing to the run as it was planned."""

    concurrency: int | None = None
    max_cost: str | None = None
    cache: bool | None = None
    """True for the models under test as well as judges, False for nobody."""

    def applied(self, settings: Settings, exchange: ExchangeRate | None) -> Settings:
        """The settings of a run with what the command line says in them.

        Raises:
            InputError: the cost limit cannot be read.
        """
        changes: dict[str, object] = {"exchange": exchange or settings.exchange}
        if self.concurrency is not None:
            changes["concurrency"] = self.concurrency
        if self.max_cost is not None:
            changes["max_cost"] = cap_of(self.max_cost)
        if self.cache is not None:
            changes["cache"] = "all" if self.cache else "none"
        return settings.model_copy(update=changes)


def cap_of(text: str) -> Cap:
    """A cost limit as people write it: `2.00 USD`, `$2`, `15 CNY`, `¥15`.

    Raises:
        InputError: it is none, or its currency is not known.
    """
    found = _CAP.fullmatch(text.strip())
    named = (found[3] or "").upper() if found else ""
    currency = _SIGNS.get(found[1]) if found and found[1] else None
    if (
        found is None
        or named not in ("", "USD", "CNY")
        or (currency and named and currency != named)
        or Decimal(found[2]) == 0
    ):
        raise InputError(Problem(f"--max-cost: {text!r} is no amount", 'write it like "2.00 USD" or "15 CNY"'))
    if not currency and not named:
        raise InputError(
            Problem(f"--max-cost: {text!r} names no currency", f'write "{found[2]} USD" or "{found[2]} CNY"')
        )
    return Cap(amount=Decimal(found[2]), currency=currency or ("USD" if named == "USD" else "CNY"))


def provider_problems(called: Mapping[str, ModelSpec]) -> list[Problem]:
    """A problem for each model whose `provider` is none that there is."""
    known = tuple(provider_classes())
    return [
        Problem(f"models.{name}.provider: no provider {spec.provider!r}", did_you_mean(spec.provider, known))
        for name, spec in called.items()
        if spec.provider not in known
    ]


async def open_providers(
    models: Mapping[str, ModelSpec], known: Mapping[str, str], stack: AsyncExitStack
) -> Mapping[str, Provider]:
    """The adapter to each model, open until the stack closes."""
    classes = provider_classes()
    return {
        name: await stack.enter_async_context(classes[spec.provider].open(spec, access_to(spec, known)))
        for name, spec in models.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Who calls the models of a run, by their names."""

    tested: Mapping[str, Caller]
    judges: Mapping[str, Caller]
    """A model may be under test and a judge: then it has a caller in each role, which differ in their cache."""


def make_callers(
    snapshot: Snapshot, providers: Mapping[str, Provider], flights: Flights, cache: Cache, budget: Budget | None
) -> Callers:
    """Callers that share their providers' limits and the run's budget."""
    throttles = _throttles({name: snapshot.models[name] for name in providers}, snapshot.settings.concurrency)
    every = {
        name: Caller(
            name=name,
            spec=snapshot.models[name],
            provider=provider,
            throttle=throttles[name],
            flights=flights,
            budget=budget,
        )
        for name, provider in providers.items()
    }
    chosen = snapshot.settings.cache
    judging = {spec.model for spec in snapshot.judges.values()}
    return Callers(
        tested={n: replace(every[n], cache=cache if chosen == "all" else None) for n in snapshot.tested if n in every},
        judges={n: replace(every[n], cache=cache if chosen != "none" else None) for n in judging if n in every},
    )


def make_benches(snapshot: Snapshot, callers: Callers) -> tuple[Bench, ...]:
    """The judges of a run, each with the model behind it."""
    benches = []
    for name, spec in snapshot.judges.items():
        caller = callers.judges[spec.model]
        rubric = snapshot.rubrics[spec.rubric]
        judge = SheetJudge(name=name, rubric=rubric, spec=caller.spec, samples=spec.samples)
        benches.append(Bench(judge=judge, caller=caller))
    return tuple(benches)


def _throttles(models: Mapping[str, ModelSpec], concurrency: int | None) -> dict[str, Throttle]:
    """One for each provider's endpoint, by the names of its models."""
    endpoints = {name: (name.partition("/")[0], str(spec.base_url)) for name, spec in models.items()}
    shared = {
        endpoint: Throttle(Limits.of((models[name] for name in models if endpoints[name] == endpoint), concurrency))
        for endpoint in set(endpoints.values())
    }
    return {name: shared[endpoint] for name, endpoint in endpoints.items()}
