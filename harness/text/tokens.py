"""Words of a text with their places: a run of letters or digits is one, and so is each CJK character."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

MOST_TOKENS = 8_000
"""Tokens looked at in one text. No reply that a reader finishes has more."""
WORD_WEIGHT = 1.5
"""How many Chinese characters a spelled word is worth."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:'[^\W_{_CJK}]+)*")


class Token(NamedTuple):
    """One word or one CJK character."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=256)
def words(text: str) -> tuple[str, ...]:
    """The first words of a text; marks, spaces and emoji are none."""
    return tuple(_TOKEN.findall(text)[:MOST_TOKENS])


def tokens(text: str) -> tuple[Token, ...]:
    """The same words with their places."""
    return tuple(Token(match.group(), *match.span()) for match in islice(_TOKEN.finditer(text), MOST_TOKENS))


def weight(spelled: Iterable[str]) -> float:
    """About how many Chinese characters some words are worth."""
    return sum(1 if word >= "\u3040" else WORD_WEIGHT for word in spelled)
