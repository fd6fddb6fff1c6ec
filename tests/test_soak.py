"""Two thousand turns at endpoints where every fifth request goes wrong, one of each kind of provider."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path

import pytest

from harness.analysis.summary import summarise
from harness.cli.calling import make_callers
from harness.core.conversation import GOOD
from harness.core.model import ModelSpec
from harness.core.run import Run, Snapshot
from harness.engine.evaluate import Evaluator
from harness.engine.limits import Clock
from harness.engine.run import Replayers, run_samples
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from harness.simulator import Server, Simulation, profile_named, read_faults, serving
from harness.simulator.ledger import Entry
from harness.store.database import Database
from harness.store.journal import RunJournal
from tests.build import model, priced, scenario, snapshot

PROFILES = ("cometapi", "tokenhub", "hunyuan-legacy", "minimax", "openai")
KINDS = (
    "rate-limit", "rate-limit-silent", "server-error", "bad-gateway", "overloaded-page", "hang", "reset", "cut",
    "no-end", "stream-error", "truncated-json", "no-choice", "empty", "no-usage", "wrong-usage", "filtered", "length",
)  # fmt: skip
HANGS = 0.003  # each holds its call until the client gives up
FAULTS = [f"{kind}:{HANGS if kind == 'hang' else (0.2 - HANGS) / (len(KINDS) - 1):.5f}" for kind in KINDS]
SCENARIOS, TURNS, EPOCHS = 10, 10, 4  # for each of five models: 2,000 turns
INPUT, OUTPUT = Decimal(1), Decimal(2)


class Impatient(Clock):
    """A clock that jumps ahead by what it is asked to sleep."""

    gone = 0.0

    async def sleep(self, seconds: float) -> None:
        self.gone += seconds
        await asyncio.sleep(0)

    def now(self) -> float:
        return self.gone


def row(profile: str, server: Server) -> ModelSpec:
    """A model whose limits are those of the simulated provider; every other one is streamed."""
    rules = {"greeting": "in_system", "max_messages": 40, "seed": "none"}
    return model(
        base_url=server.url, stream=PROFILES.index(profile) % 2 == 0, timeout=4, concurrency=20, rules=rules,
        price=priced(str(INPUT), str(OUTPUT)),
    )  # fmt: skip


async def played(folder: Path, servers: dict[str, Server]) -> Run:
    """All samples, replayed, checked and stored as `harness run` does it."""
    models = {f"simulated/{profile}": row(profile, server) for profile, server in servers.items()}
    chats = [
        scenario(*(f"Line {turn} of chat {number}." for turn in range(1, TURNS + 1)), id=f"hob/chat-{number}")
        for number in range(SCENARIOS)
    ]
    plan: Snapshot = snapshot(*chats, models=models, epochs=EPOCHS, concurrency=20)
    database = Database.open("sqlite:///.harness/harness.db", folder)
    run = database.begin_run(plan, len(list(plan.keys())))
    places = {key: place for place, key in enumerate(plan.keys())}
    async with AsyncExitStack() as stack:
        providers = {
            name: await stack.enter_async_context(OpenAIProvider.open(spec, Access("sk-soak")))
            for name, spec in models.items()
        }
        journal = stack.enter_context(RunJournal(database=database, run=run, places=places, fresh=True))
        flights = stack.enter_context(database.flights(run).noting())
        callers = make_callers(plan, providers, flights, journal, None)
        for caller in callers.tested.values():
            caller.throttle.clock = Impatient()
        crew = Replayers(snapshot=plan, callers=callers.tested, evaluator=Evaluator.of(plan, journal))
        async for _ in run_samples(plan.keys(), crew):
            pass
    database.end_run(run, "ungated")
    return database.load_run(run)


Soaked = tuple[Run, list[Entry]]
"""The run, and what the endpoints wrote down."""


async def soak(folder: Path) -> Soaked:
    async with AsyncExitStack() as stack:
        servers = {}
        for seed, profile in enumerate(PROFILES):
            simulation = Simulation(
                profile=profile_named(profile), faults=read_faults(FAULTS), seed=seed, drip=0.0, latency=0.002
            )
            servers[profile] = await stack.enter_async_context(serving(simulation))
        run = await played(folder, servers)
        return run, [entry for server in servers.values() for entry in server.ledger.entries]


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Soaked:
    return asyncio.run(soak(tmp_path_factory.mktemp("soak")))


def test_every_sample_is_complete_or_says_honestly_why_it_is_not(soaked: Soaked) -> None:
    run, _ = soaked
    ends = Counter[str]()
    for sample in run.samples:
        exchanges = sample.transcript.exchanges
        assert sample.finished
        assert [each.turn for each in exchanges] == list(range(1, len(exchanges) + 1))
        assert all(each.good for each in exchanges[:-1])
        last = exchanges[-1]
        ends[last.outcome if len(exchanges) == TURNS or not last.good else "lost"] += 1
        assert bool(last.error) == (last.outcome == "failed")
        assert all(each.text.strip() for each in exchanges if each.good)
    assert not ends["lost"]
    assert {"answered", "filtered", "empty", "failed"} <= ends.keys(), ends


def test_nothing_is_found_in_what_is_no_reply(soaked: Soaked) -> None:
    run, _ = soaked
    found = 0
    for sample in run.samples:
        replies = {each.turn for each in sample.transcript.exchanges if each.outcome in GOOD}
        assert {finding.turn for finding in sample.findings} <= replies
        found += len(sample.findings)
    assert found, "the simulated characters do break"


def test_the_bill_is_the_providers_own_ledger_to_the_token(soaked: Soaked) -> None:
    run, entries = soaked
    bill = summarise(run).model_bill
    told = [entry for entry in entries if entry.usage_told]
    untold = [entry for entry in entries if not entry.usage_told and (entry.prompt_tokens or entry.completion_tokens)]

    expected = sum(entry.prompt_tokens * INPUT + entry.completion_tokens * OUTPUT for entry in told) / 1_000_000
    assert bill.amounts == {"USD": expected}
    assert bill.unknown_calls >= len(untold) > 0
    assert run.abandoned.calls == 0

    spent = sum(entry.prompt_tokens * INPUT + entry.completion_tokens * OUTPUT for entry in entries) / 1_000_000
    assert expected < spent


def test_the_soak_was_one(soaked: Soaked) -> None:
    run, entries = soaked
    met = Counter(entry.outcome for entry in entries)

    assert len(run.samples) * TURNS == 2000
    assert set(KINDS) <= met.keys()
    assert sum(met[kind] for kind in KINDS) / len(entries) == pytest.approx(0.2, abs=0.04)
