"""What answers out of the cache had cost, where it is shown and where it is not."""

from decimal import Decimal

import pytest

from harness.core.charge import Charge
from harness.core.run import Run
from harness.core.transcript import Call
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage

from .page import page_of
from .runs import INN, call, every_outcome, exchange, run, sample

SAVED = {"en": "saved by cache", "zh": "缓存节省"}
each_language = pytest.mark.parametrize("language", ["en", "zh"])


def from_cache(amount: str | None) -> Call:
    saved = None if amount is None else Charge(Decimal(amount), "USD", "model page")
    return call(None, seconds=0.0, attempts=0, cached=True, saved=saved)


def cached_run(*amounts: str | None) -> Run:
    exchanges = [exchange(turn, "Aye.", call=from_cache(amount)) for turn, amount in enumerate(amounts, 1)]
    return run(sample(INN, [*exchanges, exchange(len(exchanges) + 1, "Nay.")]))


@each_language
def test_the_cost_table_has_a_row_for_what_the_cache_saved(language: ReportLanguage) -> None:
    (row,) = page_of(cached_run("0.0031"), language).all("tr", "saved")

    assert row.words == f"{SAVED[language]} $0.0031"


def test_a_saving_that_nobody_knows_in_full_is_at_least_what_is_known() -> None:
    (partly,) = page_of(cached_run("0.0031", None), "en").all("tr", "saved")
    (unknown,) = page_of(cached_run(None), "en").all("tr", "saved")

    assert partly.words.replace("\N{NO-BREAK SPACE}", " ").endswith("≥ $0.0031")
    assert unknown.words.endswith("?")


@each_language
def test_without_savings_nothing_is_said_of_them(language: ReportLanguage) -> None:
    page = page_of(every_outcome(), language)

    assert not page.all("tr", "saved")
    assert SAVED[language] not in page.words


@each_language
def test_a_cached_answer_is_marked_among_the_calls_of_a_sample(language: ReportLanguage) -> None:
    (calls,) = page_of(cached_run("0.0031"), language).all("details", "calls")
    cached, paid = calls.all("tbody")[0].all("tr")

    assert word("call.cached", language) in cached.words
    assert cached.all("td")[-1].words == "–"
    assert word("call.cached", language) not in paid.words
