"""`kill -9` at any instant: nothing stored is lost or asked for again, and what was under way is on the bill."""

import asyncio
import json
import random
from pathlib import Path
from typing import Any

from harness.simulator import Server, Simulation, profile_named, serving
from harness.store.database import Database
from tests.command import HARNESS, exchanges, harness, plain_environment, write_project

KILLS = 50
EPOCHS, TURNS = 40, 5
AT_ONCE = 4
ARGUMENTS = ("--concurrency", str(AT_ONCE), "--json")


def transcripts(folder: Path) -> list[tuple[int, int, str, str]]:
    """Every reply of the only run of a project, in order."""
    run = Database.open("sqlite:///.harness/harness.db", folder).load_run()
    return [
        (place, each.turn, each.outcome, each.text)
        for place, sample in enumerate(run.samples)
        for each in sample.transcript.exchanges
    ]


def sent_more_than_once(server: Server) -> int:
    return sum(entry.attempt > 1 for entry in server.ledger.entries)


def a_simulation() -> Simulation:
    return Simulation(profile=profile_named("openai"), latency=0.03)


class Bell:
    """Rings when the endpoint has answered: stands in for the ledger's log."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def write(self, _: str) -> None:
        self.rung.set()

    def flush(self) -> None:
        pass


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *HARNESS, *arguments, *ARGUMENTS, cwd=folder, env=plain_environment(),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def killed_after(seconds: float, running: asyncio.subprocess.Process, server: Server) -> None:
    """Kill a process so many seconds after it has got its first answer."""
    bell = Bell()
    server.ledger.log = bell  # type: ignore[assignment]
    async with asyncio.timeout(60):
        await bell.rung.wait()
    try:
        await asyncio.wait_for(running.wait(), seconds)
    except TimeoutError:
        running.kill()
        await running.wait()


async def test_fifty_kills_at_random_instants_lose_nothing_and_repeat_only_what_was_in_flight(tmp_path: Path) -> None:
    instants = random.Random(20261122)
    async with serving(a_simulation()) as undisturbed:
        calm = write_project(tmp_path / "calm", undisturbed.url, scenarios=1, turns=TURNS)
        assert await (await start(calm, "run", "-n", str(EPOCHS))).wait() == 0
    async with serving(a_simulation()) as server:
        torn = write_project(tmp_path / "torn", server.url, scenarios=1, turns=TURNS)
        await killed_after(0.0, await start(torn, "run", "-n", str(EPOCHS)), server)
        kills = 1
        while kills < KILLS:
            stored, asked = len(exchanges(torn)), len(server.ledger.entries)
            await killed_after(instants.uniform(0.0, 0.025), await start(torn, "resume"), server)
            kills += 1
            lost = len(server.ledger.entries) - asked - (len(exchanges(torn)) - stored)
            assert lost <= 2 * AT_ONCE, "requests whose reply was not stored were in flight, now or at the last kill"
        assert await (await start(torn, "resume")).wait() == 0

    assert transcripts(torn) == transcripts(calm)
    kept = [(each["seed"], each["turn"]) for each in exchanges(torn)]
    assert len(kept) == len(set(kept)) == EPOCHS * TURNS, "no stored reply was asked for again"
    repeated = len(server.ledger.entries) - EPOCHS * TURNS
    assert repeated == sent_more_than_once(server), "what came more often than once was never stored before"
    assert 0 < repeated <= AT_ONCE * kills
    told: dict[str, Any] = json.loads(harness(torn, "runs", "show", "--json").stdout)
    assert told["cost"]["unknown_calls"] >= repeated, "calls in flight are on the bill"
    charged = server.ledger.sums()
    known = charged["prompt_tokens"] * 1 + charged["completion_tokens"] * 2
    assert told["cost"]["USD"] < known / 1e6, "and are not counted as if they had been free or known"
