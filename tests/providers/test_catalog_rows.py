"""The rows that ship: each is one that a run can use, and what it sends is what its provider wants."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from harness.core.conversation import Cast, Conversation, Message
from harness.core.model import ModelSpec
from harness.providers import provider_classes
from harness.providers.wire import request_body
from harness.store.catalog import shipped_catalog

CATALOG = shipped_catalog()
READ_ON = date(2026, 11, 22)
LOCAL = ("ollama/", "llamacpp/", "vllm/", "local/")
ROLE_PLAY = [name for name in CATALOG if re.search(r"role|her$|character|charglm", name)]
UNBOUNDED = {
    "deepseek/deepseek-flash",
    "openai/gpt-6-luna",
    "anthropic/claude-sonnet-5",
    "gemini/gemini-3.5-flash",
}
"""Rows whose output limit no source says; a cost limit asks for `max_tokens` with them."""

each_row = pytest.mark.parametrize(("name", "spec"), CATALOG.items(), ids=list(CATALOG))

SYSTEM, HELLO = Message("system", "You are Hob."), Message("user", "Good evening.")
CHAT = (SYSTEM, HELLO, Message("assistant", "Wipe your boots."), Message("user", "I did."))


def sent(name: str, **params: object) -> Mapping[str, Any]:
    """The body of a chat with a shipped model."""
    spec = ModelSpec.model_validate({**CATALOG[name].model_dump(), "params": params})
    assert not list(spec.params_out_of_range())
    asked = Conversation(messages=CHAT, params=spec.params, cast=Cast(character="Hob", user="Wren"))
    return request_body(spec, asked)


@each_row
def test_a_row_can_be_opened_and_its_own_parameters_are_in_its_ranges(name: str, spec: ModelSpec) -> None:
    assert spec.provider in provider_classes()
    assert list(spec.params_out_of_range()) == []
    assert spec.provider == "local" or spec.base_url is not None
    assert spec.base_url is None or not str(spec.base_url).endswith("/chat/completions")


@each_row
def test_a_row_has_a_price_that_says_when_and_where_it_was_read(name: str, spec: ModelSpec) -> None:
    assert spec.price is not None
    assert spec.price.source
    assert spec.price.as_of <= READ_ON
    assert (not spec.price.input and not spec.price.output) == name.startswith(LOCAL)


@each_row
def test_a_row_bounds_the_answer_unless_nobody_knows_its_bound(name: str, spec: ModelSpec) -> None:
    free = name.startswith(LOCAL)
    assert free or (spec.most_output_tokens is None) == (name in UNBOUNDED)
    if name in UNBOUNDED:
        assert any("params.max_tokens" in note for note in spec.notes)


@each_row
def test_input_and_output_limits_are_within_the_context(name: str, spec: ModelSpec) -> None:
    limits = (spec.rules.max_input_tokens, spec.rules.max_output_tokens)
    assert all(most <= spec.context_tokens for most in limits if most and spec.context_tokens)


@each_row
def test_a_model_takes_the_coldest_temperature_that_a_judge_would_send(name: str, spec: ModelSpec) -> None:
    bounds = spec.ranges.get("temperature")
    assert bounds is None or bounds.admits(spec.coldest)


@pytest.mark.parametrize("name", ROLE_PLAY)
def test_a_role_play_model_bounds_input_and_output_and_says_what_it_is(name: str) -> None:
    spec = CATALOG[name]
    assert spec.rules.max_input_tokens
    assert spec.most_output_tokens
    assert spec.notes


def test_the_role_play_models_are_all_there() -> None:
    assert list(CATALOG)[: len(ROLE_PLAY)] == ROLE_PLAY
    assert len(ROLE_PLAY) == 13


def test_secrets_have_no_place_in_a_row() -> None:
    for spec in CATALOG.values():
        assert not spec.headers
        assert spec.proxy is None
        assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*_KEY", variable) for variable in spec.api_key_env)


@each_row
def test_a_chat_is_sent_with_its_system_message_or_a_meta_and_without_a_null(name: str, spec: ModelSpec) -> None:
    body = sent(name)
    assert body["model"] == spec.id
    assert None not in body.values()
    if spec.cast == "meta":
        assert body["meta"]["bot_info"] == "You are Hob."
    else:
        assert body["messages"][0]["role"] == "system"
    assert body["messages"][-1]["role"] == "user"


@pytest.mark.parametrize("name", ["minimax/M2-her", "minimax-intl/M2-her"])
def test_minimax_is_told_who_speaks_and_calls_the_output_limit_its_own_way(name: str) -> None:
    body = sent(name, max_tokens=200, temperature=0.9)

    assert [(each["role"], each["name"]) for each in body["messages"]] == [
        ("system", "Hob"),
        ("user", "Wren"),
        ("assistant", "Hob"),
        ("user", "Wren"),
    ]
    assert body["max_completion_tokens"] == 200
    assert "max_tokens" not in body


def test_zhipu_gets_the_prompt_in_a_meta_object_and_no_system_message() -> None:
    body = sent("zhipu/charglm-4")

    assert body["meta"] == {"user_name": "Wren", "user_info": "Wren", "bot_name": "Hob", "bot_info": "You are Hob."}
    assert [each["role"] for each in body["messages"]] == ["user", "assistant", "user"]


def test_deepseek_is_asked_not_to_think() -> None:
    assert sent("deepseek/deepseek-flash")["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize("name", ["openai/gpt-5-mini", "openai/gpt-6-luna"])
def test_openais_newer_models_get_the_output_limit_under_its_newer_name(name: str) -> None:
    body = sent(name, max_tokens=64)

    assert body["max_completion_tokens"] == 64
    assert "max_tokens" not in body


@pytest.mark.parametrize(
    ("name", "params", "field"),
    [
        ("anthropic/claude-haiku-4-5", {"temperature": 1.2}, "temperature"),
        ("anthropic/claude-haiku-4-5", {"max_tokens": 64001}, "max_tokens"),
        ("minimax/M2-her", {"temperature": 0.0}, "temperature"),
        ("minimax/M2-her", {"max_tokens": 2049}, "max_tokens"),
        ("openai/gpt-5-mini", {"temperature": 0.7}, "temperature"),
        ("tokenhub/hy-role", {"max_tokens": 4096}, "max_tokens"),
    ],
)
def test_what_a_provider_would_refuse_is_known_beforehand(name: str, params: Mapping[str, Any], field: str) -> None:
    spec = ModelSpec.model_validate({**CATALOG[name].model_dump(), "params": params})
    assert [wrong for wrong, _ in spec.params_out_of_range()] == [field]


def test_the_retired_endpoint_and_what_stands_on_it_say_where_to_go() -> None:
    assert CATALOG["hunyuan/hunyuan-role"].retired == date(2026, 9, 30)
    for name in ("hunyuan/hunyuan-role", "cometapi/hunyuan-role"):
        (advice,) = (note for note in CATALOG[name].notes if "tokenhub/hunyuan-role-latest" in note)
        assert "TOKENHUB_API_KEY" in advice
    assert "tokenhub/hunyuan-role-latest" in CATALOG


def test_a_model_that_a_note_names_is_in_the_catalog() -> None:
    families = {name.partition("/")[0] for name in CATALOG}
    for spec in CATALOG.values():
        for family, model in re.findall(r"\b([a-z-]+)/([\w.-]*\w)", " ".join(spec.notes)):
            assert family not in families or f"{family}/{model}" in CATALOG
