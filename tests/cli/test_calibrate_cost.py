"""What measuring a judge costs: told, limited, and paid for once."""

import json
from pathlib import Path

import pytest

from tests.command import harness, serving

from .judged import graded_rows, judge, write_judged_project, write_rows

ASK = ("calibrate", "-j", "strict", "--labels", "graded.jsonl")
PRICE = (100 * 1 + 10 * 2) / 1_000_000
"""USD a call, by the catalog of the project and the usage of the endpoint."""


def test_the_limit_ends_it_without_a_card_and_what_was_paid_for_is_not_paid_for_again(tmp_path: Path) -> None:
    with serving(judge) as endpoint:
        write_judged_project(tmp_path, endpoint.url)
        write_rows(tmp_path, graded_rows(20))
        stopped = harness(tmp_path, *ASK, "--max-cost", "0.0075 USD", "--card", "c.yaml", "--predictions", "p.jsonl")
        paid = len(endpoint.requests)
        whole = harness(tmp_path, *ASK, "--json")

    assert stopped.returncode == 4, stopped.stderr
    assert "the cost limit leaves no room" in stopped.stderr
    assert not (tmp_path / "c.yaml").exists()
    assert not (tmp_path / "p.jsonl").exists()
    assert 0 < paid < 24
    assert paid * PRICE <= 0.0075
    assert whole.returncode == 0, whole.stderr
    assert len(endpoint.requests) == 24, "20 rows, four of them twice"
    assert json.loads(whole.stdout)["cost"]["USD"] == pytest.approx((24 - paid) * PRICE)


def test_a_second_time_costs_nothing(tmp_path: Path) -> None:
    with serving(judge) as endpoint:
        write_judged_project(tmp_path, endpoint.url)
        write_rows(tmp_path, graded_rows(10))
        first, second = (json.loads(harness(tmp_path, *ASK, "--json").stdout) for _ in range(2))

    assert first.pop("cost") == {"USD": pytest.approx(12 * PRICE), "CNY": None, "unknown_calls": 0}
    assert second.pop("cost") == {"USD": None, "CNY": None, "unknown_calls": 0}
    assert first == second


def test_a_judge_without_a_price_cannot_be_held_to_a_limit(tmp_path: Path) -> None:
    with serving(judge) as endpoint:
        file = write_judged_project(tmp_path, endpoint.url) / "harness.yaml"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "price:" not in line), encoding="utf-8")
        write_rows(tmp_path, graded_rows(5))
        done = harness(tmp_path, *ASK, "--max-cost", "1 USD")

    assert (done.returncode, endpoint.requests) == (2, []), done.stderr
    assert "mock/mock" in done.stderr
