"""Our own provider against the simulator: what it understands, and what it then knows about the bill."""

import pytest

from harness.core.conversation import Completion, Conversation, Message
from harness.errors import CallError
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from harness.simulator.faults import FAULTS
from tests.build import model

from .asking import KEY, PROFILES, SYSTEM_ZH, Client, asking

HELLO = Conversation(messages=(Message("system", SYSTEM_ZH), Message("user", "今夜可还太平？")))
each_profile = pytest.mark.parametrize("profile", PROFILES)
streamed_or_not = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])


async def call(client: Client, *, stream: bool, seconds: float = 30) -> Completion | CallError:
    spec = model(base_url=client.server.url, stream=stream, timeout=seconds)
    async with OpenAIProvider.open(spec, Access(KEY)) as provider:
        try:
            return await provider.complete(HELLO)
        except CallError as error:
            return error


@each_profile
@streamed_or_not
async def test_a_plain_chat_is_answered_and_its_usage_is_the_ledgers(profile: str, stream: bool) -> None:
    async with asking(profile) as client:
        completion = await call(client, stream=stream)

    assert isinstance(completion, Completion)
    assert (completion.outcome, completion.finish_reason) == ("answered", "stop")
    assert completion.usage is not None
    charged = (client.last.prompt_tokens, client.last.completion_tokens)
    assert (completion.usage.input_tokens, completion.usage.output_tokens) == charged


@each_profile
@streamed_or_not
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_the_client_knows_about_the_bill_is_what_the_ledger_says_it_was_told(
    profile: str, stream: bool, fault: str
) -> None:
    async with asking(profile, f"{fault}:1", drip=0) as client:
        completion = await call(client, stream=stream, seconds=0.2 if fault == "hang" else 30)

    entry = client.last
    charged = (entry.prompt_tokens, entry.completion_tokens)
    assert entry.outcome == fault
    if isinstance(completion, CallError):
        assert not entry.usage_told
        assert completion.maybe_billed or charged == (0, 0)
    elif completion.usage is None:
        assert not entry.usage_told
    else:
        assert entry.usage_told
        assert (completion.usage.input_tokens, completion.usage.output_tokens) == charged
