"""`--max-cost`: a ceiling that holds, a run that can go on, and limits that could not be kept refused."""

import json
from pathlib import Path

import pytest

from tests.command import harness, said, serving, write_project

MOST = 50
"""The longest answer, in tokens; see `capped`."""


def capped(folder: Path, url: str, **sizes: int) -> Path:
    """A project whose model may answer with at most `MOST` tokens, for a dollar in and two out per thousand."""
    project = write_project(folder, url, **sizes)
    file = project / "harness.yaml"
    priced = file.read_text(encoding="utf-8").replace("as_of:", "per: 1000, as_of:")
    file.write_text(priced.replace("    concurrency: 2", f"    params: {{max_tokens: {MOST}}}\n    concurrency: 2"))
    return project


def test_a_run_ends_before_the_call_that_could_exceed_its_limit_and_goes_on_with_a_higher_one(tmp_path: Path) -> None:
    with serving(lambda _: said("Aye.", tokens=(20, 5))) as endpoint:
        project = capped(tmp_path, endpoint.url, scenarios=3, turns=4)
        done = harness(project, "run", "--max-cost", "0.50 USD", "--json")
        assert done.returncode == 4, done.stderr
        result = json.loads(done.stdout)
        assert (result["status"], result["exit_code"]) == ("budget", 4)
        assert 0 < result["cost"]["USD"] <= 0.5
        assert "the cost limit leaves no room" in done.stderr
        assert "harness resume" in done.stderr
        asked = len(endpoint.requests)
        assert 0 < asked < 12

        again = harness(project, "resume", "--json")
        assert again.returncode == 4
        assert len(endpoint.requests) == asked, "what was spent counts against the limit of the run"

        done = harness(project, "resume", "--max-cost", "5 USD", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["turns"] == 12
    assert len(endpoint.requests) == 12, "nothing was paid for twice"


def test_a_limit_that_leaves_room_for_nothing_makes_no_call(tmp_path: Path) -> None:
    with serving() as endpoint:
        done = harness(capped(tmp_path, endpoint.url), "run", "--max-cost", "$0.01")
    assert done.returncode == 4
    assert not endpoint.requests


def test_attempts_of_unknown_cost_count_with_the_most_they_can_have_cost(tmp_path: Path) -> None:
    with serving(lambda _: {"choices": [{"message": {"content": "Aye."}, "finish_reason": "stop"}]}) as endpoint:
        done = harness(capped(tmp_path, endpoint.url, turns=6), "run", "--max-cost", "1.00 USD", "--json")
    assert done.returncode == 4
    cost = json.loads(done.stdout)["cost"]
    assert (cost["USD"], cost["unknown_calls"]) == (None, len(endpoint.requests))
    assert 0 < len(endpoint.requests) <= 1.00 / (2 * MOST / 1000)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("lots", "'lots' is no amount"),
        ("2.00", "'2.00' names no currency"),
        ("2 EUR", "'2 EUR' is no amount"),
        ("0 USD", "'0 USD' is no amount"),
        ("-1 USD", "'-1 USD' is no amount"),
        ("$2 CNY", "'$2 CNY' is no amount"),
        ("15 CNY", "mock/mock is priced in USD, the limit is in CNY"),
        ("¥15", "mock/mock is priced in USD, the limit is in CNY"),
    ],
)
def test_a_limit_that_cannot_be_read_or_kept_is_refused_before_any_call(tmp_path: Path, amount: str, told: str) -> None:
    with serving() as endpoint:
        done = harness(capped(tmp_path, endpoint.url), "run", "--max-cost", amount)
    assert done.returncode == 2
    assert told in done.stderr
    assert not endpoint.requests
    assert not (tmp_path / ".harness").exists()


def test_a_limit_in_the_other_currency_holds_at_the_rate_of_the_project(tmp_path: Path) -> None:
    with serving(lambda _: said("Aye.", tokens=(20, 5))) as endpoint:
        project = capped(tmp_path, endpoint.url, scenarios=3, turns=4)
        file = project / "harness.yaml"
        rate = "exchange: {usd_cny: 10, as_of: 2026-11-22, source: a bank}\n"
        file.write_text(file.read_text(encoding="utf-8") + rate, encoding="utf-8")
        done = harness(project, "run", "--max-cost", "¥5", "--json")
    assert done.returncode == 4, done.stderr
    assert json.loads(done.stdout)["cost"]["USD"] <= 0.5


def test_a_model_that_nothing_bounds_is_refused(tmp_path: Path) -> None:
    with serving() as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run", "--max-cost", "1 USD")
    assert done.returncode == 2
    assert "set models.mock/mock.params.max_tokens" in done.stderr
    assert not endpoint.requests
