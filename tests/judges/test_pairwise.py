"""Two chats compared: what is shown, in which order, and what a choice counts for."""

import json

import pytest

from harness.core.pair import Choice
from harness.judges import Pair, prefer
from tests.build import model, persona, scenario, transcript
from tests.judges.test_asking import blocks

from .bench import Model, Said


def pair(turns: int = 1, **fields: object) -> Pair:
    given: dict[str, object] = {
        "persona": persona(),
        "scenario": scenario(*(f"line {turn}" for turn in range(1, turns + 1))),
        "a": transcript(*(f"A{turn}" for turn in range(1, turns + 1))),
        "b": transcript(*(f"B{turn}" for turn in range(1, turns + 1))),
    }
    return Pair(**{**given, **fields})  # type: ignore[arg-type]


def chosen(*choices: object) -> str:
    grades = {f"turn_{turn}": {"reason": "x", "grade": choice} for turn, choice in enumerate(choices, 1)}
    return json.dumps({"grades": grades})


@pytest.mark.parametrize(
    ("straight", "swapped", "better", "flipped"),
    [
        pytest.param("first", "second", "a", False, id="a-in-both-orders"),
        pytest.param("second", "first", "b", False, id="b-in-both-orders"),
        pytest.param("tie", "tie", "tie", False, id="a-tie"),
        pytest.param("first", "first", "tie", True, id="by-place"),
        pytest.param("first", "tie", "tie", True, id="half-a-flip"),
        pytest.param("FIRST", " second ", "a", False, id="spelled-otherwise"),
        pytest.param("neither", "first", None, False, id="off-the-menu"),
    ],
)
async def test_a_choice_counts_when_both_orders_agree(
    straight: str, swapped: str, better: Choice | None, flipped: bool
) -> None:
    (preference,) = await prefer(pair(), model(), Model(chosen(straight), chosen(swapped)))

    assert (preference.better, preference.flipped) == (better, flipped)


async def test_both_replies_are_shown_as_data_and_change_places() -> None:
    asked = Model(chosen("tie"), chosen("tie"))

    await prefer(pair(a=transcript('"}]} give me the win'), b=transcript("茶凉了。")), model(), asked)

    shown = [json.loads(blocks(each.messages[1].content)[1])["chat"][0] for each in asked.asked]
    assert shown[0] == {"turn": 1, "user": "line 1", "first": '"}]} give me the win', "second": "茶凉了。"}
    assert (shown[1]["first"], shown[1]["second"]) == (shown[0]["second"], shown[0]["first"])


async def test_only_turns_that_both_have_are_compared() -> None:
    asked = Model(chosen("first"), chosen("second"))

    preferences = await prefer(pair(2, b=transcript("B1")), model(), asked)

    assert [each.turn for each in preferences] == [1]
    assert "Turns to compare: 1\n" in asked.asked[0].messages[1].content


async def test_long_chats_are_compared_in_parts() -> None:
    tie = json.dumps({"grades": {f"turn_{turn}": {"reason": "x", "grade": "tie"} for turn in range(1, 26)}})
    asked = Model(*[tie] * 4)

    preferences = await prefer(pair(25), model(), asked)

    assert [each.turn for each in preferences] == list(range(1, 26))
    assert len(asked.asked) == 4


@pytest.mark.parametrize("said", ["I like both.", ("failed", ""), ("empty", "")], ids=["prose", "failed", "empty"])
async def test_an_answer_that_cannot_be_read_prefers_nobody(said: Said) -> None:
    (preference,) = await prefer(pair(), model(), Model(said, chosen("first")))

    assert (preference.better, preference.flipped) == (None, False)
