from pathlib import Path

import pytest
from pydantic import BaseModel

from harness.core.persona import Persona
from harness.core.project import ProjectFile
from harness.core.scenario import Scenario
from harness.errors import InputError
from harness.store.yaml import parse_value, read_yaml
from tests.store.files import problems_of

CARD = "name: A\nlanguages: [en]\ndescription: d\n"
CHAT = "title: t\nturns:\n  - user: a\n"


def parsed(folder: Path, content: str | bytes, kind: type[BaseModel] = Persona) -> BaseModel:
    path = folder / "p.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return parse_value(read_yaml(path, "p.yaml"), kind)


UNREADABLE = [
    ("empty", "", "p.yaml:1: the file is empty · it needs name, languages, description"),
    ("only-a-comment", "# soon\n", "p.yaml:1: the file is empty · it needs name, languages, description"),
    (
        "not-utf8",
        CARD.encode() + "greeting: 你好\n".encode("gb18030"),
        "p.yaml:4: not UTF-8 text · save the file as UTF-8",
    ),
    ("utf16", CARD.encode("utf-16"), "p.yaml:1: not UTF-8 text · save the file as UTF-8"),
    (
        "tab",
        "name: A\nvoice:\n\tsays: [x]\n",
        "p.yaml:3: not YAML: while scanning for the next token found character that cannot start any token "
        "· mend the line, or quote the text",
    ),
    (
        "colon-in-text",
        "name: A\ndescription: he said: go\n",
        "p.yaml:2: not YAML: mapping values are not allowed in this context · mend the line, or quote the text",
    ),
    (
        "two-documents",
        "name: A\n---\nname: B\n",
        "p.yaml:2: not YAML: expected a single document in the stream but found another document "
        "· mend the line, or quote the text",
    ),
    (
        "python-tag",
        CARD + "greeting: !!python/object/apply:os.getcwd []\n",
        "p.yaml:4: greeting: expected text, found a list · write text",
    ),
    (
        "control-character-after-chinese",
        "# 这里写人物的设定\nname: A\ndescription: \x1b[31m\n\n\n\n\n\n\n\n\n",
        "p.yaml:3: a control character (U+001B) that YAML does not allow · remove it",
    ),
    ("duplicate", CARD + "voice:\n  says: [x]\n  says: [y]\n", "p.yaml:6: voice.says: given twice · keep one"),
    ("duplicate-at-the-top", CARD + "name: B\n", "p.yaml:4: name: given twice · keep one"),
    ("list", "- name: A\n", "p.yaml:1: expected fields, found a list · write `field: value` lines"),
    ("text", "Bram\n", "p.yaml:1: expected fields, found 'Bram' · write `field: value` lines"),
    ("alias-of-itself", "name: &a [*a]\n", "p.yaml: values too deep inside each other · mend the file"),
]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*row, id=name) for name, *row in UNREADABLE])
def test_a_file_that_cannot_be_read_says_where_what_and_what_to_do(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, content)

    assert problems_of(caught) == [expected]


WRONG_FIELDS = [
    ("unknown", "greating: hi", 4, "greating: unknown field · did you mean 'greeting'?"),
    ("unknown-inside", "voice:\n  sayz: [I]", 5, "voice.sayz: unknown field · did you mean 'says'?"),
    (
        "unknown-in-a-list",
        "allow:\n- reason: r\n  failure_type: length\n  author: a\n  qoute: x",
        8,
        "allow[1].qoute: unknown field · did you mean 'quote'?",
    ),
    ("id", "id: x", 4, "id: unknown field · remove it: the id is the path of the file"),
    ("missing-inside", "allow:\n- reason: r\n  failure_type: length", 5, "allow[1].author: missing · add it"),
    ("number", "greeting: 42", 4, "greeting: expected text, found 42 · put it in quotes"),
    ("leading-zero", "greeting: 0123", 4, "greeting: expected text, found 123 · put it in quotes"),
    ("switch", "greeting: true", 4, "greeting: expected text, found true · put it in quotes"),
    ("nothing", "nature:", 4, "nature: expected text, found nothing · write text"),
    ("blank", "nature: '  '", 4, "nature: says nothing · write text"),
    ("list-for-text", "nature: [a]", 4, "nature: expected text, found a list · write text"),
    ("list-for-fields", "voice:\n- a", 4, "voice: expected fields, found a list · write `field: value` lines"),
    ("list-for-facts", "facts: [a]", 4, "facts: expected fields, found a list · write `field: value` lines"),
    (
        "text-for-list",
        "allow: none",
        4,
        "allow: expected a list, found 'none' · write it as `[…]`, or as `- …` lines",
    ),
    ("choice", "narration: asterisk", 4, "narration: 'asterisk' is not a choice · did you mean 'asterisks'?"),
    (
        "name-of-fact",
        "facts:\n  左 耳: 聋了",
        5,
        "facts.左 耳: '左 耳' is no name · use letters, digits, `-`, `_` and `.`",
    ),
]


@pytest.mark.parametrize(("written", "line", "expected"), [pytest.param(*row, id=name) for name, *row in WRONG_FIELDS])
def test_a_wrong_field_says_where_what_and_what_to_do(tmp_path: Path, written: str, line: int, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, CARD + written)

    assert problems_of(caught) == [f"p.yaml:{line}: {expected}"]


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ("[fr]", "languages[1]: 'fr' is not a choice · known: en, zh, zh-Hant"),
        ("[en, fr]", "languages[2]: 'fr' is not a choice · known: en, zh, zh-Hant"),
        ("[]", "languages: 0 entries, at least 1 needed · add one"),
        ("[5]", "languages[1]: 5 is not a choice · known: en, zh, zh-Hant"),
    ],
)
def test_only_the_entry_that_is_wrong_is_told(tmp_path: Path, languages: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, f"name: A\nlanguages: {languages}\ndescription: d\n")

    assert problems_of(caught) == [f"p.yaml:2: {expected}"]


def test_every_wrong_field_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, "name: 1\nid: x\nlanguages: zh\nvoice: {say: [x]}\n")

    assert problems_of(caught) == [
        "p.yaml:2: id: unknown field · remove it: the id is the path of the file",
        "p.yaml:1: name: expected text, found 1 · put it in quotes",
        "p.yaml:3: languages: expected a list, found 'zh' · write it as `[…]`, or as `- …` lines",
        "p.yaml:1: description: missing · add it",
        "p.yaml:4: voice.say: unknown field · did you mean 'says'?",
    ]


WRONG_TURNS = [
    ("probe", "probe: meta_questions", "probe: 'meta_questions' is not a choice · did you mean 'meta_question'"),
    (
        "number",
        "expect: [{max_chars: many}]",
        "expect[1].max_chars: expected a whole number, found 'many' · write digits",
    ),
    ("two-kinds", "expect: [{max_chars: 3, min_chars: 1}]", "expect[1]: one of mentions, forbids, matches, recalls"),
    ("phrase-number", "expect: [{mentions: [5]}]", "expect[1].mentions[1]: expected text, found 5 · put it in quotes"),
    ("phrase-no-list", "expect: [{mentions: inn}]", "expect[1].mentions: expected a list, found 'inn' · write it as"),
    ("too-small", "expect: [{max_chars: 0}]", "expect[1].max_chars: input should be greater than or equal to 1"),
    ("about", "about: the leg", "about: 'the leg' is no name · use letters, digits, `-`, `_` and `.`"),
]
WRONG_CHATS = [
    ("skip", "checks: {skip: [lenght]}", "checks.skip[1]: 'lenght' is not a choice · did you mean 'length'?"),
    ("add", "checks: {add: [lenght]}", "checks.add[1]: 'lenght' is not a choice · did you mean 'length'?"),
    (
        "add-with-arguments",
        "checks: {add: [{lenght: {max_chars: 3}}]}",
        "checks.add[1].lenght: 'lenght' is not a choice · did you mean 'length'?",
    ),
    (
        "argument",
        "checks: {add: [{length: 3}]}",
        "checks.add[1].length: expected fields, found 3 · write `field: value`",
    ),
    (
        "two-in-one",
        "checks: {add: [{length: {}, style_break: {}}]}",
        "checks.add[1]: 2 entries, at most 1 allowed · leave some out",
    ),
    ("history", "history: {live: true}", "history: fields is not a choice · known: live, scripted"),
]


@pytest.mark.parametrize(
    ("written", "expected"),
    [pytest.param(f"    {written}\n", f"turns[1].{what}", id=name) for name, written, what in WRONG_TURNS]
    + [pytest.param(f"{written}\n", what, id=name) for name, written, what in WRONG_CHATS],
)
def test_a_wrong_scenario_says_where_what_and_what_to_do(tmp_path: Path, written: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, CHAT + written, Scenario)

    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(f"p.yaml:4: {expected}")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("turns: [hi]", ["turns[1]: expected fields, found 'hi' · write `field: value` lines"]),
        (
            "turns: [{user:a}]",
            ["turns[1].user: missing · add it", "turns[1].user:a: unknown field · did you mean 'user'?"],
        ),
        ("turns: []", ["turns: 0 entries, at least 1 needed · add one"]),
        ("turns:", ["turns: expected a list, found nothing · write it as `[…]`, or as `- …` lines"]),
    ],
)
def test_wrong_turns_say_where_what_and_what_to_do(tmp_path: Path, written: str, expected: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, f"title: t\n{written}\n", Scenario)

    assert problems_of(caught) == [f"p.yaml:2: {problem}" for problem in expected]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("history: scripted", "turn 1 has no `assistant` line, which `history: scripted` needs"),
        ("history: live", "turn 2 has an `assistant` line, which `history: live` never shows"),
    ],
)
def test_the_lines_of_the_character_fit_the_history(tmp_path: Path, written: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, f"title: t\n{written}\nturns: [{{user: a}}, {{user: b, assistant: c}}]\n", Scenario)

    assert problems_of(caught) == [f"p.yaml:1: {what} · mend the entry"]


def test_a_model_without_a_provider_is_told_the_form_of_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, "defaults: {model: gpt4}\n", ProjectFile)

    assert problems_of(caught) == ["p.yaml:1: defaults.model: 'gpt4' is no name · write provider/id"]
