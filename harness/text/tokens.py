"""Words of a text with their places: a run of letters or digits is one, and so is each CJK character."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from harness.text.languages import languages

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


@lru_cache(maxsize=32)
def tokens(text: str) -> tuple[Token, ...]:
    """The same words with their places."""
    return tuple(Token(match.group(), *match.span()) for match in islice(_TOKEN.finditer(text), MOST_TOKENS))


def weight(spelled: Iterable[str]) -> float:
    """About how many Chinese characters some words are worth."""
    return sum(1 if word >= "\u3040" else WORD_WEIGHT for word in spelled)


_ENDING = re.compile(r"(?:'s|ing|ed|es|s|ly|er)$")
_STEM = 6
"""Letters of a word that tell it from others, whatever its ending."""
_EMPTY_HAN = frozenset(
    "的了是不就在也还都有我你他她它这那个一么啊呢吧吗呀嘛哪什怎为和跟与把被给让到去来上下里外中要会能可以没又再很太更最着过得地"
    "们咱俺您之其而但只才因所如若便即人说道儿子头些样多少大小好话嘅系唔咗喺啲佢哋咁㗎喇啦将从对向当时候后前先"
)


@lru_cache(maxsize=1024)
def content(text: str) -> tuple[str, ...]:
    """What a text speaks of: its words without the small ones, by their stems; of Chinese, the telling characters."""
    small = _small_words()
    told = []
    for word in words(text):
        if word >= "\u3040":
            if word not in _EMPTY_HAN:
                told.append(word)
        elif len(word) > 2 and word not in small:
            told.append(_ENDING.sub("", word)[:_STEM] if len(word) > 4 else word)
    return tuple(told)


@cache
def _small_words() -> frozenset[str]:
    english = languages()["en"]
    return english.own | english.shared
