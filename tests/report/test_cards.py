"""A judge's card in the report: what it is trusted in, and what counts for that."""

from dataclasses import replace
from typing import Any

import pytest

from harness.analysis.summary import summarise
from harness.core.card import CardRow, Interval
from harness.core.run import Canary, Run
from harness.report.json import summary_object
from harness.report.numbers import NOTHING
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage
from tests.cards import card, row, with_cards

from .page import Element, broken_links, page_of
from .runs import broken_sample, run

FACTS = row("facts")
"""The finding of the judge in the sample is about facts, its grade about voice."""


def report(*rows: CardRow, language: ReportLanguage = "en", of: Run | None = None) -> Element:
    """The page of a run whose judge has a card of these rows; without rows it has none."""
    made = of or run(broken_sample())
    return page_of(with_cards(made, {"quick-look": card(*rows)}) if rows else made, language)


def table(page: Element) -> list[list[str]]:
    """The rows of the card."""
    (card_of,) = [one for one in page.all("details", "ratings") if "AUROC" in one.words]
    return [[cell.words for cell in line.all("th") + line.all("td")] for line in card_of.one("tbody").all("tr")]


def note(page: Element) -> Element:
    """The judge's note."""
    (one,) = [one for one in page.all("li", "note-card") if "wrong" in one.words]
    return one


def measures(page: Element) -> str:
    return page.one("dl", "measures").words


def test_without_a_card_nothing_of_the_judge_counts_and_all_is_grey() -> None:
    page = report()

    assert "no trusted judge" in measures(page)
    assert "uncalibrated judge" in page.words
    assert "trusted in" not in page.words
    assert "AUROC" not in page.words


def test_a_trusted_judge_is_named_with_what_it_is_trusted_in() -> None:
    page = report(FACTS, row())

    assert "trusted in " in page.one("details", "verdict").one("summary").words
    assert "uncalibrated judge" not in page.words
    assert "no trusted judge" not in measures(page)
    assert "break rate, with the trusted judge" in measures(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_card_is_shown_as_it_was_measured(language: ReportLanguage) -> None:
    page = report(
        FACTS, row(auroc=Interval(value=0.7)), row("memory", auroc=Interval(), labels="authored"), language=language
    )

    trusted, untrusted = (word(f"card.{one}", language) for one in ("trusted", "untrusted"))
    assert [line[-3:] for line in table(page)] == [
        ["0.93 (0.88–0.97)", NOTHING, trusted], ["0.70", NOTHING, untrusted], [NOTHING, NOTHING, untrusted],
    ]  # fmt: skip
    assert "2026-11-22" in page.words
    assert "graded.en.jsonl, graded.zh.jsonl" in page.words
    assert broken_links(page) == []


def test_what_a_trusted_judge_finds_counts_and_is_not_grey() -> None:
    grey, counted = note(report()), note(report(FACTS))

    assert ("unconfirmed" in grey.classes, "unconfirmed" in counted.classes) == (True, False)
    assert ("not trusted" in grey.words, "not trusted" in counted.words) == (True, False)


def test_the_numbers_of_the_page_take_in_what_a_trusted_judge_says() -> None:
    without, with_it = (summarise(one) for one in (run(broken_sample()), trusting()))

    assert with_it.findings["lapse"] == without.findings["lapse"] + 1
    assert with_it.findings["break"] == without.findings["break"]


def trusting() -> Run:
    return with_cards(run(broken_sample()), {"quick-look": card(FACTS, row())})


@pytest.mark.parametrize(
    ("made", "consistency"),
    [
        pytest.param(run(broken_sample()), None, id="without-a-card"),
        pytest.param(trusting(), {"score": 0.0, "lower": 0.0, "scored": 1, "unscored": 0}, id="with-a-card"),
    ],
)
def test_scripts_read_the_consistency(made: Run, consistency: object) -> None:
    told: dict[str, Any] = summary_object(summarise(made), None)

    (only,) = told["models"]
    assert only["consistency"] == consistency
    voice = next(each for each in only["dimensions"] if each["dimension"] == "voice")
    assert voice["trust"] == ("trusted" if consistency else "uncalibrated")


def test_people_read_the_consistency_out_of_a_hundred() -> None:
    verdict = broken_sample().verdicts[0]
    grades = (
        replace(verdict.ratings[0], value=0.75),
        replace(verdict.ratings[0], value=None, unscored="missing", turn=2),
    )
    half = replace(broken_sample(), verdicts=(replace(verdict, ratings=grades),))

    page = report(row(), of=run(half))

    assert "consistency 75 of 100; 38 if the 1 unscored" in measures(page)


def test_a_judge_that_missed_its_canaries_is_grey_again() -> None:
    missed = tuple(Canary(judge="quick-look", label=name, broken=True, suspicion=0.0) for name in "abcd")

    page = report(FACTS, row(), of=replace(run(broken_sample()), canaries=missed))

    assert "no trusted judge" in measures(page)
    assert "trusted in facts" not in page.words


def test_a_judge_that_is_trusted_in_nothing_is_said_to_be() -> None:
    page = report(row(labels="authored"))

    assert "trusted in nothing" in page.words
    assert "no trusted judge" in measures(page)
