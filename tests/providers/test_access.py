"""How an endpoint is reached: through proxies, with headers of one's own, and without a secret in any error."""

from collections.abc import Mapping

import pytest

from harness.cli.keys import access_to, key_problems
from harness.core.model import ModelSpec
from harness.errors import RetryableCall
from harness.providers.base import Access
from harness.providers.openai import OpenAIProvider
from tests.build import model

from .endpoint import Endpoint, reply, whole
from .test_openai import HELLO

FAR = "http://far.invalid/v1"


async def asked(spec: ModelSpec, known: Mapping[str, str], endpoint: Endpoint) -> None:
    endpoint.acts = [whole(reply("Aye."))]
    async with OpenAIProvider.open(spec, access_to(spec, known)) as provider:
        assert (await provider.complete(HELLO)).text == "Aye."


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streaming"])
async def test_a_rows_proxy_is_gone_through(endpoint: Endpoint, stream: bool) -> None:
    proxy = endpoint.url.removesuffix("/v1")

    await asked(model(base_url=FAR, proxy="${PROXY}", stream=stream), {"PROXY": proxy}, endpoint)

    assert endpoint.asked[0].path == f"{FAR}/chat/completions"


async def test_the_proxy_of_the_environment_is_gone_through_and_local_addresses_can_be_left_out(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", endpoint.url.removesuffix("/v1"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    await asked(model(base_url=FAR), {}, endpoint)
    await asked(model(base_url=endpoint.url), {}, endpoint)

    assert [each.path for each in endpoint.asked] == [f"{FAR}/chat/completions", "/v1/chat/completions"]


async def test_headers_are_sent_with_their_variables_filled_in(endpoint: Endpoint) -> None:
    spec = model(base_url=endpoint.url, headers={"X-Team": "writers", "Authorization": "Gate ${GATE}"})

    await asked(spec, {"GATE": "open-sesame"}, endpoint)

    sent = endpoint.asked[0].headers
    assert (sent["x-team"], sent["authorization"]) == ("writers", "Gate open-sesame")


async def test_no_error_repeats_a_secret_of_a_header_or_a_proxy(endpoint: Endpoint) -> None:
    spec = model(base_url=endpoint.url, headers={"X-Gate": "${GATE}"})
    endpoint.acts = [whole({"error": {"message": "you sent open-sesame"}}, 503)]

    async with OpenAIProvider.open(spec, access_to(spec, {"GATE": "open-sesame"})) as provider:
        with pytest.raises(RetryableCall) as raised:
            await provider.complete(HELLO)

    assert "open-sesame" not in str(raised.value)
    assert "open-sesame" not in repr(access_to(spec, {"GATE": "open-sesame"}))
    assert "sk-1" not in repr(Access("sk-1"))


@pytest.mark.parametrize("content", ["", "über", "two\nlines"])
def test_a_variable_that_is_not_set_or_cannot_be_sent_is_told_before_any_call(content: str) -> None:
    spec = model(headers={"X-Gate": "${GATE}"})

    (problem,) = key_problems({"mock/echo": spec}, ["mock/echo"], {"GATE": content})

    assert str(problem) == (
        "mock/echo needs the variable GATE, which is not set or which no header can carry · set GATE in the environment"
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": {"Authorization": "Bearer sk-1"}},
        {"headers": {"x-api-key": "sk-1"}},
        {"headers": {"Cookie": "session=1"}},
        {"proxy": "http://me:secret@proxy:3128"},
        {"base_url": "https://me:secret@far.invalid/v1"},
    ],
)
def test_a_secret_in_a_file_is_refused(fields: Mapping[str, object]) -> None:
    with pytest.raises(ValueError, match=r"secret|password"):
        model(**fields)
