"""A chat endpoint that answers after a fixed time and does nothing else: what the others are measured against.

`python benchmarks/mock.py LATENCY FRAMES` prints its port, then serves until its standard input closes. Replies depend
on the conversation alone. `GET /` tells when the first request came, when the last answer went, and of how many.
"""

import asyncio
import json
import re
import sys
import time

REPLIES = (
    "Aye, friend, sit down by the fire and warm your feet. The stew is mutton tonight, and the ale is my own brewing.",
    "The salt road? Two days north if the snow holds off, three if it does not. My leg tells me it will not.",
    "Hah! You ask like a tax man. I have poured ale here for forty winters and never lied about the price of it.",
    "*wipes the counter slowly* There was a caravan that never came back. I do not speak of it when the wind howls.",
    "By my beard, traveller, you have a sharp tongue. Keep it for the wolves, and keep your purse close in the city.",
    "Sleep well under my roof. The third step creaks, and the cat owns the chair by the hearth, so mind them both.",
)

ITEM = re.compile(r"^(\w+)(?:: |：)\w+(?:, turn |，第 )(\d+)", re.MULTILINE)
"""What a judge is asked to grade, and at which turn."""


class Endpoint(asyncio.Protocol):
    """One connection, one request after another."""

    latency = 0.2
    frames = 0
    first = 0.0
    last = 0.0
    requests = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.received = b""

    def data_received(self, received: bytes) -> None:
        self.received += received
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end]
        if head.startswith(b"GET"):
            self.received = b""
            told = {"first": Endpoint.first, "last": Endpoint.last, "requests": Endpoint.requests}
            self._write(json.dumps(told).encode(), "application/json")
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(self.received) < end + 4 + length:
            return
        body = self.received[end + 4 : end + 4 + length]
        self.received = b""
        Endpoint.first = Endpoint.first or time.time()
        Endpoint.requests += 1
        text = verdict(body) if b"violations" in body else REPLIES[body.count(b'"user"') % len(REPLIES)]
        asyncio.get_running_loop().call_later(self.latency, self._answer, text)

    def _answer(self, text: str) -> None:
        if self.transport.is_closing():
            return
        if self.frames:
            self._write(_streamed(text, self.frames), "text/event-stream")
        else:
            self._write(_whole(text), "application/json")
        Endpoint.last = time.time()

    def _write(self, content: bytes, kind: str) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        self.transport.write(head.encode() + content)


def verdict(body: bytes) -> str:
    """What a judge says that likes everything."""
    request = json.loads(body)["messages"][-1]["content"]
    blocks = [json.loads(line) for line in request.split("\n") if line.startswith('{"chat"')]
    lines = {line["turn"]: line["character"] for block in blocks for line in block["chat"]}
    grades = {
        item: {"quote": lines[int(turn)][:40], "reason": "As it should be.", "grade": 4}
        for item, turn in ITEM.findall(request)
    }
    return json.dumps({"violations": [], "grades": grades}, ensure_ascii=False)


USAGE = {"prompt_tokens": 100, "completion_tokens": 30, "total_tokens": 130}


def _whole(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    head = {"id": "1", "object": "chat.completion", "created": 1, "model": "mock"}
    return json.dumps({**head, "choices": [choice], "usage": USAGE}).encode()


def _streamed(text: str, frames: int) -> bytes:
    """A reply in so many frames of text, then its end and its usage."""
    size = -(-len(text) // frames)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    pieces += [""] * (frames - len(pieces))
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "mock"}
    spoken = [{"index": 0, "delta": {"content": piece}, "finish_reason": None} for piece in pieces]
    chunks = [{**head, "choices": [choice]} for choice in spoken]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunks.append({**head, "choices": [], "usage": USAGE})
    return b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"


async def serve(latency: float, frames: int) -> None:
    """Serve until standard input ends."""
    Endpoint.latency, Endpoint.frames = latency, frames
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Endpoint, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), int(sys.argv[2])))
