"""What becomes of a call that goes wrong: which of our errors, and what it says."""

import inspect
from collections.abc import Callable
from typing import Any, cast

import httpx2
import openai
import pytest

from harness.errors import CallError, LostCall, RefusedCall, RetryableCall
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from tests.build import model

from .endpoint import Endpoint, closed_port, hung_up, piece, reply, reset, silent, silent_after, streamed, whole
from .test_openai import HELLO, KEY, ask


def error(status: int, code: object = None, **headers: str) -> Callable[..., Any]:
    return whole({"error": {"message": "不行", "code": code}}, status, headers=headers)


STATUSES = [
    *(pytest.param(status, None, RefusedCall, id=str(status)) for status in (401, 402, 403, 404)),
    *(pytest.param(status, None, LostCall, id=str(status)) for status in (400, 413, 422)),
    *(pytest.param(status, None, RetryableCall, id=str(status)) for status in (408, 409, 429, 500, 502, 503, 529)),
    pytest.param(500, "invalid_request", LostCall, id="500-invalid_request"),
    pytest.param(429, "insufficient_quota", RefusedCall, id="429-insufficient_quota"),
    pytest.param(503, ["odd"], RetryableCall, id="503-code-is-a-list"),
    pytest.param(400, {"odd": 1}, LostCall, id="400-code-is-an-object"),
]


@pytest.mark.parametrize(("status", "code", "kind"), STATUSES)
@pytest.mark.parametrize("stream", [False, True], ids=["", "streaming"])
async def test_a_status_says_whether_calling_again_can_help(
    endpoint: Endpoint, status: int, code: object, kind: type[CallError], stream: bool
) -> None:
    endpoint.acts = [error(status, code)]

    with pytest.raises(CallError) as raised:
        await ask(endpoint, stream=stream)

    assert (type(raised.value), raised.value.status) == (kind, status)
    assert "不行" in str(raised.value)
    assert len(endpoint.asked) == 1, "the bill cannot see the SDK's own retries"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"<html>",
        b"[1]",
        b"null",
        b'{"error": "text"}',
        b'{"error": [1]}',
        b'{"error": {"message": "%s"}}' % (b"x" * 9000),
    ],
)
async def test_an_error_whose_body_is_anything_at_all_is_told_in_few_words(endpoint: Endpoint, body: bytes) -> None:
    endpoint.acts = [whole(body, 503)]

    with pytest.raises(RetryableCall) as raised:
        await ask(endpoint)

    assert len(str(raised.value)) <= 300


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("0.5", 0.5, id="part-of-a-second"),
        pytest.param("-3", 0.0, id="negative"),
        pytest.param("nan", 0.0, id="not-a-number"),
        pytest.param("soon", None, id="a-word"),
        pytest.param("Wed, 21 Oct 2026 07:28:00 GMT", 0.0, id="a-date-that-is-past"),
        pytest.param("Mon, 22 Nov 999999999999 17:00:00 GMT", None, id="a-date-beyond-time"),
        pytest.param("Wed, 99 Oct 2026 07:28:00 GMT", None, id="no-date"),
        pytest.param("", None, id="empty"),
    ],
)
async def test_the_wait_that_a_server_asks_for_comes_with_the_error(
    endpoint: Endpoint, header: str, wait: float | None
) -> None:
    endpoint.acts = [error(429, **{"Retry-After": header})]

    with pytest.raises(RetryableCall) as raised:
        await ask(endpoint)

    assert raised.value.retry_after == wait


async def test_a_refused_connection_may_be_tried_again() -> None:
    spec = model(base_url=f"http://127.0.0.1:{closed_port()}/v1")
    async with OpenAIProvider.open(spec, Access(KEY)) as provider:
        with pytest.raises(RetryableCall, match=r"the connection to .* failed") as raised:
            await provider.complete(HELLO)

    assert not raised.value.maybe_billed, "nothing was ever sent"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streaming"])
@pytest.mark.parametrize("act", [hung_up, reset])
async def test_a_connection_that_breaks_may_be_tried_again(endpoint: Endpoint, act: Any, stream: bool) -> None:
    endpoint.acts = [act]

    with pytest.raises(RetryableCall, match=r"the connection to .* failed"):
        await ask(endpoint, stream=stream)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streaming"])
async def test_a_server_that_does_not_answer_in_time_may_be_tried_again(endpoint: Endpoint, stream: bool) -> None:
    endpoint.acts = [silent]

    with pytest.raises(RetryableCall, match="no answer within"):
        await ask(endpoint, stream=stream, timeout=0.05)


async def test_a_stream_that_falls_silent_may_be_tried_again(endpoint: Endpoint) -> None:
    endpoint.acts = [silent_after(piece("Once upon"))]

    with pytest.raises(RetryableCall):
        await ask(endpoint, stream=True, timeout=0.05)


def kept_alive(handler: Any) -> None:
    """A stream that says again and again that it is still there, and nothing else."""
    handler.start(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
    handler.end_headers()
    while not handler.endpoint.over.wait(0.005):
        handler.wfile.write(b"4\r\n: \n\n\r\n")


async def test_a_stream_that_is_kept_alive_without_end_is_given_up(endpoint: Endpoint) -> None:
    endpoint.acts = [kept_alive]

    with pytest.raises(LostCall, match=r"no end of the answer within 0\.5 seconds") as raised:
        await ask(endpoint, stream=True, timeout=0.05)
    assert raised.value.maybe_billed


async def test_a_stream_whose_connection_breaks_may_be_tried_again(endpoint: Endpoint) -> None:
    endpoint.acts = [streamed(piece("Once upon"), break_off=True)]

    with pytest.raises(RetryableCall):
        await ask(endpoint, stream=True)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streaming"])
async def test_an_answer_in_a_broken_encoding_may_be_tried_again(endpoint: Endpoint, stream: bool) -> None:
    gzipped = {"Content-Encoding": "gzip"}
    endpoint.acts = [streamed(b"not gzip", headers=gzipped) if stream else whole(b"not gzip", headers=gzipped)]

    with pytest.raises(RetryableCall):
        await ask(endpoint, stream=stream)


BILLED = [
    pytest.param(silent, True, id="no-answer-in-time"),
    pytest.param(hung_up, True, id="hung-up"),
    pytest.param(whole(b"<html>"), True, id="unreadable"),
    pytest.param(whole({"choices": []}), True, id="no-choice"),
    pytest.param(error(500), True, id="500"),
    pytest.param(streamed(piece("Once upon")), True, id="half-a-stream"),
    pytest.param(streamed(b"data: oops\n\n"), True, id="stream-without-json"),
    pytest.param(streamed(b'data: {"error": 1}\n\n'), True, id="stream-with-an-error"),
    pytest.param(error(429), False, id="429"),
    pytest.param(error(400), False, id="400"),
    pytest.param(error(401), False, id="401"),
]


@pytest.mark.parametrize(("act", "billed"), BILLED)
async def test_a_call_that_may_have_been_charged_for_says_so(endpoint: Endpoint, act: Any, billed: bool) -> None:
    endpoint.acts = [act]

    with pytest.raises(CallError) as raised:
        await ask(endpoint, stream=True, timeout=0.05 if act is silent else 30)

    assert raised.value.maybe_billed is billed


async def test_redirects_without_end_are_an_error_of_ours(endpoint: Endpoint) -> None:
    endpoint.acts = [whole({}, 307, headers={"Location": "/v1/chat/completions"})]

    with pytest.raises(CallError):
        await ask(endpoint)


async def test_a_call_after_a_failed_one_is_answered(endpoint: Endpoint) -> None:
    endpoint.acts = [error(503), hung_up, whole(reply("Aye."))]
    async with OpenAIProvider.open(model(base_url=endpoint.url), Access(KEY)) as provider:
        for _ in range(2):
            with pytest.raises(RetryableCall):
                await provider.complete(HELLO)
        assert (await provider.complete(HELLO)).text == "Aye."


class Failing:
    """A client of the SDK whose every request ends in one error."""

    def __init__(self, raised: Exception) -> None:
        self.raised = raised

    async def post(self, *_: object, **__: object) -> object:
        raise self.raised


def error_classes() -> list[type[Exception]]:
    public = {
        each for each in list(vars(openai).values()) if inspect.isclass(each) and issubclass(each, openai.OpenAIError)
    }
    return sorted(public, key=lambda each: each.__name__)


def made(kind: type[Exception]) -> Exception:
    """One error of a class, from what its constructor asks for."""
    request = httpx2.Request("POST", "http://127.0.0.1/v1")
    offered = {
        "message": "it went wrong",
        "request": request,
        "response": httpx2.Response(418, request=request),
        "body": None,
        "completion": cast(Any, type("Completion", (), {"usage": None})()),
        "unsent_messages": [],
    }
    wanted = inspect.signature(kind.__init__).parameters
    return kind(**{name: value for name, value in offered.items() if name in wanted})


@pytest.mark.parametrize("kind", error_classes(), ids=lambda kind: kind.__name__)
async def test_every_exception_of_the_openai_package_becomes_one_of_ours(kind: type[Exception]) -> None:
    provider = OpenAIProvider(model(), cast(Any, Failing(made(kind))), Access(KEY))

    if kind is openai.ContentFilterFinishReasonError:
        assert (await provider.complete(HELLO)).outcome == "filtered"
        return
    with pytest.raises(CallError):
        await provider.complete(HELLO)


def test_the_walk_over_the_openai_package_finds_the_classes_it_is_about() -> None:
    assert {openai.RateLimitError, openai.APITimeoutError, openai.LengthFinishReasonError} <= set(error_classes())
