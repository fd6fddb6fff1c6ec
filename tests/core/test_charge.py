from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.charge import Bill, Charge, charge_for, per_million
from harness.core.conversation import Usage
from harness.core.model import Price
from tests.build import priced

USAGE = Usage(input_tokens=1000, output_tokens=500, cached_tokens=400)


def price(input: str = "1", output: str = "2", **fields: object) -> Price:
    return Price.model_validate(priced(input, output, **fields))


def charge(amount: str, currency: str = "USD") -> Charge:
    return Charge(Decimal(amount), currency, "a page")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("usage", "at"),
    [
        pytest.param(USAGE, None, id="no-price"),
        pytest.param(None, price(), id="no-usage"),
        pytest.param(None, price("0", "2"), id="only-input-free"),
    ],
)
def test_what_is_not_known_is_no_charge_and_never_zero(usage: Usage | None, at: Price | None) -> None:
    assert charge_for(usage, at) is None


@pytest.mark.parametrize("usage", [None, USAGE])
def test_a_model_that_costs_nothing_is_free_even_when_it_counts_no_tokens(usage: Usage | None) -> None:
    assert charge_for(usage, price("0", "0.0")) == Charge(Decimal(0), "USD", "a page, 2026-11-22")


def test_amounts_are_exact_decimals() -> None:
    found = charge_for(Usage(input_tokens=3, output_tokens=7), price("0.44576", "0.89152"))

    assert found is not None
    assert found.amount == Decimal("0.00000757792")
    assert found.source == "a page, 2026-11-22"


@pytest.mark.parametrize(
    ("cached_input", "expected"),
    [
        pytest.param(None, "0.002", id="full-price-when-unknown"),
        pytest.param("0.1", "0.00164", id="its-own-price"),
        pytest.param("0", "0.0016", id="free"),
    ],
)
def test_cached_input_is_charged_at_its_own_price(cached_input: str | None, expected: str) -> None:
    found = charge_for(USAGE, price(cached_input=cached_input))

    assert found is not None
    assert found.amount == Decimal(expected)


def test_a_price_may_be_for_another_number_of_tokens() -> None:
    found = charge_for(USAGE, price("1", "2", per=1000))

    assert found is not None
    assert found.amount == Decimal(2)
    assert per_million(Decimal("1"), price(per=1000)) == Decimal(1000)


def test_an_undiscounted_price_is_for_the_record_only() -> None:
    assert charge_for(USAGE, price()) == charge_for(USAGE, price(list_input="9", list_output="9"))


def test_a_price_says_when_and_where_it_was_read() -> None:
    assert price().as_of == date(2026, 11, 22)
    with pytest.raises(ValueError, match="source"):
        Price.model_validate({**priced(), "source": "  "})


def test_a_price_is_never_negative() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        price("-1")


def test_a_bill_keeps_currencies_apart_and_counts_what_it_could_not_price() -> None:
    bill = Bill.of([charge("0.1"), None, charge("0.2"), charge("3", "CNY"), None])

    assert bill.amounts == {"USD": Decimal("0.3"), "CNY": Decimal(3)}
    assert (bill.calls, bill.unknown_calls) == (5, 2)


def test_a_bill_of_unknown_charges_has_no_amount_at_all() -> None:
    assert Bill.of([None]).amounts == {}
    assert Bill.of([]) == Bill()


amounts = st.decimals(min_value=0, max_value=1000, places=8)
charges = st.none() | st.builds(Charge, amounts, st.sampled_from(["USD", "CNY"]), st.just("a page"))


@given(st.lists(charges), st.lists(charges))
def test_adding_bills_is_billing_everything_at_once(first: list[Charge | None], second: list[Charge | None]) -> None:
    assert Bill.of(first) + Bill.of(second) == Bill.of([*first, *second])
