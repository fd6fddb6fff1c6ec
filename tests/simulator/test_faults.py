"""Trouble made on purpose: what the client meets, and what it is charged for."""

from typing import Any

import pytest

from harness.errors import InputError
from harness.simulator import read_faults
from harness.simulator.faults import FAULTS

from .asking import PROFILES, Heard, asking

each_profile = pytest.mark.parametrize("profile", PROFILES)
streamed_or_not = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
USAGE = {"include_usage": True}


async def meet(profile: str, fault: str, *, stream: bool = False, seconds: float = 10) -> tuple[Heard, Any]:
    """What comes of a request that meets a fault, and its line in the ledger."""
    async with asking(profile, f"{fault}@1", drip=0) as client:
        heard = await client.ask("Is there a bed?", stream=stream, stream_options=USAGE, seconds=seconds)
        (entry,) = client.server.ledger.entries
        after = await client.ask("Is there a bed?")
        assert after.text, "the next request is none the worse for it"
    assert entry.outcome == fault
    return heard, entry


STATUS = {
    "rate-limit": {"minimax": 200, "": 429},
    "rate-limit-silent": {"minimax": 200, "": 429},
    "server-error": {"tokenhub": 502, "": 500},
    "bad-gateway": {"": 502},
    "overloaded-page": {"": 200},
    "invalid-key": {"minimax": 200, "": 401},
    "no-balance": {"cometapi": 403, "tokenhub": 402, "hunyuan-legacy": 200, "minimax": 200, "openai": 429},
    "retired": {"cometapi": 503, "tokenhub": 403, "hunyuan-legacy": 200, "minimax": 200, "openai": 404},
}


@each_profile
@streamed_or_not
@pytest.mark.parametrize("fault", STATUS)
async def test_trouble_at_the_door_has_the_providers_own_status_and_costs_nothing(
    profile: str, fault: str, stream: bool
) -> None:
    heard, entry = await meet(profile, fault, stream=stream)

    assert heard.status == entry.status == STATUS[fault].get(profile, STATUS[fault].get(""))
    assert (heard.headers.get("Retry-After") is not None) == (fault == "rate-limit")
    html = fault in ("bad-gateway", "overloaded-page")
    assert heard.headers["Content-Type"].startswith("text/html" if html else "application/json")
    assert html or "choices" not in heard.json or heard.json["choices"] is None
    assert (entry.prompt_tokens, entry.completion_tokens, entry.usage_told) == (0, 0, False)


@pytest.mark.parametrize(
    ("profile", "fault", "told"),
    [
        ("cometapi", "rate-limit", {"type": "comet_api_error", "code": ""}),
        ("tokenhub", "rate-limit", {"type": "rate_limit_error", "code": "429001", "source": "gateway"}),
        ("tokenhub", "no-balance", {"code": "401007", "message": "endpoint is inactive: FREE_QUOTA_EXHAUSTED"}),
        ("tokenhub", "server-error", {"type": "upstream_error", "code": "502001", "source": "upstream"}),
        ("openai", "no-balance", {"code": "insufficient_quota"}),
        ("openai", "retired", {"code": "model_not_found"}),
        ("minimax", "server-error", {"message": "unknown error, 999 (1000)"}),
    ],
)
async def test_an_error_object_is_worded_as_the_providers(profile: str, fault: str, told: dict[str, str]) -> None:
    heard, _ = await meet(profile, fault)
    assert told.items() <= heard.json["error"].items()


@pytest.mark.parametrize(("fault", "code"), [("rate-limit", 1002), ("invalid-key", 1004), ("no-balance", 1008)])
async def test_minimax_tells_of_errors_in_a_200(fault: str, code: int) -> None:
    heard, _ = await meet("minimax", fault)
    assert (heard.json["choices"], heard.json["base_resp"]["status_code"]) == (None, code)


@pytest.mark.parametrize("fault", ["no-balance", "retired"])
async def test_former_hunyuan_tells_of_some_errors_in_the_native_way(fault: str) -> None:
    heard, _ = await meet("hunyuan-legacy", fault)
    assert heard.json["Response"]["Error"]["Code"].startswith("FailedOperation.")
    assert heard.json["Response"]["RequestId"]


@each_profile
@streamed_or_not
async def test_a_reset_comes_before_any_byte(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "reset", stream=stream)
    assert (heard.status, heard.content) == (None, b"")
    assert heard.error is not None
    assert (entry.status, entry.prompt_tokens) == (None, 0)


@each_profile
@streamed_or_not
async def test_a_hanging_request_never_gets_an_answer_and_is_charged(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "hang", stream=stream, seconds=0.1)
    assert isinstance(heard.error, TimeoutError)
    assert (entry.status, entry.usage_told) == (None, False)
    assert entry.prompt_tokens > 0
    assert entry.completion_tokens > 0


@each_profile
@streamed_or_not
async def test_a_cut_answer_has_begun_well_and_is_charged_whole(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "cut", stream=stream)
    assert heard.status == 200
    assert heard.error is not None
    assert heard.content
    assert b"[DONE]" not in heard.content
    assert entry.completion_tokens > 0
    assert not entry.usage_told


@each_profile
@streamed_or_not
async def test_no_end_is_text_without_a_finish_reason(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "no-end", stream=stream)
    assert (heard.error, heard.finish) == (None, None)
    assert heard.text
    assert b"[DONE]" not in heard.content
    assert not entry.usage_told


@each_profile
@streamed_or_not
async def test_a_stream_error_is_the_providers_own_inside_a_200(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "stream-error", stream=stream)
    told = heard.events[-1] if stream else heard.json
    assert heard.status == 200
    if profile == "hunyuan-legacy":
        assert told["ErrorMsg"]["Code"] == 4001
    elif profile == "minimax":
        assert (told["base_resp"]["status_code"], told["choices"]) == (1001, None)
    else:
        assert told["error"]["message"]
    if stream:
        assert heard.text
    assert entry.completion_tokens > 0
    assert not entry.usage_told


@each_profile
@streamed_or_not
async def test_truncated_json_comes_in_an_answer_that_is_otherwise_whole(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "truncated-json", stream=stream)
    assert (heard.status, heard.error) == (200, None)
    with pytest.raises(ValueError, match=r"."):
        _ = heard.events if stream else heard.json
    assert entry.completion_tokens > 0


@each_profile
@streamed_or_not
async def test_an_answer_may_have_no_choice(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "no-choice", stream=stream)
    answer = heard.events[0] if stream else heard.json
    assert answer["choices"] == (None if profile in ("hunyuan-legacy", "minimax") else [])
    assert entry.completion_tokens > 0
    assert not entry.usage_told


@each_profile
@streamed_or_not
async def test_an_empty_reply_costs_its_input(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "empty", stream=stream)
    assert (heard.text, heard.finish) == ("", "stop")
    assert (entry.prompt_tokens > 0, entry.completion_tokens, entry.usage_told) == (True, 0, True)


def usages(heard: Heard) -> list[Any]:
    answers = heard.events if b"data:" in heard.content else [heard.json]
    return [answer["usage"] for answer in answers if answer != "[DONE]" and "usage" in answer]


@each_profile
@streamed_or_not
async def test_usage_may_be_missing_or_nonsense(profile: str, stream: bool) -> None:
    silent, unsaid = await meet(profile, "no-usage", stream=stream)
    wrong, missaid = await meet(profile, "wrong-usage", stream=stream)
    assert (silent.finish, wrong.finish) == ("stop", "stop")
    assert usages(silent) == []
    assert usages(wrong)
    for told in usages(wrong):
        sent = told["prompt_tokens"]
        assert not (type(sent) is int and sent >= 0)
    assert unsaid.prompt_tokens == missaid.prompt_tokens > 0
    assert (unsaid.usage_told, missaid.usage_told) == (False, False)


@each_profile
@streamed_or_not
async def test_a_slow_drip_brings_the_whole_answer_in_the_end(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "slow-drip", stream=stream)
    async with asking(profile) as client:
        whole = await client.ask("Is there a bed?", stream=stream, stream_options=USAGE)
    assert heard.content == whole.content
    assert entry.usage_told


@each_profile
@streamed_or_not
async def test_a_reply_cut_off_as_too_long_ends_with_length(profile: str, stream: bool) -> None:
    heard, entry = await meet(profile, "length", stream=stream)
    assert heard.finish == "length"
    assert heard.text
    assert entry.usage_told


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("rate-limits:0.1", "no fault is called 'rate-limits' · did you mean 'rate-limit'"),
        ("", "no fault is called ''"),
        ("hang", "'hang' says neither how often nor when · write hang:0.1"),
        ("hang:1.1", "'hang:1.1': the share must be from 0 to 1"),
        ("hang:-0.1", "the share must be from 0 to 1"),
        ("hang:nan", "the share must be from 0 to 1"),
        ("hang:often", "the share must be from 0 to 1"),
        ("hang:", "the share must be from 0 to 1"),
        ("hang@0", "no range of requests · write hang@7 or hang@7-9"),
        ("hang@9-7", "no range of requests"),
        ("hang@x", "no range of requests"),
        ("hang@1-", "no range of requests"),
    ],
)
def test_what_cannot_be_read_as_a_fault_is_an_error_that_helps(written: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_faults([written])
    assert complaint in str(caught.value)


def test_all_bad_faults_are_told_at_once_and_shares_must_not_sum_to_more_than_one() -> None:
    with pytest.raises(InputError) as caught:
        read_faults(["hangs:0.1", "cut@0"])
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="sum to more than 1"):
        read_faults(["hang:0.6", "cut:0.5"])
    assert read_faults(f"{kind}:{1 / len(FAULTS)}" for kind in FAULTS)


def test_a_script_goes_by_the_number_of_the_request_and_comes_before_chance() -> None:
    plan = read_faults(["hang@2", "cut@4-5", "empty:1"])
    met = [plan.meeting(number, "x", 1, 0) for number in range(1, 7)]
    assert met == ["empty", "hang", "empty", "cut", "cut", "empty"]


def test_chance_meets_its_share_and_depends_on_the_body_and_the_attempt_alone() -> None:
    plan = read_faults(["hang:0.1", "cut:0.2"])
    met = [plan.meeting(number, f"body {number % 500}", number // 500, 1) for number in range(10_000)]
    again = [plan.meeting(7, f"body {number % 500}", number // 500, 1) for number in reversed(range(10_000))]
    assert met == again[::-1]
    assert 900 < met.count("hang") < 1100
    assert 1850 < met.count("cut") < 2150
    other = [plan.meeting(1, f"body {number % 500}", number // 500, 2) for number in range(10_000)]
    assert met != other
