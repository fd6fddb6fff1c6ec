from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.core.project import Project
from harness.errors import InputError
from tests.store.files import ONE, PERSONA, SCENARIO, problems_of, project

NIGHT = "scenarios/qiao/night.yaml"
CARD = "scenarios/qiao/persona.yaml"
PLAIN = "prompts/plain.md"


def load(folder: Path, files: Mapping[str, str] | None = None, prompts: tuple[str, ...] = ("plain",)) -> Project:
    return project(folder, files).load([ONE], prompts)


def chat(turn: str, before: str = "- user: 我叫阿禾。") -> str:
    return f"title: t\nturns:\n{before}\n- user: 走罢。\n  {turn}\n"


def test_a_valid_selection_loads_with_ids_from_its_paths(tmp_path: Path) -> None:
    loaded = load(tmp_path)

    assert loaded.personas["qiao"].id == "qiao"
    assert loaded.scenarios[ONE].id == ONE
    assert loaded.scenarios[ONE].persona == "qiao"
    assert loaded.systems == {"plain": {"qiao": "你是乔四更。"}}


WRONG = [
    pytest.param(
        {NIGHT: chat("about: eer")},
        f"{NIGHT}:5: turns[2].about: 乔四更 has no fact 'eer' · did you mean 'ear'?",
        id="unknown-fact",
    ),
    pytest.param(
        {NIGHT: chat("about: ship"), CARD: PERSONA.partition("facts")[0]},
        f"{NIGHT}:5: turns[2].about: 乔四更 has no fact 'ship' · none is defined",
        id="no-facts-at-all",
    ),
    pytest.param(
        {NIGHT: chat("expect: [{recalls: [阿豆]}]")},
        f"{NIGHT}:5: turns[2].expect[1].recalls: no earlier user line says '阿豆' "
        "· recall what was said, or use `mentions`",
        id="recalls-what-nobody-said",
    ),
    pytest.param(
        {NIGHT: chat("expect: [{recalls: [走罢]}]")},
        f"{NIGHT}:5: turns[2].expect[1].recalls: no earlier user line says '走罢' "
        "· recall what was said, or use `mentions`",
        id="recalls-what-is-said-only-now",
    ),
    pytest.param(
        {NIGHT: chat("expect: [{max_chars: 9}, {matches: 'a(b'}]")},
        f"{NIGHT}:5: turns[2].expect[2].matches: no pattern: missing ): a(b · mend it (RE2 syntax)",
        id="bad-pattern",
    ),
    pytest.param(
        {NIGHT: chat("", before="- user: 我是{{ persona.nam }}。")},
        f"{NIGHT}:3: turns[1].user: 'nam' is not defined · did you mean 'name'?",
        id="undefined-in-a-user-line",
    ),
    pytest.param(
        {NIGHT: chat("", before="- user: \"{{ ''.__class__ }}\"")},
        f"{NIGHT}:3: turns[1].user: not allowed in a template: access to attribute '__class__' of 'str' object "
        "is unsafe. · mend the template; it knows `persona` alone",
        id="reach-into-python",
    ),
    pytest.param(
        {NIGHT: chat("", before='- user: "{{ persona.greeting }}"')},
        f"{NIGHT}:3: turns[1].user: renders to nothing · say something",
        id="user-line-of-nothing",
    ),
    pytest.param(
        {CARD: PERSONA + "id: qiao\n"},
        f"{CARD}:7: id: unknown field · remove it: the id is the path of the file",
        id="id-in-the-file",
    ),
    pytest.param(
        {PLAIN: "你是谁？\n\n你是{{ persona.nmae }}。"},
        "prompts/plain.md:3: 'nmae' is not defined · did you mean 'name' or 'nature'?",
        id="undefined-in-a-prompt",
    ),
    pytest.param(
        {PLAIN: "ok\n{% if persona.name %}x"},
        "prompts/plain.md:2: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' "
        "or 'endif'. The innermost block that needs to be closed is 'if'. "
        "· mend the template; it knows `persona` alone",
        id="prompt-never-closed",
    ),
    pytest.param(
        {PLAIN: "{% if false %}x{% endif %}\n \n"},
        "prompts/plain.md:1: renders to nothing · write the system message",
        id="prompt-of-nothing",
    ),
    pytest.param(
        {PLAIN: ""}, "prompts/plain.md:1: renders to nothing · write the system message", id="empty-prompt-file"
    ),
    pytest.param({NIGHT: ""}, f"{NIGHT}:1: the file is empty · it needs title, turns", id="empty-scenario"),
    pytest.param(
        {CARD: ""}, f"{CARD}:1: the file is empty · it needs name, languages, description", id="empty-persona"
    ),
]


@pytest.mark.parametrize(("files", "expected"), WRONG)
def test_what_does_not_fit_says_where_what_and_what_to_do(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, files)

    assert problems_of(caught) == [expected]


def test_a_scenario_without_its_persona_is_told_the_nearest(tmp_path: Path) -> None:
    folder = project(tmp_path, {"scenarios/qaio/night.yaml": SCENARIO})
    with pytest.raises(InputError) as caught:
        folder.load(["qaio/night"])

    assert problems_of(caught) == ["scenarios/qaio/persona.yaml: no persona 'qaio' · write it, or did you mean 'qiao'?"]


@pytest.mark.parametrize(
    ("prompts", "rubrics", "expected"),
    [
        (("plian",), (), "prompts/plian.md: no prompt 'plian' · did you mean 'plain'?"),
        ((), ("quik",), "rubrics/quik.yaml: no rubric 'quik' · did you mean 'quick'?"),
    ],
)
def test_a_missing_prompt_or_rubric_is_told_the_nearest(
    tmp_path: Path, prompts: tuple[str, ...], rubrics: tuple[str, ...], expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        project(tmp_path).load([ONE], prompts, rubrics)

    assert problems_of(caught) == [expected]


def test_the_errors_of_all_files_are_told_at_once_and_each_once(tmp_path: Path) -> None:
    wrong = {
        "harness.yaml": "default: {}\n",
        CARD: PERSONA.replace("[zh]", "[zn]"),
        NIGHT: SCENARIO + "tag: x\n",
        "scenarios/lin/persona.yaml": PERSONA,
        "scenarios/lin/a.yaml": chat("about: eer"),
        "scenarios/lin/b.yaml": "title: t\ntitle: u\n",
        PLAIN: "{{ nope }}",
        "rubrics/own.yaml": "version: 1\n",
    }
    with pytest.raises(InputError) as caught:
        project(tmp_path, wrong).load([ONE, "lin/a", "lin/b"], ["plain", "none"], ["own"])

    wheres = [problem.where for problem in caught.value.problems]
    assert wheres == [
        "harness.yaml:1",
        f"{CARD}:2",
        f"{NIGHT}:8",
        "scenarios/lin/a.yaml:5",
        "scenarios/lin/b.yaml:2",
        "prompts/none.md",
        "prompts/plain.md:1",
        "rubrics/own.yaml:1",
        "rubrics/own.yaml:1",
    ]


def test_a_memory_may_be_of_what_a_template_made_the_user_say(tmp_path: Path) -> None:
    written = chat("expect: [{recalls: [乔四更]}]", before="- user: 你是{{ persona.name }}罢？")

    assert load(tmp_path, {NIGHT: written}).scenarios[ONE].turns[0].user == "你是乔四更罢？"


@pytest.mark.parametrize(
    "recalls", ["[ＡＨＥ]", "[[nobody, ahe]]", '["“Ahe”"]'], ids=["full-width", "one-of-two", "curly-quotes"]
)
def test_a_memory_may_be_spelled_otherwise(tmp_path: Path, recalls: str) -> None:
    written = chat(f"expect: [{{recalls: {recalls}}}]", before="- user: 'I am \"Ahe\".'")

    assert load(tmp_path, {NIGHT: written}).scenarios[ONE].turns[1].expect[0].recalls


@pytest.mark.parametrize("name", ["😀🐉", "مارون", "A\u200bB", "<b>龙</b>", "{{ x }}", "a{% raw %}"])
def test_names_of_any_letters_reach_the_system_message(tmp_path: Path, name: str) -> None:
    loaded = load(tmp_path, {CARD: PERSONA.replace("乔四更", f"'{name}'")})

    assert loaded.systems["plain"]["qiao"] == f"你是{name}。"


def test_a_byte_order_mark_is_not_sent_to_the_model(tmp_path: Path) -> None:
    assert load(tmp_path, {PLAIN: "\ufeff你是更夫。"}).systems["plain"]["qiao"] == "你是更夫。"


def test_a_user_line_of_a_megabyte_loads(tmp_path: Path) -> None:
    line = "更" * 350_000

    assert load(tmp_path, {NIGHT: chat("", before=f"- user: {line}")}).scenarios[ONE].turns[0].user == line


def test_templates_know_the_persona_by_the_names_of_its_file_and_nothing_else(tmp_path: Path) -> None:
    card = PERSONA + "voice: {register: 爱挖苦}\n"
    loaded = load(tmp_path, {CARD: card, PLAIN: "{{ persona.voice.register }}{{ persona.user.name }}"})

    assert loaded.systems["plain"]["qiao"] == "爱挖苦the user"
    with pytest.raises(InputError, match="'id' is not defined"):
        load(tmp_path, {PLAIN: "{{ persona.id }}"})


def test_a_project_without_its_own_prompt_takes_the_shipped_one(tmp_path: Path) -> None:
    loaded = project(tmp_path).load([ONE], ["card", "plain"], ["quick"])

    assert loaded.prompts["card"].startswith("{% set p = persona %}")
    assert loaded.prompts["plain"] == "你是{{ persona.name }}。"
    assert loaded.rubrics["quick"].id == "quick"
