"""Tencent's former Hunyuan endpoint: cumulative usage in each chunk, moderation in mid-stream, errors in a 200."""

from collections.abc import Iterator
from typing import ClassVar

from harness.simulator.profiles.base import Ask, Breach, Finish, Json, Page, RefusalKind, Reply, Rules
from harness.simulator.profiles.openai import OpenAI
from harness.simulator.profiles.shapes import json_page, pieces, shares, usage

NOTE = "以上内容为AI生成，不代表开发者立场，请勿删除或修改本标记"
MESSAGE_RULES: Json = {
    "max_messages": 40,
    "alternate": True,
    "greeting": "in_system",
    "max_input_tokens": 28_000,
    "max_output_tokens": 4000,
    "history": "keep_system_drop_oldest",
    "seed": "positive_10000",
}
"""The rules below as a catalog row says them."""
HUNYUAN_RULES = Rules(
    roles=frozenset({"system", "user", "assistant", "tool"}),
    max_messages=40,
    alternate=True,
    user_last=True,
    one_system=True,
    content_required=True,
    null_refused=True,
    ranges={"temperature": (0, 2), "top_p": (0, 1), "seed": (1, 10_000), "max_tokens": (1, 4096)},
    max_input_tokens=28_000,
    stops_after=True,
)
_ALTERNATION = "messages 中 user（tool） 和 assistant 角色需交替出现 (一问一答)"

_IN_STATUS: dict[RefusalKind, tuple[int, str, str]] = {
    "malformed": (400, "1001", "请求参数错误"),
    "bad_key": (401, "invalid_api_key", "Incorrect API key provided"),
    "rate_limit": (429, "LimitExceeded", "请求频率超过限制"),
    "server_error": (500, "4000", "服务内部错误"),
}
_IN_200: dict[RefusalKind, tuple[str, str]] = {
    "no_balance": ("FailedOperation.ResourcePackExhausted", "资源包余量已用尽"),
    "retired": ("FailedOperation.ServiceStop", "服务已停止，请迁移至 TokenHub"),
    "filtered_input": ("OperationDenied.TextIllegalDetected", "文本包含违法违规信息，审核不通过"),
    "filtered_output": ("OperationDenied.TextIllegalDetected", "文本包含违法违规信息，审核不通过"),
}
"""Answered in the way of the native API: 200, with the error inside."""


class HunyuanLegacy(OpenAI):
    """`api.hunyuan.cloud.tencent.com`, announced as shut down on 2026-09-30."""

    name: ClassVar[str] = "hunyuan-legacy"
    model: ClassVar[str] = "hunyuan-role"
    rules: ClassVar[Rules] = HUNYUAN_RULES
    row: ClassVar[Json] = {
        "price": {"currency": "CNY", "input": "4", "output": "8", "as_of": "2026-11-22", "source": "rehearsal"},
        "rules": MESSAGE_RULES,
    }
    retry_after: ClassVar[bool] = False
    refuses_filtered: ClassVar[bool] = True
    finishes: ClassVar[dict[Finish, str]] = {"stop": "stop", "length": "length", "filtered": "sensitive"}

    def refusal(self, kind: RefusalKind, request: str, breach: Breach | None = None) -> Page:
        """A status with an OpenAI-like error, or 200 with a native one."""
        if kind in _IN_200:
            native, message = _IN_200[kind]
            return json_page(200, {"Response": {"Error": {"Code": native, "Message": message}, "RequestId": request}})
        status, code, message = _IN_STATUS[kind]
        if breach is not None:
            message = _ALTERNATION if breach.rule == "alternate" else breach.said
        error = {"id": request, "message": message, "type": "invalid_request_error", "param": None, "code": code}
        return json_page(status, {"error": error})

    def events(self, ask: Ask, reply: Reply) -> Iterator[Json]:
        """The role and the usage so far in every chunk."""
        parts = pieces(reply.text)
        for part, told in zip(parts, shares(reply, parts), strict=True):
            yield self._told(self.chunk(ask, {"role": "assistant", "content": part}), usage(reply, told))
        if reply.finish is None:
            return
        end = self.chunk(ask, {"role": "assistant", "content": ""}, self.finishes[reply.finish])
        if reply.finish == "filtered":
            end["moderation_level"] = "1"
        yield self._told(end, usage(reply))

    def without_choice(self, ask: Ask) -> Json:
        """`choices` is null."""
        return self.envelope(ask, "chat.completion.chunk" if ask.stream else "chat.completion", None, None)

    def stream_error(self, ask: Ask) -> Json:
        """`ErrorMsg` in a stream that began with 200."""
        return {"ErrorMsg": {"Msg": "模型超时", "Code": 4001}, "note": NOTE, "id": ask.id, "choices": None}

    def tells_usage(self, ask: Ask, reply: Reply) -> bool:
        """Always."""
        return True

    def envelope(self, ask: Ask, kind: str, choices: list[Json] | None, told: Json | None) -> dict[str, object]:
        """With the note that must not be removed, and the search that there was none of."""
        around = super().envelope(ask, kind, choices, told)
        return {**around, "id": ask.id, "system_fingerprint": "", "note": NOTE, "search_info": None}

    @staticmethod
    def _told(chunk: dict[str, object], usage_so_far: Json | None) -> Json:
        return chunk if usage_so_far is None else {**chunk, "usage": usage_so_far}
