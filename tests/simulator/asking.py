"""A client that asks a simulator and looks closely at what comes back."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from harness.simulator import Server, Simulation, profile_named, read_faults, serving
from harness.simulator.ledger import Entry

SYSTEM = "You are Bram Oakenfist. Keeper of the Rusty Griffin, a dwarf of 140 years."
SYSTEM_ZH = "你是乔四更。鲤尾镇的更夫，五十三岁的妇人。"
PROFILES = ("cometapi", "tokenhub", "hunyuan-legacy", "minimax", "openai")
KEY = "sk-rehearsal"
Messages = list[dict[str, Any]]


@dataclass
class Heard:
    """What came back; `error` is how the connection ended, when it did not end well."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    error: Exception | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def events(self) -> list[Any]:
        """The chunks of a stream, `[DONE]` as it is."""
        lines = [line[5:].strip() for line in self.content.split(b"\n") if line.startswith(b"data:")]
        return [line.decode() if line == b"[DONE]" else json.loads(line) for line in lines]

    @property
    def text(self) -> str:
        """The reply, streamed or not."""
        if b"data:" not in self.content:
            return str(self.json["choices"][0]["message"]["content"])
        chunks = [event for event in self.events if event != "[DONE]" and event.get("choices")]
        return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)

    @property
    def finish(self) -> str | None:
        """The last finish reason of a stream, or the one of a whole reply."""
        if b"data:" not in self.content:
            return self.json["choices"][0]["finish_reason"]
        chunks = [event for event in self.events if event != "[DONE]" and event.get("choices")]
        reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
        return next((reason for reason in reversed(reasons) if reason), None)


@dataclass
class Client:
    """Asks one server."""

    server: Server
    session: aiohttp.ClientSession

    @property
    def last(self) -> Entry:
        return self.server.ledger.entries[-1]

    async def ask(self, *said: str, system: str | None = SYSTEM, key: str = KEY, **body: Any) -> Heard:
        """A chat of these lines, the user's and the character's in turn."""
        return await self.post(messages=messages(*said, system=system), key=key, **body)

    async def post(self, key: str = KEY, seconds: float = 10, path: str = "/chat/completions", **body: Any) -> Heard:
        content = json.dumps({"model": "hunyuan-role", **body}).encode()
        return await self.request("POST", path, content, key=key, seconds=seconds)

    async def request(self, method: str, path: str, content: bytes = b"", key: str = KEY, seconds: float = 10) -> Heard:
        heard = Heard()
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        timeout = aiohttp.ClientTimeout(total=seconds)
        url = self.server.url.removesuffix("/v1") + path[1:] if path.startswith("//") else self.server.url + path
        try:
            async with self.session.request(
                method, url, data=content, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                heard.status, heard.headers = response.status, response.headers
                async for piece in response.content.iter_any():
                    heard.content += piece
        except (aiohttp.ClientError, TimeoutError) as error:
            heard.error = error
        return heard


@asynccontextmanager
async def asking(profile: str = "cometapi", *faults: str, **settings: Any) -> AsyncIterator[Client]:
    """A simulator and somebody to ask it."""
    simulation = Simulation(profile=profile_named(profile), faults=read_faults(faults), **settings)
    # Each request on a connection of its own: a client that finds an old one reset would ask again by itself.
    connector = aiohttp.TCPConnector(force_close=True)
    async with serving(simulation) as server, aiohttp.ClientSession(connector=connector) as session:
        yield Client(server, session)


def messages(*said: str, system: str | None = SYSTEM) -> Messages:
    spoken = [{"role": ("user", "assistant")[place % 2], "content": line} for place, line in enumerate(said)]
    return [{"role": "system", "content": system}, *spoken] if system is not None else spoken


async def chat(client: Client, lines: Iterable[str], system: str | None = SYSTEM, **body: Any) -> list[str]:
    """The replies to a chat that goes on from each reply to the next line."""
    said: list[str] = []
    for line in lines:
        heard = await client.ask(*said, line, system=system, **body)
        said += [line, heard.text]
    return said[1::2]
