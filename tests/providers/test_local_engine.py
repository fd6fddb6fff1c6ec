"""The embedded engine for real: it starts, dies, starts again, and never outlives us."""

import os
import signal
from pathlib import Path

import pytest

from harness.core.conversation import Conversation, Message
from harness.core.model import Params
from harness.engine.calls import Caller
from harness.providers.base import Access
from harness.providers.local import LocalProvider
from harness.store.catalog import shipped_catalog
from tests.engine.memory import Counted, throttle

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("weights")]


async def test_an_engine_that_dies_is_started_again_and_the_call_made_again() -> None:
    spec = shipped_catalog()["local/smollm2"]
    question = Conversation(messages=(Message("user", "Say hello."),), params=Params(max_tokens=8, seed=1))
    async with LocalProvider.open(spec, Access()) as provider:
        caller = Caller(
            name="local/smollm2",
            spec=spec,
            provider=provider,
            throttle=throttle(1),
            flights=Counted(),
        )
        assert (await caller.call(question)).completion is not None
        for child in _children():
            os.kill(child, signal.SIGKILL)
        again = await caller.call(question)
    assert again.completion is not None
    assert again.call.attempts >= 2
    assert _children() == []


def _children() -> list[int]:
    """The engine processes that this test started."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed if b"engine.py" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_the_catalog_row_of_the_embedded_model_is_free() -> None:
    spec = shipped_catalog()["local/smollm2"]
    assert spec.price is not None
    assert (spec.price.input, spec.price.output) == (0, 0)
