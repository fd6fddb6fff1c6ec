"""The page for users says what there is, and nothing else."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from harness.cli.simulate import simulate
from harness.simulator.faults import FAULTS
from harness.simulator.ledger import Entry
from harness.simulator.profiles import PROFILES

PAGE = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


def options() -> list[str]:
    app = typer.Typer(add_completion=False)
    app.command()(simulate)
    return [name for each in typer.main.get_command(app).params for name in each.opts]


def rows(heading: str) -> dict[str, str]:
    """What stands in backticks in the first cell of each row of the first table under a heading, with its row."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    table = re.search(r"^\|.*?(?=^(?!\|))", part, re.MULTILINE | re.DOTALL)
    assert table
    return {name: row for row in table[0].splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Profiles", [profile.name for profile in PROFILES]),
        ("Options", options()),
        ("Faults", list(FAULTS)),
        ("The ledger", [field.name for field in fields(Entry)]),
    ],
)
def test_each_table_has_a_row_for_everything_there_is_and_no_more(heading: str, names: list[str]) -> None:
    assert sorted(rows(heading)) == sorted(name for name in names if name != "--help")


def test_the_page_names_each_profiles_model_and_says_what_is_free() -> None:
    for profile in PROFILES:
        assert f"`{profile.model}`" in rows("Profiles")[profile.name]
    for kind, fault in FAULTS.items():
        charged = rows("Faults")[kind].strip("| ").split("|")[-1].strip()
        assert (charged == "no") == fault.before_reply, kind
