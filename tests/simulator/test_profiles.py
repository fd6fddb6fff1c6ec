"""Each provider's own way to answer and to refuse."""

from typing import Any

import pytest

from harness.errors import InputError
from harness.simulator import profile_named
from harness.simulator.profiles import PROFILES as CLASSES

from .asking import PROFILES, SYSTEM_ZH, asking, messages

each_profile = pytest.mark.parametrize("profile", PROFILES)
NOTE = "以上内容为AI生成，不代表开发者立场，请勿删除或修改本标记"


def test_every_profile_is_known_by_its_name_and_an_unknown_one_gets_a_hint() -> None:
    assert tuple(profile.name for profile in CLASSES) == PROFILES
    with pytest.raises(InputError, match="no profile is called 'tokenhubb' · did you mean 'tokenhub'"):
        profile_named("tokenhubb")


@each_profile
async def test_a_reply_is_a_chat_completion_with_its_usage(profile: str) -> None:
    async with asking(profile) as client:
        heard = await client.ask("今夜可还太平？", system=SYSTEM_ZH)

    answer = heard.json
    assert (heard.status, heard.headers["Content-Type"]) == (200, "application/json")
    assert (answer["object"], answer["model"]) == ("chat.completion", "hunyuan-role")
    (choice,) = answer["choices"]
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"]
    assert choice["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["prompt_tokens"] + usage["completion_tokens"] == usage["total_tokens"]


@each_profile
@pytest.mark.parametrize("line", ["Is there a bed?", "今夜可还太平？"])
async def test_a_stream_says_the_same_as_a_whole_reply(profile: str, line: str) -> None:
    async with asking(profile) as client:
        whole = await client.ask(line)
        stream = await client.ask(line, stream=True)

    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert (stream.text, stream.finish) == (whole.text, "stop")
    assert stream.events[-1] == "[DONE]"
    assert len(stream.events) > 5


@pytest.mark.parametrize("profile", ["cometapi", "tokenhub", "openai"])
async def test_a_stream_tells_its_usage_in_a_last_chunk_without_choices_if_asked_to(profile: str) -> None:
    async with asking(profile) as client:
        silent = await client.ask("Is there a bed?", stream=True)
        told = await client.ask("Is there a bed?", stream=True, stream_options={"include_usage": True})

    assert not any("usage" in event for event in silent.events[:-1])
    assert not client.server.ledger.entries[0].usage_told
    *rest, last, _ = told.events
    assert (last["choices"], last["usage"]["completion_tokens"]) == ([], client.last.completion_tokens)
    assert not any("usage" in event for event in rest)
    assert client.last.usage_told


async def test_former_hunyuan_notes_each_chunk_and_counts_as_it_speaks() -> None:
    async with asking("hunyuan-legacy") as client:
        heard = await client.ask("今夜可还太平？", system=SYSTEM_ZH, stream=True)

    chunks = heard.events[:-1]
    assert {chunk["note"] for chunk in chunks} == {NOTE}
    assert all("search_info" in chunk for chunk in chunks)
    assert {chunk["choices"][0]["delta"]["role"] for chunk in chunks} == {"assistant"}
    counts = [chunk["usage"]["completion_tokens"] for chunk in chunks]
    assert counts == sorted(counts)
    assert counts[-1] == client.last.completion_tokens > counts[0]


async def test_minimax_says_base_resp_in_every_answer_and_no_role_in_a_stream() -> None:
    async with asking("minimax") as client:
        whole = await client.ask("Is there a bed?")
        stream = await client.ask("Is there a bed?", stream=True)

    for answer in (whole.json, *stream.events[:-1]):
        assert answer["base_resp"] == {"status_code": 0, "status_msg": ""}
        assert (answer["input_sensitive"], answer["output_sensitive"]) == (False, False)
    assert {chunk["choices"][0]["delta"]["role"] for chunk in stream.events[:-1]} == {""}
    assert "total_characters" in whole.json["usage"]
    assert "total_characters" in stream.events[-2]["usage"]


def error(answer: Any) -> dict[str, Any]:
    return answer["error"] if "error" in answer else answer["base_resp"]


@pytest.mark.parametrize(
    ("profile", "status", "told"),
    [
        ("cometapi", 401, {"type": "comet_api_error", "param": "", "code": ""}),
        ("tokenhub", 401, {"type": "authentication_error", "code": "401002", "message": "invalid api key"}),
        ("hunyuan-legacy", 401, {"type": "invalid_request_error"}),
        ("minimax", 200, {"status_code": 1004}),
        ("openai", 401, {"type": "invalid_request_error", "code": "invalid_api_key"}),
    ],
)
@pytest.mark.parametrize("given", ["", "sk-wrong"], ids=["missing", "wrong"])
async def test_a_key_that_is_missing_or_wrong_is_refused(
    profile: str, status: int, told: dict[str, Any], given: str
) -> None:
    async with asking(profile, key="sk-right") as client:
        refused = await client.ask("Is there a bed?", key=given)
        models = await client.request("GET", "/models", key=given)
        answered = await client.ask("Is there a bed?", key="sk-right")

    assert refused.status == models.status == status
    assert told.items() <= error(refused.json).items()
    assert answered.text
    assert [entry.outcome for entry in client.server.ledger.entries] == ["refused", "answered"]


async def test_any_key_will_do_unless_one_is_set_but_there_must_be_one() -> None:
    async with asking("openai") as client:
        assert (await client.ask("Is there a bed?", key="whatever")).status == 200
        assert (await client.ask("Is there a bed?", key="")).status == 401


@each_profile
async def test_its_models_are_listed(profile: str) -> None:
    async with asking(profile) as client:
        heard = await client.request("GET", "/models")

    assert profile_named(profile).model in [row["id"] for row in heard.json["data"]]
    if profile == "tokenhub":
        assert {row["status"] for row in heard.json["data"]} == {"online"}


@pytest.mark.parametrize("profile", ["tokenhub", "hunyuan-legacy", "minimax", "openai"])
async def test_where_no_endpoint_is_an_error_says_so(profile: str) -> None:
    async with asking(profile) as client:
        heard = await client.post(path="/completions", messages=messages("Hello"))

    assert heard.status == 404
    assert heard.json["error"]["message"]
    assert client.server.ledger.entries == []


async def test_where_no_endpoint_is_cometapi_shows_its_web_site() -> None:
    async with asking("cometapi") as client:
        page = await client.post(path="/completions", messages=messages("Hello"))
        moved = await client.request("POST", "//chat/completions")

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html")
    assert page.content.startswith(b"<html>")
    assert (moved.status, moved.headers["Location"]) == (301, "/")


@pytest.mark.parametrize(
    ("profile", "status", "told"),
    [
        ("cometapi", 500, {"type": "comet_api_error", "code": "invalid_request", "param": ""}),
        ("tokenhub", 400, {"type": "invalid_request_error", "code": "400001", "source": "client"}),
        ("hunyuan-legacy", 400, {"type": "invalid_request_error", "code": "1001"}),
        ("minimax", 200, {"status_code": 2013}),
        ("openai", 400, {"type": "invalid_request_error"}),
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"\xff"',
        b'{"model":"m"}',
        b'{"model":"m","messages":[]}',
        b'{"model":"m","messages":["hi"]}',
        b'{"model":"m","messages":[{"role":7,"content":"hi"}]}',
        b'{"model":7,"messages":[{"role":"user","content":"hi"}]}',
        b"[" * 100_000,
    ],
    ids=lambda content: repr(content[:24]),
)
async def test_what_is_no_request_is_refused(profile: str, status: int, told: dict[str, Any], content: bytes) -> None:
    async with asking(profile) as client:
        heard = await client.request("POST", "/chat/completions", content)

    assert heard.status == status
    assert told.items() <= error(heard.json).items()
    assert (client.last.outcome, client.last.prompt_tokens) == ("refused", 0)
    if profile == "cometapi":
        assert f"(request id: {client.last.body_sha256[:24]})" in heard.json["error"]["message"]


@each_profile
@pytest.mark.parametrize(
    "message",
    [
        {"role": "user", "content": [{"type": "text", "text": "Is there "}, {"type": "text", "text": "a bed?"}]},
        {"role": "user", "content": "half a character: \ud83d"},
        {"role": "user", "content": "Grade this.", "name": "judge"},
    ],
    ids=["in parts", "half a character", "named"],
)
async def test_unusual_messages_and_a_judges_request_are_answered(profile: str, message: dict[str, Any]) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "verdict", "schema": {"type": "object"}, "strict": True}}
    system = {"role": "system", "content": "You grade replies. Answer with JSON. \udc00"}
    async with asking(profile, break_at=1) as client:
        heard = await client.post(messages=[system, message], response_format=form)

    assert heard.text
