"""What can be done about each thing that goes wrong on the wire: a table of exceptions, one of statuses, one of codes.

A code says more than a status, and a status more than the exception that the SDK makes of it. The codes are those that
providers document or that public issues quote; most were never seen by us, so an unknown one falls back on its status.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import openai

Json = Mapping[str, object]


class Reaction(Enum):
    """What can be done about a failed call."""

    RETRY = "the same call may succeed a little later"
    WAIT = "the same call may succeed once the provider has been left alone for a while"
    GIVE_UP = "this call never will; its sample ends here"
    STOP = "no call to this model will: the run stops"
    FILTERED = "it did not fail: the platform's content filter stepped in"


RETRY, WAIT, GIVE_UP, STOP, FILTERED = Reaction

EXCEPTIONS: Mapping[type[Exception], Reaction] = {
    openai.OpenAIError: GIVE_UP,
    openai.APIError: RETRY,  # an error object inside a stream
    openai.APIResponseValidationError: GIVE_UP,
    openai.APIConnectionError: RETRY,
    openai.APITimeoutError: RETRY,
    openai.LengthFinishReasonError: GIVE_UP,
    openai.ContentFilterFinishReasonError: FILTERED,
    openai.OAuthError: STOP,
    openai.WebSocketConnectionClosedError: GIVE_UP,
    openai.WebSocketQueueFullError: GIVE_UP,
}
"""The SDK's exceptions; those that carry a status are left to `STATUSES`."""

STATUSES: Mapping[int, Reaction] = {
    301: STOP,  # CometAPI's answer to a wrong path
    302: STOP,
    307: STOP,
    308: STOP,
    401: STOP,
    402: STOP,  # no balance; on TokenHub also a model that is not activated
    403: STOP,
    404: STOP,
    405: STOP,
    408: RETRY,
    409: RETRY,
    410: STOP,
    425: RETRY,
    429: WAIT,
    451: FILTERED,
    501: GIVE_UP,
    505: GIVE_UP,
}
"""Statuses that are not simply "4xx: the request is wrong" or "5xx: the server is"."""

CODES: Mapping[str, Reaction] = {
    # OpenAI and those who copy it
    "insufficient_quota": STOP,
    "invalid_api_key": STOP,
    "model_not_found": STOP,
    "account_deactivated": STOP,
    "billing_hard_limit_reached": STOP,
    "content_filter": FILTERED,
    "content_policy_violation": FILTERED,
    "context_length_exceeded": GIVE_UP,
    "rate_limit_exceeded": WAIT,
    "billing_not_active": STOP,
    "flagged": FILTERED,
    # CometAPI answers a malformed request with HTTP 500
    "invalid_request": GIVE_UP,
    # TokenHub (document 1823/131595)
    "content_filter_error": FILTERED,
    "451001": FILTERED,
    "401002": STOP,
    "401007": STOP,
    "401008": STOP,
    "403001": STOP,
    "403002": STOP,
    "403004": STOP,
    "403005": STOP,
    "429001": WAIT,
    "502001": RETRY,
    # Tencent's former Hunyuan API, in the words of its SDK
    "failedoperation.engineservererror": RETRY,
    "failedoperation.enginerequesttimeout": RETRY,
    "failedoperation.engineserverlimitexceeded": WAIT,
    "failedoperation.consoleservererror": RETRY,
    "internalerror": RETRY,
    "limitexceeded": WAIT,
    "requestlimitexceeded": WAIT,
    "operationdenied.textillegaldetected": FILTERED,
    "operationdenied.imageillegaldetected": FILTERED,
    "failedoperation.freeresourcepackexhausted": STOP,
    "failedoperation.resourcepackexhausted": STOP,
    "failedoperation.partneraccountunsupport": STOP,
    "failedoperation.servicenotactivated": STOP,
    "failedoperation.servicestop": STOP,
    "failedoperation.servicestoparrears": STOP,
    "failedoperation.userunautherror": STOP,
    "invalidparametervalue.model": STOP,
    "resourceinsufficient.chargeresourceexhaust": STOP,
    "resourcenotfound": STOP,
    "resourceunavailable.inarrears": STOP,
    "resourceunavailable.lowbalance": STOP,
    "resourceunavailable.notexist": STOP,
    "resourceunavailable.stopusing": STOP,
    "ErrorMsg 4000": RETRY,
    "ErrorMsg 4001": RETRY,
    # MiniMax, in `base_resp` of an HTTP 200
    "base_resp 1000": RETRY,
    "base_resp 1001": RETRY,
    "base_resp 1002": WAIT,
    "base_resp 1004": STOP,
    "base_resp 1008": STOP,
    "base_resp 1024": RETRY,
    "base_resp 1026": FILTERED,
    "base_resp 1027": FILTERED,
    "base_resp 1033": RETRY,
    "base_resp 1039": WAIT,
    "base_resp 1041": WAIT,
    "base_resp 2013": GIVE_UP,
    "base_resp 2049": STOP,
    "base_resp 2056": STOP,
    # Zhipu
    "1113": STOP,
    "1301": FILTERED,
    "1302": WAIT,
    "1303": WAIT,
    "1305": WAIT,
    # ByteDance Ark
    "sensitivecontentdetected": FILTERED,
    "inputtextsensitivecontentdetected": FILTERED,
    "outputtextsensitivecontentdetected": FILTERED,
    "accountoverdueerror": STOP,
    # Alibaba Cloud
    "arrearage": STOP,
    "data_inspection_failed": FILTERED,
    "datainspectionfailed": FILTERED,
}
"""Codes by their lower-case spelling; numbers that clash between providers carry the name of their envelope."""

_CODES = ("code", "Code", "upstream_code", "type")
_MESSAGES = ("message", "Message", "Msg")
BROKEN_FINISHES = frozenset({"error", "abort", "network_error", "insufficient_system_resource"})
"""Finish reasons by which an endpoint says that it broke off."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What an endpoint says went wrong, in any of the envelopes that are in use."""

    codes: tuple[str, ...]
    """From the most telling to the least."""
    message: str

    @property
    def name(self) -> str:
        """Its most telling code."""
        return self.codes[0] if self.codes else "error"

    def reaction(self, otherwise: Reaction) -> Reaction:
        """What its codes call for, if one of them is known."""
        known = next((CODES[code] for code in self.codes if code in CODES), None)
        if known is None:  # some put the status they would have sent into an answer that came as a 200
            known = next((_by_status(int(code)) for code in self.codes if re.fullmatch(r"[45]\d\d", code)), otherwise)
        return known


def told_fault(body: object) -> Fault | None:
    """The fault that an answer's JSON tells of, whatever its status; None when it tells of none."""
    if isinstance(body, list) and body:
        body = body[0]  # Gemini wraps its errors in a list
    if not isinstance(body, dict):
        return None
    response, base = as_object(body.get("Response")), as_object(body.get("base_resp"))
    if str(base.get("status_code") or "0") != "0":
        return Fault((f"base_resp {base['status_code']}",), str(base.get("status_msg") or ""))
    choices = body.get("choices")
    choice = as_object(choices[0]) if isinstance(choices, list) and choices else {}  # where OpenRouter tells of them
    envelopes = ((body.get("ErrorMsg"), "ErrorMsg "), (response.get("Error"), ""), (body.get("error"), ""))
    for envelope, prefix in (*envelopes, (choice.get("error"), "")):
        inner = as_object(envelope)
        if envelope and (not inner or any(inner.get(name) for name in (*_CODES, *_MESSAGES))):
            return Fault(tuple(_codes(inner, prefix)), _message(inner) or str(envelope))
    if isinstance(body.get("code"), str) and "choices" not in body:
        return Fault(tuple(_codes(body, "")), _message(body))
    return None


def reaction_to_exception(kind: type[Exception]) -> Reaction:
    """What an exception of the SDK without a status calls for: what its nearest known ancestor does."""
    return next((EXCEPTIONS[each] for each in kind.__mro__ if each in EXCEPTIONS), GIVE_UP)


def reaction_to_status(status: int, fault: Fault | None) -> Reaction:
    """What an HTTP error calls for."""
    if status == 403 and fault is None:
        return GIVE_UP  # a page in place of an error: a firewall that minds this one request
    return fault.reaction(_by_status(status)) if fault else _by_status(status)


def _by_status(status: int) -> Reaction:
    return STATUSES.get(status, RETRY if status >= 500 else GIVE_UP)


def _codes(envelope: Json, prefix: str) -> Iterator[str]:
    if as_object(envelope.get("metadata")).get("reasons"):
        yield "flagged"  # OpenRouter's word for its filter, which comes as a 403
    for name in _CODES:
        code = envelope.get(name)
        if isinstance(code, str | int) and code != "":
            yield f"{prefix}{code}" if prefix else str(code).lower()


def _message(envelope: Json) -> str:
    return next((said for name in _MESSAGES if isinstance(said := envelope.get(name), str) and said), "")


def as_object(given: object) -> Json:
    """JSON that should be an object: an empty one when it is anything else."""
    return given if isinstance(given, dict) else {}
