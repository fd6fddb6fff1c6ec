"""The chat-completions format: a conversation as a request body, an answer's bytes as a completion.

Nothing in an answer is taken for granted: each field may be missing, null or of another type.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import TypeGuard

import httpx2

from harness.core.conversation import Cast, Completion, Conversation, Outcome, Usage
from harness.core.model import ModelSpec
from harness.errors import LostCall, RefusedCall, RetryableCall
from harness.providers.faults import BROKEN_FINISHES, Json, Reaction, as_object, told_fault

FINISHES: Mapping[str, Outcome] = {
    "length": "truncated",
    "max_tokens": "truncated",
    "model_context_window_exceeded": "truncated",
    "content_filter": "filtered",
    "sensitive": "filtered",
}
"""Finish reasons that mean something other than a whole reply."""

LONGEST_START = 1000
"""Bytes of an unreadable answer that an error quotes."""
_SURROGATES = re.compile("[\ud800-\udfff]")


def request_body(spec: ModelSpec, conversation: Conversation) -> dict[str, object]:
    """What is posted. Parameters that are not set are left out: some endpoints fail on null."""
    params = conversation.params.model_dump(mode="json", exclude_none=True)
    if "max_tokens" in params:
        params[spec.max_tokens_field] = params.pop("max_tokens")
    body: dict[str, object] = {"model": spec.id, **_speaking(spec, conversation), **params, **spec.extra_body}
    if spec.stream:
        body.update(stream=True, stream_options={"include_usage": True})
    form = conversation.form
    if form is not None and spec.structured == "json_schema":
        schema = {"name": form.name, "schema": form.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif form is not None and spec.structured == "json_object":
        body["response_format"] = {"type": "json_object"}
    return body


def _speaking(spec: ModelSpec, conversation: Conversation) -> dict[str, object]:
    """The messages, and who speaks in them, where the endpoint wants it."""
    cast, messages = conversation.cast, conversation.messages
    if cast is None or spec.cast == "prompt":
        return {"messages": [{"role": message.role, "content": message.content} for message in messages]}
    if spec.cast == "names":
        names = {"system": cast.character, "user": cast.user, "assistant": cast.character}
        named = [{"role": each.role, "name": names[each.role], "content": each.content} for each in messages]
        return {"messages": named}
    prompt = "\n\n".join(message.content for message in messages if message.role == "system")
    spoken = [{"role": each.role, "content": each.content} for each in messages if each.role != "system"]
    return {"messages": spoken, "meta": _meta(cast, prompt)}


def _meta(cast: Cast, prompt: str) -> Mapping[str, str]:
    return {"user_name": cast.user, "user_info": cast.user, "bot_name": cast.character, "bot_info": prompt}


def read_reply(content: bytes) -> Completion:
    """An answer that came in one piece.

    Raises:
        CallError: it is not an answer of the chat-completions format, or tells of a fault.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        told = f"the endpoint answered with something other than JSON: {_start(content)}"
        if content.lstrip()[:1] == b"<":  # a page: a wrong address, or a portal in between
            raise LostCall(told, maybe_billed=True) from None
        raise RetryableCall(told, maybe_billed=True) from None
    filtered = _filtered_by(answer)
    if filtered is not None:
        return filtered
    if not isinstance(answer, dict):
        raise LostCall(f"the endpoint answered with JSON that is no object: {_start(content)}", maybe_billed=True)
    choice = _first_choice(answer)
    if choice is None:
        raise RetryableCall(f"the endpoint answered without a choice: {_start(content)}", maybe_billed=True)
    message = as_object(choice.get("message"))
    return _completion(_text(message), choice.get("finish_reason"), read_usage(answer.get("usage")))


def _filtered_by(answer: object, otherwise: Reaction = Reaction.GIVE_UP) -> Completion | None:
    """The outcome of an answer whose fault is the platform's filter; None when it tells of no fault.

    Raises:
        CallError: for any other fault; one with a code that is not known calls for `otherwise`.
    """
    fault = told_fault(answer)
    if fault is None:
        sensitive = isinstance(answer, dict) and (answer.get("input_sensitive") or answer.get("output_sensitive"))
        return Completion(outcome="filtered", text="", finish_reason="sensitive") if sensitive is True else None
    reaction = fault.reaction(otherwise)
    if reaction is Reaction.FILTERED:
        return Completion(outcome="filtered", text="", finish_reason=fault.name)
    told = f"the endpoint answered with an error: {fault.message or fault.name}"
    match reaction:
        case Reaction.RETRY | Reaction.WAIT:
            raise RetryableCall(told, busy=reaction is Reaction.WAIT, maybe_billed=reaction is Reaction.RETRY)
        case Reaction.STOP:
            raise RefusedCall(told)
        case _:
            raise LostCall(told, maybe_billed=True)


async def read_stream(response: httpx2.Response, started: float) -> Completion:
    """An answer that comes as server-sent events to a request that left at `started` on the performance counter.

    Raises:
        CallError: the stream broke off before it said why it ended, or carried an error; or it is no event stream.
    """
    if "text/event-stream" not in response.headers.get("content-type", ""):
        return read_reply(await response.aread())
    heard = _Heard(started)
    try:
        async for event in _events(response):
            if event == b"[DONE]" or heard.take(event):
                break
    finally:
        await response.aclose()
    if heard.filtered is not None:
        return replace(heard.filtered, text=_characters("".join(heard.pieces)), usage=heard.usage)
    if heard.finish_reason is None:
        raise RetryableCall("the stream broke off before its end", maybe_billed=True)
    return _completion("".join(heard.pieces), heard.finish_reason, heard.usage, heard.first_token_seconds)


@dataclass(slots=True)
class _Heard:
    """What a stream has said so far."""

    started: float
    pieces: list[str] = field(default_factory=list)
    finish_reason: str | None = None
    usage: Usage | None = None
    first_token_seconds: float | None = None
    filtered: Completion | None = None

    def take(self, event: bytes) -> bool:
        """Hear one event, and return whether it was the last that matters."""
        try:
            chunk = json.loads(event)
        except (ValueError, RecursionError):
            raise RetryableCall(
                f"the stream carried something other than JSON: {_start(event)}", maybe_billed=True
            ) from None
        self.usage = read_usage(as_object(chunk).get("usage")) or self.usage
        self.filtered = _filtered_by(chunk, otherwise=Reaction.RETRY)
        if self.filtered is not None:
            return True
        chunk = as_object(chunk)
        choice = _first_choice(chunk)
        if choice is None:
            return False
        piece = _text(as_object(choice.get("delta")))
        if piece:
            self.first_token_seconds = self.first_token_seconds or perf_counter() - self.started
            self.pieces.append(piece)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.finish_reason = reason
        return False


async def _events(response: httpx2.Response) -> AsyncIterator[bytes]:
    """The data of each event. Lines are cut at line feeds alone: JSON may hold other line separators."""
    rest = b""
    async for received in response.aiter_bytes():
        *lines, rest = (rest + received).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
    if rest.startswith(b"data:"):
        yield rest[5:].strip()


def _completion(text: str, finish_reason: object, usage: Usage | None, first_token: float | None = None) -> Completion:
    reason = _characters(finish_reason) if isinstance(finish_reason, str) else None
    if reason in BROKEN_FINISHES:
        raise RetryableCall(f"the endpoint broke off: {reason}", maybe_billed=True)
    text = _characters(text)
    outcome: Outcome = FINISHES.get((reason or "").partition(":")[0], "answered")
    if outcome != "filtered" and not text.strip():
        outcome = "empty"
    return Completion(outcome=outcome, text=text, finish_reason=reason, usage=usage, first_token_seconds=first_token)


def read_usage(given: object) -> Usage | None:
    """Token counts, or None when the two that matter are not there."""
    usage = as_object(given)
    sent, received = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not _counts(sent) or not _counts(received):
        return None
    cached = as_object(usage.get("prompt_tokens_details")).get("cached_tokens")
    known = cached if _counts(cached) and cached <= sent else 0
    return Usage(input_tokens=sent, output_tokens=received, cached_tokens=known)


def _counts(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def _first_choice(answer: Json) -> Json | None:
    choices = answer.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    return None


def _text(message: Json) -> str:
    """The reply's text."""
    content = message.get("content")
    pieces = [as_object(part).get("text") for part in content] if isinstance(content, list) else [content]
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _characters(text: str) -> str:
    """A text that can be stored: halves of a character that a stream cut apart are joined, lone ones replaced."""
    if _SURROGATES.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _start(content: bytes) -> str:
    """Enough of an answer for whoever words the error to cut."""
    return content[:LONGEST_START].decode("utf-8", "replace")
