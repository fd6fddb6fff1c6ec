"""How every number is written: shares, money, durations, counts, moments. The report rounds nowhere else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from harness.core.charge import Bill
from harness.core.model import Currency
from harness.report.wording.findings import ReportLanguage

NOTHING = "–"
"""Stands where there is no number to show."""
UNKNOWN = "?"
"""Stands where there is a number, but nobody knows it."""

SYMBOLS: Mapping[Currency, str] = {"USD": "$", "CNY": "¥"}
SMALLEST_MONEY = Decimal("0.000001")

_UNITS: Mapping[ReportLanguage, tuple[str, str, str]] = {
    "en": (" h", " min", " s"),
    "zh": (" 小时", " 分", " 秒"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def count(number: int) -> str:
    """A whole number: `1,234`."""
    return f"{number:,}"


def percent(share: float | None) -> str:
    """A share from 0 to 1. Only none is 0% and only all is 100%: what rounds there is written `<0.1%` and `>99.9%`."""
    if share is None:
        return NOTHING
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.001:
        return "<0.1%"
    if share > 0.999:
        return ">99.9%"
    return f"{share:.1%}".replace(".0%", "%")


def percent_between(low: float, high: float) -> str:
    """Two shares and what lies between: `40–80%`."""
    return f"{percent(low).removesuffix('%')}–{percent(high)}"


def score(value: float) -> str:
    """A score from 0 to 100, whole."""
    return f"{value:.0f}"


def grade(value: float | None) -> str:
    """A rating from 0 to 1, with two decimals."""
    return NOTHING if value is None else f"{value:.2f}"


def money(amount: Decimal, currency: Currency) -> str:
    """An amount: cents from 1 up, two telling digits below that, `$0` for what is free."""
    symbol = SYMBOLS[currency]
    if not amount:
        return f"{symbol}0"
    if amount < SMALLEST_MONEY:
        return f"<{symbol}{SMALLEST_MONEY:f}"
    if amount >= 1:
        return f"{symbol}{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    telling = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP)
    digits = f"{telling:f}".rstrip("0")
    whole, _, decimals = digits.partition(".")
    return f"{symbol}{whole}.{decimals.ljust(2, '0')}"


def amounts(by_currency: Mapping[Currency, Decimal], *, at_least: bool = False) -> str:
    """Amounts of several currencies, side by side; `at_least` when some charges are unknown.

    What is free goes without saying beside what is not.
    """
    charged = [(currency, by_currency[currency]) for currency in SYMBOLS if by_currency.get(currency)]
    free = [(currency, by_currency[currency]) for currency in SYMBOLS if currency in by_currency]
    written = " + ".join(money(amount, currency) for currency, amount in charged or free[:1])
    return f"≥\N{NO-BREAK SPACE}{written}" if at_least and written else written


def bill(total: Bill) -> str:
    """A sum of charges: `≥` in front when calls are missing from it, `?` when all of them are."""
    if not total.calls:
        return NOTHING
    return amounts(total.amounts, at_least=total.unknown_calls > 0) or UNKNOWN


def part_of_bill(shares: Mapping[Currency, Decimal], total: Bill) -> str:
    """A bill divided by something; `shares` is empty when there was nothing to divide it by."""
    if not total.calls or (total.amounts and not shares):
        return NOTHING
    return amounts(shares, at_least=total.unknown_calls > 0) or UNKNOWN


def seconds(duration: float | None, language: ReportLanguage) -> str:
    """How long something took: `0.42 s`, `4.2 s`, `42 s`, `2 min 5 s`, `1 h 1 min`."""
    if duration is None:
        return NOTHING
    hour, minute, second = _UNITS[language]
    if duration < 9.95:
        return f"{duration:.2g}{second}" if 0.01 <= duration < 1 else f"{duration:.1f}{second}"
    whole = round(duration)
    if whole < 60:
        return f"{whole}{second}"
    if whole < 3600:
        return f"{whole // 60}{minute} {whole % 60}{second}"
    return f"{whole // 3600}{hour} {whole % 3600 // 60}{minute}"


def moment(time: datetime, language: ReportLanguage) -> str:
    """A point in time, in UTC, so that everyone who is sent the report reads the same."""
    utc = time.astimezone(UTC)
    if language == "zh":
        return f"{utc.year} 年 {utc.month} 月 {utc.day} 日 {utc:%H:%M} UTC"
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M} UTC"
