"""A provider that takes fewer calls at once than it was thought to: everything is answered in the end."""

import asyncio

import pytest

from harness.core.conversation import Conversation, Message
from harness.engine.calls import Called, Caller
from harness.engine.limits import Limits, Throttle
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from harness.simulator import Server, Simulation, profile_named, serving
from tests.build import MODEL, model
from tests.engine.memory import Counted, Naps

CALLS = 60


def question(number: int) -> Conversation:
    return Conversation(messages=(Message("system", "You are Hob."), Message("user", f"Question {number}?")))


async def all_called(server: Server, at_once: int) -> list[Called]:
    spec = model(base_url=server.url)
    async with OpenAIProvider.open(spec, Access("sk-1")) as provider:
        throttle = Throttle(Limits(concurrency=at_once), Naps())
        caller = Caller(name=MODEL, spec=spec, provider=provider, throttle=throttle, flights=Counted())
        return await asyncio.gather(*(caller.call(question(number)) for number in range(CALLS)))


@pytest.mark.parametrize("profile", ["cometapi", "tokenhub", "hunyuan-legacy", "minimax", "openai"])
async def test_too_many_requests_are_backed_off_from_and_recovered(profile: str) -> None:
    async with serving(Simulation(profile=profile_named(profile), concurrent=3, latency=0.005)) as server:
        calls = await all_called(server, at_once=12)
        limited = sum(entry.outcome == "limited" for entry in server.ledger.entries)

    assert all(called.completion is not None for called in calls)
    assert 0 < limited < CALLS, "it was pushed back, and then kept within what the provider takes"
    assert sum(called.call.attempts for called in calls) == CALLS + limited
