"""The tables of what can be done about what goes wrong."""

from typing import Any

import openai
import pytest

from harness.providers.faults import (
    CODES,
    EXCEPTIONS,
    FILTERED,
    GIVE_UP,
    RETRY,
    STATUSES,
    STOP,
    WAIT,
    Fault,
    Reaction,
    reaction_to_exception,
    reaction_to_status,
    told_fault,
)


def sdk_exceptions() -> list[type[Exception]]:
    """Every public exception class of the openai package, and whatever derives from them."""
    found: set[type[Exception]] = set()
    waiting: list[type[Exception]] = [openai.OpenAIError]
    while waiting:
        kind = waiting.pop()
        found.add(kind)
        waiting += kind.__subclasses__()
    return sorted(found, key=lambda kind: kind.__qualname__)


@pytest.mark.parametrize("kind", sdk_exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_sdk_is_in_the_table_or_carries_a_status_that_is(kind: type[Exception]) -> None:
    public = getattr(openai, kind.__name__, None) is kind and not kind.__name__.startswith("_")
    if issubclass(kind, openai.APIStatusError) and kind not in EXCEPTIONS:
        assert isinstance(reaction_to_status(500, None), Reaction)
    elif public:
        assert kind in EXCEPTIONS, "a new exception of the SDK: say what can be done about it"
    else:
        assert reaction_to_exception(kind) in Reaction


def test_the_walk_over_the_sdk_finds_the_classes_it_is_about() -> None:
    assert {openai.RateLimitError, openai.APITimeoutError, openai.LengthFinishReasonError} <= set(sdk_exceptions())


@pytest.mark.parametrize("status", range(300, 600))
def test_every_status_calls_for_something(status: int) -> None:
    expected = STATUSES.get(status, RETRY if status >= 500 else GIVE_UP)

    assert reaction_to_status(status, Fault(("unknown",), "?")) is expected


def test_a_firewalls_page_is_about_one_request_and_not_about_the_key() -> None:
    assert reaction_to_status(403, None) is GIVE_UP


ENVELOPES = [
    pytest.param({"error": {"message": "m", "code": "insufficient_quota"}}, 429, STOP, id="openai-no-quota"),
    pytest.param({"error": {"message": "m", "type": "insufficient_quota", "code": None}}, 429, STOP, id="type-alone"),
    pytest.param({"error": {"message": "m", "code": "invalid_request"}}, 500, GIVE_UP, id="cometapi-malformed"),
    pytest.param({"error": {"message": "m", "code": ""}}, 500, RETRY, id="cometapi-broken"),
    pytest.param({"error": {"code": 451001, "type": "content_filter_error"}}, 451, FILTERED, id="tokenhub-filter"),
    pytest.param({"error": {"code": 403004, "type": "permission_error"}}, 402, STOP, id="tokenhub-not-activated"),
    pytest.param({"error": {"code": 429001, "type": "rate_limit_error"}}, 429, WAIT, id="tokenhub-rpm"),
    pytest.param({"error": {"code": "1001", "message": "alternate"}}, 400, GIVE_UP, id="hunyuan-alternation"),
    pytest.param({"Response": {"Error": {"Code": "FailedOperation.ServiceStop"}}}, 200, STOP, id="hunyuan-native"),
    pytest.param({"Response": {"Error": {"Code": "LimitExceeded"}}}, 200, WAIT, id="hunyuan-native-busy"),
    pytest.param({"ErrorMsg": {"Msg": "timeout", "Code": 4001}}, 200, RETRY, id="hunyuan-error-msg"),
    pytest.param({"base_resp": {"status_code": 1002, "status_msg": "rate"}}, 200, WAIT, id="minimax-rate"),
    pytest.param({"base_resp": {"status_code": 1008, "status_msg": "balance"}}, 200, STOP, id="minimax-balance"),
    pytest.param({"base_resp": {"status_code": 1026}, "choices": None}, 200, FILTERED, id="minimax-sensitive"),
    pytest.param({"base_resp": {"status_code": 2013}}, 200, GIVE_UP, id="minimax-params"),
    pytest.param([{"error": {"code": 401, "message": "m"}}], 401, STOP, id="gemini-list"),
    pytest.param({"code": "Arrearage", "message": "m"}, 400, STOP, id="alibaba-arrears"),
    pytest.param({"code": "data_inspection_failed", "message": "m"}, 400, FILTERED, id="alibaba-filter"),
    pytest.param({"choices": [{"error": {"code": 502, "message": "m"}}]}, 200, RETRY, id="openrouter-choice"),
    pytest.param(
        {"error": {"code": 403, "metadata": {"reasons": ["violence"]}}}, 403, FILTERED, id="openrouter-flagged"
    ),
    pytest.param({"error": {"code": "1301", "message": "m"}}, 400, FILTERED, id="zhipu-filter"),
    pytest.param({"error": {"code": "1113", "message": "m"}}, 429, STOP, id="zhipu-arrears"),
    pytest.param({"error": "just text"}, 503, RETRY, id="text"),
]


@pytest.mark.parametrize(("body", "status", "reaction"), ENVELOPES)
def test_a_known_code_decides_and_an_unknown_one_leaves_it_to_the_status(
    body: object, status: int, reaction: Reaction
) -> None:
    fault = told_fault(body)

    assert fault is not None
    assert reaction_to_status(status, fault) is reaction


GOOD: list[Any] = [
    {"choices": [{"message": {"content": "Aye."}}], "base_resp": {"status_code": 0, "status_msg": ""}},
    {"choices": [], "usage": {}, "code": "x"},
    {"error": None, "ErrorMsg": None, "choices": []},
    {"error": {"code": 0, "message": ""}, "choices": [{}]},
    {"base_resp": {"status_code": "0"}},
    {}, [], None, "error", 7, [7],
]  # fmt: skip


@pytest.mark.parametrize("body", GOOD, ids=repr)
def test_an_answer_that_tells_of_nothing_wrong_has_no_fault(body: object) -> None:
    assert told_fault(body) is None


def test_codes_are_written_as_they_are_looked_up() -> None:
    for code in CODES:
        assert code == code.lower() or code.startswith("ErrorMsg "), code
