import pytest

from harness.checks.expectations import Expectations

from .chats import SHOPKEEPER_TRADITIONAL, cases, findings, quotes

CHECK = Expectations()


def turn(**expectation: object) -> list[dict[str, object]]:
    return [{"user": "x", "expect": [expectation]}]


@pytest.mark.parametrize(
    ("expectation", "reply"),
    [
        pytest.param({"mentions": ["Three Geese", "soup"]}, "Soup at the THREE GEESE.", id="mentions all"),
        pytest.param({"mentions": [["soup", "broth"]]}, "There is broth.", id="mentions any"),
        pytest.param({"mentions": ["三只鹅"]}, "去三隻鵝罷。", id="either script"),
        pytest.param({"forbids": ["ale"]}, "Soup.", id="forbids"),
        pytest.param({"matches": "tw[oa] pence"}, "It is TWO PENCE.", id="matches"),
        pytest.param({"matches": "—"}, "Soup — hot.", id="matches raw marks"),
        pytest.param({"recalls": ["Mira"]}, "Mira, was it?", id="recalls"),
        pytest.param({"max_chars": 5}, "Soup.", id="max"),
        pytest.param({"min_chars": 5}, "Soup.", id="min"),
        pytest.param({"language": "en"}, "Soup, friend?", id="en"),
        pytest.param({"language": "zh"}, "客官坐。", id="zh"),
        pytest.param({"language": "zh-Hant"}, "客官坐。", id="characters both scripts share"),
        pytest.param({"language": "en"}, "…", id="nothing to tell by"),
        pytest.param({"judge": "He smiles."}, "Soup.", id="the judge's business"),
    ],
)
def test_a_reply_that_does_as_expected_is_left_alone(expectation: dict[str, object], reply: str) -> None:
    assert cases(CHECK, reply, turns=turn(**expectation)) == []


@pytest.mark.parametrize(
    ("expectation", "reply", "case", "quote"),
    [
        pytest.param({"mentions": ["soup"]}, "Bread.", "mentions", "", id="mentions"),
        pytest.param({"mentions": [["soup", "broth"]]}, "Bread.", "mentions", "", id="mentions any"),
        pytest.param({"forbids": [["ale", "beer"]]}, "A Ｂｅｅｒ?", "forbids", "Ｂｅｅｒ", id="forbids, full-width"),
        pytest.param({"matches": r"\d+ pence"}, "Two pence.", "matches", "", id="matches"),
        pytest.param({"recalls": ["Mira"]}, "Who?", "recalls", "", id="recalls"),
        pytest.param({"max_chars": 4}, "Soup.", "max_chars", ".", id="max"),
        pytest.param({"min_chars": 6}, "Soup.", "min_chars", "", id="min"),
        pytest.param({"language": "en"}, "客官里边坐。", "language", "", id="language"),
        pytest.param({"language": "zh-Hant"}, "这边请，里边坐。", "language", "", id="simplified for traditional"),
    ],
)
def test_a_miss_is_found(expectation: dict[str, object], reply: str, case: str, quote: str) -> None:
    (finding,) = findings(CHECK, reply, turns=turn(**expectation))

    assert (finding.message, finding.quote) == (f"unmet_expectation.{case}", quote)


def test_a_miss_is_called_what_the_expectation_calls_it() -> None:
    plain, recalled, named = (
        findings(CHECK, "Bread.", turns=turn(**expectation))[0].failure_type
        for expectation in (
            {"mentions": ["soup"]},
            {"recalls": ["Mira"]},
            {"recalls": ["Mira"], "failure_type": "history_contradiction"},
        )
    )

    assert (plain, recalled, named) == ("unmet_expectation", "forgetting", "history_contradiction")


@pytest.mark.parametrize(
    "expectation",
    [
        pytest.param({"mentions": ["soup"]}, id="mentions"),
        pytest.param({"recalls": ["Mira"]}, id="recalls"),
        pytest.param({"matches": "soup"}, id="matches"),
        pytest.param({"min_chars": 40}, id="min"),
    ],
)
def test_a_reply_that_was_cut_off_cannot_lack_anything(expectation: dict[str, object]) -> None:
    assert cases(CHECK, "Bread and", turns=turn(**expectation), complete=False) == []


def test_a_reply_that_was_cut_off_can_still_say_too_much() -> None:
    assert quotes(CHECK, "An ale and", turns=turn(forbids=["ale"]), complete=False) == ["ale"]


def test_each_turn_is_held_to_its_own_expectations() -> None:
    turns = [{"user": "x", "expect": [{"mentions": ["soup"]}]}, {"user": "y"}]

    assert cases(CHECK, "Bread.", turns=turns, earlier=[("x", "Soup.")], by=SHOPKEEPER_TRADITIONAL) == []


def test_one_expectation_is_broken_once_at_the_first_forbidden_phrase() -> None:
    assert quotes(CHECK, "Beer, ale and beer.", turns=turn(forbids=["ale", "beer"])) == ["Beer"]
