"""What counts of what several votes say."""

import pytest

from harness.core.finding import Finding
from harness.core.rating import Rating, Verdict
from harness.judges import Case, Seat, SheetJudge, deliberate
from tests.build import finding, model, rubric

from .bench import Model, Said, answer, case, grade, only, violation

FAILED: Said = ("failed", "")
BREAK = answer(violations=[violation(severity="break")])
LAPSE = answer(violations=[violation()])
CLEAN = answer()


def seat(*answers: Said, name: str = "strict", samples: int = 1) -> tuple[Seat, Model]:
    asked = Model(*answers)
    return Seat(SheetJudge(name=name, rubric=rubric(), spec=model(), samples=samples), asked), asked


async def alone(*answers: Said, samples: int = 1, found: tuple[Finding, ...] = ()) -> tuple[Verdict, Model]:
    """The verdict of one judge whose votes are these, all of which must be called for."""
    sitting, asked = seat(*answers, samples=samples)
    chat = case()
    held = Case(persona=chat.persona, scenario=chat.scenario, transcript=chat.transcript, found=found)
    (verdict,) = await deliberate(held, [sitting])
    assert asked.answers == [], "a vote was not asked for"
    return verdict, asked


def severities(verdict: Verdict) -> list[str]:
    return [one.severity for one in verdict.findings]


@pytest.mark.parametrize("said", [pytest.param(CLEAN, id="clean"), pytest.param(LAPSE, id="a-lapse")])
async def test_a_judge_that_claims_no_break_is_asked_once(said: str) -> None:
    verdict, asked = await alone(said)

    assert (len(asked.asked), verdict.votes) == (1, 1)
    assert all(one.certainty == 0.5 and "votes" not in one.arguments for one in verdict.findings)


async def test_a_break_that_only_the_judge_sees_is_put_to_two_more_and_warmer_votes() -> None:
    verdict, asked = await alone(BREAK, BREAK, CLEAN)

    first, second, third = asked.asked
    assert [request.take for request in asked.asked] == [1, 2, 3]
    assert first.params.temperature == 0
    assert second.params.temperature == third.params.temperature == 0.7
    assert first.messages == second.messages == third.messages
    assert verdict.votes == 3


@pytest.mark.parametrize(
    ("votes", "severity", "certainty", "share"),
    [
        pytest.param([BREAK, BREAK, BREAK], "break", 1.0, "3/3", id="all-agree"),
        pytest.param([BREAK, CLEAN, BREAK], "break", 2 / 3, "2/3", id="two-of-three"),
        pytest.param([BREAK, CLEAN, CLEAN], "note", 1 / 3, "1/3", id="one-of-three"),
        pytest.param([BREAK, LAPSE, CLEAN], "lapse", 2 / 3, "2/3", id="seen-twice-but-once-as-a-break"),
        pytest.param([BREAK, BREAK, FAILED], "break", 1.0, "2/2", id="two-of-two-that-were-read"),
        pytest.param([BREAK, CLEAN, FAILED], "note", 1 / 2, "1/2", id="one-of-two-that-were-read"),
    ],
)
async def test_a_break_stands_when_two_of_three_see_it(
    votes: list[Said], severity: str, certainty: float, share: str
) -> None:
    verdict, _ = await alone(*votes)

    seen = verdict.findings[0]
    assert (severities(verdict), seen.certainty) == ([severity], pytest.approx(certainty))
    assert (seen.arguments["votes"], seen.arguments["why"]) == (share, "不像他")


async def test_a_break_at_other_words_of_the_turn_is_another_break() -> None:
    elsewhere = answer(violations=[violation(severity="break", quote="friend")])

    verdict, _ = await alone(BREAK, elsewhere, CLEAN)

    assert severities(verdict) == ["note", "note"]


async def test_a_break_that_a_check_sees_too_needs_no_vote() -> None:
    verdict, asked = await alone(BREAK, found=(finding("identity_swap", 1, (5, 9)),))

    assert (len(asked.asked), severities(verdict)) == (1, ["break"])


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(finding("identity_swap", 2, (0, 4)), id="another-turn"),
        pytest.param(finding("style_break", 1, (0, 4)), id="another-type"),
        pytest.param(finding("identity_swap", 1, (17, 23)), id="other-words"),
    ],
)
async def test_a_check_that_sees_something_else_is_no_witness(found: Finding) -> None:
    verdict, asked = await alone(BREAK, CLEAN, CLEAN, found=(found,))

    assert (len(asked.asked), severities(verdict)) == (3, ["note"])


async def test_a_break_for_which_no_other_vote_could_be_read_is_a_note() -> None:
    verdict, _ = await alone(BREAK, FAILED, FAILED)

    assert (severities(verdict), verdict.votes, verdict.stage) == (["note"], 3, "strict")


@pytest.mark.parametrize(
    ("grades", "value", "spread"),
    [
        pytest.param((0, 2, 1), 0.5, 1.0, id="apart"),
        pytest.param((2, 2, 0), 1.0, 1.0, id="one-against-two"),
        pytest.param((1, 1, 1), 0.5, 0.0, id="agreed"),
    ],
)
async def test_several_grades_count_as_their_median_with_their_spread(
    grades: tuple[int, ...], value: float, spread: float
) -> None:
    said = [answer({"voice": grade(each, reason=f"grade {each}")}) for each in grades]

    verdict, asked = await alone(*said, samples=3)

    rating = only(verdict.ratings)
    assert (rating.value, rating.spread, len(asked.asked), verdict.votes) == (value, spread, 3, 3)
    assert rating.reason == f"grade {int(value * 2)}"


async def test_two_grades_count_as_what_lies_between_them() -> None:
    verdict, _ = await alone(answer({"voice": grade(0)}), answer({"voice": grade(2)}), samples=2)

    assert (only(verdict.ratings).value, only(verdict.ratings).spread) == (0.5, 1.0)


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_vote_that_could_not_be_read_is_left_out_of_the_median(place: int) -> None:
    votes: list[Said] = [answer(), answer()]
    votes.insert(place, FAILED)

    verdict, _ = await alone(*votes, samples=3)

    rating = only(verdict.ratings)
    assert (rating.value, rating.spread, verdict.stage, verdict.votes) == (1.0, 0.0, "strict", 3)


async def test_votes_none_of_which_could_be_read_leave_the_grade_unscored() -> None:
    verdict, _ = await alone(FAILED, FAILED, FAILED, samples=3)

    rating: Rating = only(verdict.ratings)
    assert (rating.value, rating.unscored, verdict.stage) == (None, "failed", "unread")


async def test_quotes_that_no_vote_could_show_are_counted_together() -> None:
    invented = answer(violations=[violation(quote="never said by anyone")])

    verdict, _ = await alone(invented, CLEAN, invented, samples=3)

    assert (verdict.unfound_quotes, verdict.findings) == (2, ())


async def test_two_judges_give_a_verdict_each_and_ask_no_more_without_a_break() -> None:
    (one, first), (other, second) = seat(LAPSE, name="one"), seat(CLEAN, name="other")

    verdicts = await deliberate(case(), [one, other])

    assert [verdict.judge for verdict in verdicts] == ["one", "other"]
    assert [severities(verdict) for verdict in verdicts] == [["lapse"], []]
    assert (len(first.asked), len(second.asked)) == (1, 1)


@pytest.mark.parametrize(
    ("again", "severity", "share"),
    [pytest.param(BREAK, "break", "2/3", id="repeated"), pytest.param(CLEAN, "note", "1/3", id="taken-back")],
)
async def test_the_break_of_one_judge_is_put_to_the_votes_of_all(again: str, severity: str, share: str) -> None:
    (one, first), (other, second) = seat(BREAK, again, name="one"), seat(CLEAN, name="other")

    verdicts = await deliberate(case(), [one, other])

    assert [severities(verdict) for verdict in verdicts] == [[severity], []]
    assert verdicts[0].findings[0].arguments["votes"] == share
    assert ([verdict.votes for verdict in verdicts], len(first.asked), len(second.asked)) == ([2, 1], 2, 1)


async def test_two_judges_that_agree_with_a_third_vote_each_keep_their_break() -> None:
    (one, _), (other, _) = seat(BREAK, CLEAN, name="one"), seat(BREAK, name="other")

    verdicts = await deliberate(case(), [one, other])

    assert [(severities(each), each.findings[0].source) for each in verdicts] == [
        (["break"], "judge:one"), (["break"], "judge:other"),
    ]  # fmt: skip


async def test_without_a_judge_there_is_no_verdict() -> None:
    assert await deliberate(case(), []) == ()
