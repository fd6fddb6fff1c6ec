"""What a reader sees of a judge's word: figures and colour where it is trusted, grey and no number elsewhere."""

from dataclasses import replace

import pytest

from harness.core.card import CardRow, Interval
from harness.core.finding import Finding
from harness.core.rating import Rating, Verdict
from harness.core.run import Canary, Run
from harness.core.taxonomy import FailureType, Severity
from tests.cards import card, row, with_cards

from .page import Element, page_of
from .runs import INN, exchange, finding, run, sample

LINE = "Aye, sit by the fire, and mind the step."
JUDGE = "quick-look"


def spotted(turn: int, words: str, failure_type: FailureType, severity: Severity) -> Finding:
    """What only the judge saw."""
    return finding(
        turn,
        LINE,
        words,
        failure_type,
        message="judge.violation",
        source=f"judge:{JUDGE}",
        severity=severity,
        why="Hm.",
    )


VERDICT = Verdict(
    judge=JUDGE,
    rubric="quick@1",
    stage="strict",
    ratings=(
        Rating(criterion="voice", dimension="voice", turn=1, value=1.0, grade=1, reason="Gruff."),
        Rating(criterion="voice", dimension="voice", turn=2, value=0.5, grade=1, reason="Less so."),
        Rating(criterion="voice", dimension="voice", turn=3, value=None, unscored="missing"),
        Rating(criterion="facts", dimension="facts", turn=3, value=0.0, grade=0, reason="Wrong leg."),
    ),
    findings=(
        spotted(2, "Aye", "language_switch", "break"),
        spotted(3, "the step", "accepts_false_premise", "lapse"),
    ),
)
"""A break of the voice and a lapse of the facts."""


def judged(*rows: CardRow) -> Run:
    """A run of one chat, whose judge has a card of these rows if there are any."""
    made = run(sample(INN, [exchange(turn, LINE) for turn in (1, 2, 3)], verdicts=(VERDICT,)))
    return with_cards(made, {JUDGE: card(*rows)}) if rows else made


TRUSTED = judged(row(), row("facts", labels="authored", auroc=Interval(value=0.6)))
UNKNOWN = judged()


def figures(page: Element) -> dict[str, str]:
    """The measures of the one model, by name."""
    return {each.one("dt").words: each.one("dd").words for each in page.one("dl", "measures").all("div")}


def grey(page: Element) -> list[bool]:
    """Which of the two notes are."""
    return ["unconfirmed" in note.classes for note in page.all("li", "note-card")]


def test_a_trusted_judges_break_is_in_the_headline_the_tiles_and_the_models_measures() -> None:
    page = page_of(TRUSTED)

    assert page.one("h1").text != page_of(UNKNOWN).one("h1").text == "The character held in the one sample."
    assert page.all("p", "figure")[0].words == "1 of 1"
    assert figures(page)["break rate, by rules"].startswith("0%")
    assert figures(page)["break rate, with the trusted judge"] == "33.3%"
    assert figures(page)["findings"].startswith("1 break 0 lapses")


def test_consistency_is_told_from_0_to_100_with_its_bound() -> None:
    assert figures(page_of(TRUSTED))["consistency"] == "75 of 100; 50 if the 1 unscored were the worst"


def test_without_a_card_there_is_no_consistency_and_the_reader_is_warned() -> None:
    page = page_of(UNKNOWN)

    assert figures(page)["consistency"] == "no trusted judge"
    assert "break rate, with the trusted judge" not in figures(page)
    assert f"Judge {JUDGE} is not shown to agree with people" in page.one("ul", "cautions").words
    assert "is not shown to agree" not in page_of(TRUSTED).words


def test_grey_is_what_is_not_counted_and_nothing_else() -> None:
    seen, unseen = page_of(TRUSTED).all("li", "note-card")

    assert (grey(page_of(TRUSTED)), grey(page_of(UNKNOWN))) == ([False, True], [True, True])
    assert ("judge not trusted" in seen.words, "judge not trusted" in unseen.words) == (False, True)


def test_ratings_are_grey_in_the_dimensions_in_which_the_judge_is_not_trusted() -> None:
    def rated(made: Run) -> dict[str, bool]:
        rows = page_of(made).one("article", "model").one("details", "ratings").one("tbody").all("tr")
        return {each.words.partition(" ")[0]: "grey" in each.classes for each in rows}

    assert rated(TRUSTED) == {"Facts": True, "Voice": False}
    assert rated(UNKNOWN) == {"Facts": True, "Voice": True}


def test_the_tile_tells_the_rate_by_rules_alone_as_it_says() -> None:
    _, rate, _ = (tile for tile in page_of(TRUSTED).all("div", "tile") if tile.all("p", "figure"))

    assert rate.one("p", "figure").words == figures(page_of(TRUSTED))["break rate, by rules"].split()[0] == "0%"
    assert "by rules alone" in rate.one("p", "hint").words


def test_a_verdict_tells_how_far_the_judge_is_believed_with_its_character() -> None:
    page = page_of(judged(row(language="zh")))  # somebody in this run speaks Chinese, but the verdict is on Bram

    assert grey(page) == [True, True]
    assert "trusted in Voice" not in page.one("details", "verdict").one("summary").words


@pytest.mark.parametrize(("missed", "believed"), [(1, True), (2, False)])
def test_a_judge_that_missed_too_many_canaries_is_as_grey_as_one_without_a_card(missed: int, believed: bool) -> None:
    flown = tuple(Canary(judge=JUDGE, label=str(n), broken=True, suspicion=float(n >= missed)) for n in range(4))
    page = page_of(replace(TRUSTED, canaries=flown))

    assert (figures(page)["consistency"] == "no trusted judge") is not believed
    assert grey(page) == [not believed, True]
    assert (f"{JUDGE} missed {missed} of 4 known replies" in page.words) is not believed
    assert "is not shown to agree with people" not in page.words
