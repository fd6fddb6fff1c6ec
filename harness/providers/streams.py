"""Answers that come as server-sent events (WHATWG HTML §9.2): bytes to events, events to a completion."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from time import perf_counter

import aiohttp
import httpx2

from harness.core.conversation import Completion, Usage
from harness.errors import LostCall, RetryableCall
from harness.providers.faults import Reaction, as_object
from harness.providers.wire import (
    characters,
    completion_of,
    filtered_by,
    first_choice,
    is_sensitive,
    read_reply,
    read_usage,
    start_of,
    text_of,
)

LONGEST_EVENT = 8_000_000
"""Bytes; no provider sends a reply's piece that is nearly as long."""
BOM = b"\xef\xbb\xbf"


async def read_stream(response: httpx2.Response, started: float) -> Completion:
    """An answer that comes as events to a request that left at `started` on the performance counter.

    Raises:
        CallError: the stream broke off before it said why it ended, or carried an error; or it is no event stream.
    """
    heard = _Heard(started)
    if "text/event-stream" not in response.headers.get("content-type", ""):
        content = await response.aread()
        if not content.removeprefix(BOM).lstrip().startswith(b"data:"):
            return read_reply(content)
        heard.take_all(_Events().fed(content + b"\n\n"))
        return heard.completion()
    try:
        async for received in _received(response, heard):
            if heard.take_all(received):
                break
    finally:
        await response.aclose()
    return heard.completion()


async def _received(response: httpx2.Response, heard: "_Heard") -> AsyncIterator[Iterator[bytes]]:
    """The events as they come. Once the reply is whole, losing the connection loses nothing."""
    events = _Events()
    try:
        async for received in response.aiter_bytes():
            yield events.fed(received)
    except (httpx2.RequestError, aiohttp.ClientError):
        if heard.finish_reason is None:
            raise
    yield events.fed(b"\n\n")


@dataclass(slots=True)
class _Events:
    """Cuts bytes into the data of events. Lines end at line feeds alone: JSON may hold other line separators."""

    _line: list[bytes] = field(default_factory=list)
    _size: int = 0
    _data: list[bytes] = field(default_factory=list)
    _begun: bool = False

    def fed(self, received: bytes) -> Iterator[bytes]:
        """The events that some more bytes complete.

        Raises:
            LostCall: one of them has no end.
        """
        *ended, rest = received.split(b"\n")
        for piece in ended:
            yield from self._closed(b"".join((*self._line, piece)))
            self._line, self._size = [], 0
        self._line.append(rest)
        self._size += len(rest)
        if self._size > LONGEST_EVENT:
            raise LostCall(f"the stream carried an event of more than {LONGEST_EVENT:,} bytes", maybe_billed=True)

    def _closed(self, line: bytes) -> Iterator[bytes]:
        if not self._begun:
            line, self._begun = line.removeprefix(BOM), True
        line = line.rstrip(b"\r")
        if line.startswith(b"data:"):
            self._data.append(line[5:].strip())
        elif not line and self._data:
            event, self._data = b"\n".join(self._data).strip(), []
            if event:
                yield event


@dataclass(slots=True)
class _Heard:
    """What a stream has said so far."""

    started: float
    pieces: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    usage: Usage | None = None
    first_token_seconds: float | None = None
    filtered: Completion | None = None

    def take_all(self, events: Iterator[bytes]) -> bool:
        """Hear events, and return whether one was the last that matters."""
        return any(event == b"[DONE]" or self._take(event) for event in events)

    def completion(self) -> Completion:
        """What it was in all.

        Raises:
            RetryableCall: it broke off before it said why it ended.
        """
        text = "".join(self.pieces)
        if self.filtered is not None:
            return replace(self.filtered, text=characters(text), usage=self.usage)
        if self.finish_reason is None:
            raise RetryableCall("the stream broke off before its end", maybe_billed=True)
        return completion_of(text, self.finish_reason, self.usage, self.first_token_seconds)

    def _take(self, event: bytes) -> bool:
        try:
            chunk = as_object(json.loads(event))
        except (ValueError, RecursionError):
            told = f"the stream carried something other than JSON: {start_of(event)}"
            raise RetryableCall(told, maybe_billed=True) from None
        self.usage = read_usage(chunk.get("usage")) or self.usage
        if is_sensitive(chunk):
            self.filtered = Completion(outcome="filtered", text="", finish_reason="sensitive")
        self.filtered = filtered_by(chunk, otherwise=Reaction.RETRY) or self.filtered
        choice = first_choice(chunk)
        if choice is None:
            return False
        piece = text_of(as_object(choice.get("delta")))
        if piece:
            self.first_token_seconds = self.first_token_seconds or perf_counter() - self.started
            self.pieces.append(piece)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = reason
        return False
