"""What the documentation says is held to the code, so that it stays true."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main

from harness.analysis.frame import COLUMNS
from harness.analysis.summary import ModelSummary, Summary
from harness.analysis.survival import Survival
from harness.checks import DEFAULT_CHECKS, Line, build_checks, check_chat
from harness.checks.base import Chat
from harness.cli.app import app
from harness.core.charge import Bill
from harness.core.finding import Finding
from harness.core.model import MessageRules, ModelSpec, Params, Price
from harness.core.persona import Knowledge, Persona, User, Voice
from harness.core.project import ProjectFile
from harness.core.rating import Unscored
from harness.core.rubric import Rubric
from harness.core.run import EXIT_CODES
from harness.core.scenario import EXPECTATION_KINDS, Scenario, Turn
from harness.core.taxonomy import PROBE_KINDS
from harness.errors import HarnessError, InputError, StoreError
from harness.providers import weights
from harness.report.json import summary_object
from harness.report.wording import sentence, word
from harness.store.catalog import extended_catalog
from harness.store.project import ProjectFolder
from harness.store.yaml import parse_value, read_yaml
from tests.pages import (
    FENCE,
    LINK,
    ROOT,
    anchor,
    each_page,
    fences,
    headings,
    named_in_rows,
    prose,
    rows,
    text_of,
)


def commands() -> dict[str, Any]:
    """Every command by what is typed: `runs list`."""
    root = typer.main.get_command(app)

    def walk(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(command, (*path, name))
            else:
                yield " ".join((*path, name)), command

    return dict(walk(root, ()))


COMMANDS = commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_row_and_an_example(name: str) -> None:
    for readme in ("README.md", "README.zh.md"):
        assert f"harness {name}" in named_in_rows(readme)
    assert "Example: harness " in (COMMANDS[name].help or "")


def written_commands(page: Path) -> Iterator[list[str]]:
    """The `harness …` lines of shell blocks and of inline code."""
    text = page.read_text(encoding="utf-8")
    lines = [line for kind, body in FENCE.findall(text) if kind == "sh" for line in body.splitlines()]
    for line in (*lines, *re.findall(r"`([^`\n]+)`", FENCE.sub("", text))):
        found = re.match(r"(?:\.venv/bin/)?harness (.+)", line.split("||")[0].split(" > ")[0])
        if found and not found[1].startswith("-"):
            yield shlex.split(found[1], comments=True)


@each_page
def test_a_command_that_is_written_down_exists_with_its_options(page: Path) -> None:
    for words in written_commands(page):
        name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
        assert name is not None, f"no command: harness {' '.join(words)}"
        known = {option for each in COMMANDS[name].params for option in each.opts} | {"-h", "--help"}
        options = [one for one in words if re.fullmatch(r"--?[a-zA-Z][a-z-]*", one)]
        assert set(options) <= known, f"no such option: harness {' '.join(words)}"


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if "://" in target:
            continue
        path, _, place = target.partition("#")
        file = page.parent / path if path else page
        assert file.exists(), f"{page.name} links to {target}"
        if place:
            assert place in map(anchor, headings(file)), f"{page.name} links to {target}"


def test_every_page_is_in_the_index() -> None:
    listed = set(LINK.findall(text_of("docs/README.md")))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_both_readmes_have_the_same_parts_and_name_each_other() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    levels = [re.findall(r"^(#+) ", prose(page), re.MULTILINE) for page in (english, chinese)]
    assert levels[0] == levels[1]
    assert "(README.zh.md)" in english.read_text(encoding="utf-8").split("## ")[0]
    assert "(README.md)" in chinese.read_text(encoding="utf-8").split("## ")[0]


def test_the_starter_project_is_as_large_as_the_readmes_say() -> None:
    kinds = ("scenarios/*/persona.yaml", "prompts/*.md", "rubrics/*.yaml")
    assert [len(list(ROOT.glob(kind))) for kind in kinds] == [4, 3, 3]
    scenarios = len(list(ROOT.glob("scenarios/*/*.yaml"))) - 4
    assert f"with {scenarios} scenarios, three prompts and three rubrics" in text_of("README.md")
    assert f"四个角色（中英各两个）、{scenarios} 个场景、三份提示词、三份评分表" in text_of("README.zh.md")


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(one for some in project["optional-dependencies"].values() for one in some)]
    names = {re.split(r"[<>=\[;~! ]", one)[0] for one in wanted}
    reasons = {row[0].strip("`"): row[1] for row in rows("docs/dependencies.md") if row[0].startswith("`")}
    assert names == reasons.keys()
    assert all(reasons.values())


def test_every_exit_code_is_explained() -> None:
    explained = {(int(row[0]), row[1]) for row in rows("docs/runs.md") if row[0].isdigit()}
    assert {(code, f"`{status}`") for status, code in EXIT_CODES.items()} <= explained
    ours = {*EXIT_CODES.values(), HarnessError.exit_code, InputError.exit_code, StoreError.exit_code}
    for readme in ("README.md", "README.zh.md"):
        assert {int(row[0]) for row in rows(readme) if row[0].isdigit() and len(row) == 2} == ours


FIELDS = [
    ("docs/README.md", ProjectFile.model_fields),
    ("docs/write-a-scenario.md", {name for name in Scenario.model_fields if name != "id"}),
    ("docs/write-a-scenario.md", Turn.model_fields),
    ("docs/write-a-scenario.md", PROBE_KINDS),
    (
        "docs/write-a-persona.md",
        {name for name in Persona.model_fields if name not in ("id", "knowledge", "voice", "user")},
    ),
    ("docs/write-a-persona.md", {f"knowledge.{name}" for name in Knowledge.model_fields}),
    ("docs/write-a-persona.md", {f"voice.{known.alias or name}" for name, known in Voice.model_fields.items()}),
    ("docs/write-a-persona.md", {f"user.{name}" for name in User.model_fields}),
    ("docs/providers.md", ModelSpec.model_fields),
    ("docs/providers.md", MessageRules.model_fields),
    ("docs/providers.md", {f"params.{name}" for name in Params.model_fields}),
    ("docs/providers.md", {f"price.{name}" for name in Price.model_fields}),
    ("docs/judge.md", get_args(Unscored)),
    ("docs/notebooks.md", COLUMNS),
    ("docs/checks.md", DEFAULT_CHECKS),
]


@pytest.mark.parametrize(("page", "wanted"), FIELDS, ids=[f"{page}-{place}" for place, (page, _) in enumerate(FIELDS)])
def test_every_name_that_people_write_or_read_has_a_row(page: str, wanted: Any) -> None:
    assert set(wanted) <= named_in_rows(page)


def test_every_kind_of_expectation_has_a_row() -> None:
    written = " ".join(named_in_rows("docs/write-a-scenario.md"))
    assert all(f"{{{kind}: " in written for kind in EXPECTATION_KINDS)


def test_the_checksums_of_the_embedded_model_are_the_ones_it_is_held_to() -> None:
    page = text_of("docs/embedded-model.md")
    for known in (
        weights.WHEEL_SHA256,
        weights.WEIGHTS_SHA256,
        f"{weights.WEIGHTS_BYTES:,}",
        Path(weights.MEMBER).name,
    ):
        assert known in page


EXAMPLES = [
    ("docs/write-a-persona.md", 0, Persona),
    ("docs/write-a-scenario.md", 0, Scenario),
    ("docs/judge.md", 0, ProjectFile),
    ("docs/judge.md", 1, Rubric),
    ("docs/providers.md", 0, ProjectFile),
    ("docs/cost.md", 0, ProjectFile),
    ("docs/checks.md", 0, ProjectFile),
]


@pytest.mark.parametrize(("page", "place", "kind"), EXAMPLES, ids=[f"{page}-{place}" for page, place, _ in EXAMPLES])
def test_the_files_shown_are_read_without_complaint(page: str, place: int, kind: Any, tmp_path: Path) -> None:
    file = tmp_path / "shown.yaml"
    file.write_text(fences(page, "yaml")[place], encoding="utf-8")
    document = read_yaml(file, file.name)
    content = parse_value(document, kind)
    if isinstance(content, ProjectFile):
        assert extended_catalog(document, content.models)


def test_the_object_shown_has_the_fields_that_are_printed() -> None:
    shown = next(json.loads(body) for body in fences("docs/runs.md", "json") if '"exit_code"' in body)
    row = ModelSummary(
        model="local/smollm2",
        prompt="plain",
        outcomes=dict.fromkeys(shown["outcomes"], 0),
        findings={"break": 0, "lapse": 0, "note": 0},
        survival=Survival((), (), (), None, 0),
        dimensions=(),
        consistency=None,
        latency=None,
        **dict.fromkeys(("model_bill", "judge_bill", "saved"), Bill()),
        **dict.fromkeys(
            ("samples", "unfinished_samples", "broken_samples", "turns", "broken_turns", "broken_by_rules"), 0
        ),
    )
    counts = dict.fromkeys(("samples", "abandoned", "ratings_scored", "ratings_unscored"), 0)
    printed: Any = summary_object(Summary(run="r", status="ungated", models=(row,), **counts), None)
    assert printed.keys() == shown.keys()
    assert printed["cost"].keys() == shown["cost"].keys()
    assert printed["models"][0].keys() == shown["models"][0].keys()
    assert printed["models"][0]["survival"].keys() == shown["models"][0]["survival"].keys()


def findings_in_the_example(readme: str, replies: list[str], home: Path) -> tuple[Scenario, list[Finding]]:
    """What the checks find when the README's scenario gets the README's replies."""
    script = fences(readme, "yaml")[0]
    place = script.splitlines()[0].removeprefix("# ")
    (home / place).parent.mkdir(parents=True)
    (home / place).write_text(script, encoding="utf-8")
    persona = Path(place).with_name("persona.yaml")
    (home / persona).write_text(text_of(str(persona)), encoding="utf-8")
    folder = ProjectFolder(root=home, home=home)
    (home / "harness.yaml").touch()
    loaded = folder.load(folder.choose(["*"]))
    (scenario,) = loaded.scenarios.values()
    turns = zip(scenario.turns, replies, strict=True)
    lines = tuple(Line(number, turn.user, reply, True) for number, (turn, reply) in enumerate(turns, 1))
    chat = Chat(persona=loaded.personas[scenario.persona], scenario=scenario, system="", lines=lines)
    return scenario, list(check_chat(chat, build_checks(DEFAULT_CHECKS)))


def test_the_readme_example_finds_what_the_readme_says(tmp_path: Path) -> None:
    shown = fences("README.md", "text")[0]
    replies = re.findall(r"\[answered\]: (.+)", shown)
    scenario, found = findings_in_the_example("README.md", replies, tmp_path)
    assert re.findall(r"^\d\. user: (.+)$", shown, re.MULTILINE) == [turn.user for turn in scenario.turns]
    said = [f"^ {each.severity} {each.failure_type}: {sentence(each, 'en')}" for each in found]
    assert re.findall(r"\^ .+", shown) == said


def test_the_chinese_readme_example_finds_what_it_says(tmp_path: Path) -> None:
    replies = re.findall(r"^\d\. [^：]+：(.+)$", fences("README.zh.md", "text")[0], re.MULTILINE)
    _, found = findings_in_the_example("README.zh.md", replies, tmp_path)
    noted: Mapping[str, list[str]] = {row[3]: row for row in rows("README.zh.md") if len(row) == 4 and row[0].isdigit()}
    assert {(each.turn, each.failure_type) for each in found} == {
        (int(row[0]), next(each.failure_type for each in found if sentence(each, "zh") == note))
        for note, row in noted.items()
    }
    for each in found:
        row = noted.get(sentence(each, "zh"))
        if row is not None:  # findings that share words and type are one note
            assert row[1:3] == [word(f"severity.{each.severity}", "zh"), word(f"failure.{each.failure_type}", "zh")]
