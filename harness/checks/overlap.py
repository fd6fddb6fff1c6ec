"""Stretches of a reply that stand word for word in another text."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from harness.text.tokens import Token, tokens, words

SHINGLE = 5
"""Words that must agree in a row before a stretch is looked at."""


def shared_runs(text: str, source: str, *, allowed: str = "") -> Iterator[tuple[Token, ...]]:
    """Stretches of `text` found in `source`, in order; what also stands in `allowed` ends a stretch."""
    here = placed_shingles(text)
    if _shingles(source).isdisjoint(here):
        return
    known = _shingles(source) - _shingles(allowed)
    placed = tokens(text)
    start = end = 0
    for at, shingle in enumerate(here):
        if shingle not in known:
            continue
        if at >= end - SHINGLE + 2:
            yield from _run(placed, start, end)
            start = at
        end = at + SHINGLE
    yield from _run(placed, start, end)


@lru_cache(maxsize=128)
def placed_shingles(text: str) -> tuple[tuple[str, ...], ...]:
    """Every stretch of words of a text that is long enough to be looked at, in order."""
    return tuple(shingles(words(text), SHINGLE))


def shingles(spelled: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Every stretch of so many words, in order."""
    return list(zip(*(spelled[offset:] for offset in range(size)), strict=False))


def _run(placed: tuple[Token, ...], start: int, end: int) -> Iterator[tuple[Token, ...]]:
    if end:
        yield placed[start:end]


@lru_cache(maxsize=128)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(placed_shingles(text))
