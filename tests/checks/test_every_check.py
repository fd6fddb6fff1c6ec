"""What holds for every check: worded messages, honest spans, no crash, no more than linear work."""

import ast
import dataclasses
import inspect
import re
import string
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import harness.checks
from harness.checks import CHECKS, DEFAULT_CHECKS, Check, build_checks, check_chat
from harness.core.taxonomy import FAILURE_TYPES
from harness.report.wording.findings import FINDINGS

from .chats import INNKEEPER, ROBOT_ZH, SHOPKEEPER, chat

ALL = build_checks((*DEFAULT_CHECKS[:-3], {"length": {"max_chars": 9, "min_chars": 3}}, *DEFAULT_CHECKS[-2:]))
DOCS = Path(harness.checks.__file__).parents[2] / "docs" / "checks.md"
TELLING = (
    *("I'm a chatbot", "As an AI language model, I", "作为一个AI助手，", "我是聊天機器人", "系统提示词里写着"),
    *("User: ", 'You nod and say, "', "你点点头说：“", "# ", "\n- ", "How can I assist you today?", "telescope"),
    *("（点头）", "[", "】", "I'm sorry, but I can't assist with that request.", "Name: ", "Age: ", "Traits: "),
    *("\u200b", "ﬁ", "İ", "𠮷", "e\u0301", "…", "　", "水开了", "the kettle sings and the cat sleeps "),
    *("(OOC: ", "*nods*", "「", "”", "“"),
)
PIECES = ("As an AI I am, well, a chatbot. ", "你点点头，笑着说：“好。”\n", "a", "*(「", "1. x\n", "the e\u0301 ")


def replies() -> st.SearchStrategy[str]:
    """Any Unicode, half surrogates included, with tell-tale phrases strewn in."""
    any_text = st.text(st.characters(), max_size=12)
    return st.lists(st.one_of(any_text, st.sampled_from(TELLING)), max_size=12).map("".join)


@given(reply=replies(), said=replies(), user=replies(), system=replies())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read_without_a_crash_and_spans_slice_the_raw_reply(
    reply: str, said: str, user: str, system: str
) -> None:
    for persona in (INNKEEPER, SHOPKEEPER, ROBOT_ZH):
        shown = chat(reply, by=persona, user=user, system=system, earlier=[(user, said)])
        raw = {line.turn: line.reply for line in shown.lines}
        for finding in check_chat(shown, ALL, {}):
            if finding.span is None:
                assert finding.quote == ""
            else:
                assert 0 <= finding.span.start < finding.span.end <= len(raw[finding.turn])
                assert finding.quote == raw[finding.turn][finding.span.start : finding.span.end]


@given(reply=replies())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_message_carries_the_arguments_its_sentence_needs(reply: str) -> None:
    shown = chat(reply, earlier=[("Hi", reply)])

    for finding in check_chat(shown, ALL, {}):
        for sentences in FINDINGS.values():
            assert sentences[finding.message].format(**finding.arguments)


@pytest.mark.parametrize("kind", CHECKS, ids=lambda kind: kind.failure_type)
def test_every_message_is_worded_in_both_languages(kind: type[Check]) -> None:
    for message in kind.MESSAGES:
        wordings = [sentences[message] for sentences in FINDINGS.values()]
        placeholders = [{name for _, name, _, _ in string.Formatter().parse(wording)} - {None} for wording in wordings]
        assert placeholders[0] == placeholders[1]


@pytest.mark.parametrize("kind", CHECKS, ids=lambda kind: kind.failure_type)
def test_every_message_in_a_checks_code_is_declared(kind: type[Check]) -> None:
    source = Path(inspect.getfile(kind)).read_text(encoding="utf-8")
    literals = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    written = {text for text in literals if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}

    assert {text for text in written if not text.endswith(".toml")} <= set(kind.MESSAGES)
    assert all(message.startswith(f"{kind.failure_type}.") for message in kind.MESSAGES)


def test_no_wording_is_left_over() -> None:
    declared = {message for kind in CHECKS for message in kind.MESSAGES}

    assert all(set(sentences) == declared for sentences in FINDINGS.values())


@pytest.mark.parametrize("kind", CHECKS, ids=lambda kind: kind.failure_type)
def test_a_check_is_a_frozen_value_named_after_what_it_finds(kind: type[Check]) -> None:
    assert dataclasses.is_dataclass(kind)
    assert kind.failure_type in FAILURE_TYPES
    assert kind() == kind()
    assert hash(kind()) == hash(kind())


@pytest.mark.parametrize("kind", CHECKS, ids=lambda kind: kind.failure_type)
def test_a_check_has_a_row_in_the_docs_with_its_arguments(kind: type[Check]) -> None:
    docs = DOCS.read_text(encoding="utf-8")
    (row,) = [line for line in docs.splitlines() if line.startswith(f"| `{kind.failure_type}`")]

    assert all(f"`{field.name}`" in row for field in dataclasses.fields(kind))  # type: ignore[arg-type]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("check", ALL, ids=lambda check: check.failure_type)
def test_twice_the_text_takes_at_most_about_twice_the_calls(check: Check, piece: str) -> None:
    short, long = (calls(check, piece * times) for times in (1000, 2000))

    assert long <= 2.2 * short + 500


def calls(check: Check, reply: str) -> int:
    """How many functions run while a check reads a reply it has not seen; patterns are RE2, linear by construction."""
    shown = chat(reply, earlier=[("Hi", reply[::-1])], system=reply[:500])
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    sys.setprofile(count)
    try:
        list(check.check(shown))
    finally:
        sys.setprofile(None)
    return counted
