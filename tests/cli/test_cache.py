"""Answers that were paid for before: models' only when asked for, judges' always."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command import KEY, Endpoint, echo, harness, said, serving, write_project

VERDICT = json.dumps({"violations": [], "grades": {}})


def answer(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The character's reply, or a judge's that nobody can use."""
    judging = "persona" in body["messages"][-1]["content"]
    return said(VERDICT) if judging else echo(body)


def judged(folder: Path, endpoint: Endpoint) -> Path:
    """A project with a judge that is the same model."""
    project = write_project(folder, endpoint.url)
    file = project / "harness.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "judges: {strict: {model: mock/mock, rubric: quick}}\n")
    return project


def asked(endpoint: Endpoint, since: int) -> tuple[int, int]:
    """How many requests there were to the model under test, and to the judge."""
    bodies = endpoint.requests[since:]
    judging = sum("persona" in body["messages"][-1]["content"] for body in bodies)
    return len(bodies) - judging, judging


def test_a_nightly_run_sees_the_model_move_and_pays_its_judge_once(tmp_path: Path) -> None:
    with serving(answer) as endpoint:
        project = judged(tmp_path, endpoint)
        first = json.loads(harness(project, "run", "-j", "strict", "--json").stdout)
        once = asked(endpoint, 0)
        second = json.loads(harness(project, "run", "-j", "strict", "--json").stdout)
    assert once[0] == 6
    assert once[1] > 0
    assert asked(endpoint, sum(once)) == (6, 0)
    assert first["cost"]["saved_by_cache"]["USD"] is None
    assert second["cost"]["saved_by_cache"]["USD"] == first["cost"]["judge"]["USD"]
    assert second["cost"]["judge"] == {"USD": None, "CNY": None, "unknown_calls": 0}
    assert second["ratings"] == first["ratings"]


def test_with_cache_nobody_is_called_and_all_is_shown_as_saved(tmp_path: Path) -> None:
    with serving(answer) as endpoint:
        project = judged(tmp_path, endpoint)
        first = json.loads(harness(project, "run", "-j", "strict", "--cache", "--json").stdout)
        paid = len(endpoint.requests)
        second = json.loads(harness(project, "run", "-j", "strict", "--cache", "--json", MOCK_API_KEY="other").stdout)
        assert len(endpoint.requests) == paid, "a key takes no part in what is equal"
        spared = first["cost"]["saved_by_cache"]["USD"] or 0  # chats that begin alike
        assert second["cost"]["saved_by_cache"]["USD"] == pytest.approx(first["cost"]["USD"] + spared)
        assert second["cost"]["USD"] is None
        assert (second["turns"], second["findings"]) == (first["turns"], first["findings"])
        harness(project, "run", "-j", "strict", "--cache", "-n", "2")
        # Chats that begin alike share their first answer if one of them has it before the other asks.
        assert asked(endpoint, paid)[0] in (5, 6), "the second epoch is its own"
        before = len(endpoint.requests)
        harness(project, "run", "-j", "strict", "--no-cache")
        assert asked(endpoint, before)[0] == 6
        assert asked(endpoint, before)[1] > 0
    assert KEY.encode() not in (project / ".harness" / "harness.db").read_bytes()


def test_another_temperature_is_another_request(tmp_path: Path) -> None:
    with serving() as endpoint:
        project = write_project(tmp_path, endpoint.url)
        harness(project, "run", "--cache")
        file = project / "harness.yaml"
        warmer = file.read_text(encoding="utf-8").replace("concurrency: 2", "params: {temperature: 0.3}")
        file.write_text(warmer, encoding="utf-8")
        harness(project, "run", "--cache")
    assert len(endpoint.requests) == 12
