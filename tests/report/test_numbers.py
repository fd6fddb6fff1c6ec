from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from harness.core.charge import Bill
from harness.core.model import Currency
from harness.report import numbers
from harness.report.wording.findings import ReportLanguage

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (None, "–"),
        (0, "0%"),
        (0.0004, "<0.1%"),
        (0.001, "0.1%"),
        (0.05, "5%"),
        (1 / 3, "33.3%"),
        (0.9989, "99.9%"),
        (0.9996, ">99.9%"),
        (1, "100%"),
    ],
)
def test_a_share_rounds_to_nothing_only_when_there_is_nothing(share: float | None, written: str) -> None:
    assert numbers.percent(share) == written


@pytest.mark.parametrize(("low", "high", "written"), [(0.25, 1, "25–100%"), (0, 0, "0–0%"), (0.0004, 0.5, "<0.1–50%")])
def test_bounds_share_a_percent_sign(low: float, high: float, written: str) -> None:
    assert numbers.percent_between(low, high) == written


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("0", "USD", "$0"),
        ("0.0000000", "CNY", "¥0"),
        ("0.00000004", "USD", "<$0.000001"),
        ("0.000001", "USD", "$0.000001"),
        ("0.0004", "USD", "$0.0004"),
        ("0.000412", "USD", "$0.00041"),
        ("0.012", "CNY", "¥0.012"),
        ("0.5", "USD", "$0.50"),
        ("0.996", "USD", "$1.00"),
        ("0.0999", "USD", "$0.10"),
        ("1", "USD", "$1.00"),
        ("1.005", "USD", "$1.01"),
        ("12345.6", "CNY", "¥12,345.60"),
    ],
)
def test_money_keeps_two_telling_digits(amount: str, currency: Currency, written: str) -> None:
    assert numbers.money(Decimal(amount), currency) == written


@pytest.mark.parametrize(
    ("amounts", "unknown", "calls", "written"),
    [
        ({}, 0, 0, "–"),
        ({}, 3, 3, "?"),
        ({"USD": "0"}, 0, 2, "$0"),
        ({"USD": "0.01"}, 0, 2, "$0.01"),
        ({"USD": "0.01"}, 1, 2, f"≥{SPACE}$0.01"),
        ({"CNY": "2", "USD": "0.01"}, 1, 3, f"≥{SPACE}$0.01 + ¥2.00"),
        ({"USD": "0", "CNY": "2"}, 0, 3, "¥2.00"),
        ({"USD": "0", "CNY": "0"}, 0, 3, "$0"),
        ({"USD": "0"}, 1, 3, f"≥{SPACE}$0"),
    ],
)
def test_a_bill_says_what_is_missing_from_it(
    amounts: Mapping[Currency, str], unknown: int, calls: int, written: str
) -> None:
    total = Bill({currency: Decimal(amount) for currency, amount in amounts.items()}, unknown, calls)

    assert numbers.bill(total) == written


def test_a_bill_divided_by_nothing_is_no_number() -> None:
    assert numbers.part_of_bill({}, Bill({"USD": Decimal(1)}, 0, 1)) == "–"
    assert numbers.part_of_bill({}, Bill({}, 1, 1)) == "?"
    assert numbers.part_of_bill({"USD": Decimal("0.5")}, Bill({"USD": Decimal(1)}, 1, 2)) == f"≥{SPACE}$0.50"


@pytest.mark.parametrize(
    ("duration", "language", "written"),
    [
        (None, "en", "–"),
        (0, "en", "0.0 s"),
        (0.004, "en", "0.0 s"),
        (0.417, "en", "0.42 s"),
        (4.21, "en", "4.2 s"),
        (9.96, "en", "10 s"),
        (59.6, "en", "1 min 0 s"),
        (125, "en", "2 min 5 s"),
        (125, "zh", "2 分 5 秒"),
        (3661, "en", "1 h 1 min"),
        (3661, "zh", "1 小时 1 分"),
    ],
)
def test_durations_have_the_unit_that_fits(duration: float | None, language: ReportLanguage, written: str) -> None:
    assert numbers.seconds(duration, language) == written


def test_moments_are_written_in_utc() -> None:
    shanghai = datetime(2026, 11, 22, 20, 5, tzinfo=timezone(timedelta(hours=8)))

    assert numbers.moment(shanghai, "en") == "22 Nov 2026, 12:05 UTC"
    assert numbers.moment(shanghai.astimezone(UTC), "zh") == "2026 年 11 月 22 日 12:05 UTC"


def test_counts_and_grades() -> None:
    assert numbers.count(1234567) == "1,234,567"
    assert (numbers.grade(2 / 3), numbers.grade(None)) == ("0.67", "–")
