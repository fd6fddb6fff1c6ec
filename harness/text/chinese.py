"""Simplified and traditional characters: one spelling of Chinese to match against, code point for code point."""

import re
from functools import lru_cache
from operator import ne

import opencc

from harness.text.patterns import well_formed

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=1024)
def simplified(text: str) -> str:
    """The text in simplified characters, as long as before; the text itself where its length would change."""
    if not _HAN.search(text):
        return text
    converted = str(_converter("t2s").convert(well_formed(text)))
    return converted if len(converted) == len(text) else text


def traditional(text: str) -> str:
    """The text in traditional characters."""
    return str(_converter("s2t").convert(well_formed(text))) if _HAN.search(text) else text


@lru_cache(maxsize=1024)
def telling_characters(text: str) -> tuple[int, int]:
    """How many characters are written only in simplified and only in traditional Chinese: (simplified, traditional)."""
    if not _HAN.search(text):
        return 0, 0
    text = well_formed(text)
    to_traditional = sum(map(ne, text, _converter("s2t").convert(text)))
    to_simplified = sum(map(ne, text, _converter("t2s").convert(text)))
    return to_traditional, to_simplified


@lru_cache(maxsize=4)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)
