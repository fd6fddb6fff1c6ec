"""The server: its ledger, its limits, its filter, and chance that comes out the same each time."""

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from pathlib import Path
from statistics import median

import aiohttp
import pytest

from harness.errors import InputError
from harness.simulator import Simulation, profile_named, read_faults, serving
from harness.simulator.row import model_row
from harness.store.catalog import extended_catalog
from harness.store.project import ProjectFile
from harness.store.yaml import parse_value, read_yaml

from .asking import KEY, PROFILES, Client, asking, messages

each_profile = pytest.mark.parametrize("profile", PROFILES)


async def until(true: Callable[[], object]) -> None:
    """Let others work until something is so."""
    async with asyncio.timeout(10):
        for _ in count():
            if true():
                return
            await asyncio.sleep(0)


async def test_the_ledger_says_what_became_of_each_request_and_never_a_key() -> None:
    async with asking("openai", "server-error@2", forbid=("sword",)) as client:
        for line in ("Hello", "Hello", "Give me a SWORD", "Hello"):
            await client.ask(line)
        await client.post(messages=[])
        shown = await client.request("GET", "//simulator/ledger", key="")

    ledger = shown.json
    assert KEY.encode() not in shown.content
    outcomes = [entry["outcome"] for entry in ledger["entries"]]
    assert outcomes == ["answered", "server-error", "moderated", "answered", "refused"]
    assert [entry["number"] for entry in ledger["entries"]] == [1, 2, 3, 4, 5]
    assert [entry["attempt"] for entry in ledger["entries"]] == [1, 2, 1, 3, 1]
    assert (ledger["requests"], ledger["answered"], ledger["faults"], ledger["charged"]) == (5, 2, 1, 2)
    assert ledger["prompt_tokens"] == sum(entry["prompt_tokens"] for entry in ledger["entries"]) > 0
    body = json.dumps({"model": "hunyuan-role", "messages": messages("Hello")}).encode()
    assert ledger["entries"][0]["body_sha256"] == sha256(body).hexdigest()


async def test_the_log_holds_the_ledger_a_line_each_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "ledger.jsonl"
    for _ in range(2):
        async with serving(Simulation(), log=log) as server, aiohttp.ClientSession() as session:
            client = Client(server, session)
            await client.ask("Hello")
            shown = await client.request("GET", "//simulator/ledger")
            assert json.loads(log.read_text(encoding="utf-8").splitlines()[-1]) == shown.json["entries"][0]

    assert len(log.read_text(encoding="utf-8").splitlines()) == 2
    assert KEY not in log.read_text(encoding="utf-8")


async def test_a_log_or_a_port_that_cannot_be_had_is_an_error_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        async with serving(Simulation(), log=tmp_path / "no" / "folder.jsonl"):
            pass
    async with serving(Simulation()) as server:
        taken = int(server.url.split(":")[2].removesuffix("/v1"))
        with pytest.raises(InputError, match=f"cannot listen on port {taken}"):
            async with serving(Simulation(), port=taken):
                pass


async def test_a_client_that_does_not_wait_is_charged_and_was_told_nothing() -> None:
    async with asking("openai", latency=3600) as client:
        heard = await client.ask("Hello", seconds=0.1)
        await until(lambda: client.server.ledger.entries)

    assert isinstance(heard.error, TimeoutError)
    assert (client.last.outcome, client.last.status, client.last.usage_told) == ("left", None, False)
    assert client.last.completion_tokens > 0


async def test_the_server_stops_at_once_whatever_is_under_way() -> None:
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        simulation = Simulation(faults=read_faults(["hang@1", "slow-drip@2"]), drip=3600)
        async with serving(simulation) as server:
            client = Client(server, session)
            hanging = asyncio.create_task(client.ask("Hello", seconds=3600))
            await until(lambda: server.ledger.entries)
            body = {"model": "m", "messages": messages("Hello")}
            url, headers = f"{server.url}/chat/completions", {"Authorization": "Bearer x"}
            dripping = await session.post(url, json=body, headers=headers)
        assert (await hanging).error is not None
        with pytest.raises(aiohttp.ClientError):
            await dripping.read()

    assert [entry.outcome for entry in server.ledger.entries] == ["hang", "left"]


@each_profile
async def test_one_request_too_many_at_once_is_limited_in_the_providers_way(profile: str) -> None:
    async with asking(profile, "hang@1", concurrent=1) as client:
        waiting = asyncio.create_task(client.ask("Hello", seconds=3600))
        await until(lambda: client.server.ledger.entries)
        limited = await client.ask("Hello")
        assert client.last.outcome == "limited"
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(10):
            while client.last.outcome != "answered":
                await client.ask("Hello")

    assert limited.status == (200 if profile == "minimax" else 429)
    assert (limited.headers.get("Retry-After") is not None) == (profile == "openai")


async def test_more_requests_in_a_minute_than_allowed_are_limited() -> None:
    async with asking("tokenhub", rpm=3) as client:
        heard = [await client.ask("Hello") for _ in range(5)]

    assert [each.status for each in heard] == [200, 200, 200, 429, 429]
    assert heard[-1].json["error"]["message"] == "rate limit exceeded on dimension: rpm"
    assert client.server.ledger.sums()["charged"] == 3


@pytest.mark.parametrize(
    ("profile", "status", "told"),
    [
        ("cometapi", 400, {"type": "comet_api_error", "code": "content_filter"}),
        ("tokenhub", 451, {"type": "content_filter_error", "code": "451001"}),
        ("hunyuan-legacy", 200, {"Code": "OperationDenied.TextIllegalDetected"}),
        ("minimax", 200, {"status_code": 1026}),
        ("openai", 400, {"code": "content_filter"}),
    ],
)
async def test_a_forbidden_word_stops_the_message_at_no_cost(
    profile: str, status: int, told: dict[str, object]
) -> None:
    async with asking(profile, forbid=("毒药",)) as client:
        heard = await client.ask("这杯里有毒药吗？")
        fine = await client.ask("有毒药吗？", "没有。", "那就好。")

    answer = heard.json
    error = answer.get("error") or answer.get("base_resp") or answer["Response"]["Error"]
    assert heard.status == status
    assert told.items() <= error.items()
    assert fine.text, "only what was said last counts"
    assert [entry.outcome for entry in client.server.ledger.entries] == ["moderated", "answered"]
    assert client.server.ledger.entries[0].prompt_tokens == 0


@pytest.mark.parametrize(
    ("profile", "whole", "finish"),
    [
        ("cometapi", 200, "content_filter"),
        ("tokenhub", 451, "sensitive"),
        ("hunyuan-legacy", 200, "sensitive"),
        ("minimax", 200, None),
        ("openai", 200, "content_filter"),
    ],
)
@pytest.mark.parametrize("by", ["word", "fault"])
async def test_a_reply_that_the_filter_stops_comes_half_when_it_is_streamed(
    profile: str, whole: int, finish: str | None, by: str
) -> None:
    faults = ["filtered@2-3"] if by == "fault" else []
    async with asking(profile, *faults, forbid_reply=("poison",) if by == "word" else ()) as client:
        said = (await client.ask("Is there gold in it?")).text
        line = "Is there poison in it?" if by == "word" else "Is there gold in it?"
        stopped = await client.ask(line)
        stream = await client.ask(line, stream=True)

    assert stopped.status == whole
    assert stream.finish == finish
    assert stream.text
    if by == "fault":
        assert said.startswith(stream.text)
        assert len(stream.text) < len(said)
    if profile == "minimax":
        assert [answer["base_resp"]["status_code"] for answer in (stopped.json, stream.events[-2])] == [1027, 1027]
        assert stream.events[-2]["output_sensitive"] is True
    outcome = "filtered" if by == "fault" else "moderated"
    assert [entry.outcome for entry in client.server.ledger.entries] == ["answered", outcome, outcome]
    assert client.last.completion_tokens > 0


async def test_equal_requests_get_equal_bytes_in_whatever_order_and_after_a_restart() -> None:
    lines = [f"Line {number}" for number in range(40)]
    faults = ("rate-limit:0.2", "empty:0.2", "server-error:0.2")

    async def outcomes(order: list[str], seed: int) -> dict[str, list[bytes]]:
        async with asking("cometapi", *faults, seed=seed) as client:
            return {line: [(await client.ask(line)).content for _ in range(3)] for line in order}

    first = await outcomes(lines, 1)
    assert await outcomes(lines[::-1], 1) == first
    assert await outcomes(lines, 2) != first
    assert any(len(set(tries)) > 1 for tries in first.values()), "another attempt may meet something else"


def test_latency_is_log_normal_around_its_median_and_the_same_each_time() -> None:
    simulation = Simulation(latency=0.2, spread=0.5)
    waits = [simulation.wait(f"{number}", 1) for number in range(4000)]
    assert waits == [simulation.wait(f"{number}", 1) for number in range(4000)]
    assert median(waits) == pytest.approx(0.2, rel=0.05)
    assert median([wait for wait in waits if wait > 0.2]) == pytest.approx(0.2 * 2.718 ** (0.5 * 0.6745), rel=0.05)
    assert Simulation(latency=0.2).wait("x", 1) == 0.2
    assert Simulation().wait("x", 1) == 0


async def test_pieces_may_come_one_by_one_and_the_answer_after_a_while() -> None:
    async with asking("openai", latency=0.001, spread=1, pace=0.0001) as client:
        paced = await client.ask("Hello", stream=True)
    async with asking("openai") as client:
        at_once = await client.ask("Hello", stream=True)
    assert paced.content == at_once.content


@each_profile
@pytest.mark.parametrize("needs_key", [False, True])
def test_the_row_for_harness_yaml_is_one_that_the_project_takes(profile: str, needs_key: bool, tmp_path: Path) -> None:
    chosen = profile_named(profile)
    path = tmp_path / "harness.yaml"
    path.write_text(model_row(chosen, "http://127.0.0.1:8399/v1", needs_key=needs_key), encoding="utf-8")
    document = read_yaml(path, path.name)
    spec = extended_catalog(document, parse_value(document, ProjectFile).models)[f"simulated/{chosen.model}"]
    assert (str(spec.base_url), spec.id) == ("http://127.0.0.1:8399/v1", chosen.model)
    assert spec.price is not None
    assert bool(spec.api_key_env) == needs_key
    assert spec.rules.max_messages == chosen.rules.max_messages
    assert spec.rules.max_input_tokens == chosen.rules.max_input_tokens
