"""The embedded model: an engine process of our own on a free loopback port, spoken to like any other endpoint."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import ClassVar

from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec
from harness.errors import InputError, Problem, RefusedCall, RetryableCall
from harness.providers.base import Access, Provider
from harness.providers.openai import OpenAIProvider
from harness.providers.weights import weights_file

ENGINE = Path(__file__).with_name("engine.py")
START_SECONDS = 60.0
DYING_SECONDS = 1.0
MOST_RESTARTS = 3
"""How often a dead engine is started again within one run."""


@dataclass(slots=True)
class Engine:
    """A running engine process and where it listens."""

    process: asyncio.subprocess.Process
    url: str

    @classmethod
    async def start(cls, weights: Path, port: int = 0) -> "Engine":
        """Start a process that serves the weights until it is stopped, or until this process dies.

        Raises:
            RefusedCall: it does not come up.
        """
        with TemporaryFile() as log:  # not a pipe, which would fill up and stop the engine
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(ENGINE), str(weights), str(port), str(engine_threads()),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log,
                start_new_session=True,  # Ctrl-C is ours to answer: the engine ends when its standard input closes
            )  # fmt: skip
            assert process.stdout is not None  # noqa: S101 - piped above
            try:
                line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
            except TimeoutError:
                line = b""
            if line.startswith(b"http://"):
                return cls(process, line.decode().strip())
            if process.returncode is None:
                process.kill()
            await process.wait()
            log.seek(0)
            said = log.read()[-300:].decode("utf-8", "replace").strip()
        raise RefusedCall(f"the embedded engine did not start: {said or 'it said nothing'}")

    async def is_dead(self) -> bool:
        """Whether the process has ended; one that is just ending is given a moment to be noticed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), DYING_SECONDS)
        return self.process.returncode is not None

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), 5)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


class LocalProvider:
    """The embedded engine and a client of it; a dead engine is started again a few times."""

    name: ClassVar[str] = "local"

    def __init__(self, spec: ModelSpec) -> None:
        self._spec = spec
        self._stack = AsyncExitStack()
        self._engine: Engine | None = None
        self._client: Provider | None = None
        self._restarts = -1
        self._starting = asyncio.Lock()

    @staticmethod
    @asynccontextmanager
    async def open(spec: ModelSpec, access: Access) -> AsyncIterator[Provider]:
        """Start the engine at the first call; stop it at the end.

        Raises:
            InputError: the engine is not installed, or the weights are not there.
        """
        need_engine()
        provider = LocalProvider(spec)
        try:
            yield provider
        finally:
            await provider._stack.aclose()

    async def complete(self, conversation: Conversation) -> Completion:
        """One request to the engine, started first if it is not running."""
        async with self._starting:  # or calls under way at once would each start an engine
            client = await self._running_client()
        try:
            return await client.complete(conversation)
        except RetryableCall as error:
            if error.status is None and self._engine is not None and await self._engine.is_dead():
                raise RetryableCall(f"the embedded engine died (exit code {self._engine.process.returncode})") from None
            raise

    async def _running_client(self) -> Provider:
        if self._client is None or (self._engine is not None and self._engine.process.returncode is not None):
            self._restarts += 1
            if self._restarts > MOST_RESTARTS:
                raise RefusedCall(f"the embedded engine died {self._restarts} times")
            await self._stack.aclose()
            self._engine = await Engine.start(weights_file())
            self._stack.push_async_callback(self._engine.stop)
            spec = self._spec.model_copy(update={"base_url": f"{self._engine.url}/v1", "provider": "openai"})
            self._client = await self._stack.enter_async_context(OpenAIProvider.open(spec, Access()))
        return self._client


def need_engine() -> None:
    """Check that `local/…` models can run here.

    Raises:
        InputError: with the command that mends it.
    """
    if find_spec("xllamacpp") is None:
        remedy = "install it: pip install 'persona-harness[local]'"
        raise InputError(Problem("the embedded engine is not installed", remedy))
    if not weights_file().is_file():
        raise InputError(Problem("the embedded model is not on this machine", "fetch it: harness local pull"))


def engine_threads() -> int:
    """All cores but one: with every core busy the engine collapses."""
    return max(1, (os.cpu_count() or 2) - 1)
