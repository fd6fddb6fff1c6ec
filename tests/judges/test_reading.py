import json
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.judges.reading import Answer, Unreadable, read_answer

GOOD = {"violations": [{"turn": 1}], "grades": {"voice": {"quote": "客官", "reason": "像", "grade": 2}}}
TEXT = json.dumps(GOOD, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        pytest.param(TEXT, "strict", id="as-asked"),
        pytest.param(f"\n  {TEXT}\n", "strict", id="with-space"),
        pytest.param(f"```json\n{TEXT}\n```", "strict", id="fenced"),
        pytest.param(f"```\n{TEXT}```", "strict", id="fenced-tightly"),
        pytest.param(f"<think>grade 0? {{}}</think>\n{TEXT}", "strict", id="reasoning"),
        pytest.param(f"<thinking>嗯</thinking><Reasoning>{TEXT[:20]}</Reasoning>{TEXT}", "strict", id="two-reasonings"),
        pytest.param(f"<think>hm</think>\n```json\n{TEXT}\n```", "strict", id="reasoning-then-fence"),
        pytest.param(f"Here is my verdict:\n{TEXT}", "repaired", id="prose-before"),
        pytest.param(f"好的，以下是评分：{TEXT}\n希望有帮助！", "repaired", id="prose-around"),
        pytest.param(f"Sure.\n```json\n{TEXT}\n```\nDone.", "repaired", id="prose-around-a-fence"),
        pytest.param(TEXT.replace('"', "'"), "repaired", id="single-quotes"),
        pytest.param(TEXT[:-1] + ",}", "repaired", id="trailing-comma"),
        pytest.param(TEXT[:-1], "repaired", id="unclosed"),
        pytest.param(f"hm {{no}} </think>{TEXT}", "repaired", id="reasoning-whose-start-is-missing"),
    ],
)
def test_an_answer_is_read_strictly_where_it_can_be_and_repaired_where_it_nearly_can(text: str, stage: str) -> None:
    read = read_answer(text)

    assert (read.stage, read.grades) == (stage, GOOD["grades"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("I would rather not.", id="prose"),
        pytest.param("4", id="a-number"),
        pytest.param('"grades"', id="a-string"),
        pytest.param("[1, 2]", id="a-list"),
        pytest.param("{}", id="no-grades"),
        pytest.param('{"grades": null}', id="null-grades"),
        pytest.param('{"grades": [1]}', id="list-of-grades"),
        pytest.param("<think>all of it is reasoning " + TEXT + "</think>", id="only-reasoning"),
        pytest.param("[" * 100_000, id="nested-lists"),
        pytest.param('{"grades":' * 100_000, id="nested-objects"),
    ],
)
def test_what_holds_no_verdict_is_unreadable_and_says_why(text: str) -> None:
    with pytest.raises(Unreadable, match=r"\w"):
        read_answer(text)


def test_of_two_verdicts_the_last_one_counts() -> None:
    first, last = ({"grades": {"voice": {"grade": n}}} for n in (2, 0))

    assert read_answer(json.dumps([first, last])).grades == {"voice": {"grade": 0}}
    assert read_answer(f"{json.dumps(first)}\n{json.dumps(last)}").grades == {"voice": {"grade": 0}}


def test_fields_of_the_wrong_kind_are_left_out_and_the_rest_is_read() -> None:
    read = read_answer(
        json.dumps({"grades": {"voice": 2, "form": {"grade": 1}, "x": None}, "violations": [1, {}, "a"]})
    )

    assert (read.grades, read.violations) == ({"voice": {"grade": 2}, "form": {"grade": 1}}, ({},))


def test_reasoning_tags_that_the_judge_quotes_stay_in_the_quote() -> None:
    quote = "<think>I am an AI</think> Aye."

    read = read_answer(json.dumps({"grades": {"voice": {"quote": quote}}}))

    assert read.grades["voice"]["quote"] == quote


@given(st.text() | st.text(alphabet='{}[]":,grades0<think>/ \n\\u', max_size=60))
@example('{"grades": {"a": ')
@example('{"grades":' * 300)
@settings(deadline=None)
def test_any_text_is_an_answer_or_unreadable(text: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read_answer(text), Answer)


@pytest.mark.parametrize("text", ["{" * 100_000, "{ " * 30_000, "x" * 500_000 + "{}"], ids=["deep", "spaced", "long"])
def test_what_would_take_long_to_mend_is_not_mended(text: str) -> None:
    with pytest.raises(Unreadable):
        read_answer(text)


def test_claims_are_as_many_and_as_long_as_may_be_and_can_be_kept() -> None:
    claims = ["\ud83d she says", 7, *["x" * 5000] * 60]

    read = read_answer(json.dumps({"grades": {}, "claims": claims}))

    assert read.claims[0] == "\ufffd she says"
    assert len(read.claims) <= 20
    assert max(map(len, read.claims)) <= 200


def test_grades_may_be_left_out_where_none_were_asked_for() -> None:
    assert read_answer('{"violations": []}', graded=False).grades == {}
    with pytest.raises(Unreadable):
        read_answer('{"violations": []}')
