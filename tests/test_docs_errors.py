"""The errors that the documentation shows are the ones people get."""

import re
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.store.project import ProjectFolder

PAGE = Path(__file__).parents[1] / "docs" / "write-a-scenario.md"
ROWS = re.findall(
    r"^\| `{1,2}(.+?)`{1,2} \| .+ \|$", PAGE.read_text(encoding="utf-8").split("## Errors you may see")[1], re.M
)
PERSONA = "{name: Mira, languages: [en], description: A ferry pilot., facts: {boat: Her boat is the Heron.}}"

CARELESS = [
    "title: A\nturns: [{user: Hi, prob: meta_question}]",
    "title: A\nturns: [{user: Hi, probe: meta_qestion}]",
    "title: 12\nturns: [{user: Hi}]",
    "title: A\ntitle: B\nturns: [{user: Hi}]",
    "title: A\nturns: [{user: Hi, expect: [{mentions: [a], forbids: [b]}]}]",
    "title: A\nturns: [{user: Hi, expect: [{recalls: [Tom]}]}]",
    "title: A\nturns: [{user: Hi}, {user: Ho, about: boot}]",
    'title: A\nturns: [{user: Hi}, {user: Ho, expect: [{matches: "(a"}]}]',
    'title: A\nturns: [{user: "{{ persona.nam }}"}]',
    'title: A\nturns: [{user: Hi}, {user: Ho}, {user: "{{ persona.__class__ }}"}]',
    "title: A\nhistory: scripted\nturns: [{user: Hi}, {user: Ho}]",
    "title: A\nturns:\n\t- user: Hi",
]


def told(scenario: str, home: Path) -> str:
    folder = home / "scenarios" / "mira"
    folder.mkdir(parents=True)
    (folder / "persona.yaml").write_text(PERSONA, encoding="utf-8")
    (folder / "dock.yaml").write_text(scenario, encoding="utf-8")
    (home / "harness.yaml").touch()
    with pytest.raises(InputError) as error:
        ProjectFolder(root=home, home=home).load(["mira/dock"])
    return str(error.value)


@pytest.mark.parametrize("scenario", CARELESS)
def test_each_careless_file_is_met_with_an_error_that_the_page_explains(scenario: str, tmp_path: Path) -> None:
    error = told(scenario, tmp_path)
    assert any(all(part in error for part in row.split("…")) for row in ROWS), error


def test_every_error_of_the_page_but_that_of_a_models_rules_is_met(tmp_path: Path) -> None:
    errors = [told(scenario, tmp_path / str(place)) for place, scenario in enumerate(CARELESS)]
    unmet = [row for row in ROWS if not any(all(part in error for part in row.split("…")) for error in errors)]
    assert [row.split(" ")[1] for row in unmet] == ["message"]
