"""The simulator on loopback: where requests come in, are counted, answered and entered in the ledger."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic

from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage

from harness.errors import InputError, Problem
from harness.simulator.answering import Answer, Arrival, accepted, answer_to
from harness.simulator.ledger import Entry, Ledger, now, opened_ledger
from harness.simulator.profiles.base import Page
from harness.simulator.profiles.shapes import json_page
from harness.simulator.sending import send
from harness.simulator.simulation import Simulation

HOST = "127.0.0.1"
CHAT, MODELS, LEDGER = "/v1/chat/completions", "/v1/models", "/simulator/ledger"
MINUTE = 60.0
LARGEST_REQUEST = 64 * 2**20
PATIENCE = 0.1
"""Seconds that what is under way gets to end when the server stops; what hangs never would."""
BACKLOG = 4096
"""Connections that may wait to be taken: a run opens hundreds at once."""


@dataclass(frozen=True, slots=True)
class Server:
    """A simulator that listens."""

    url: str
    """What a client takes for its base URL; it ends in `/v1`."""
    ledger: Ledger


@asynccontextmanager
async def serving(simulation: Simulation, *, port: int = 0, log: Path | None = None) -> AsyncIterator[Server]:
    """Serve on loopback until the end of the block; port 0 takes a free one.

    Raises:
        InputError: the port is taken, or the log cannot be written.
    """
    with opened_ledger(log) as ledger:
        endpoint = Endpoint(simulation, ledger)
        web_server = web.Server(endpoint.respond, request_factory=_request, handler_cancellation=True, access_log=None)
        runner = web.ServerRunner(web_server, shutdown_timeout=PATIENCE)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, port, backlog=BACKLOG)
            try:
                await site.start()
            except OSError as error:
                problem = Problem(f"cannot listen on port {port}: {error.strerror}", "choose another, or 0", "--port")
                raise InputError(problem) from None
            listening = runner.addresses[0][1]
            yield Server(f"http://{HOST}:{listening}/v1", ledger)
        finally:
            await runner.cleanup()


@dataclass(slots=True)
class Endpoint:
    """Takes requests, one coroutine each."""

    simulation: Simulation
    ledger: Ledger
    number: int = 0
    under_way: int = 0
    attempts: Counter[bytes] = field(default_factory=Counter)
    """How often each body has come."""
    recent: deque[float] = field(default_factory=deque)
    """When the requests of the last minute were taken."""

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        profile = self.simulation.profile
        match request.method, request.path:
            case "POST", path if path == CHAT:
                return await self._chat(request)
            case "GET", path if path == MODELS:
                known = accepted(self.simulation, _bearer(request))
                return _sent(json_page(200, profile.models()) if known else profile.refusal("bad_key", "models"))
            case "GET", path if path == LEDGER:
                return _sent(json_page(200, self.ledger.as_object()))
            case _, path:
                return _sent(profile.wrong_path(path))

    async def _chat(self, request: web.BaseRequest) -> web.StreamResponse:
        arrival = self._arrival(await request.read(), _bearer(request))
        came = now()
        answer = answer_to(self.simulation, arrival)
        waits = answer.delivery.ending == "hang"
        if waits:  # What becomes of it is known, and the client may never be heard of again.
            self._note(arrival, came, answer)
        self.under_way += 1
        left = True
        try:
            response = await send(request, answer.delivery)
            left = answer.delivery.ending == "whole" and request.transport is None
            return response
        except ConnectionError:  # It left in the middle of the answer.
            return web.Response()
        finally:
            self.under_way -= 1
            if not waits:
                self._note(arrival, came, answer, left=left)

    def _arrival(self, body: bytes, key: str | None) -> Arrival:
        digest = sha256(body)
        self.number += 1
        self.attempts[digest.digest()] += 1
        return Arrival(
            number=self.number,
            attempt=self.attempts[digest.digest()],
            digest=digest.hexdigest(),
            body=body,
            key=key,
            limited=self._limited(),
        )

    def _limited(self) -> bool:
        """Whether one more request is too many; if not, it counts."""
        concurrent, rpm = self.simulation.concurrent, self.simulation.rpm
        if concurrent is not None and self.under_way >= concurrent:
            return True
        if rpm is None:
            return False
        time = monotonic()
        while self.recent and self.recent[0] <= time - MINUTE:
            self.recent.popleft()
        if len(self.recent) >= rpm:
            return True
        self.recent.append(time)
        return False

    def _note(self, arrival: Arrival, came: str, answer: Answer, *, left: bool = False) -> None:
        """Enter it in the ledger. A client that left pays for what was generated, and does not know what it was."""
        self.ledger.note(
            Entry(
                number=arrival.number,
                body_sha256=arrival.digest,
                attempt=arrival.attempt,
                at=came,
                outcome="left" if left else answer.outcome,
                status=None if left else answer.delivery.status,
                prompt_tokens=answer.prompt_tokens,
                completion_tokens=answer.completion_tokens,
                usage_told=answer.usage_told and not left,
            )
        )


def _bearer(request: web.BaseRequest) -> str | None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" and key.strip() else None


def _sent(page: Page) -> web.Response:
    return web.Response(status=page.status, body=page.body, content_type=page.content_type, headers=page.headers)


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: web.RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """As aiohttp makes it, but for its limit of a mebibyte."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST_REQUEST)
