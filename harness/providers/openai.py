"""Any OpenAI-compatible chat endpoint, through the openai package.

The SDK is used for connections, headers, limits and status errors. Requests go in as plain data and answers come out
as bytes: its typed models would walk the whole history at each request, and would let half of a bad answer pass.
Its own retries are off; a retry that the bill cannot see is not allowed to happen.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import ClassVar

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec
from harness.errors import CallError, LostCall, RefusedCall, RetryableCall
from harness.providers.base import Provider
from harness.providers.wire import read_reply, read_stream, request_body

CONNECT_SECONDS = 30.0
"""A busy machine opening hundreds of connections needs longer than the SDK's five seconds."""
NO_KEY = "none-needed"
NEVER_REACHED = (httpx2.ConnectError, httpx2.ConnectTimeout)
"""Failures before the request had left, so that nothing can have been charged."""
LONGEST_ERROR = 300
"""Characters of an error that are kept."""


class OpenAIProvider:
    """One model behind one endpoint."""

    name: ClassVar[str] = "openai"

    def __init__(self, spec: ModelSpec, client: AsyncOpenAI, key: str | None) -> None:
        self._spec = spec
        self._client = client
        self._key = key

    @staticmethod
    @asynccontextmanager
    async def open(spec: ModelSpec, key: str | None) -> AsyncIterator[Provider]:
        """Connect lazily; the connections are closed at the end."""
        client = AsyncOpenAI(
            base_url=str(spec.base_url),
            api_key=key or NO_KEY,
            max_retries=0,
            timeout=openai.Timeout(spec.timeout, connect=CONNECT_SECONDS),
            # What OPENAI_ORG_ID and OPENAI_PROJECT_ID hold is OpenAI's business, not other providers'.
            default_headers={"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()},  # type: ignore[dict-item]
        )
        async with client:
            yield OpenAIProvider(spec, client, key)

    async def complete(self, conversation: Conversation) -> Completion:
        """One request, streamed or not as the catalog says."""
        body = request_body(self._spec, conversation)
        started = perf_counter()
        try:
            response = await self._client.post(
                "/chat/completions",
                body=body,
                cast_to=httpx2.Response,
                stream=self._spec.stream,
                stream_cls=AsyncStream[object],
            )
            assert isinstance(response, httpx2.Response)  # noqa: S101 - what cast_to asks for
            if self._spec.stream:
                return await read_stream(response, started)
            return read_reply(await response.aread())
        except openai.APIStatusError as error:
            filtered = self._filtered(error)
            if filtered is not None:
                return filtered
            raise self._status_error(error) from None
        except openai.APITimeoutError:
            late = f"no answer within {self._spec.timeout:g} seconds"
            raise RetryableCall(late, maybe_billed=True) from None
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            cause = error.__cause__ or error
            told = self._told(f"the connection to {self._spec.base_url} failed: {cause}")
            raise RetryableCall(told, maybe_billed=not isinstance(cause, NEVER_REACHED)) from None
        except openai.OpenAIError as error:
            raise LostCall(self._told(str(error))) from None
        except CallError as error:
            raise type(error)(self._told(str(error)), maybe_billed=error.maybe_billed) from None

    @staticmethod
    def _filtered(error: openai.APIStatusError) -> Completion | None:
        """A refusal by the platform's content filter is an outcome, not an error."""
        if error.status_code == 451 or error.code in ("content_filter", "content_filter_error"):
            return Completion(outcome="filtered", text="", finish_reason=str(error.code or error.status_code))
        return None

    def _status_error(self, error: openai.APIStatusError) -> RetryableCall | LostCall | RefusedCall:
        status = error.status_code
        said = self._told(error.message)
        if status in (401, 402, 403, 404) or error.code == "insufficient_quota":
            return RefusedCall(said, status=status)
        malformed = status == 500 and error.code == "invalid_request"  # what CometAPI answers to a bad request
        if (status in (408, 409, 429) or status >= 500) and not malformed:
            wait = _retry_after(error.response)
            return RetryableCall(said, status=status, retry_after=wait, maybe_billed=status >= 500)
        return LostCall(said, status=status)

    def _told(self, text: str) -> str:
        """What an error may say: the key is taken out before the text is cut, so that no part of it stays."""
        for spelling in {self._key, repr(self._key)[1:-1]} if self._key else ():
            text = text.replace(spelling, "[key]")
        return text[:LONGEST_ERROR]


def _retry_after(response: httpx2.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None
