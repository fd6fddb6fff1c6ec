from datetime import date

import pytest
from pydantic import ValidationError

from harness.core.card import Card, CardRow, Interval, Step, Trust
from harness.core.taxonomy import Language


def row(auroc: float | None = 0.9, rows: int = 60, **fields: object) -> CardRow:
    values: dict[str, object] = {
        "dimension": "voice", "language": "en", "labels": "human", "provenance": {"human": rows}, "rows": rows,
        "scored": rows, "violations": rows // 2, "characters": 9, "auroc": Interval(value=auroc), **fields,
    }  # fmt: skip
    return CardRow.model_validate(values)


def card(*rows: CardRow) -> Card:
    return Card(
        model="mock/judge", id="judge-1", rubric="sheet@3", prompt="abc", measured=date(2026, 11, 22), version="0",
        labels=("replies.en.jsonl",), rows=rows,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "trust"),
    [
        pytest.param([row()], "trusted", id="enough-of-both"),
        pytest.param([row(0.85, 50)], "trusted", id="just-enough-of-both"),
        pytest.param([row(0.8499)], "weak", id="too-often-wrong"),
        pytest.param([row(rows=49)], "weak", id="too-few-rows"),
        pytest.param([row(labels="authored", rows=900)], "weak", id="authored-alone"),
        pytest.param([row(0.2), row(0.99, labels="authored")], "weak", id="people-disagree"),
        pytest.param([row(), row(0.2, labels="authored")], "trusted", id="people-agree"),
        pytest.param([row(None)], "uncalibrated", id="never-measured"),
        pytest.param([row(None), row(labels="authored")], "weak", id="measured-on-authored-rows-only"),
        pytest.param([row(dimension="facts"), row(language="zh")], "uncalibrated", id="measured-elsewhere"),
        pytest.param([], "uncalibrated", id="no-rows"),
    ],
)
def test_a_judge_is_trusted_for_what_people_have_shown_of_it(rows: list[CardRow], trust: Trust) -> None:
    assert card(*rows).trust("voice", "en") == trust


@pytest.mark.parametrize(
    ("language", "trust"),
    [
        pytest.param("zh", "trusted", id="zh"),
        pytest.param("zh-Hant", "trusted", id="zh-Hant"),
        pytest.param("en", "uncalibrated", id="en"),
    ],
)
def test_both_scripts_of_chinese_are_one_language(language: Language, trust: Trust) -> None:
    assert card(row(language="zh")).trust("voice", language) == trust


def test_a_card_names_what_its_judge_is_trusted_in() -> None:
    measured = card(row(dimension="form", language="zh"), row(), row(dimension="facts", labels="authored"), row(0.3))

    assert measured.trusted() == (("voice", "en"), ("form", "zh"))
    assert card().trusted() == ()


def test_a_card_is_a_value_that_json_keeps_whole() -> None:
    whole = card(row()).model_copy(update={"sensitivity": (Step(language="en", share=0.1, rating=None, chats=3),)})

    assert Card.model_validate_json(whole.model_dump_json()) == whole


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"dimension": "charm"}, id="dimension"),
        pytest.param({"language": "zh-Hant"}, id="script"),
        pytest.param({"labels": "planted"}, id="labels"),
        pytest.param({"provenance": {"hearsay": 60}}, id="origin"),
    ],
)
def test_a_row_that_is_none_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        row(**change)  # type: ignore[arg-type]
