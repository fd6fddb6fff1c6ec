"""Answers that come as server-sent events."""

import json

import pytest

from harness.core.conversation import Usage
from harness.errors import LostCall, RetryableCall
from harness.providers import streams
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from tests.build import model

from .endpoint import DONE, Endpoint, event, piece, reply, streamed, whole
from .test_openai import HELLO, ask

STOP = piece(finish="stop")
USAGE = {"prompt_tokens": 11, "completion_tokens": 7}


async def heard(endpoint: Endpoint, *pieces: bytes) -> str:
    endpoint.acts = [streamed(*pieces)]
    return (await ask(endpoint, stream=True)).text


async def test_pieces_are_joined_and_usage_comes_from_a_last_chunk_without_choices(endpoint: Endpoint) -> None:
    last = event({"choices": [], "usage": USAGE})
    endpoint.acts = [streamed(piece(""), piece("茶凉了，"), piece("再续。"), STOP, last, DONE)]

    completion = await ask(endpoint, stream=True)

    assert (completion.outcome, completion.text, completion.finish_reason) == ("answered", "茶凉了，再续。", "stop")
    assert completion.usage == Usage(input_tokens=11, output_tokens=7)
    assert completion.first_token_seconds is not None


async def test_usage_is_kept_when_later_chunks_carry_null(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(piece("a", usage=USAGE), piece("b", "stop", usage=None), DONE)]

    assert (await ask(endpoint, stream=True)).usage == Usage(input_tokens=11, output_tokens=7)


async def test_a_stream_without_usage_has_an_unknown_one(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(piece("a"), STOP, DONE)]

    assert (await ask(endpoint, stream=True)).usage is None


@pytest.mark.parametrize(
    "end",
    [
        pytest.param([STOP, DONE], id="done"),
        pytest.param([STOP], id="no-done"),
        pytest.param([STOP.rstrip(b"\n")], id="no-last-line-feed"),
        pytest.param([STOP, DONE, b"data: {not json}\n\n"], id="words-after-done"),
        pytest.param([STOP, b"data:[DONE]\n\n"], id="no-space"),
        pytest.param([piece(finish="stop", usage="odd"), DONE], id="odd-usage"),
        pytest.param([event({"choices": None}), event([1]), event("hm"), STOP, DONE], id="odd-chunks"),
        pytest.param([event({"choices": [{"delta": None}]}), STOP, DONE], id="null-delta"),
        pytest.param([piece([{"text": " ok"}]), STOP, DONE], id="list-content"),
        pytest.param([piece(finish="length"), event({"choices": [{"delta": {}, "finish_reason": None}]})], id="length"),
    ],
)
async def test_a_stream_that_said_why_it_ended_is_whole(endpoint: Endpoint, end: list[bytes]) -> None:
    assert (await heard(endpoint, piece("Aye."), *end)).startswith("Aye.")


@pytest.mark.parametrize(
    ("finish", "outcome"), [("length", "truncated"), ("content_filter", "filtered"), ("sensitive", "filtered")]
)
async def test_a_finish_reason_counts_in_a_stream_too(endpoint: Endpoint, finish: str, outcome: str) -> None:
    endpoint.acts = [streamed(piece("He drew"), piece(" his"), piece(finish=finish), DONE)]

    completion = await ask(endpoint, stream=True)

    assert (completion.outcome, completion.text) == (outcome, "He drew his")


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([piece("Once upon")], id="broken-off"),
        pytest.param([piece("Once upon"), DONE], id="done-without-a-reason"),
        pytest.param([piece("Once upon", finish="")], id="empty-reason"),
        pytest.param([], id="nothing"),
        pytest.param([DONE], id="only-done"),
        pytest.param([b": keep-alive\n\n"] * 3, id="only-comments"),
        pytest.param([piece("Once"), event({"error": {"message": "overloaded"}})], id="error-object"),
        pytest.param([piece("Once"), event({"error": "overloaded"}), STOP], id="error-before-the-end"),
        pytest.param([event({"ErrorMsg": {"Msg": "服务繁忙"}}), piece("ok"), STOP], id="ErrorMsg"),
        pytest.param([piece("Once"), b"data: upstream timed out\n\n", STOP], id="not-json"),
        pytest.param([b"data: " + b"[" * 100_000 + b"\n\n", STOP], id="nested-too-deep"),
    ],
)
async def test_a_stream_that_broke_off_or_carried_an_error_may_be_tried_again(
    endpoint: Endpoint, pieces: list[bytes]
) -> None:
    with pytest.raises(RetryableCall):
        await heard(endpoint, *pieces)


async def test_comments_and_other_fields_and_carriage_returns_are_no_part_of_the_reply(endpoint: Endpoint) -> None:
    crlf = [event(json.loads(each[5:]), b"\r\n") for each in (piece("茶"), piece("凉了"), STOP)]
    noise = [b": OPENROUTER PROCESSING\r\n\r\n", b"event: message\r\nid: 7\r\nretry: 10\r\n", b"\r\n"]

    assert await heard(endpoint, noise[0], crlf[0], *noise, *crlf[1:], b"data: [DONE]\r\n\r\n") == "茶凉了"


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r", "\n", "data: [DONE]"])
async def test_line_separators_inside_a_reply_do_not_cut_its_event(endpoint: Endpoint, odd: str) -> None:
    assert await heard(endpoint, piece(f"one{odd}two"), STOP, DONE) == f"one{odd}two"


async def test_a_stream_may_be_cut_anywhere_even_inside_a_character(endpoint: Endpoint) -> None:
    stream = piece("茶凉了🍵，再续。") + STOP + DONE

    assert await heard(endpoint, *(bytes([byte]) for byte in stream)) == "茶凉了🍵，再续。"


async def test_a_character_whose_halves_come_in_two_events_is_whole_again(endpoint: Endpoint) -> None:
    halves = [event({"choices": [{"delta": {"content": half}}]}, ascii_only=True) for half in ("\ud83c", "\udf75")]

    assert await heard(endpoint, piece("茶"), *halves, piece("!"), STOP) == "茶🍵!"


async def test_a_half_character_that_stays_alone_is_replaced(endpoint: Endpoint) -> None:
    lone = event({"choices": [{"delta": {"content": "a\ud83c"}}]}, ascii_only=True)

    assert await heard(endpoint, lone, piece("b"), STOP) == "a\ufffdb"


async def test_a_page_in_place_of_a_stream_is_a_lost_call(endpoint: Endpoint) -> None:
    endpoint.acts = [whole(b"<html>", content_type="text/html")]

    with pytest.raises(LostCall):
        await ask(endpoint, stream=True)


async def test_a_stream_without_a_piece_of_text_is_empty_and_has_no_first_token(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(piece(""), STOP, DONE)]

    completion = await ask(endpoint, stream=True)

    assert (completion.outcome, completion.first_token_seconds) == ("empty", None)


async def test_a_provider_serves_again_after_a_stream_was_given_up(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(event({"error": "x"}), *[piece("more")] * 50), streamed(piece("Aye."), STOP, DONE)]

    async with OpenAIProvider.open(model(base_url=endpoint.url, stream=True), Access()) as provider:
        with pytest.raises(RetryableCall):
            await provider.complete(HELLO)
        assert (await provider.complete(HELLO)).text == "Aye."


USED = {"prompt_tokens": 9, "completion_tokens": 4}
WHOLE = (piece("One. "), piece("Two.", "stop"), event({"choices": [], "usage": USED}), DONE)
IN_TWO_LINES = b'data: {"choices": [{"delta":\ndata: {"content": "One. "}}]}\n\n'


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param((b"\xef\xbb\xbf", *WHOLE), id="byte-order-mark"),
        pytest.param((b"data:\n\n", *WHOLE), id="empty-heartbeat"),
        pytest.param((b": still here\n\n", *WHOLE), id="comment"),
        pytest.param(tuple(each.replace(b"\n", b"\r\n") for each in WHOLE), id="crlf"),
        pytest.param(tuple(each.replace(b"data: ", b"data:") for each in WHOLE), id="no-space"),
        pytest.param(tuple(bytes([byte]) for each in WHOLE for byte in each), id="byte-by-byte"),
        pytest.param(
            (b'data: {"choices": [{"delta":\ndata: {"content": "One. "}}]}\n\n', *WHOLE[1:]), id="two-data-lines"
        ),
        pytest.param(WHOLE[:-1], id="no-done"),
        pytest.param((*WHOLE[:-1], DONE.rstrip()), id="no-last-line-end"),
    ],
)
async def test_however_a_stream_is_written_the_reply_is_the_same(endpoint: Endpoint, sent: tuple[bytes, ...]) -> None:
    endpoint.acts = [streamed(*sent)]

    completion = await ask(endpoint, stream=True)

    assert (completion.outcome, completion.text) == ("answered", "One. Two.")
    assert completion.usage == Usage(input_tokens=9, output_tokens=4)


async def test_a_stream_under_another_content_type_is_read_all_the_same(endpoint: Endpoint) -> None:
    endpoint.acts = [whole(b"".join(WHOLE), content_type="text/plain")]

    assert (await ask(endpoint, stream=True)).text == "One. Two."


async def test_a_reply_that_was_whole_before_the_connection_broke_is_a_reply(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(*WHOLE[:-1], break_off=True)]

    completion = await ask(endpoint, stream=True)

    assert (completion.text, completion.usage) == ("One. Two.", Usage(input_tokens=9, output_tokens=4))


async def test_an_event_without_end_is_given_up(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LONGEST_EVENT", 1000)
    endpoint.acts = [streamed(b"data: ", *[b"x" * 500] * 4)]

    with pytest.raises(LostCall, match="more than 1,000 bytes"):
        await ask(endpoint, stream=True)


async def test_what_minimax_filters_keeps_its_text_apart_and_its_usage(endpoint: Endpoint) -> None:
    answer = reply("He drew his", output_sensitive=True)
    endpoint.acts = [whole(answer), streamed(piece("He drew his"), piece("", "stop", output_sensitive=True), DONE)]

    for stream in (False, True):
        completion = await ask(endpoint, stream=stream)
        assert (completion.outcome, completion.text) == ("filtered", "He drew his")
