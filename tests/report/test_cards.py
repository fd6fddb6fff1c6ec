"""How a report shows a judge: in grey and in no number without a card, with its figures and its breaks with one."""

from dataclasses import replace

import pytest

from harness.analysis.summary import summarise
from harness.core.card import CardRow, Interval
from harness.core.rating import Rating, Verdict
from harness.core.run import Canary, Run
from harness.report.json import summary_object
from tests.measured import card, measured

from .page import Element, broken_links, page_of
from .runs import INN, exchange, finding, run, sample

LINE = "Aye, sit by the fire, and mind the step."
JUDGE = "quick-look"


def judged(*rows: CardRow, **fields: object) -> Run:
    """A run with a break and a lapse that only a judge saw, and grades; a card of these rows, if there are any."""
    ratings = (
        Rating(criterion="voice", dimension="voice", turn=1, value=1.0, grade=1, reason="Gruff."),
        Rating(criterion="voice", dimension="voice", turn=2, value=0.5, grade=1, reason="Less so."),
        Rating(criterion="voice", dimension="voice", turn=3, value=None, unscored="missing"),
        Rating(criterion="facts", dimension="facts", turn=3, value=0.0, grade=0, reason="Wrong leg."),
    )
    found = [
        finding(
            turn, LINE, words, kind, message="judge.violation", source=f"judge:{JUDGE}", severity=severity, why="Hm."
        )
        for turn, words, kind, severity in (
            (2, "Aye", "language_switch", "break"),
            (3, "the step", "accepts_false_premise", "lapse"),
        )
    ]
    verdict = Verdict(judge=JUDGE, rubric="quick@1", stage="strict", ratings=ratings, findings=tuple(found))
    made = run(sample(INN, [exchange(turn, LINE) for turn in (1, 2, 3)], verdicts=(verdict,)), **fields)
    cards = {JUDGE: card(*rows, rubric="quick@1")} if rows else {}
    return replace(made, snapshot=made.snapshot.model_copy(update={"cards": cards}))


TRUSTED = judged(measured(pearson=Interval(value=0.71)), measured("facts", labels="authored", auroc=0.6, rows=44))
UNKNOWN = judged()


def figures(page: Element) -> dict[str, str]:
    """The measures of the one model, by name."""
    measures = page.one("dl", "measures")
    return {each.one("dt").words: each.one("dd").words for each in measures.all("div")}


def test_a_trusted_judges_break_is_in_the_headline_the_tiles_and_the_models_measures() -> None:
    page = page_of(TRUSTED)
    measures = figures(page)

    assert page.one("h1").text != page_of(UNKNOWN).one("h1").text == "The character held in the one sample."
    assert page.all("p", "figure")[0].words == "1 of 1"
    assert measures["break rate, by rules"].startswith("0%")
    assert measures["break rate, with the trusted judge"] == "33%"
    assert measures["findings"].startswith("1 break 0 lapses")


def test_consistency_is_told_from_0_to_100_with_its_bound() -> None:
    assert figures(page_of(TRUSTED))["consistency"] == "75 of 100; 50 if the 1 unscored were the worst"


def test_without_a_card_there_is_no_consistency_and_every_word_of_the_judge_is_grey() -> None:
    page = page_of(UNKNOWN)
    measures = figures(page)

    assert measures["consistency"] == "no trusted judge"
    assert "break rate, with the trusted judge" not in measures
    assert all("unconfirmed" in note.classes for note in page.all("li", "note-card"))
    assert [each.words.partition(" ")[0] for each in page.all("tr", "grey")] == ["Facts", "Voice"]
    assert "is not shown to agree with people" in page.one("ul", "cautions").words
    assert "How far to believe the judge" not in page.words


def test_grey_is_what_is_not_counted_and_nothing_else() -> None:
    seen, unseen = page_of(TRUSTED).all("li", "note-card")

    assert ("unconfirmed" in seen.classes, "unconfirmed" in unseen.classes) == (False, True)
    assert "uncalibrated judge" not in seen.words
    assert "uncalibrated judge" in unseen.words


def test_the_tile_does_not_say_that_rules_alone_saw_what_a_judge_saw() -> None:
    tiles = {tile.one("p", "name").words: tile for tile in page_of(TRUSTED).all("div", "tile") if tile.all("p", "name")}

    rate = tiles["break rate"]
    assert (rate.one("p", "figure").words == "0%") == ("by rules alone" in rate.one("p", "hint").words)


def test_ratings_of_a_dimension_are_grey_where_the_judge_is_not_trusted() -> None:
    rows = page_of(TRUSTED).one("article", "model").one("details", "ratings").one("tbody").all("tr")

    assert [(row.words.partition(" ")[0], "grey" in row.classes) for row in rows] == [("Facts", True), ("Voice", False)]


def test_the_card_is_shown_with_what_it_was_measured_on() -> None:
    (table,) = [one for one in page_of(TRUSTED).all("details") if "How far to believe" in one.one("summary").words]

    assert table.one("summary").words == (
        "How far to believe the judge quick-look: mock/judge with quick@1 · Measured 2026-11-22 on replies.en.jsonl"
    )
    assert [
        [cell.words for cell in row.content if isinstance(cell, Element)] for row in table.one("tbody").all("tr")
    ] == [
        ["Voice", "English", "60, by people", "0.90 (0.80–0.95)", "0.71", "trusted"],
        ["Facts", "English", "44, written for it", "0.60 (0.50–0.65)", "–", "not trusted"],
    ]
    assert ["grey" in row.classes for row in table.one("tbody").all("tr")] == [False, True]


@pytest.mark.parametrize(
    ("made", "trust"),
    [
        pytest.param(TRUSTED, "trusted in Voice", id="in-one"),
        pytest.param(judged(measured("immersion"), measured()), "trusted in Immersion", id="in-several"),
        pytest.param(judged(measured(language="zh")), "trusted in nothing", id="in-another-language"),
        pytest.param(judged(measured(auroc=0.7)), "trusted in nothing", id="weak"),
        pytest.param(UNKNOWN, "uncalibrated judge", id="no-card"),
    ],
)
def test_where_the_judge_is_named_it_is_said_how_far_to_believe_it(made: Run, trust: str) -> None:
    page = page_of(made)

    assert trust in page.one("details", "verdict").one("summary").words
    assert ("is not shown to agree with people" in page.words) == (
        not trust.startswith("trusted in I") and made is not TRUSTED
    )


def test_the_same_is_said_in_chinese() -> None:
    page = page_of(TRUSTED, "zh")

    assert "在语言风格上可信" in page.words or "上可信" in page.one("details", "verdict").one("summary").words
    assert broken_links(page) == broken_links(page_of(UNKNOWN, "zh")) == []


def test_a_judge_that_missed_its_canaries_is_as_grey_as_one_without_a_card() -> None:
    flown = tuple(Canary(judge=JUDGE, label=str(n), broken=True, suspicion=0.0) for n in range(4))
    page = page_of(replace(TRUSTED, canaries=flown))

    assert figures(page)["consistency"] == "no trusted judge"
    assert all("unconfirmed" in note.classes for note in page.all("li", "note-card"))
    assert "4 of 4 known replies" in page.one("ul", "cautions").words


def test_scripts_read_the_same_numbers() -> None:
    trusted, unknown = (summary_object(summarise(one), None)["models"] for one in (TRUSTED, UNKNOWN))

    (with_card,), (without,) = trusted, unknown  # type: ignore[misc]
    assert with_card["consistency"] == {"score": 75.0, "lower": 50.0, "scored": 2, "unscored": 1}  # type: ignore[call-overload,index]
    assert (with_card["broken_turns"], with_card["break_rate_by_rules"]) == (1, 0.0)  # type: ignore[call-overload,index]
    assert (without["consistency"], without["broken_turns"]) == (None, 0)  # type: ignore[call-overload,index]
