"""Tencent TokenHub: errors that say whose they are, 402 for a model that is not active, 451 for the filter."""

from collections.abc import Mapping
from typing import ClassVar

from harness.simulator.profiles.base import Ask, Breach, Finish, Json, Page, RefusalKind, Rules
from harness.simulator.profiles.hunyuan_legacy import HUNYUAN_RULES, MESSAGE_RULES
from harness.simulator.profiles.openai import OpenAI
from harness.simulator.profiles.shapes import CREATED, json_page

_REFUSALS: Mapping[RefusalKind, tuple[int, str, str, str]] = {
    "malformed": (400, "invalid_request_error", "400001", "invalid request"),
    "bad_key": (401, "authentication_error", "401002", "invalid api key"),
    "no_balance": (402, "permission_error", "401007", "endpoint is inactive: FREE_QUOTA_EXHAUSTED"),
    "retired": (403, "permission_error", "403002", "model {model} is offline"),
    "rate_limit": (429, "rate_limit_error", "429001", "rate limit exceeded on dimension: rpm"),
    "server_error": (502, "upstream_error", "502001", "the upstream failed"),
    "filtered_input": (451, "content_filter_error", "451001", "content was filtered by safety policy"),
    "filtered_output": (451, "content_filter_error", "451001", "content was filtered by safety policy"),
}


class TokenHub(OpenAI):
    """`tokenhub.tencentmaas.com`."""

    name: ClassVar[str] = "tokenhub"
    model: ClassVar[str] = "hunyuan-role-latest"
    rules: ClassVar[Rules] = HUNYUAN_RULES
    row: ClassVar[Json] = {
        "price": {"currency": "CNY", "input": "2.4", "output": "9.6", "as_of": "2026-11-22", "source": "rehearsal"},
        "rules": MESSAGE_RULES,
    }
    retry_after: ClassVar[bool] = False
    refuses_filtered: ClassVar[bool] = True
    finishes: ClassVar[dict[Finish, str]] = {"stop": "stop", "length": "length", "filtered": "sensitive"}

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """The error object with `source` and `request_id`."""
        return json_page(_REFUSALS[kind][0], self._error(kind, request, breach))

    def stream_error(self, ask: Ask) -> Json:
        """The same object among the chunks."""
        return self._error("server_error", ask.id)

    def models(self) -> Json:
        """With each model's status; a model that is listed need not be active."""
        rows = [
            {"id": model, "object": "model", "created": CREATED, "owned_by": "tencent", "status": "online"}
            for model in (self.model, "hy-role")
        ]
        return {"object": "list", "data": rows}

    def _error(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Json:
        status, category, code, message = _REFUSALS[kind]
        upstream = kind == "server_error"
        error = {
            "type": category,
            "code": code,
            "message": breach.said if breach else message.format(model=self.model),
            "source": "upstream" if upstream else "gateway" if status in (429, 451) else "client",
            "upstream_code": "InternalError" if upstream else "",
            "upstream_status": 500 if upstream else 0,
            "request_id": request,
        }
        return {"error": error}
