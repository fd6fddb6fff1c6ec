"""A limit on what a run may cost is never exceeded, whatever the calls turn out to cost."""

import asyncio
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.charge import Cap, Charge, ExchangeRate, ceiling_for
from harness.core.conversation import Completion, Conversation, Message, Usage
from harness.core.model import ModelSpec, Params
from harness.core.run import Settings
from harness.engine.budget import Budget, budget_problems
from harness.engine.calls import Caller
from harness.errors import BudgetSpent, RetryableCall
from harness.providers.scripted import Scripted
from tests.build import MODEL, model, priced, snapshot

from .memory import Counted, Naps, throttle

RATE = ExchangeRate.model_validate({"usd_cny": "7", "as_of": "2026-11-22", "source": "a bank"})
HELLO = Conversation(messages=(Message("user", "你好"),), params=Params(max_tokens=100))


def cents(number: int, currency: str = "USD") -> Charge:
    return Charge(Decimal(number) / 100, currency, "a page")  # type: ignore[arg-type]


def dollars(amount: str) -> Budget:
    return Budget(cap=Cap(amount=Decimal(amount), currency="USD"), rate=RATE)


async def test_what_fits_is_set_aside_and_what_was_not_used_is_given_back() -> None:
    budget = dollars("1")
    first = await budget.reserve(cents(60))
    await budget.settle(first, cents(10))

    second = await budget.reserve(cents(90))
    await budget.settle(second, None)

    assert budget.spent == 1, "an unknown charge counts as its worst case"
    with pytest.raises(
        BudgetSpent, match=r"of 1 USD are spent, .* the next call can cost 0\.01 · 1\.01 USD is the least that helps"
    ):
        await budget.reserve(cents(1))


async def test_a_call_that_costs_more_than_it_should_be_able_to_ends_the_run() -> None:
    budget = dollars("1")
    held = await budget.reserve(cents(1))
    await budget.settle(held, cents(20))

    with pytest.raises(BudgetSpent, match="cost more than its output limit allows"):
        await budget.reserve(cents(1))


async def test_a_call_that_does_not_fit_waits_for_those_under_way() -> None:
    budget = dollars("1")
    held = await budget.reserve(cents(80))
    waiting = asyncio.create_task(budget.reserve(cents(50)))
    await asyncio.sleep(0)
    assert not waiting.done()

    await budget.settle(held, cents(20))

    assert await waiting == Decimal("0.5")


async def test_a_call_that_does_not_fit_even_so_is_refused_in_the_end() -> None:
    budget = dollars("1")
    held = await budget.reserve(cents(80))
    waiting = asyncio.create_task(budget.reserve(cents(50)))
    await asyncio.sleep(0)

    await budget.settle(held, cents(70))

    with pytest.raises(BudgetSpent):
        await waiting


async def test_the_other_currency_is_converted_at_the_rate_that_was_given() -> None:
    budget = dollars("1")

    assert await budget.reserve(cents(350, "CNY")) == Decimal("0.5")
    assert Budget.of(Settings(max_cost=budget.cap, exchange=RATE), {"USD": Decimal(1), "CNY": Decimal(7)}).spent == 2  # type: ignore[union-attr]


def test_a_run_without_a_limit_has_no_budget() -> None:
    assert Budget.of(Settings(), {}) is None


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (model(), "mock/echo has no price"),
        (model(price=priced(currency="CNY"), params={"max_tokens": 9}), "is priced in CNY, the limit is in USD"),
        (model(price=priced()), "nothing bounds how long an answer of mock/echo can be"),
    ],
)
def test_a_limit_that_could_not_be_kept_is_refused(spec: ModelSpec, told: str) -> None:
    limited = snapshot(models={MODEL: spec}, max_cost=Cap(amount=Decimal(1), currency="USD"))

    (problem,) = budget_problems(limited, limited.models)

    assert told in problem.what
    assert problem.remedy
    assert not list(budget_problems(snapshot(models={MODEL: spec}), limited.models))


def test_a_limit_in_another_currency_than_what_was_spent_is_refused_without_a_rate() -> None:
    limited = snapshot(max_cost=Cap(amount=Decimal(1), currency="USD"))

    assert not list(budget_problems(limited, {}, {"USD": Decimal(1), "CNY": Decimal(0)}))
    (problem,) = budget_problems(limited, {}, {"CNY": Decimal(1)})
    assert "another currency than USD" in problem.what


@pytest.mark.parametrize(
    "spec",
    [
        model(price=priced("0", "0", currency="CNY")),
        model(price=priced(), params={"max_tokens": 9}),
        model(price=priced(), rules={"max_output_tokens": 9}),
    ],
)
def test_a_limit_that_can_be_kept_is_not(spec: ModelSpec) -> None:
    limited = snapshot(models={MODEL: spec}, max_cost=Cap(amount=Decimal(1), currency="USD"))

    assert not list(budget_problems(limited, limited.models))


@given(st.lists(st.tuples(st.text(max_size=60), st.integers(1, 400), st.floats(0, 1), st.booleans()), max_size=40))
def test_no_mixture_of_answers_failures_and_unknown_usage_ever_costs_more_than_the_limit(
    calls: list[tuple[str, int, float, bool]],
) -> None:
    """The provider charges up to the worst case for every attempt, told or not."""
    spec = model(price=priced("1", "2"))
    limit = Decimal("0.002")
    charged = Decimal(0)

    def answer(asked: Conversation) -> Completion | Exception:
        nonlocal charged
        said, most, share, told = behind[asked.messages[0].content]
        sent, received = len(said.encode()) + 16, int(most * share)
        charged += (sent + 2 * received) / Decimal(1_000_000)
        usage = Usage(input_tokens=sent, output_tokens=received)
        if not told and share > 0.5:
            return RetryableCall("no answer", maybe_billed=True)
        return Completion(outcome="answered", text="Aye.", usage=usage if told else None)

    behind = {call[0]: call for call in calls}

    async def run() -> None:
        budget = Budget(cap=Cap(amount=limit, currency="USD"))
        caller = Caller(
            name=MODEL, spec=spec, provider=Scripted(answer), throttle=throttle(5, Naps()), flights=Counted(),
            budget=budget,
        )  # fmt: skip
        asked = [
            Conversation(messages=(Message("user", said),), params=Params(max_tokens=most))
            for said, most, _, _ in behind.values()
        ]
        await asyncio.gather(*(caller.call(each) for each in asked), return_exceptions=True)
        assert charged <= budget.spent <= limit

    asyncio.run(run())


@given(st.text(), st.integers(1, 1000))
def test_a_ceiling_covers_a_token_a_byte_and_the_longest_answer(text: str, most: int) -> None:
    asked = Conversation(messages=(Message("user", text),), params=Params(max_tokens=most))

    ceiling = ceiling_for(asked, model(price=priced("3", "5")))

    assert ceiling is not None
    assert ceiling.amount >= (len(text.encode("utf-8", "replace")) * 3 + most * 5) / Decimal(1_000_000)


def test_a_ceiling_is_unknown_where_price_or_length_is() -> None:
    asked = Conversation(messages=(Message("user", "hi"),))

    assert ceiling_for(asked, model()) is None
    assert ceiling_for(asked, model(price=priced())) is None
    assert ceiling_for(asked, model(price=priced("1", "0"))) is not None
