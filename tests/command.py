"""The `harness` command as a user runs it: another process, a small project, an endpoint that counts."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any

HARNESS = (sys.executable, "-m", "harness")
KEY = "sk-secret-of-the-test"


def plain_environment(**changes: str) -> dict[str, str]:
    """The environment without anybody's keys."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_KEY")}
    return {**kept, "MOCK_API_KEY": KEY, **changes}


def harness(folder: Path, *arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [*HARNESS, *arguments],
        cwd=folder,
        env=plain_environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


def start_harness(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start a command and leave it running."""
    return subprocess.Popen(
        [*HARNESS, *arguments],
        cwd=folder,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


Answer = Callable[[Mapping[str, Any]], Mapping[str, Any] | str]


@dataclass
class Endpoint:
    """A chat endpoint on loopback. It answers what `answer` says, and keeps every request."""

    answer: Answer
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    url: str = ""
    gate: threading.Event = field(default_factory=threading.Event)
    """Requests from number `hold_from` on wait for it."""
    hold_from: int | None = None
    reached: threading.Event = field(default_factory=threading.Event)
    """Set when the first held request has come in."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def reply(self, body: Mapping[str, Any]) -> bytes:
        with self.lock:
            self.requests.append(body)
            held = self.hold_from is not None and len(self.requests) >= self.hold_from
        if held:
            self.reached.set()
            self.gate.wait(60)
        answer = self.answer(body)
        return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()


def said(text: str, finish_reason: str = "stop", tokens: tuple[int, int] = (100, 10)) -> Mapping[str, Any]:
    """A chat completion."""
    return {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]},
    }


def echo(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reply that depends on the conversation alone."""
    messages = body["messages"]
    return said(f"Aye, that is turn {sum(message['role'] == 'user' for message in messages)}, and well met.")


@contextmanager
def serving(answer: Answer = echo) -> Iterator[Endpoint]:
    endpoint = Endpoint(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            content = endpoint.reply({**body, "_key": self.headers.get("Authorization")})
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:  # a client that was killed
            pass

    server = Server(("127.0.0.1", 0), Handler)
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


PERSONA = """
    name: Bram
    languages: [en]
    description: A dwarf who keeps the Rusty Griffin.
    facts: {inn: The inn is called the Rusty Griffin.}
    user: {name: the traveller}
    greeting: Wipe your boots.
    """

SETTINGS = """
    defaults: {model: mock/mock, prompt: short}
    models:
      mock/mock:
        base_url: URL
        id: mock
        api_key_env: [MOCK_API_KEY]
        price: {currency: USD, input: 1, output: 2, as_of: 2026-11-22, source: test}
        concurrency: 2
    """


def write_project(folder: Path, url: str, scenarios: int = 2, turns: int = 3) -> Path:
    """A small project whose model lives at a URL."""
    lines = "".join(f"  - user: Line {number} of the script.\n" for number in range(1, turns + 1))
    files = {
        "harness.yaml": dedent(SETTINGS).replace("URL", url),
        "prompts/short.md": "You are {{ persona.name }}. {{ persona.description }}\n",
        "scenarios/bram/persona.yaml": dedent(PERSONA),
    }
    for number in range(1, scenarios + 1):
        files[f"scenarios/bram/chat-{number}.yaml"] = f"title: Chat {number}\nturns:\n{lines}"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip("\n"), encoding="utf-8")
    return folder


def exchanges(folder: Path) -> list[dict[str, object]]:
    """What the store of a project has kept."""
    with sqlite3.connect(folder / ".harness" / "harness.db") as database:
        return [json.loads(body) for (body,) in database.execute("select body from exchanges order by sample, id")]
