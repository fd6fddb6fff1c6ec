import asyncio
import json
from time import perf_counter

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.conversation import GOOD, Completion
from harness.errors import CallError
from harness.providers.streams import read_stream
from harness.providers.wire import read_reply, read_usage

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=12)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT
ANY_JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4), max_leaves=8
)


def sometimes(name: str, inner: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """An object that has the field, filled well or with anything."""
    return st.fixed_dictionaries({}, optional={name: inner | ANY_JSON})


@st.composite
def nearly_answers(draw: st.DrawFn) -> dict[str, object]:
    """Objects that look like answers, each field well or ill."""
    content = draw(ANY_JSON | st.lists(sometimes("text", ANY_TEXT), max_size=3))
    said = draw(sometimes("content", st.just(content)) | ANY_JSON)
    choice = dict.fromkeys(draw(st.sets(st.sampled_from(["message", "delta"]))), said)
    choice["finish_reason"] = draw(st.sampled_from(["stop", "length", "sensitive", None, "", 1]) | ANY_JSON)
    counts = st.integers() | ANY_JSON
    usage = {"prompt_tokens": draw(counts), "completion_tokens": draw(counts), "prompt_tokens_details": draw(ANY_JSON)}
    return {"choices": draw(st.just([choice]) | ANY_JSON), "usage": draw(st.just(usage) | ANY_JSON)}


ANSWERS = nearly_answers() | ANY_JSON


def heard(stream: bytes, kind: str = "text/event-stream") -> Completion:
    response = httpx2.Response(200, headers={"content-type": kind}, content=stream)
    return asyncio.run(read_stream(response, perf_counter()))


def assert_sound(completion: Completion) -> None:
    """What every completion holds to, whatever it was read from."""
    assert completion.outcome != "failed"
    assert (completion.outcome in GOOD) <= bool(completion.text.strip())
    completion.text.encode("utf-8")
    (completion.finish_reason or "").encode("utf-8")


@given(ANSWERS)
def test_any_json_is_a_sound_completion_or_an_error_of_a_call(answer: object) -> None:
    try:
        assert_sound(read_reply(json.dumps(answer).encode()))
    except CallError as error:
        str(error).encode("utf-8")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sound_completion_or_an_error_of_a_call(content: bytes) -> None:
    try:
        assert_sound(read_reply(content))
    except CallError as error:
        str(error).encode("utf-8")


@given(st.lists(ANSWERS, max_size=4))
def test_a_stream_of_any_json_is_a_sound_completion_or_an_error_of_a_call(chunks: list[object]) -> None:
    stream = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
    try:
        assert_sound(heard(stream))
    except CallError as error:
        str(error).encode("utf-8")


@given(st.text(st.characters(codec="utf-8")), st.integers(0, 50))
def test_a_streamed_text_is_the_text_wherever_it_is_cut(text: str, at: int) -> None:
    chunks = [
        {"choices": [{"delta": {"content": text[:at]}}]},
        {"choices": [{"delta": {"content": text[at:]}, "finish_reason": "stop"}]},
    ]
    stream = b"".join(b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n" for chunk in chunks)

    assert heard(stream).text == text


@given(st.binary(max_size=200))
def test_a_stream_of_any_bytes_never_raises_anything_else(stream: bytes) -> None:
    try:
        assert_sound(heard(stream))
    except CallError as error:
        str(error).encode("utf-8")


@given(ANY_JSON)
def test_usage_is_never_negative_and_never_more_cached_than_sent(given_usage: object) -> None:
    usage = read_usage(given_usage)

    assert usage is None or 0 <= usage.cached_tokens <= usage.input_tokens


def test_a_stream_said_to_be_something_else_is_read_as_a_whole_answer() -> None:
    answer = {"choices": [{"message": {"content": "客官里边坐。"}, "finish_reason": "stop"}]}

    assert heard(json.dumps(answer).encode(), "application/json; charset=utf-8").text == "客官里边坐。"


@pytest.mark.parametrize("content", [b"<html>" + "坏".encode() * 90_000, b"x" * 5_000_000])
def test_an_error_quotes_only_the_start_of_what_could_not_be_read(content: bytes) -> None:
    with pytest.raises(CallError) as raised:
        read_reply(content)

    assert len(str(raised.value)) < 1100
