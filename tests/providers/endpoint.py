"""A real HTTP server on loopback whose answers a test scripts, and which remembers what it was asked."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Act = Callable[["Handler"], None]


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Endpoint:
    """Answers with the next act, and with the last one again when there is no next."""

    url: str = ""
    acts: list[Act] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    """Set when the test ends, so that what holds an answer back lets go."""

    def next_act(self) -> Act:
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.endpoint.asked.append(Asked(self.path, headers, json.loads(body)))
        self.endpoint.next_act()(self)

    def start(self, status: int, content_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name, value)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left early is part of the test."""


@contextmanager
def served() -> Iterator[Endpoint]:
    """An endpoint that listens until the end of the block."""
    endpoint = Endpoint()
    server = Server(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"endpoint": endpoint}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield endpoint
    finally:
        endpoint.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def whole(
    body: object, status: int = 200, content_type: str = "application/json", headers: dict[str, str] | None = None
) -> Act:
    """An answer in one piece: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def act(handler: Handler) -> None:
        handler.start(status, content_type, {"Content-Length": str(len(content)), **(headers or {})})
        handler.end_headers()
        handler.wfile.write(content)

    return act


def streamed(*pieces: bytes, headers: dict[str, str] | None = None, break_off: bool = False) -> Act:
    """An event stream, each piece in an HTTP chunk of its own; it may break off in the middle of the protocol."""

    def act(handler: Handler) -> None:
        handler.start(200, "text/event-stream", {"Transfer-Encoding": "chunked", **(headers or {})})
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if break_off:
            handler.close_connection = True
        else:
            handler.wfile.write(b"0\r\n\r\n")

    return act


def silent(handler: Handler) -> None:
    """No answer before the test is over."""
    handler.endpoint.over.wait(30)
    handler.close_connection = True


def silent_after(first: bytes) -> Act:
    """The beginning of a stream, then nothing before the test is over."""

    def act(handler: Handler) -> None:
        handler.start(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(first), first))
        silent(handler)

    return act


def hung_up(handler: Handler) -> None:
    """The connection is closed without an answer."""
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """The connection is reset without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def reply(content: object = "Wipe your boots.", finish: object = "stop", **fields: object) -> dict[str, object]:
    """An answer of the chat-completions format."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    return {"id": "c1", "choices": [choice], "usage": usage, **fields}


def event(content: object, newline: bytes = b"\n", *, ascii_only: bool = False) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(content, ensure_ascii=ascii_only).encode() + newline * 2


def piece(content: object = None, finish: object = None, **fields: object) -> bytes:
    """The event of one piece of a streamed answer."""
    delta = {} if content is None else {"content": content}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **fields})


DONE = b"data: [DONE]\n\n"


def closed_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
