"""What the answers of several profiles are built from."""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import accumulate

from harness.simulator.profiles.base import Json, Page, Reply

CREATED = 1_790_000_000
"""When every answer says it was made: equal requests get equal bytes, whatever the clock says."""
_PIECE = re.compile(r"[\u2e80-\uffef]{1,2}|[^\s\u2e80-\uffef]+\s*|\s+")


def json_page(status: int, body: Json, headers: Mapping[str, str] | None = None) -> Page:
    """A JSON answer."""
    return Page(status, encoded(body), headers=headers or {})


def html_page(status: int, title: str) -> Page:
    """What a gateway shows to a browser."""
    text = f"<html>\n<head><title>{title}</title></head>\n<body><center><h1>{title}</h1></center></body>\n</html>\n"
    return Page(status, text.encode(), "text/html")


def encoded(body: Json) -> bytes:
    """JSON with Chinese as it is."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def pieces(text: str) -> list[str]:
    """A text in the pieces a stream sends: a word each, or two Chinese characters."""
    return _PIECE.findall(text)


def usage(reply: Reply, completion: int | None = None) -> dict[str, object] | None:
    """What a client is told it used, with so many completion tokens or all; None when it is told nothing."""
    if reply.telling == "none":
        return None
    if reply.telling == "wrong":
        return _NONSENSE[(reply.prompt_tokens + reply.completion_tokens) % len(_NONSENSE)]
    sent = reply.completion_tokens if completion is None else completion
    return {
        "prompt_tokens": reply.prompt_tokens,
        "completion_tokens": sent,
        "total_tokens": reply.prompt_tokens + sent,
    }


_NONSENSE: tuple[dict[str, object], ...] = (
    {"prompt_tokens": -1, "completion_tokens": -7, "total_tokens": -8},
    {"prompt_tokens": "many", "completion_tokens": "12", "total_tokens": "many"},
    {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None},
    {"prompt_tokens": 10.5, "completion_tokens": True, "total_tokens": []},
)


def shares(reply: Reply, parts: Iterable[str]) -> list[int]:
    """How many completion tokens have been told after each part of a reply: the last one tells them all."""
    length = max(1, len(reply.text))
    return [reply.completion_tokens * end // length for end in accumulate(len(part) for part in parts)]
