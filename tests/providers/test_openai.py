import json
from typing import Any

import pytest

from harness.core.conversation import AnswerForm, Completion, Conversation, Message, Usage
from harness.core.model import ModelSpec, Params
from harness.errors import CallError, LostCall, RetryableCall
from harness.providers import provider_classes
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from tests.build import model

from .endpoint import Endpoint, reply, whole

KEY = "sk-a-very-secret-key-0123456789"
HELLO = Conversation(messages=(Message("system", "你是阮三娘。"), Message("user", "井水烫吗？🍵")))
FORM = AnswerForm(name="verdict", schema={"type": "object", "properties": {"grade": {"type": "integer"}}})


async def ask(endpoint: Endpoint, said: Conversation = HELLO, key: str | None = KEY, **fields: object) -> Completion:
    async with OpenAIProvider.open(at(endpoint, **fields), Access(key)) as provider:
        return await provider.complete(said)


def at(endpoint: Endpoint, **fields: object) -> ModelSpec:
    return model(base_url=endpoint.url, **fields)


async def sent_body(endpoint: Endpoint, said: Conversation = HELLO, **fields: object) -> dict[str, Any]:
    endpoint.acts = [whole(reply())]
    await ask(endpoint, said, **fields)
    return endpoint.asked[-1].body


async def test_the_messages_go_out_under_the_models_own_id_and_nothing_else_does(endpoint: Endpoint) -> None:
    body = await sent_body(endpoint, id="hunyuan-role")

    assert endpoint.asked[0].path == "/v1/chat/completions"
    assert body == {
        "model": "hunyuan-role",
        "messages": [
            {"role": "system", "content": "你是阮三娘。"},
            {"role": "user", "content": "井水烫吗？🍵"},
        ],
    }


async def test_parameters_that_are_set_are_sent_and_no_null_ever_is(endpoint: Endpoint) -> None:
    params = Params(temperature=0.0, max_tokens=64, seed=7, stop=("###",))

    body = await sent_body(endpoint, Conversation(messages=HELLO.messages, params=params))

    assert {name: body[name] for name in body if name not in ("model", "messages")} == {
        "temperature": 0.0, "max_tokens": 64, "seed": 7, "stop": ["###"],
    }  # fmt: skip
    assert "null" not in json.dumps(body)


async def test_a_streamed_request_asks_for_the_usage_too(endpoint: Endpoint) -> None:
    body = await sent_body(endpoint, stream=True)

    assert body["stream"] is True
    assert body["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("structured", "expected"),
    [
        pytest.param(
            "json_schema",
            {"type": "json_schema", "json_schema": {"name": "verdict", "schema": FORM.schema, "strict": True}},
            id="json_schema",
        ),
        pytest.param("json_object", {"type": "json_object"}, id="json_object"),
        pytest.param("none", None, id="none"),
    ],
)
async def test_the_form_of_an_answer_is_asked_for_as_far_as_the_endpoint_can(
    endpoint: Endpoint, structured: str, expected: object
) -> None:
    asked = Conversation(messages=HELLO.messages, form=FORM)

    assert (await sent_body(endpoint, asked, structured=structured)).get("response_format") == expected


async def test_an_endpoint_that_can_hold_forms_gets_none_for_a_conversation_without_one(endpoint: Endpoint) -> None:
    assert "response_format" not in await sent_body(endpoint, structured="json_schema")


async def test_the_key_goes_out_as_a_bearer_token_and_openais_own_headers_stay_at_home(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-ours")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-ours")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-provider")
    endpoint.acts = [whole(reply())]

    await ask(endpoint)
    await ask(endpoint, key=None)

    with_key, without = (asked.headers for asked in endpoint.asked)
    assert with_key["authorization"] == f"Bearer {KEY}"
    assert "sk-of-another-provider" not in str(without)
    assert not {"openai-organization", "openai-project"} & {*with_key, *without}
    assert "org-ours" not in str(endpoint.asked)


ANSWERS = [
    pytest.param(reply("Aye."), "answered", "Aye.", id="answered"),
    pytest.param(reply("客官里边坐。", "stop"), "answered", "客官里边坐。", id="chinese"),
    pytest.param(reply("Aye.", None), "answered", "Aye.", id="no-finish-reason"),
    pytest.param(reply("Aye.", {"odd": 1}), "answered", "Aye.", id="odd-finish-reason"),
    pytest.param(reply("Once upon a", "length"), "truncated", "Once upon a", id="length"),
    pytest.param(reply("Once upon a", "max_tokens"), "truncated", "Once upon a", id="max_tokens"),
    pytest.param(reply("", "length"), "empty", "", id="cut-off-before-the-first-word"),
    pytest.param(reply("He drew his", "content_filter"), "filtered", "He drew his", id="content_filter"),
    pytest.param(reply("", "sensitive"), "filtered", "", id="sensitive"),
    pytest.param(reply(""), "empty", "", id="empty"),
    pytest.param(reply(" \n\u3000"), "empty", " \n\u3000", id="blank"),
    pytest.param(reply(None), "empty", "", id="null-content"),
    pytest.param(reply(17), "empty", "", id="number-for-content"),
    pytest.param(reply([{"type": "text", "text": "茶"}, {"text": "凉了"}]), "answered", "茶凉了", id="list"),
    pytest.param(reply([{"text": None}, "x", {"text": "ok"}, {"image": 1}, None]), "answered", "ok", id="gaps"),
    pytest.param(reply([{"text": None}]), "empty", "", id="list-of-nothing"),
    pytest.param(reply("a\ud83d b"), "answered", "a\ufffd b", id="lone-surrogate"),
    pytest.param({"choices": [{"finish_reason": "stop"}]}, "empty", "", id="no-message"),
    pytest.param({"choices": [{"message": "hi"}]}, "empty", "", id="message-is-text"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "outcome", "text"), ANSWERS)
@pytest.mark.parametrize("stream", [False, True], ids=["", "to-a-streaming-request"])
async def test_a_reply_ends_as_its_finish_reason_and_its_text_say(
    endpoint: Endpoint, answer: object, outcome: str, text: str, stream: bool
) -> None:
    endpoint.acts = [whole(answer)]

    completion = await ask(endpoint, stream=stream)

    assert (completion.outcome, completion.text) == (outcome, text)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(451, {"error": {"message": "no"}}, id="451"),
        pytest.param(400, {"error": {"message": "no", "code": "content_filter"}}, id="content_filter"),
        pytest.param(400, {"error": {"message": "不行", "code": "content_filter_error"}}, id="content_filter_error"),
    ],
)
async def test_a_request_that_the_platform_filters_is_an_outcome_and_no_error(
    endpoint: Endpoint, status: int, body: object
) -> None:
    endpoint.acts = [whole(body, status)]

    completion = await ask(endpoint)

    assert (completion.outcome, completion.text) == ("filtered", "")


USAGES = [
    pytest.param({"prompt_tokens": 9, "completion_tokens": 0}, None, id="a-text-for-nothing"),
    pytest.param({"prompt_tokens": 0, "completion_tokens": 4}, None, id="nothing-sent"),
    pytest.param(
        {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 60},
        Usage(input_tokens=9, output_tokens=51),
        id="thought-and-not-shown",
    ),
    pytest.param(
        {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}},
        Usage(input_tokens=9, output_tokens=4, cached_tokens=6),
        id="cached",
    ),
    pytest.param(
        {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 10}},
        Usage(input_tokens=9, output_tokens=4),
        id="more-cached-than-sent",
    ),
    pytest.param(
        {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": None},
        Usage(input_tokens=9, output_tokens=4),
        id="null-details",
    ),
    pytest.param(None, None, id="null"),
    pytest.param([], None, id="a-list"),
    pytest.param({"prompt_tokens": 9}, None, id="half"),
    pytest.param({"prompt_tokens": "9", "completion_tokens": "4"}, None, id="text"),
    pytest.param({"prompt_tokens": 9.5, "completion_tokens": 4}, None, id="fraction"),
    pytest.param({"prompt_tokens": True, "completion_tokens": 4}, None, id="truth-value"),
    pytest.param({"prompt_tokens": -1, "completion_tokens": 4}, None, id="negative"),
]


@pytest.mark.parametrize(("usage", "expected"), USAGES)
async def test_usage_is_what_the_provider_counted_or_unknown(
    endpoint: Endpoint, usage: object, expected: Usage | None
) -> None:
    endpoint.acts = [whole(reply(usage=usage))]

    assert (await ask(endpoint)).usage == expected


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(whole(b"<html><body>Bad gateway</body></html>", content_type="text/html"), id="html"),
        pytest.param(whole([reply()]), id="json-list"),
        pytest.param(whole({"error": {"message": "overloaded"}}), id="error-with-status-200"),
        pytest.param(whole("hello"), id="json-text"),
    ],
)
async def test_an_answer_that_is_no_chat_completion_is_a_lost_call(endpoint: Endpoint, act: Any) -> None:
    endpoint.acts = [act]

    with pytest.raises(LostCall, match="the endpoint answered"):
        await ask(endpoint)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(whole(b""), id="nothing"),
        pytest.param(whole(b'{"id": "c1", "choi'), id="json-cut-off"),
        pytest.param(whole(b"\xff\xfe\x00"), id="not-utf-8"),
        pytest.param(whole(b"[" * 100_000), id="nested-too-deep"),
        pytest.param(whole({"choices": None}), id="choices-null"),
        pytest.param(whole({"choices": []}), id="choices-empty"),
        pytest.param(whole({"choices": ["hello"]}), id="choice-is-text"),
        pytest.param(whole({"choices": {"0": {}}}), id="choices-an-object"),
    ],
)
async def test_an_answer_that_came_in_pieces_or_without_a_choice_may_be_asked_for_again(
    endpoint: Endpoint, act: Any
) -> None:
    endpoint.acts = [act]

    with pytest.raises(RetryableCall, match="the endpoint answered") as raised:
        await ask(endpoint)
    assert raised.value.maybe_billed


async def test_a_reason_that_could_not_be_stored_is_mended_like_the_text(endpoint: Endpoint) -> None:
    endpoint.acts = [whole(reply("Aye.", "\ud800stop"))]

    assert (await ask(endpoint)).finish_reason == "\ufffdstop"


LEAKS = [
    pytest.param(whole({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401), id="status-error"),
    pytest.param(whole(f"Incorrect key {KEY}".encode(), 500, "text/plain"), id="plain-text-error"),
    pytest.param(whole(f"<html>Authorization: Bearer {KEY}</html>".encode()), id="html"),
    pytest.param(whole(b"x" * 140 + KEY.encode()), id="where-the-excerpt-would-end"),
    pytest.param(whole(b"x" * 240 + KEY.encode()), id="where-the-error-would-end"),
    pytest.param(whole({"no_choices": KEY}), id="json"),
    pytest.param(whole(f"data: Bearer {KEY}\n\n".encode(), content_type="text/event-stream"), id="stream"),
    pytest.param(
        whole(b'data: {"error": "%s"}\n\n' % KEY.encode(), content_type="text/event-stream"), id="stream-error"
    ),
]


@pytest.mark.parametrize("act", LEAKS)
async def test_no_part_of_the_key_stands_in_an_error_even_if_the_server_echoes_it(endpoint: Endpoint, act: Any) -> None:
    endpoint.acts = [act]

    with pytest.raises(CallError) as raised:
        await ask(endpoint, stream=True)

    assert KEY[:8] not in str(raised.value)
    assert raised.value.__suppress_context__ or KEY[:8] not in str(raised.value.__context__)


async def test_a_key_that_no_header_can_carry_is_not_told_either(endpoint: Endpoint) -> None:
    with pytest.raises(CallError) as raised:
        await ask(endpoint, key=f"{KEY}\nX-Injected: 1")

    assert KEY not in str(raised.value)
    assert endpoint.asked == []


def test_both_shipped_providers_are_found_by_the_name_a_catalog_row_calls_them() -> None:
    assert {"openai", "local"} <= provider_classes().keys()
