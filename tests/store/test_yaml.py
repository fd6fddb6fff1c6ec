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
        "name: A\n\tnature: x\n",
        "p.yaml:2: not YAML: while scanning for the next token found character that cannot start any token "
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
    ("unknown", CARD + "greating: hi\n", "p.yaml:4: greating: unknown field · did you mean 'greeting'?"),
    (
        "unknown-inside",
        CARD + "voice:\n  calls_himself: [I]\n",
        "p.yaml:5: voice.calls_himself: unknown field · did you mean 'calls_self'?",
    ),
    (
        "unknown-in-a-list",
        CARD + "allow:\n  - failure_typ: length\n    reason: r\n    author: a\n",
        "p.yaml:5: allow[1].failure_typ: unknown field · did you mean 'failure_type'?\n"
        "p.yaml:5: allow[1].failure_type: missing · add it",
    ),
    ("id", CARD + "id: x\n", "p.yaml:4: id: unknown field · remove it: the id is the path of the file"),
    ("merge-key", CARD + "<<: {nature: x}\n", "p.yaml:4: <<: unknown field"),
    ("missing", "name: A\nlanguages: [en]\n", "p.yaml:1: description: missing · add it"),
    ("number", CARD + "greeting: 42\n", "p.yaml:4: greeting: expected text, found 42 · put it in quotes"),
    ("leading-zero", CARD + "greeting: 0123\n", "p.yaml:4: greeting: expected text, found 123 · put it in quotes"),
    ("switch", CARD + "greeting: true\n", "p.yaml:4: greeting: expected text, found true · put it in quotes"),
    ("nothing", CARD + "nature:\n", "p.yaml:4: nature: expected text, found nothing · write text"),
    ("blank", CARD + "nature: '  '\n", "p.yaml:4: nature: says nothing · write text"),
    ("list-for-text", CARD + "nature: [a]\n", "p.yaml:4: nature: expected text, found a list · write text"),
    (
        "list-for-fields",
        CARD + "voice:\n- a\n",
        "p.yaml:4: voice: expected fields, found a list · write `field: value` lines",
    ),
    (
        "list-for-map",
        CARD + "facts: [a]\n",
        "p.yaml:4: facts: expected fields, found a list · write `field: value` lines",
    ),
    (
        "text-for-list",
        CARD + "allow: none\n",
        "p.yaml:4: allow: expected a list, found 'none' · write it as `[…]`, or as `- …` lines",
    ),
    (
        "no-choice",
        CARD + "narration: asterisk\n",
        "p.yaml:4: narration: 'asterisk' is not a choice · did you mean 'asterisks'?",
    ),
    (
        "no-language",
        "name: A\nlanguages:\n  - en\n  - fr\ndescription: d\n",
        "p.yaml:4: languages[2]: 'fr' is not a choice · known: en, zh, zh-Hant",
    ),
    (
        "only-language-wrong",
        "name: A\nlanguages: [fr]\ndescription: d\n",
        "p.yaml:2: languages[1]: 'fr' is not a choice · known: en, zh, zh-Hant",
    ),
    (
        "empty-list",
        "name: A\nlanguages: []\ndescription: d\n",
        "p.yaml:2: languages: 0 entries, at least 1 needed · add one",
    ),
    ("twice", "name: A\nlanguages: [en, en]\ndescription: d\n", "p.yaml:1: a language stands twice · mend the entry"),
    (
        "name-of-fact",
        CARD + "facts:\n  左 耳: 聋了\n",
        "p.yaml:5: facts.左 耳: '左 耳' is no name · use letters, digits, `-`, `_` and `.`",
    ),
]


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*row, id=name) for name, *row in WRONG_FIELDS])
def test_a_wrong_field_says_where_what_and_what_to_do(tmp_path: Path, content: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, content)

    assert len(caught.value.problems) == expected.count("\n") + 1
    assert str(caught.value).startswith(expected)


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


WRONG_CHATS = [
    ("no-space", "title: t\nturns: [{user:a}]\n", "p.yaml:2: turns[1].user:a: unknown field · did you mean 'user'?"),
    ("text-for-turn", "title: t\nturns: [hi]\n", "p.yaml:2: turns[1]: expected fields, found 'hi' · write `field: value`"),
    ("no-number", CHAT + "    expect: [{max_chars: many}]\n", "p.yaml:4: turns[1].expect[1].max_chars: expected a whole number, found 'many'"),
    ("two-kinds", CHAT + "    expect: [{max_chars: 3, min_chars: 1}]\n", "p.yaml:4: turns[1].expect[1]: one of mentions, forbids"),
    ("phrase-is-number", CHAT + "    expect: [{mentions: [5]}]\n", "p.yaml:4: turns[1].expect[1].mentions[1]: expected text, found 5 · put it in quotes"),
    ("phrase-is-no-list", CHAT + "    expect: [{mentions: inn}]\n", "p.yaml:4: turns[1].expect[1].mentions: expected a list, found 'inn'"),
    ("check-unknown", CHAT + "checks: {skip: [narration]}\n", "p.yaml:4: checks.skip[1]: 'narration' is not a choice · did you mean 'narration_format'"),
    ("check-with-arguments-unknown", CHAT + "checks: {add: [{lenght: {max_chars: 3}}]}\n", "p.yaml:4: checks.add[1].lenght: 'lenght' is not a choice · did you mean 'length'?"),
    ("check-argument-is-number", CHAT + "checks: {add: [{length: 3}]}\n", "p.yaml:4: checks.add[1].length: expected fields, found 3"),
    ("two-checks-in-one", CHAT + "checks: {add: [{length: {}, style_break: {}}]}\n", "p.yaml:4: checks.add[1]: 2 entries, at most 1 allowed · leave some out"),
    ("scripted-without-lines", "title: t\nhistory: scripted\nturns: [{user: a}, {user: b}]\n", "p.yaml:1: turn 1 has no `assistant` line, which `history: scripted` needs · mend the entry"),
    ("live-with-a-line", CHAT + "    assistant: b\n", "p.yaml:1: turn 1 has an `assistant` line, which `history: live` never shows · mend the entry"),
    ("history-is-fields", CHAT + "history: {live: true}\n", "p.yaml:4: history: fields is not a choice · known: live, scripted"),
    ("probe", CHAT + "    probe: meta_questions\n", "p.yaml:4: turns[1].probe: 'meta_questions' is not a choice · did you mean 'meta_question'"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [pytest.param(*row, id=name) for name, *row in WRONG_CHATS])
def test_a_wrong_scenario_says_where_what_and_what_to_do(tmp_path: Path, content: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, content, Scenario)

    assert [line for line in problems_of(caught) if not line.endswith("user: missing · add it")][0].startswith(expected)
    assert not [line for line in problems_of(caught) if line.startswith("p.yaml:2: turns: ")]


def test_a_model_without_a_provider_is_told_the_form_of_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        parsed(tmp_path, "defaults: {model: gpt4}\n", ProjectFile)

    assert problems_of(caught) == ["p.yaml:1: defaults.model: 'gpt4' is no name · write provider/id"]
