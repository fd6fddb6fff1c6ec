"""`harness calibrate -j`: a judge measured on labels, by the command a user runs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from harness.cli.selection import Selection, plan_selection
from harness.core.card import Card
from harness.store.project import ProjectFolder
from tests.command import Endpoint, harness, said, serving

from .judged import graded_rows, judge, row, write_judged_project, write_rows

ASK = ("calibrate", "-j", "strict", "--labels", "graded.jsonl")
CARD = "rubrics/cards/strict.yaml"


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    """A project with ten graded rows, and its judge at work."""
    with serving(judge) as listening:
        write_judged_project(tmp_path, listening.url)
        write_rows(tmp_path, graded_rows(10))
        yield listening


@dataclass(frozen=True)
class Measured:
    """What came of measuring a judge once, on fifty rows."""

    folder: Path
    card: dict[str, Any]
    asked: list[str]

    def predictions(self) -> list[dict[str, Any]]:
        lines = (self.folder / "judged.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("measured")
    with serving(judge) as listening:
        write_judged_project(folder, listening.url)
        write_rows(folder, graded_rows(50))
        done = harness(folder, *ASK, "--json", "--card", CARD, "--predictions", "judged.jsonl")
    assert done.returncode == 0, done.stderr
    asked = [request["messages"][-1]["content"] for request in listening.requests]
    return Measured(folder, json.loads(done.stdout), asked)


def test_people_read_a_table_and_what_was_paid_for_is_not_asked_again(endpoint: Endpoint, tmp_path: Path) -> None:
    done = harness(tmp_path, *ASK, COLUMNS="200")

    assert done.returncode == 0, done.stderr
    assert "mock/mock with tiny@1, samples 1" in done.stdout
    (line,) = [one for one in done.stdout.splitlines() if "immersion" in one]
    assert line.split()[:6] == ["immersion", "en", "human", "10", "10", "weak"]
    assert "It is trusted in nothing" in done.stdout
    calls = len(endpoint.requests)

    again = harness(tmp_path, *ASK, COLUMNS="200")

    assert (again.returncode, len(endpoint.requests)) == (0, calls)
    assert line in again.stdout


def test_without_the_cache_everything_is_asked_anew(endpoint: Endpoint, tmp_path: Path) -> None:
    harness(tmp_path, *ASK)
    calls = len(endpoint.requests)

    assert harness(tmp_path, *ASK, "--no-cache").returncode == 0
    assert len(endpoint.requests) == 2 * calls


def test_machines_read_the_card(measured: Measured) -> None:
    told = measured.card
    (only,) = told["rows"]
    assert (told["model"], told["id"], told["rubric"], told["labels"]) == (
        "mock/mock", "mock", "tiny@1", ["graded.jsonl"],
    )  # fmt: skip
    assert (only["rows"], only["scored"], only["violations"], only["characters"]) == (50, 50, 25, 6)
    figures = [only[name]["value"] for name in ("pearson", "kappa", "auroc", "bias", "repeat")]
    assert figures == pytest.approx([1, 1, 1, 0, 1])
    assert only["auroc"]["low"] == only["auroc"]["high"] == 1


def test_every_row_is_asked_once_and_every_fifth_twice(measured: Measured) -> None:
    assert (len(measured.asked), len(set(measured.asked))) == (60, 50)
    assert not any('"human"' in one or '"violation"' in one for one in measured.asked)


def test_predictions_are_written_row_by_row(measured: Measured) -> None:
    told = measured.predictions()

    assert [one["id"] for one in told] == [f"r{n}" for n in range(50)]
    clean, broken = told[:2]
    assert clean == {
        "id": "r0", "findings": [], "ratings": {"immersion": 1.0}, "violation": 0.0, "unscored_reason": None
    }  # fmt: skip
    assert (broken["ratings"], broken["violation"]) == ({"immersion": 0.0}, pytest.approx((2 + 0.7 * 0.5) / 3))
    reply = "I am machine number 1, friend."
    assert broken["findings"] == [
        {"failure_type": "ai_self_disclosure", "severity": "lapse", "certainty": 0.5, "span": [0, len(reply)],
         "quote": reply}
    ]  # fmt: skip


def cards(folder: Path, name: str = "strict") -> dict[str, Card]:
    """What a run with a judge would know of it."""
    return dict(plan_selection(ProjectFolder.find(folder), Selection(judge=name)).cards)


def test_a_card_is_found_by_the_runs_of_the_judge_that_it_measures(measured: Measured) -> None:
    found = cards(measured.folder)["strict"]

    assert found.model_dump(mode="json") == {name: measured.card[name] for name in Card.model_fields}
    assert found.trusted() == (("immersion", "en"),)
    assert cards(measured.folder, "other") == {}, "it is asked three times, which was not measured"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("rubrics/tiny.yaml", "stay in its world", "keep to its world", id="wording"),
        pytest.param("rubrics/tiny.yaml", "version: 1", "version: 2", id="version"),
        pytest.param("harness.yaml", "id: mock", "id: mock-2", id="model"),
        pytest.param("harness.yaml", "id: mock", "id: mock\n    params: {temperature: 0.3}", id="parameters"),
    ],
)
def test_a_card_is_of_no_use_once_the_judge_is_another(
    measured: Measured, tmp_path: Path, file: str, old: str, new: str
) -> None:
    folder = Path(copytree(measured.folder, tmp_path / "changed"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    assert cards(folder) != {}
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    assert cards(folder) == {}


def test_rows_that_the_judge_cannot_grade_are_counted_and_told(tmp_path: Path) -> None:
    with serving(lambda _: said("I would rather not.")) as listening:
        write_judged_project(tmp_path, listening.url)
        write_rows(tmp_path, [row("a", "Aye.", False)])
        done = harness(tmp_path, *ASK, "--json", "--predictions", "judged.jsonl")

    assert done.returncode == 0, done.stderr
    (only,) = json.loads(done.stdout)["rows"]
    assert (only["rows"], only["scored"], only["auroc"]["value"]) == (1, 0, None)
    assert json.loads((tmp_path / "judged.jsonl").read_text(encoding="utf-8"))["unscored_reason"] == "unreadable"


def test_breaks_are_planted_in_clean_chats_and_the_ratings_told(endpoint: Endpoint, tmp_path: Path) -> None:
    turns = [
        {"role": role, "content": text}
        for n in range(10)
        for role, text in (("user", f"Line {n}?"), ("assistant", f"The road to mile {n} is muddy, friend."))
    ]
    clean = row("chat", "", False, messages=turns, failure_type="clean", severity="none", provenance="authored")
    for name in ("dimension", "human", "violation"):
        del clean[name]
    write_rows(tmp_path, [clean])

    done = harness(tmp_path, *ASK, "--json")

    assert done.returncode == 0, done.stderr
    steps = json.loads(done.stdout)["sensitivity"]
    assert [(one["language"], one["share"], one["chats"]) for one in steps] == [
        ("en", share, 1) for share in (0, 0.1, 0.3, 0.5)
    ]
    assert all(0 <= one["rating"] <= 1 for one in steps)
    assert steps[0]["rating"] == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        pytest.param(("-j", "strict,other"), "one judge has a card", id="two-judges"),
        pytest.param(("-j", "strcit"), "did you mean 'strict'?", id="unknown-judge"),
        pytest.param(("--card", CARD), "the checks have no card", id="card-without-judge"),
        pytest.param(("-j", "strict", "--card", "nowhere/strict.yaml"), "no such folder", id="no-folder"),
        pytest.param(("-j", "strict", "--card", "graded.jsonl"), "is one of the label files", id="over-the-labels"),
        pytest.param(("-j", "strict", "--max-cost", "2"), "names no currency", id="cost"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_any_call(
    endpoint: Endpoint, tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = harness(tmp_path, "calibrate", "--labels", "graded.jsonl", *arguments)

    assert (done.returncode, endpoint.requests) == (2, []), done.stderr
    assert problem in done.stderr
    assert not (tmp_path / CARD).exists()


def test_a_missing_key_is_told_before_any_call(endpoint: Endpoint, tmp_path: Path) -> None:
    done = harness(tmp_path, *ASK, MOCK_API_KEY="")

    assert (done.returncode, endpoint.requests) == (2, [])
    assert "MOCK_API_KEY" in done.stderr
