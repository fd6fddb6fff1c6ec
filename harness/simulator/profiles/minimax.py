"""MiniMax: `base_resp` in every answer, most errors a 200 without choices, and roles of its own that it fails on."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from harness.simulator.profiles.base import Ask, Breach, Json, Page, RefusalKind, Reply, Rules
from harness.simulator.profiles.openai import OpenAI
from harness.simulator.profiles.shapes import json_page, pieces, usage

ADVANCED_ROLES = frozenset({"user_system", "group", "sample_message_user", "sample_message_ai"})
"""Documented, and answered with a 500 by the endpoint."""

_REFUSALS: Mapping[RefusalKind, tuple[int, int, str]] = {
    "malformed": (200, 2013, "invalid params"),
    "bad_key": (200, 1004, "login fail: please carry the API secret key in the 'Authorization' field"),
    "no_balance": (200, 1008, "insufficient balance"),
    "retired": (200, 2013, "invalid params, model '{model}' is not available"),
    "rate_limit": (200, 1002, "rate limit"),
    "server_error": (500, 1000, "unknown error, 999 (1000)"),
    "filtered_input": (200, 1026, "input new_sensitive"),
    "filtered_output": (200, 1027, "output new_sensitive"),
}


class MiniMax(OpenAI):
    """`api.minimaxi.com`."""

    name: ClassVar[str] = "minimax"
    model: ClassVar[str] = "M2-her"
    rules: ClassVar[Rules] = Rules(
        one_system=True,
        above_zero=frozenset({"temperature"}),
        ranges={
            "temperature": (0, 1),
            "top_p": (0, 1),
            "max_tokens": (1, 2048),
            "max_completion_tokens": (1, 2048),
        },
    )
    row: ClassVar[Json] = {
        "price": {"currency": "CNY", "input": "2.1", "output": "8.4", "as_of": "2026-11-22", "source": "rehearsal"},
        "ranges": {"temperature": {"above": 0, "most": 1}},
        "rules": {"max_output_tokens": 2048},
    }
    retry_after: ClassVar[bool] = False
    refuses_filtered: ClassVar[bool] = True

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """Nothing but `base_resp` tells; a few have a status and an error object as well."""
        status, code, message = _REFUSALS[kind]
        said = f"{message}, {breach.said}" if breach else message.format(model=self.model)
        if breach is not None and breach.rule == "roles":
            status, code, said = _REFUSALS["server_error"]
        elif breach is not None and breach.rule == "system":
            status = 400
        body = {"id": request, "choices": None, **_told(code, said)}
        if status != 200:
            numbered = said if f"({code})" in said else f"{said} ({code})"
            body["error"] = {"type": "api_error", "message": numbered, "http_code": str(status)}
        return json_page(status, body)

    def events(self, ask: Ask, reply: Reply) -> Iterator[Json]:
        """No role to speak of, the usage with the last piece; what the filter stops ends without choices."""
        for piece in pieces(reply.text):
            yield self.chunk(ask, {"role": "", "content": piece})
        if reply.finish == "filtered":
            end = self.envelope(ask, "chat.completion.chunk", None, None)
            yield {**end, **_told(*_REFUSALS["filtered_output"][1:])}
        elif reply.finish is not None:
            end = self.chunk(ask, {"role": "", "content": ""}, self.finishes[reply.finish])
            told = usage(reply)
            yield end if told is None else {**end, "usage": _counted(told)}

    def without_choice(self, ask: Ask) -> Json:
        """`choices` is null, and `base_resp` says that all is well."""
        return self.envelope(ask, "chat.completion.chunk" if ask.stream else "chat.completion", None, None)

    def stream_error(self, ask: Ask) -> Json:
        """`base_resp` says that it took too long."""
        return {"id": ask.id, "choices": None, **_told(1001, "timeout")}

    def tells_usage(self, ask: Ask, reply: Reply) -> bool:
        """Always, but of a reply that its filter stopped."""
        return reply.finish != "filtered"

    def envelope(self, ask: Ask, kind: str, choices: list[Json] | None, told: Json | None) -> dict[str, object]:
        """With what its filter thought, and `base_resp`."""
        around = super().envelope(ask, kind, choices, None if told is None else _counted(told))
        return {**around, "id": ask.id, **_told(0, "")}


def _counted(told: Json) -> Json:
    return {**told, "total_characters": 0}


def _told(code: int, message: str) -> dict[str, object]:
    return {
        "input_sensitive": code == 1026,
        "output_sensitive": code == 1027,
        "base_resp": {"status_code": code, "status_msg": message},
    }
