import json

import pytest

from harness.core.model import ModelSpec
from harness.core.rating import Stage
from harness.judges import SheetJudge
from tests.build import criterion, exchange, model, rubric, scenario

from .bench import Model, Said, answer, case, grade, judged, only, unscored, violation

RELUCTANT = "I would rather not say."


async def test_a_readable_answer_gives_ratings_with_their_grounds() -> None:
    verdict = await judged(answer())

    rating = only(verdict.ratings)
    assert (verdict.judge, verdict.rubric, verdict.stage) == ("strict", "sheet@3", "strict")
    assert (rating.value, rating.grade, rating.criterion, rating.dimension) == (1.0, 2, "voice", "voice")
    assert (rating.citation, rating.cited_turn, rating.reason) == ("Wipe your boots", 1, "短而有力")
    assert (verdict.findings, verdict.unfound_quotes) == ((), 0)


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        pytest.param(answer(), "strict", id="strict"),
        pytest.param(f"Gladly: {answer()}", "repaired", id="repaired"),
        pytest.param(answer()[:-1], "repaired", id="unclosed"),
    ],
)
async def test_the_way_an_answer_was_read_is_told(said: str, stage: Stage) -> None:
    verdict = await judged(said)

    assert (verdict.stage, unscored(verdict)) == (stage, [None])


async def test_an_unreadable_answer_is_asked_for_once_more_with_what_was_wrong() -> None:
    asked = Model(RELUCTANT, answer())

    verdict = await SheetJudge(name="strict", rubric=rubric(), spec=model()).vote(case(), asked)

    first, second = asked.asked
    assert second.messages[:2] == first.messages
    assert [message.role for message in second.messages[2:]] == ["assistant", "user"]
    assert second.messages[2].content == RELUCTANT
    assert "there is no JSON object in it" in second.messages[3].content
    assert (second.form, second.params) == (first.form, first.params)
    assert (verdict.stage, unscored(verdict)) == ("re-asked", [None])


async def test_it_is_asked_for_once_more_and_never_twice() -> None:
    asked = Model(RELUCTANT, RELUCTANT, answer())

    verdict = await SheetJudge(name="strict", rubric=rubric(), spec=model()).vote(case(), asked)

    assert len(asked.asked) == 2
    assert (verdict.stage, unscored(verdict)) == ("unread", ["unreadable"])


PARTIAL = json.dumps({"grades": {"voice": grade()}})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(("failed", ""), "failed", id="failed"),
        pytest.param(("empty", ""), "empty", id="empty"),
        pytest.param(("empty", "  "), "empty", id="blank"),
        pytest.param(("filtered", ""), "filtered", id="filtered"),
        pytest.param(("filtered", PARTIAL), "filtered", id="filtered-after-a-readable-part"),
        pytest.param(("truncated", RELUCTANT), "cut_off", id="cut-off-before-the-object"),
    ],
)
async def test_a_call_that_went_wrong_is_never_a_verdict_nor_asked_again(said: Said, reason: str) -> None:
    asked = Model(said)
    sheet = rubric(criterion("voice"), criterion("form"))

    verdict = await SheetJudge(name="strict", rubric=sheet, spec=model()).vote(case(), asked)

    assert len(asked.asked) == 1
    assert (verdict.stage, unscored(verdict), verdict.findings) == ("unread", [reason, reason], ())


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        pytest.param(("failed", ""), "failed", id="failed"),
        pytest.param(("filtered", PARTIAL), "filtered", id="filtered"),
        pytest.param(("truncated", RELUCTANT), "cut_off", id="cut-off"),
    ],
)
async def test_a_second_answer_that_went_wrong_says_so(second: Said, reason: str) -> None:
    verdict = await judged(RELUCTANT, second)

    assert (verdict.stage, unscored(verdict)) == ("unread", [reason])


async def test_what_a_cut_off_answer_still_said_counts_and_the_rest_is_cut_off() -> None:
    whole = answer({"voice": grade(), "form": grade(), "agency": grade()})
    sheet = rubric(criterion("voice"), criterion("form"), criterion("agency"))
    cut = whole[: whole.index("agency") - 5 - len('"reason": "短而有力", "grade": 2')]

    verdict = await judged(("truncated", cut), by=sheet)

    assert unscored(verdict) == [None, "cut_off", "cut_off"]
    assert verdict.stage == "repaired"


async def test_a_chat_without_a_reply_is_not_asked_about() -> None:
    asked = Model()
    nothing = case(exchange(1, outcome="filtered"), of=scenario("one"))

    verdict = await SheetJudge(name="s", rubric=rubric(per_turn=True), spec=model()).vote(nothing, asked)

    assert (asked.asked, verdict.ratings, verdict.findings) == ([], (), ())


async def test_findings_and_ratings_come_from_one_answer() -> None:
    verdict = await judged(answer(violations=[violation(), violation(quote="nowhere to be found in it")]))

    assert [each.failure_type for each in verdict.findings] == ["identity_swap"]
    assert verdict.unfound_quotes == 1
    assert unscored(verdict) == [None]


EXPECTING = scenario(
    {
        "user": "one",
        "expect": [{"judge": "He offers a bed."}, {"judge": "他提到了井水。", "failure_type": "forgetting"}],
    },
    {"user": "two", "expect": [{"judge": "He is gruff."}, {"max_chars": 900}]},
)


def expected(first: object, second: object, third: object) -> str:
    return answer({"voice": grade(), "expect_1_1": first, "expect_1_2": second, "expect_2_1": third})


async def test_a_statement_that_does_not_hold_is_a_finding_of_the_type_the_scenario_names() -> None:
    of = case("No bed for you.", "Aye, what is it?", of=EXPECTING)
    said = expected(grade(0, "No bed for you", "拒绝了"), grade(0, "No bed"), grade(1, "what is it"))

    verdict = await judged(said.replace("Wipe your boots", "Aye"), of=of)

    assert [(each.failure_type, each.turn, each.quote) for each in verdict.findings] == [
        ("unmet_expectation", 1, "No bed for you"), ("forgetting", 1, "No bed"),
    ]  # fmt: skip
    first = verdict.findings[0]
    assert (first.message, first.source) == ("judge.expectation", "judge:strict")
    assert first.arguments == {"expected": "He offers a bed.", "why": "拒绝了"}


async def test_a_statement_that_was_not_graded_is_no_finding() -> None:
    of = case("No bed for you.", "Aye, what is it?", of=EXPECTING)

    verdict = await judged(expected(grade(0, "never said"), grade(7, "No bed"), {}).replace("Wipe", "x"), of=of)

    assert verdict.findings == ()
    assert unscored(verdict)[1:] == ["citation_not_found", "off_menu", "off_menu"]


async def test_a_miss_shown_by_the_users_line_has_no_place_in_the_reply() -> None:
    of = case("Aye.", "Aye.", of=scenario({"user": "Do I get a bed here?", "expect": [{"judge": "x"}]}, "two"))

    verdict = await judged(answer({"expect_1_1": grade(0, "Do I get a bed here?")}), of=of)

    assert [(each.span, each.quote, each.turn) for each in verdict.findings] == [(None, "", 1)]


def test_a_judge_is_a_value() -> None:
    sheet, spec = rubric(), ModelSpec.model_validate({"base_url": "http://127.0.0.1:9", "id": "x"})

    assert SheetJudge(name="a", rubric=sheet, spec=spec) == SheetJudge(name="a", rubric=sheet, spec=spec)
