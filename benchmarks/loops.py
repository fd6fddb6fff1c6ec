"""Loops that do the bare work, to compare with: `python benchmarks/loops.py LOOP URL SCENARIOS CONCURRENCY STREAM`.

Each plays the scenarios of six turns against a chat endpoint and keeps nothing. `aiohttp` reads and writes bodies, no
more than that; `sdk` is the openai package as it comes.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable

SYSTEM = "You are Bram. A dwarf who keeps the Rusty Griffin."
LINES = [f"Line {number} of the script." for number in range(1, 7)]
Messages = list[dict[str, str]]
Ask = Callable[[Messages], Awaitable[str]]


async def play(ask: Ask, scenarios: int, concurrency: int) -> None:
    """All scenarios, so many calls at once."""
    free = asyncio.Semaphore(concurrency)

    async def chat() -> None:
        messages = [{"role": "system", "content": SYSTEM}]
        for line in LINES:
            messages.append({"role": "user", "content": line})
            async with free:
                messages.append({"role": "assistant", "content": await ask(messages)})

    await asyncio.gather(*(chat() for _ in range(scenarios)))


async def with_aiohttp(url: str, scenarios: int, concurrency: int, stream: bool) -> None:
    """No client library but the connection pool."""
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(messages: Messages) -> str:
            body = json.dumps({"model": "mock", "messages": messages, "stream": stream})
            async with session.post(f"{url}/chat/completions", data=body) as response:
                if not stream:
                    return str(json.loads(await response.read())["choices"][0]["message"]["content"])
                pieces = []
                async for line in response.content:
                    if line.startswith(b"data: {"):
                        choices = json.loads(line[6:])["choices"]
                        pieces += [choices[0]["delta"].get("content", "")] if choices else []
                return "".join(pieces)

        await play(ask, scenarios, concurrency)


async def with_sdk(url: str, scenarios: int, concurrency: int, stream: bool) -> None:
    """The openai package's typed calls."""
    from openai import AsyncOpenAI

    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=120) as client:

        async def ask(messages: Messages) -> str:
            if not stream:
                answer = await client.chat.completions.create(model="mock", messages=messages)  # type: ignore[arg-type]
                return answer.choices[0].message.content or ""
            chunks = await client.chat.completions.create(model="mock", messages=messages, stream=True)  # type: ignore[arg-type]
            pieces = [chunk.choices[0].delta.content or "" async for chunk in chunks if chunk.choices]
            return "".join(pieces)

        await play(ask, scenarios, concurrency)


LOOPS = {"aiohttp": with_aiohttp, "sdk": with_sdk}

if __name__ == "__main__":
    loop, url, scenarios, concurrency, stream = sys.argv[1:]
    asyncio.run(LOOPS[loop](url, int(scenarios), int(concurrency), stream == "stream"))
