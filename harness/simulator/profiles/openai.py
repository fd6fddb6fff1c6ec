"""OpenAI: the chat-completions format as its inventor speaks it. The other profiles are told by how they differ."""

from collections.abc import Iterator
from typing import ClassVar

from harness.simulator.profiles.base import Ask, Breach, Finish, Json, Page, RefusalKind, Reply, Rules
from harness.simulator.profiles.shapes import CREATED, json_page, pieces, usage

_MALFORMED = "We could not parse the JSON body of your request."
_REFUSALS: dict[RefusalKind, tuple[int, str, str | None, str]] = {
    "malformed": (400, "invalid_request_error", None, _MALFORMED),
    "bad_key": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    "no_balance": (
        429,
        "insufficient_quota",
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "retired": (404, "invalid_request_error", "model_not_found", "The model `{model}` has been deprecated."),
    "rate_limit": (429, "requests", "rate_limit_exceeded", "Rate limit reached for {model} on requests per min (RPM)."),
    "server_error": (
        500,
        "server_error",
        None,
        "The server had an error while processing your request. Sorry about that!",
    ),
    "filtered_input": (
        400,
        "invalid_request_error",
        "content_filter",
        "The message was filtered by the content policy.",
    ),
    "filtered_output": (
        400,
        "invalid_request_error",
        "content_filter",
        "The response was filtered by the content policy.",
    ),
}


class OpenAI:
    """`api.openai.com`."""

    name: ClassVar[str] = "openai"
    model: ClassVar[str] = "gpt-4o-mini"
    rules: ClassVar[Rules] = Rules(
        roles=frozenset({"system", "developer", "user", "assistant", "tool"}),
        ranges={
            "temperature": (0, 2),
            "top_p": (0, 1),
            "max_tokens": (1, 16_384),
            "max_completion_tokens": (1, 16_384),
            "frequency_penalty": (-2, 2),
            "presence_penalty": (-2, 2),
        },
    )
    row: ClassVar[Json] = {
        "price": {"currency": "USD", "input": "0.15", "output": "0.60", "as_of": "2026-11-22", "source": "rehearsal"},
    }
    retry_after: ClassVar[bool] = True
    refuses_filtered: ClassVar[bool] = False
    finishes: ClassVar[dict[Finish, str]] = {"stop": "stop", "length": "length", "filtered": "content_filter"}
    """How it words each reason to end."""

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """`{"error": {"message", "type", "param", "code"}}` with the fitting status."""
        status, category, code, message = _REFUSALS[kind]
        said = breach.said if breach else message.format(model=self.model)
        error = {"message": said, "type": category, "param": None, "code": code}
        return json_page(status, {"error": error}, {"x-request-id": request})

    def whole(self, ask: Ask, reply: Reply) -> Json:
        """A `chat.completion`."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": reply.text},
            "finish_reason": self._finish(reply),
        }
        return self.envelope(ask, "chat.completion", [choice], usage(reply))

    def events(self, ask: Ask, reply: Reply) -> Iterator[Json]:
        """The role first, then the text, the finish reason, and the usage in a chunk of its own if it was asked for."""
        yield self.chunk(ask, {"role": "assistant", "content": ""})
        for piece in pieces(reply.text):
            yield self.chunk(ask, {"content": piece})
        if reply.finish is None:
            return
        yield self.chunk(ask, {}, self._finish(reply))
        told = usage(reply)
        if ask.wants_usage and told is not None:
            yield self.envelope(ask, "chat.completion.chunk", [], told)

    def without_choice(self, ask: Ask) -> Json:
        """`choices` is there and empty."""
        return self.envelope(ask, "chat.completion.chunk" if ask.stream else "chat.completion", [], None)

    def stream_error(self, ask: Ask) -> Json:
        """An error object among the chunks."""
        said = "The server had an error while processing your request."
        return {"error": {"message": said, "type": "server_error", "param": None, "code": None}}

    def tells_usage(self, ask: Ask, reply: Reply) -> bool:
        """A stream says it when it was asked to."""
        return ask.wants_usage or not ask.stream

    def wrong_path(self, path: str) -> Page:
        """A JSON error."""
        error = {"message": f"Invalid URL ({path})", "type": "invalid_request_error", "param": None, "code": None}
        return json_page(404, {"error": error})

    def models(self) -> Json:
        """The one model."""
        row = {"id": self.model, "object": "model", "created": CREATED, "owned_by": self.name}
        return {"object": "list", "data": [row]}

    def envelope(self, ask: Ask, kind: str, choices: list[Json] | None, told: Json | None) -> dict[str, object]:
        """What stands around the choices."""
        around: dict[str, object] = {
            "id": f"chatcmpl-{ask.id}",
            "object": kind,
            "created": CREATED,
            "model": ask.model,
            "choices": choices,
        }
        return around if told is None else {**around, "usage": told}

    def chunk(self, ask: Ask, delta: Json, finish: str | None = None) -> dict[str, object]:
        """One piece of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return self.envelope(ask, "chat.completion.chunk", [choice], None)

    def _finish(self, reply: Reply) -> str | None:
        return None if reply.finish is None else self.finishes[reply.finish]
