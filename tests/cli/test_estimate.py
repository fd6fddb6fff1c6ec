"""`harness estimate`: what it promises before a run, held against what the run then takes."""

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from harness.engine.estimate import UNKNOWN_ANSWER, UNKNOWN_COUNT, UNKNOWN_REPLY
from harness.store.history import DOUBT_OF_FEW, FEW_CHATS, LAST_RUNS, LEAST_DOUBT, MOST_CHATS
from tests.command import Endpoint, harness, said, serving, write_project

JUDGE_ROW = """
  mock/judge:
    base_url: URL
    id: judge
    api_key_env: [MOCK_API_KEY]
    price: {currency: CNY, input: 3, output: 9, as_of: 2026-11-22, source: test}
    rules: {max_output_tokens: 8000}
judges:
  strict: {model: mock/judge, rubric: quick}
"""
GRID = ("-p", "short", "-p", "long", "-n", "4", "-j", "strict")


def talkative(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Replies of many lengths, and usage as a tokenizer of its own would count it."""
    messages = body["messages"]
    entered = 3 + sum(5 + len(message["content"]) // 4 for message in messages)
    if body["model"] == "judge":
        text, left = json.dumps({"violations": [], "grades": {}}), 150 + entered % 90
    else:
        drawn = blake2b(repr((messages, body.get("seed"))).encode(), digest_size=2).digest()
        text = "The stew is hot. " * (2 + drawn[0] % 30)
        left = len(text) // 4
    return said(text, tokens=(entered, left))


def project(folder: Path, endpoint: Endpoint) -> Path:
    """Two prompts, three scenarios of four turns, a judge in the other currency."""
    write_project(folder, endpoint.url, scenarios=3, turns=4)
    settings = folder / "harness.yaml"
    settings.write_text(settings.read_text("utf-8") + JUDGE_ROW.replace("URL", endpoint.url), "utf-8")
    (folder / "prompts/long.md").write_text("You are {{ persona.name }}. " + "Never leave the inn. " * 40, "utf-8")
    return folder


def estimated(folder: Path, *arguments: str) -> Any:
    """What it prints with --json."""
    done = harness(folder, "estimate", "--json", *arguments, MOCK_API_KEY="")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_after_a_run_the_cost_of_the_next_one_is_known_within_a_range(tmp_path: Path) -> None:
    with serving(talkative) as endpoint:
        folder = project(tmp_path, endpoint)
        before = estimated(folder, *GRID)
        assert not endpoint.requests
        assert not (folder / ".harness").exists()
        run = json.loads(harness(folder, "run", "--no-cache", "--json", *GRID).stdout)
        calls = len(endpoint.requests)
        after = estimated(folder, *GRID)
        wider = estimated(folder, "bram/chat-1", "-p", "long", "-n", "20", "-j", "strict")
        again = json.loads(
            harness(folder, "run", "--no-cache", "--json", "bram/chat-1", "-p", "long", "-n", "20").stdout
        )

    assert before["samples"] == after["samples"] == run["samples"] == 24
    assert before["calls"] == after["calls"] == calls == 24 * 4 + 24
    assert [row["learned_from"] for row in before["models"]] == [0, 0]
    assert [row["learned_from"] for row in after["models"]] == [96, 24]
    assert [(row["role"], row["calls"]) for row in after["models"]] == [("tested", 96), ("judge", 24)]
    real = {"USD": run["cost"]["USD"], "CNY": run["cost"]["judge"]["CNY"]}
    for made in (before, after):
        assert inside(made, real)
    for currency, paid in real.items():
        assert after["cost"]["likely"][currency] == pytest.approx(paid, rel=0.02)
    assert inside({"cost": wider["models"][0]["cost"]}, {"USD": again["cost"]["USD"]})


def inside(made: Mapping[str, Any], real: Mapping[str, float]) -> bool:
    """Whether what was paid lies in the range, in each currency."""
    cost = made["cost"]
    return all(cost["least"][currency] <= paid <= cost["most"][currency] for currency, paid in real.items())


def test_it_says_what_a_run_takes_where_lengths_come_from_and_never_adds_currencies(tmp_path: Path) -> None:
    with serving(talkative) as endpoint:
        folder = project(tmp_path, endpoint)
        first = harness(folder, "estimate", *GRID, MOCK_API_KEY="")
        harness(folder, "run", "--no-cache", *GRID)
        learned = harness(folder, "estimate", *GRID)

    rows = {line.split()[0]: re.split(r"\s{2,}", line.strip()) for line in first.stdout.splitlines() if line.strip()}
    assert rows["mock/mock"][1:4] == ["under test", "24", "96"]
    assert rows["mock/judge"][1:4] == ["judge (quick)", "24", "24"]
    assert re.fullmatch(r"\$[\d.]+ \+ ¥[\d.]+", rows["total"][-3])
    assert rows["total"][-1] == "?"  # nothing bounds the replies, nor what the judge reads of them
    assert "replies of mock/mock: taken to be 60–250 tokens: no saved replies yet" in first.stdout
    assert re.search(r"replies of mock/mock: \d+ tokens on average \(learned from 96 saved replies\)", learned.stdout)
    assert re.search(r"answers of the judge mock/judge: \d+ .* \(learned from 24 saved answers\)", learned.stdout)


def test_what_a_run_refuses_is_refused_with_nothing_called_or_made(tmp_path: Path) -> None:
    with serving() as endpoint:
        folder = project(tmp_path, endpoint)
        for arguments, complaint in (
            (["-m", "mock/mok"], "mock/mok"),
            (["no-such"], "no suite, scenario or persona 'no-such'"),
            (["--max-cost", "2"], "names no currency"),
            (["--max-cost", "2 CNY"], "mock/mock is priced in USD, the limit is in CNY"),
            (["--max-cost", "2 USD"], "nothing bounds how long an answer of mock/mock can be"),
        ):
            done = harness(folder, "estimate", *arguments)
            assert (done.returncode, done.stdout) == (2, "")
            assert complaint in done.stderr
        assert not endpoint.requests
    assert not (folder / ".harness").exists()
    assert not (folder / "reports").exists()


@pytest.mark.parametrize(
    ("limit", "likely", "most", "told"),
    [
        ("9 USD", True, True, "limit of 9 USD: the likely cost and the most stay under it"),
        ("0.015 USD", True, False, "limit of 0.015 USD: the likely cost stays under it, the most does not"),
        ("0.001 USD", False, False, "limit of 0.001 USD: the likely cost is above it"),
    ],
)
def test_a_limit_is_held_against_it(tmp_path: Path, limit: str, likely: bool, most: bool, told: str) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=2, turns=4)
        settings = tmp_path / "harness.yaml"
        settings.write_text(settings.read_text("utf-8") + "    params: {max_tokens: 900}\n", "utf-8")
        made = estimated(tmp_path, "-n", "3", "--max-cost", limit)
        printed = harness(tmp_path, "estimate", "-n", "3", "--max-cost", limit)

    assert (made["max_cost"]["likely_under"], made["max_cost"]["most_under"]) == (likely, most)
    assert (printed.returncode, printed.stdout.splitlines()[-1]) == (0, told)


def test_a_limit_in_the_other_currency_is_converted(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        settings = tmp_path / "harness.yaml"
        rate = 'exchange: {usd_cny: "7.1", as_of: 2026-11-22, source: our bank}\n'
        settings.write_text(rate + settings.read_text("utf-8") + "    params: {max_tokens: 900}\n", "utf-8")
        likely = estimated(tmp_path)["cost"]["likely"]["USD"]
        made = [estimated(tmp_path, "--max-cost", f"{likely * rate:.6f} CNY")["max_cost"] for rate in (7.2, 7.0)]

    assert [each["likely_under"] for each in made] == [True, False]


def test_what_the_cache_holds_is_not_foreseen_and_that_is_said(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        assert "in the cache already" in harness(tmp_path, "estimate", "--cache").stdout
        assert "cache" not in harness(tmp_path, "estimate").stdout


def test_what_the_cache_saved_is_told_after_a_run_and_only_then(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        first, again = (harness(tmp_path, "run", "--cache") for _ in range(2))

    assert "saved by cache" not in first.stdout
    assert "saved by cache: $0.00072" in again.stdout


def test_the_documentation_says_what_an_estimate_goes_by() -> None:
    page = (Path(__file__).parents[2] / "docs/cost.md").read_text("utf-8").partition("## An estimate")[2]
    reply, answer, count = UNKNOWN_REPLY, UNKNOWN_ANSWER, UNKNOWN_COUNT
    for told in (
        f"{reply.least} to {reply.most}, likely {reply.likely}",
        f"{answer.least:.0%} to {answer.most:.0%} of the room it gets, likely {answer.likely:.0%}",
        f"times {count.least} to {count.most}",
        f"the newest {MOST_CHATS} chats of the model in the last {LAST_RUNS} runs",
        f"narrower than {LEAST_DOUBT:.0%} to either side",
        f"fewer than {FEW_CHATS} chats, {DOUBT_OF_FEW:.0%}",
    ):
        assert told in " ".join(page.split()).replace(" %", "%").replace("10 to", "10% to"), told
