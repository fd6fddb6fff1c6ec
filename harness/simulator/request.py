"""A request's body read: nothing in it is taken for granted."""

import json
from collections.abc import Mapping

from harness.simulator.profiles.base import Ask, Breach, Said


class Unreadable(Exception):
    """A body that is no chat request; `breach` says why."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.breach = Breach("body", said)


def read_ask(body: bytes, request: str) -> Ask:
    """What is asked.

    Raises:
        Unreadable: it is not JSON, or not of the chat-completions format.
    """
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON") from None
    if not isinstance(posted, dict):
        raise Unreadable("the body is not an object")
    model, messages = posted.get("model"), posted.get("messages")
    if not isinstance(model, str) or not model:
        raise Unreadable("you must provide a model parameter")
    if not isinstance(messages, list) or not messages:
        raise Unreadable("'messages' must be a list with at least one message")
    options = posted.get("stream_options")
    return Ask(
        id=request,
        model=model,
        messages=tuple(map(_said, messages)),
        body=posted,
        stream=posted.get("stream") is True,
        wants_usage=isinstance(options, Mapping) and options.get("include_usage") is True,
    )


def _said(message: object) -> Said:
    if not isinstance(message, Mapping) or not isinstance(message.get("role"), str):
        raise Unreadable("each message needs a 'role'")
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = (part.get("text") if isinstance(part, Mapping) else part for part in parts)
    return Said(message["role"], "".join(text for text in texts if isinstance(text, str)))
