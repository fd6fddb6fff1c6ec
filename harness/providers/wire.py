"""The chat-completions format: a conversation as a request body, an answer's bytes as a completion.

Nothing in an answer is taken for granted: each field may be missing, null or of another type.
"""

import json
import re
from collections.abc import Mapping
from typing import TypeGuard

from harness.core.conversation import Cast, Completion, Conversation, Outcome, Usage
from harness.core.model import ModelSpec
from harness.errors import LostCall, RefusedCall, RetryableCall
from harness.providers.faults import BROKEN_FINISHES, Json, Reaction, as_object, told_fault

FINISHES: Mapping[str, Outcome] = {
    "safety": "filtered",
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
    """What is posted. Parameters that are not set are left out: some endpoints fail on null.

    An answer in the form of a tool call is not streamed: nobody reads it as it comes.
    """
    params = conversation.params.model_dump(mode="json", exclude_none=True)
    if "max_tokens" in params:
        params[spec.max_tokens_field] = params.pop("max_tokens")
    body: dict[str, object] = {"model": spec.id, **_speaking(spec, conversation), **params, **spec.extra_body}
    form = conversation.form
    if form is not None and spec.structured == "tool":
        function = {"name": form.name, "parameters": form.schema}
        choice = {"type": "function", "function": {"name": form.name}}
        return {**body, "tools": [{"type": "function", "function": function}], "tool_choice": choice}
    if spec.stream:
        body.update(stream=True, stream_options={"include_usage": True})
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


def read_reply(content: bytes, tool: str | None = None) -> Completion:
    """An answer that came in one piece; its text is what a tool was called with, when one was asked for.

    Raises:
        CallError: it is not an answer of the chat-completions format, or tells of a fault.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        told = f"the endpoint answered with something other than JSON: {start_of(content)}"
        if content.lstrip()[:1] == b"<":  # a page: a wrong address, or a portal in between
            raise LostCall(told, maybe_billed=True) from None
        raise RetryableCall(told, maybe_billed=True) from None
    filtered = filtered_by(answer)
    if filtered is not None:
        return filtered
    if not isinstance(answer, dict):
        raise LostCall(f"the endpoint answered with JSON that is no object: {start_of(content)}", maybe_billed=True)
    choice = first_choice(answer)
    if choice is None:
        raise RetryableCall(f"the endpoint answered without a choice: {start_of(content)}", maybe_billed=True)
    message = as_object(choice.get("message"))
    text = (tool and called_with(message, tool)) or text_of(message)
    usage = read_usage(answer.get("usage"))
    if is_sensitive(answer):
        return Completion(outcome="filtered", text=characters(text), finish_reason="sensitive", usage=usage)
    return completion_of(text, choice.get("finish_reason"), usage)


def is_sensitive(answer: object) -> bool:
    """Whether MiniMax's filter says that it stepped in, beside an answer that looks whole."""
    flags = as_object(answer)
    return flags.get("input_sensitive") is True or flags.get("output_sensitive") is True


def filtered_by(answer: object, otherwise: Reaction = Reaction.GIVE_UP) -> Completion | None:
    """The outcome of an answer whose fault is the platform's filter; None when it tells of no fault.

    Raises:
        CallError: for any other fault; one with a code that is not known calls for `otherwise`.
    """
    fault = told_fault(answer)
    if fault is None:
        return None
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


def completion_of(
    text: str, finish_reason: object, usage: Usage | None, first_token: float | None = None
) -> Completion:
    """What an answer that came to its end is.

    Raises:
        RetryableCall: it says of itself that it broke off.
    """
    reason = characters(finish_reason) if isinstance(finish_reason, str) else None
    known = (reason or "").partition(":")[0].lower()
    if known in BROKEN_FINISHES:
        raise RetryableCall(f"the endpoint broke off: {reason}", maybe_billed=True)
    text = characters(text)
    outcome: Outcome = FINISHES.get(known, "answered")
    if outcome != "filtered" and not text.strip():
        outcome = "empty"
    if usage is not None and text and not usage.output_tokens:
        usage = None  # a relay that lost count: a text is not free
    return Completion(outcome=outcome, text=text, finish_reason=reason, usage=usage, first_token_seconds=first_token)


def read_usage(given: object) -> Usage | None:
    """Token counts, or None when the two that matter are not there, or when nothing is said to have been sent.

    Where the total is more than both, the rest was thought and not shown, and counts as output.
    """
    usage = as_object(given)
    sent, received, total = (usage.get(f"{which}_tokens") for which in ("prompt", "completion", "total"))
    if not _counts(sent) or not _counts(received) or not sent:
        return None
    cached = as_object(usage.get("prompt_tokens_details")).get("cached_tokens")
    known = cached if _counts(cached) and cached <= sent else 0
    output = max(received, total - sent) if _counts(total) else received
    return Usage(input_tokens=sent, output_tokens=output, cached_tokens=known)


def _counts(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def first_choice(answer: Json) -> Json | None:
    """The only choice that is ever asked for."""
    choices = answer.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    return None


def text_of(message: Json) -> str:
    """The reply's text."""
    content = message.get("content")
    pieces = [as_object(part).get("text") for part in content] if isinstance(content, list) else [content]
    return "".join(piece for piece in pieces if isinstance(piece, str))


def called_with(message: Json, tool: str) -> str:
    """The arguments of the last call to a tool; empty when it was not called."""
    calls = message.get("tool_calls")
    functions = [as_object(as_object(call).get("function")) for call in calls] if isinstance(calls, list) else []
    given = [function.get("arguments") for function in functions if function.get("name") == tool]
    return next((each for each in reversed(given) if isinstance(each, str)), "")


def characters(text: str) -> str:
    """A text that can be stored: halves of a character that a stream cut apart are joined, lone ones replaced."""
    if _SURROGATES.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def start_of(content: bytes) -> str:
    """Enough of an answer for whoever words the error to cut."""
    return content[:LONGEST_START].decode("utf-8", "replace")
