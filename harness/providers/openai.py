"""Any OpenAI-compatible chat endpoint, through the openai package.

The SDK is used for connections, headers, limits and status errors. Requests go in as plain data and answers come out
as bytes: its typed models would walk the whole history at each request, and would let half of a bad answer pass.
Its own retries are off; a retry that the bill cannot see is not allowed to happen. It rides on aiohttp, which stays
fast with hundreds of calls under way.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import ClassVar

import aiohttp
import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec
from harness.errors import CallError, LostCall, RefusedCall, RetryableCall
from harness.providers.base import Access, Provider
from harness.providers.faults import Reaction, reaction_to_exception, reaction_to_status, told_fault
from harness.providers.streams import read_stream
from harness.providers.wire import read_reply, request_body

CONNECT_SECONDS = 30.0
"""A busy machine opening hundreds of connections needs longer than the SDK's five seconds."""
LONGEST_ANSWER = 10
"""How many times its timeout an answer may take in all that keeps dripping in, or is kept alive and never comes."""
NO_KEY = "none-needed"
NEVER_REACHED = (
    aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, httpx2.ConnectError, httpx2.UnsupportedProtocol
)  # fmt: skip
"""Failures before the request had left, so that nothing can have been charged."""
LONGEST_ERROR = 300
"""Characters of an error that are kept."""


class OpenAIProvider:
    """One model behind one endpoint."""

    name: ClassVar[str] = "openai"

    def __init__(self, spec: ModelSpec, client: AsyncOpenAI, access: Access) -> None:
        self._spec = spec
        self._client = client
        self._secrets = [spelling for secret in _secrets(access) for spelling in {secret, repr(secret)[1:-1]}]

    @staticmethod
    @asynccontextmanager
    async def open(spec: ModelSpec, access: Access) -> AsyncIterator[Provider]:
        """Connect lazily; the connections are closed at the end."""
        timeout = openai.Timeout(spec.timeout, connect=CONNECT_SECONDS)
        client = AsyncOpenAI(
            base_url=str(spec.base_url),
            api_key=access.key or NO_KEY,
            max_retries=0,
            timeout=timeout,
            # What OPENAI_ORG_ID and OPENAI_PROJECT_ID hold is OpenAI's business, not other providers'.
            default_headers={
                "OpenAI-Organization": openai.Omit(),  # type: ignore[dict-item]
                "OpenAI-Project": openai.Omit(),  # type: ignore[dict-item]
                **access.headers,
            },
            http_client=openai.DefaultAioHttpClient(timeout=timeout, follow_redirects=False, proxy=access.proxy),
        )
        async with client:
            yield OpenAIProvider(spec, client, access)

    async def complete(self, conversation: Conversation) -> Completion:
        """One request, streamed or not as the catalog says."""
        longest = self._spec.timeout * LONGEST_ANSWER
        try:
            async with asyncio.timeout(longest):
                return await self._asked(conversation)
        except TimeoutError:
            raise LostCall(f"no end of the answer within {longest:g} seconds", maybe_billed=True) from None
        except openai.APIStatusError as error:
            return self._status_answer(error)
        except openai.ContentFilterFinishReasonError:
            return Completion(outcome="filtered", text="", finish_reason="content_filter")
        except (openai.OpenAIError, httpx2.RequestError, aiohttp.ClientError) as error:
            raise self._broken_off(error) from None
        except ValueError as error:  # a header that cannot be sent
            raise LostCall(self._told(str(error))) from None
        except CallError as error:
            error.args = (self._told(str(error)),)
            raise

    async def _asked(self, conversation: Conversation) -> Completion:
        body = request_body(self._spec, conversation)
        streamed = "stream" in body
        started = perf_counter()
        response = await self._client.post(
            "/chat/completions",
            body=body,
            cast_to=httpx2.Response,
            stream=streamed,
            stream_cls=AsyncStream[object],
        )
        assert isinstance(response, httpx2.Response)  # noqa: S101 - what cast_to asks for
        if streamed:
            return await read_stream(response, started)
        tool = conversation.form.name if conversation.form and self._spec.structured == "tool" else None
        return read_reply(await response.aread(), tool)

    def _status_answer(self, error: openai.APIStatusError) -> Completion:
        """What an HTTP error means: a refusal by the platform's filter is an outcome, the others are raised."""
        status = error.status_code
        fault = told_fault(_json(error.response))
        reaction = reaction_to_status(status, fault)
        if reaction is Reaction.FILTERED:
            return Completion(outcome="filtered", text="", finish_reason=fault.name if fault else str(status))
        said = self._told(f"HTTP {status}: {(fault and fault.message) or error.message}")
        if reaction is Reaction.STOP:
            raise RefusedCall(said, status=status) from None
        if reaction in (Reaction.RETRY, Reaction.WAIT):
            wait = asked_wait(error.response.headers)
            busy = reaction is Reaction.WAIT or wait is not None
            billed = status >= 500
            raise RetryableCall(said, status=status, retry_after=wait, busy=busy, maybe_billed=billed) from None
        raise LostCall(said, status=status) from None

    def _broken_off(self, error: Exception) -> CallError:
        """A call that no answer came to."""
        causes = [*_causes(error)]
        through = f" through the proxy {self._spec.proxy}" if self._spec.proxy else ""
        told = self._told(f"the connection to {self._spec.base_url}{through} failed: {causes[-1]}")
        if any(isinstance(cause, NEVER_REACHED) for cause in causes):
            if self._spec.retired is not None and self._spec.retired <= datetime.now(UTC).date():
                return RefusedCall(f"{told}; its provider announced its end for {self._spec.retired}")
            return RetryableCall(told)
        if isinstance(causes[-1], TimeoutError | openai.APITimeoutError):  # the SDK calls a lost connection that, too
            return RetryableCall(f"no answer within {self._spec.timeout:g} seconds", maybe_billed=True)
        reaction = reaction_to_exception(type(error)) if isinstance(error, openai.OpenAIError) else Reaction.RETRY
        kinds: Mapping[Reaction, type[CallError]] = {Reaction.RETRY: RetryableCall, Reaction.STOP: RefusedCall}
        return kinds.get(reaction, LostCall)(told, maybe_billed=reaction is not Reaction.STOP)

    def _told(self, text: str) -> str:
        """What an error may say: secrets are taken out before the text is cut, so that no part of one stays."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text[:LONGEST_ERROR]


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """How many seconds a server asks to be left alone, in any of the spellings of `Retry-After` (RFC 9110 §10.2.3)."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * unit)
        except ValueError:
            continue
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _json(response: httpx2.Response) -> object:
    try:
        return response.json()
    except (ValueError, RecursionError, httpx2.StreamError):
        return None


def _secrets(access: Access) -> Iterator[str]:
    yield from access.secrets
    if access.key:
        yield access.key


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
