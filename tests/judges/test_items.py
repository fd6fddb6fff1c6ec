from collections.abc import Mapping

import pytest

from harness.core.rubric import Rubric
from harness.core.taxonomy import PROBE_KINDS, PROBED
from harness.judges.items import items_for
from harness.store.project import ProjectFolder
from harness.store.starter import starter_folder
from tests.build import criterion, exchange, rubric, scenario

from .bench import case


def shipped(name: str) -> Rubric:
    return ProjectFolder(starter_folder(), starter_folder()).load((), (), (name,)).rubrics[name]


def asked(by: Rubric, *turns: str | Mapping[str, object], replies: int | None = None) -> list[str]:
    of = scenario(*turns)
    chat = case(*("Aye.",) * (len(turns) if replies is None else replies), of=of)
    return [item.id for item in items_for(by, chat)]


def test_dense_criteria_are_asked_once_for_a_whole_chat() -> None:
    by = rubric(criterion("voice"), criterion("form"))

    assert asked(by, "one", "two") == ["voice", "form"]


def test_dense_criteria_are_asked_turn_by_turn_where_the_rubric_says_so() -> None:
    by = rubric(criterion("voice"), criterion("form"), per_turn=True)

    assert asked(by, "one", "two") == ["voice_1", "voice_2", "form_1", "form_2"]


@pytest.mark.parametrize("per_turn", [False, True])
@pytest.mark.parametrize("kind", PROBE_KINDS)
def test_sparse_criteria_are_asked_only_where_a_probe_calls_for_them(kind: str, per_turn: bool) -> None:
    by = rubric(*(criterion(each) for each in ("facts", "memory", "knowledge", "emotion")), per_turn=per_turn)

    items = asked(by, "one", {"user": "two", "probe": kind})

    assert set(items) == {f"{dimension}_2" for dimension in PROBED[kind]}  # type: ignore[index]


def test_a_fact_at_stake_or_something_to_recall_calls_for_its_dimension_too() -> None:
    by = rubric(criterion("facts"), criterion("memory"))

    items = asked(by, {"user": "one", "about": "leg"}, {"user": "two", "expect": [{"recalls": ["one"]}]})

    assert items == ["facts_1", "memory_2"]


def test_turns_without_a_reply_are_not_asked_about() -> None:
    by = rubric(criterion("voice"), criterion("facts"), per_turn=True)
    of = scenario({"user": "one", "about": "leg"}, {"user": "two", "about": "leg", "expect": [{"judge": "x"}]})
    chat = case("Aye.", exchange(2, outcome="filtered", partial="As an"), of=of)

    assert [item.id for item in items_for(by, chat)] == ["voice_1", "facts_1"]


def test_statements_of_the_scenario_come_last_each_with_the_type_that_a_miss_has() -> None:
    expect = [{"judge": "He offers a bed."}, {"max_chars": 9}, {"judge": "他记得。", "failure_type": "forgetting"}]
    of = scenario("one", {"user": "two", "expect": expect})

    items = items_for(rubric(), case("Aye.", "Aye.", of=of))

    assert [(item.id, item.turn, item.failure_type) for item in items] == [
        ("voice", None, None), ("expect_2_1", 2, "unmet_expectation"), ("expect_2_2", 2, "forgetting"),
    ]  # fmt: skip
    assert items[2].criterion.question == {"en": "他记得。", "zh": "他记得。"}
    assert [items[2].criterion.read(grade) for grade in (0, 1, 2)] == [*items[2].criterion.levels, None]


def test_every_item_of_a_case_has_an_id_of_its_own() -> None:
    turns = [{"user": "x", "probe": kind, "about": "a", "expect": [{"judge": "y"}] * 2} for kind in PROBE_KINDS]
    dimensions = ("immersion", "identity", "facts", "memory", "knowledge", "voice", "emotion", "agency", "form")
    items = asked(rubric(*(criterion(each) for each in dimensions), per_turn=True), *turns)  # type: ignore[arg-type]

    assert len(items) == len(set(items))


def test_the_quick_rubric_looks_at_whole_chats_and_asks_the_same_of_each() -> None:
    items = asked(shipped("quick"), "one", {"user": "two", "probe": "false_premise"}, "three")

    assert items == ["immersion", "identity", "voice", "agency", "form"]


def test_the_in_character_rubric_looks_at_each_turn_and_at_what_its_probe_calls_for() -> None:
    items = asked(shipped("in-character"), "one", {"user": "two", "probe": "contradiction_hunt"})

    assert items == [
        "immersion_1", "immersion_2", "identity_1", "identity_2", "facts_2", "memory_2",
        "voice_1", "voice_2", "agency_1", "agency_2", "form_1", "form_2",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["quick", "in-character"])
def test_every_shipped_criterion_is_worded_in_english_and_chinese(name: str) -> None:
    by = shipped(name)

    assert by.title.keys() == {"en", "zh"}
    for each in by.criteria:
        assert each.question.keys() == {"en", "zh"}
        assert all(level.anchor.keys() == {"en", "zh"} for level in each.levels)
        assert (each.levels[0].value, each.levels[-1].value) == (0, 1)
