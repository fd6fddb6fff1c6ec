"""CometAPI: a relay. What it cannot read is its 500, and where no endpoint is stands its web site."""

from dataclasses import replace
from typing import ClassVar

from harness.simulator.profiles.base import Ask, Breach, Json, Page, RefusalKind, Rules
from harness.simulator.profiles.hunyuan_legacy import HUNYUAN_RULES, MESSAGE_RULES
from harness.simulator.profiles.openai import OpenAI
from harness.simulator.profiles.shapes import html_page, json_page

_REFUSALS: dict[RefusalKind, tuple[int, str, str]] = {
    "malformed": (500, "invalid_request", "invalid request body"),
    "bad_key": (401, "", "invalid token"),
    "no_balance": (403, "", "user quota is not enough"),
    "retired": (503, "", "no available channel for model {model}"),
    "rate_limit": (429, "", "too many requests, please try again later"),
    "server_error": (500, "", "the upstream failed"),
    "filtered_input": (400, "content_filter", "the request was stopped by the content filter"),
    "filtered_output": (400, "content_filter", "the response was stopped by the content filter"),
}


class CometAPI(OpenAI):
    """`api.cometapi.com`, with Hunyuan behind it."""

    name: ClassVar[str] = "cometapi"
    model: ClassVar[str] = "hunyuan-role"
    # It is a relay that reads requests into its own structures, and nothing is known of nulls that failed on it.
    rules: ClassVar[Rules] = replace(HUNYUAN_RULES, null_refused=False)
    row: ClassVar[Json] = {
        "price": {
            "currency": "USD",
            "input": "0.44576",
            "output": "0.89152",
            "as_of": "2026-11-22",
            "source": "rehearsal",
        },
        "rules": MESSAGE_RULES,
    }
    retry_after: ClassVar[bool] = False

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """A `comet_api_error` that has the request's id in its message."""
        status, code, message = _REFUSALS[kind]
        said = breach.said if breach else message.format(model=self.model)
        error = {"message": f"{said} (request id: {request})", "type": "comet_api_error", "param": "", "code": code}
        return json_page(status, {"error": error})

    def envelope(self, ask: Ask, kind: str, choices: list[Json] | None, told: Json | None) -> dict[str, object]:
        """With the details of the usage that OpenAI's own answers have."""
        if told is not None:
            details = {
                "prompt_tokens_details": {"cached_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0},
            }
            told = {**told, **details}
        return super().envelope(ask, kind, choices, told)

    def stream_error(self, ask: Ask) -> Json:
        """Its own error object among the chunks."""
        said = f"the upstream failed (request id: {ask.id})"
        return {"error": {"message": said, "type": "comet_api_error", "param": "", "code": ""}}

    def wrong_path(self, path: str) -> Page:
        """A redirect without `/v1`, the web site with it."""
        page = html_page(200, "CometAPI")
        if path.startswith("/v1"):
            return page
        return Page(301, page.body, page.content_type, {"Location": "/"})
