"""Stretches of a reply that stand word for word in another text."""

from collections.abc import Iterator
from functools import lru_cache

from harness.text.tokens import Token, tokens

SHINGLE = 5
"""Tokens that must agree in a row before a stretch is looked at."""


def shared_runs(text: str, source: str, *, allowed: str = "") -> Iterator[tuple[Token, ...]]:
    """Stretches of `text` found in `source`, in order; what also stands in `allowed` ends a stretch."""
    known = _shingles(source) - _shingles(allowed)
    words = tokens(text)
    start = end = 0
    for at in range(len(words) - SHINGLE + 1):
        if tuple(word.text for word in words[at : at + SHINGLE]) not in known:
            continue
        if at > end - SHINGLE + 1 and end:
            yield words[start:end]
            start = at
        elif not end:
            start = at
        end = at + SHINGLE
    if end:
        yield words[start:end]


@lru_cache(maxsize=128)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.text for word in tokens(text)]
    return frozenset(tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
