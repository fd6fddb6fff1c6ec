import json
from pathlib import Path

from harness.analysis.summary import summarise
from harness.report.json import summary_object

from .runs import INN, broken_sample, call, every_outcome, exchange, run, sample

KEYS = {
    "run", "status", "exit_code", "samples", "unfinished_samples", "turns", "outcomes", "findings", "ratings",
    "break_rate", "cost", "models", "report",
}  # fmt: skip


def test_the_object_has_the_keys_that_scripts_rely_on() -> None:
    made = summary_object(summarise(every_outcome()), Path("reports/run.html"))

    assert set(made) == KEYS
    assert made["findings"] == {"break": 3, "lapse": 2, "note": 0}
    assert made["outcomes"] == {
        "answered": 7, "truncated": 1, "filtered": 1, "empty": 1, "failed": 1, "skipped": 5
    }  # fmt: skip
    assert made["report"] == "reports/run.html"
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_a_currency_that_nothing_was_charged_in_is_null_and_a_free_one_is_zero() -> None:
    free = sample(INN, [exchange(1, "Aye.", call=call("0")), exchange(2, "Nay.", call=call(None))])

    made = summary_object(summarise(run(free)), None)

    assert made["cost"] == {
        "USD": 0.0,
        "CNY": None,
        "unknown_calls": 1,
        "judge": {"USD": None, "CNY": None, "unknown_calls": 0},
        "saved_by_cache": {"USD": None, "CNY": None},
    }
    assert made["report"] is None


def test_the_bill_holds_the_judge_too() -> None:
    made = summary_object(summarise(run(broken_sample())), None)

    cost = made["cost"]
    assert isinstance(cost, dict)
    assert cost["USD"] == 0.0032
    assert cost["judge"] == {"USD": 0.002, "CNY": None, "unknown_calls": 0}


def test_each_model_and_prompt_has_a_row_with_all_its_numbers() -> None:
    made = summary_object(summarise(every_outcome()), None)

    models = made["models"]
    assert isinstance(models, list)
    first = models[0]
    assert isinstance(first, dict)
    assert [row["model"] for row in models if isinstance(row, dict)] == ["mock/a", "mock/b"]
    assert set(first) == {
        "model", "prompt", "samples", "unfinished_samples", "broken_samples", "turns", "broken_turns", "break_rate",
        "break_rate_by_rules", "consistency", "outcomes", "findings", "survival", "dimensions", "latency", "cost",
    }  # fmt: skip
    assert first["dimensions"] == [
        {"dimension": "voice", "mean": 0.0, "lower": 0.0, "scored": 1, "unscored": 0, "trust": "uncalibrated"},
        {"dimension": "form", "mean": None, "lower": None, "scored": 0, "unscored": 1, "trust": "uncalibrated"},
    ]
