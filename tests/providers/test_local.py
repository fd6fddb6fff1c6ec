"""The embedded engine's keeper, with a small process of our own in place of the engine."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.core.conversation import Conversation, Message
from harness.core.model import ModelSpec
from harness.errors import InputError, RefusedCall, RetryableCall
from harness.providers import local
from harness.providers.base import Access, Provider
from harness.providers.local import MOST_RESTARTS, LocalProvider

SPEC = ModelSpec(provider="local", id="smollm2")
ENGINE = """
import json, os, pathlib, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        if asked == "die":
            os._exit(7)
        body = json.dumps({"choices": [{"message": {"content": asked}, "finish_reason": "stop"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler)
with open(pathlib.Path(__file__).with_name("starts"), "a") as starts:
    starts.write(f"{os.getpid()}\\n")
print(f"http://127.0.0.1:{server.server_port}", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
"""


@pytest.fixture
def source() -> str:
    """What the engine does."""
    return ENGINE


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> Path:
    """The file of an engine that echoes, and dies when it is told to."""
    weights = tmp_path / "small.gguf"
    weights.write_bytes(b"GGUF")
    file = tmp_path / "engine.py"
    file.write_text(source, encoding="utf-8")
    monkeypatch.setattr(local, "ENGINE", file)
    monkeypatch.setattr(local, "weights_file", lambda: weights)
    monkeypatch.setattr(local, "find_spec", lambda name: object())
    return file


def starts(engine: Path) -> list[int]:
    record = engine.with_name("starts")
    return [int(line) for line in record.read_text(encoding="utf-8").split()] if record.exists() else []


def said(text: str) -> Conversation:
    return Conversation(messages=(Message("user", text),))


@asynccontextmanager
async def opened() -> AsyncIterator[Provider]:
    async with LocalProvider.open(SPEC, Access()) as provider:
        yield provider


async def test_an_engine_that_is_not_installed_is_said_with_the_command_that_mends_it(
    engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "find_spec", lambda name: None)

    with pytest.raises(InputError, match=r"not installed · install it: pip install 'persona-harness\[local\]'"):
        async with opened():
            pass


async def test_missing_weights_are_said_with_the_command_that_fetches_them(
    engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "weights_file", lambda: engine.with_name("nowhere.gguf"))

    with pytest.raises(InputError, match="not on this machine · fetch it: harness local pull"):
        async with opened():
            pass


async def test_the_engine_starts_at_the_first_call_and_serves_all_of_them(engine: Path) -> None:
    async with opened() as provider:
        assert starts(engine) == []
        assert [(await provider.complete(said(text))).text for text in ("茶凉了。", "hello")] == ["茶凉了。", "hello"]

    assert len(starts(engine)) == 1


async def test_calls_at_once_share_one_engine(engine: Path) -> None:
    async with opened() as provider:
        completions = await asyncio.gather(*(provider.complete(said(f"{n}")) for n in range(8)))

    assert [completion.text for completion in completions] == [str(n) for n in range(8)]
    assert len(starts(engine)) == 1


async def again_and_again(provider: Provider, text: str) -> str:
    """The answer in the end: a dead process is only known as such once the system has said so."""
    while True:
        try:
            return (await provider.complete(said(text))).text
        except RetryableCall:
            await asyncio.sleep(0)


async def test_an_engine_that_dies_is_started_again(engine: Path) -> None:
    async with opened() as provider:
        with pytest.raises(RetryableCall):
            await provider.complete(said("die"))
        assert await again_and_again(provider, "up again?") == "up again?"

    assert len(starts(engine)) == 2


async def test_an_engine_that_keeps_dying_is_given_up(engine: Path) -> None:
    async with opened() as provider:
        with pytest.raises(RefusedCall, match=f"the embedded engine died {MOST_RESTARTS + 1} times"):
            await again_and_again(provider, "die")

    assert len(starts(engine)) == MOST_RESTARTS + 1


@pytest.mark.parametrize("source", ["import sys; sys.exit('not enough memory 内存不足')"])
async def test_an_engine_that_does_not_start_says_why(engine: Path) -> None:
    async with opened() as provider:
        with pytest.raises(RefusedCall, match="did not start: not enough memory 内存不足"):
            await provider.complete(said("hello"))


async def test_no_engine_outlives_its_provider(engine: Path) -> None:
    async with opened() as provider:
        await provider.complete(said("hello"))

    (process,) = starts(engine)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
