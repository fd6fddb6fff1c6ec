"""How a chat is cut for a judge: in one piece, or in parts with a pass over the whole."""

import json
from typing import Any

from harness.core.scenario import Scenario
from harness.core.taxonomy import FAILURE_TYPES
from harness.judges import Case, SheetJudge
from harness.judges.passages import OVER_TIME, Passage, passages_for
from tests.build import criterion, model, persona, rubric, scenario, transcript

from .bench import Model, answer, case, grade, judged, only, violation

SHEET = rubric(criterion("voice"), criterion("memory"), criterion("facts"), per_turn=True)
PER_TURN = rubric(criterion("voice"), per_turn=True)
WHOLE = rubric(criterion("voice"))


def chat(turns: int, **fields: object) -> Case:
    """A chat whose every line is its own; turn 2 calls for facts, turn 40 for memory."""
    probes = {2: "false_premise", 40: "memory_callback"}
    of: Scenario = scenario(*({"user": f"Line {n}.", "probe": probes.get(n)} for n in range(1, turns + 1)))
    replies = transcript(*(f"Reply number {n}." for n in range(1, turns + 1)))
    return Case(persona=persona(), scenario=of, transcript=replies, **fields)  # type: ignore[arg-type]


def ids(passage: Passage) -> list[str]:
    return [item.id for item in passage.items]


def test_twenty_replies_are_read_in_one_piece() -> None:
    (passage,) = passages_for(SHEET, chat(20))

    assert (passage.shown, passage.graded) == (tuple(range(1, 21)), tuple(range(1, 21)))
    assert (passage.part, passage.continued, passage.types) == (None, False, FAILURE_TYPES)
    assert len(passage.items) == 21


def test_a_long_chat_is_read_in_equal_parts_and_once_as_a_whole() -> None:
    *parts, whole = passages_for(SHEET, chat(45))

    assert [part.shown for part in parts] == [tuple(range(1, 16)), tuple(range(16, 31)), tuple(range(31, 46))]
    assert [part.graded for part in parts] == [part.shown for part in parts]
    assert [(part.part, part.continued) for part in parts] == [((1, 3), True), ((2, 3), True), ((3, 3), False)]
    assert (whole.shown, whole.part, whole.continued) == (tuple(range(1, 46)), None, False)


def test_what_shows_over_time_is_asked_of_the_whole_alone_and_everything_once() -> None:
    *parts, whole = passages_for(SHEET, chat(45))

    assert ids(whole) == ["memory_40"]
    assert ids(parts[0]) == [*(f"voice_{n}" for n in range(1, 16)), "facts_2"]
    assert sorted(name for part in parts for name in ids(part)) == sorted(
        ["facts_2", *(f"voice_{n}" for n in range(1, 46))]
    )
    assert (whole.types, {part.types for part in parts}) == (OVER_TIME, {FAILURE_TYPES})


def test_a_grade_for_the_whole_chat_is_asked_by_the_pass_that_sees_it() -> None:
    *parts, whole = passages_for(WHOLE, chat(25))

    assert [ids(part) for part in parts] == [[], []]
    assert ids(whole) == ["voice"]


def test_only_parts_with_a_graded_turn_are_asked_about() -> None:
    part, whole = passages_for(SHEET, chat(45, only=frozenset({40})))

    assert (part.shown, part.graded, ids(part)) == (tuple(range(31, 46)), (40,), ["voice_40"])
    assert (whole.graded, ids(whole)) == ((40,), ["memory_40"])


async def test_a_part_hands_on_what_the_character_claimed() -> None:
    claims = ["She was born at sea.", "Her brother is called Tom."]
    asked = Model(said({"claims": claims}), said(), said(grades={"voice": grade(2, "Reply number 3.")}))

    verdict = await SheetJudge(name="strict", rubric=WHOLE, spec=model()).vote(chat(25), asked)

    first, second, whole = (request.messages[-1].content for request in asked.asked)
    assert [json.loads(line) for line in between_markers(second)][1] == {"claims": claims}
    assert "born at sea" not in first + whole
    assert ('Also add "claims"' in first, 'Also add "claims"' in second, 'Also add "claims"' in whole) == (
        True, False, False,
    )  # fmt: skip
    assert only(verdict.ratings).value == 1.0


async def test_claims_outlive_a_part_that_nobody_could_read() -> None:
    asked = Model(said({"claims": ["She was born at sea."]}), ("failed", ""), said(), said())

    verdict = await SheetJudge(name="strict", rubric=WHOLE, spec=model()).vote(chat(45), asked)

    assert "born at sea" in asked.asked[2].messages[-1].content
    assert verdict.stage == "unread"


async def test_claims_are_in_the_form_only_where_another_part_follows() -> None:
    asked = Model(said(), said(), said())

    await SheetJudge(name="strict", rubric=WHOLE, spec=model()).vote(chat(25), asked)

    assert [set(form) for form in forms(asked)] == [
        {"violations", "grades", "claims"}, {"violations", "grades"}, {"violations", "grades"},
    ]  # fmt: skip


async def test_each_pass_may_only_name_the_turns_and_types_it_is_asked_for() -> None:
    asked = Model(said(), said(), said())

    await SheetJudge(name="strict", rubric=WHOLE, spec=model()).vote(chat(25), asked)

    allowed = [form["violations"]["items"]["properties"] for form in forms(asked)]
    assert [one["turn"]["enum"] for one in allowed] == [
        list(range(1, 13)), list(range(13, 26)), list(range(1, 26))
    ]  # fmt: skip
    assert allowed[2]["failure_type"]["enum"] == list(OVER_TIME)
    assert "pass over the whole chat" not in asked.asked[0].messages[-1].content
    assert "of the types persona_collapse, history_contradiction" in asked.asked[2].messages[-1].content


async def test_turns_that_are_only_shown_are_neither_graded_nor_blamed() -> None:
    both = [violation(quote="Reply number 1."), violation(turn=2, quote="Reply number 2.")]
    graded = {f"voice_{n}": grade(2, f"Reply number {n}.") for n in (1, 2, 3)}

    verdict = await judged(answer(graded, both), of=chat(3, only=frozenset({2})), by=PER_TURN)

    assert [rating.turn for rating in verdict.ratings] == [2]
    assert [finding.turn for finding in verdict.findings] == [2]
    assert verdict.unfound_quotes == 1


async def test_the_judge_is_told_which_turn_is_meant() -> None:
    asked = Model(answer({"voice_2": grade(2, "Reply number 2.")}))

    await SheetJudge(name="strict", rubric=PER_TURN, spec=model()).vote(chat(3, only=frozenset({2})), asked)

    request = asked.asked[0].messages[-1].content
    assert "Look for violations in turn 2 alone" in request
    assert "Reply number 1." in request
    assert "voice_1" not in request


async def test_a_case_without_items_asks_nothing() -> None:
    asked = Model()

    verdict = await SheetJudge(name="strict", rubric=rubric(criterion("facts")), spec=model()).vote(case(), asked)

    assert passages_for(rubric(criterion("facts")), case()) == ()
    assert (asked.asked, verdict.ratings, verdict.findings, verdict.stage) == ([], (), (), "strict")


def said(more: dict[str, object] | None = None, grades: object = None) -> str:
    return json.dumps({"violations": [], "grades": grades or {}, **(more or {})})


def between_markers(request: str) -> list[str]:
    lines = request.split("\n")
    marks = [place for place, line in enumerate(lines) if line.startswith("=== data ")]
    return ["\n".join(lines[start + 1 : end]) for start, end in zip(marks[::2], marks[1::2], strict=True)]


def forms(asked: Model) -> list[Any]:
    """The fields of each form that an answer had to have."""
    return [request.form.schema["properties"] for request in asked.asked if request.form]
