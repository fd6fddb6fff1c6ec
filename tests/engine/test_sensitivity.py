"""Clean chats with more and more breaks planted in them."""

import json
from itertools import pairwise

import pytest

from harness.core.label import Label
from harness.engine.judging import Bench
from harness.engine.sensitivity import FEWEST_TURNS, SHARES, Trial, rate, trials
from harness.errors import LostCall
from harness.judges import SheetJudge
from harness.providers.scripted import Answer
from tests.build import criterion, model, rubric

from .labels import Kept, clean, label
from .memory import caller

ENGLISH = tuple((f"Question {n}?", f"The road to mile {n} is muddy. Mind your boots, friend.") for n in range(1, 11))
CHINESE = tuple((f"问{n}？", f"第{n}桩事嘛，客官里边坐，慢慢说给你听。") for n in range(1, 11))
ROWS = {"en": clean(*ENGLISH), "zh": clean(*CHINESE, language="zh", persona={"name": "阮三娘"})}


def broken(trial: Trial, row: Label) -> dict[int, str]:
    """The turns that are not as they were, with what stands there."""
    before = [message.content for message in row.messages if message.role == "assistant"]
    replies = trial.case.replies()
    return {reply.turn: reply.text for reply, text in zip(replies, before, strict=True) if reply.text != text}


@pytest.mark.parametrize("language", ROWS)
def test_a_clean_chat_is_tried_at_every_share(language: str) -> None:
    made = list(trials([ROWS[language]]))

    assert [(trial.language, trial.share) for trial in made] == [(language, share) for share in SHARES]
    assert [len(broken(trial, ROWS[language])) for trial in made] == [0, 1, 3, 5]
    assert all(trial.case.graded() == tuple(range(1, 11)) for trial in made)


@pytest.mark.parametrize("language", ROWS)
def test_a_greater_share_breaks_the_same_turns_and_more(language: str) -> None:
    steps = [broken(trial, ROWS[language]) for trial in trials([ROWS[language]])]

    for less, more in pairwise(steps):
        assert less.items() < more.items()


def test_each_trial_is_a_sample_of_its_own_and_the_same_each_time() -> None:
    made = list(trials(ROWS.values()))

    assert list(trials(ROWS.values())) == made
    assert len({trial.case.transcript.key for trial in trials([ROWS["en"]])}) == len(SHARES)
    assert made[0].case.scenario.turns[2].user == "Question 3?"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(clean(*ENGLISH[: FEWEST_TURNS - 1]), id="short"),
        pytest.param(label(*ENGLISH), id="broken"),
    ],
)
def test_a_short_or_broken_chat_is_not_tried(row: Label) -> None:
    assert list(trials([row])) == []


def test_a_chat_of_just_enough_turns_is_tried() -> None:
    assert len(list(trials([clean(*ENGLISH[:FEWEST_TURNS])]))) == len(SHARES)


def bench(said: Answer) -> Bench:
    calling, _, _ = caller(said, name="mock/judge", spec=model())
    sheet = rubric(criterion("voice"), criterion("form"), criterion("agency"))
    return Bench(judge=SheetJudge(name="strict", rubric=sheet, spec=calling.spec), caller=calling)


async def test_the_rating_of_a_chat_is_the_mean_of_the_grades_that_count() -> None:
    given = {"voice": (2, "Mind your boots"), "form": (1, "Mind your boots"), "agency": (0, "never said by anyone")}
    said = {name: {"quote": quote, "reason": "r", "grade": grade} for name, (grade, quote) in given.items()}
    kept = Kept()

    rating = await rate(
        next(trials([ROWS["en"]])), [bench(json.dumps({"violations": [], "grades": said}))], kept.record
    )

    assert (rating, len(kept.asks)) == (0.75, 1)


async def test_a_chat_of_which_nothing_was_graded_has_no_rating() -> None:
    assert await rate(next(trials([ROWS["en"]])), [bench(LostCall("网关坏了"))], Kept().record) is None
