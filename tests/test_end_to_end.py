"""The whole line on a real model over HTTP: the embedded one, which really does break character."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.command import harness

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("weights")]


@pytest.fixture(scope="session")
def run(weights: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """One scenario of the starter suite, replayed, checked and judged by the embedded model, from an empty folder."""
    folder = tmp_path_factory.mktemp("newcomer")
    command = ("run", "bram-oakenfist/strange-questions", "-m", "local/smollm2", "-j", "quick-local", "--json")
    done = harness(folder, *command)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_the_embedded_model_is_replayed_checked_judged_and_reported(run: tuple[Path, dict[str, object]]) -> None:
    folder, result = run
    assert (result["status"], result["exit_code"], result["samples"], result["turns"]) == ("ungated", 0, 1, 4)
    assert result["cost"] == {
        "USD": 0.0,
        "CNY": None,
        "unknown_calls": 0,
        "judge": {"USD": 0.0, "CNY": None, "unknown_calls": 0},
        "saved_by_cache": {"USD": None, "CNY": None},
    }
    ratings = result["ratings"]
    assert isinstance(ratings, dict)
    assert ratings["scored"] + ratings["unscored"] > 0
    assert Path(str(result["report"])).parent == folder / "reports"


def test_what_was_sent_and_received_is_all_there(run: tuple[Path, dict[str, object]]) -> None:
    folder, _ = run
    sample = json.loads(harness(folder, "runs", "show", "last", "--sample", "1", "--json").stdout)
    exchanges = sample["transcript"]["exchanges"]
    assert [exchange["turn"] for exchange in exchanges] == [1, 2, 3, 4]
    last = exchanges[-1]
    assert last["seed"] == 1
    assert last["call"]["usage"]["input_tokens"] > 100
    assert [message["content"] for message in last["sent"] if message["role"] == "assistant"][1:] == [
        exchange["text"] for exchange in exchanges[:-1]
    ]
    assert len(sample["asks"]) in (1, 2)


def test_judging_again_with_the_same_judge_is_free(run: tuple[Path, dict[str, object]]) -> None:
    folder, result = run
    before = json.loads(harness(folder, "runs", "show", "last", "--sample", "1", "--json").stdout)
    done = harness(folder, "rescore", "last", "--json")
    assert json.loads(done.stdout)["ratings"] == result["ratings"]
    after = json.loads(harness(folder, "runs", "show", "last", "--sample", "1", "--json").stdout)
    assert after["asks"] == before["asks"]


@pytest.mark.browser
def test_the_report_opens_from_disk_filters_and_asks_nobody(
    run: tuple[Path, dict[str, object]], browser: "Browser"
) -> None:
    _, result = run
    page = browser.new_page()
    asked, told = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    address = Path(str(result["report"])).as_uri()
    page.goto(address)
    assert "Bram Oakenfist" in page.inner_text("body")
    everything = page.inner_text("#shown")
    page.select_option("select[name=outcome]", index=1)
    page.fill("input[name=text]", "words that no innkeeper ever said")
    assert page.inner_text("#shown") != everything
    assert asked == [address]
    assert told == []
    page.close()
