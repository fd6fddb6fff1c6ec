"""Which language and script a text is in: counted by characters, so that no dictionary or model is needed."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from harness.core.taxonomy import Language
from harness.text.chinese import telling_characters

Writing = Literal["han", "latin", "kana", "hangul", "cyrillic", "arabic", "greek", "hebrew", "devanagari", "thai"]

_RANGES: tuple[tuple[Writing, str], ...] = (
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),
    ("latin", "A-Za-z\u00c0-\u024f\uff21-\uff3a\uff41-\uff5a"),
    ("kana", "\u3041-\u30ff\uff66-\uff9f"),
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("cyrillic", "\u0400-\u04ff"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("hebrew", "\u0590-\u05ff"),
    ("devanagari", "\u0900-\u097f"),
    ("thai", "\u0e00-\u0e7f"),
)
_RUNS = re.compile("|".join(f"(?P<{name}>[{span}]+)" for name, span in _RANGES))
_LETTERS_IN_A_WORD = 4.5
"""How many Latin letters say about as much as one Han character... and a half."""


def runs(text: str) -> Iterator[tuple[Writing, int, int]]:
    """Every run of letters of one writing system, with its start and end."""
    return ((_writing(run.lastgroup), *run.span()) for run in _RUNS.finditer(text))


@lru_cache(maxsize=64)
def strange_letter(known: frozenset[Writing]) -> re.Pattern[str]:
    """A pattern of the letters of every writing system but these."""
    strange = "".join(span for name, span in _RANGES if name not in known)
    return re.compile(f"[{strange}]" if strange else "(?!)")


def writings(text: str) -> Counter[Writing]:
    """How many characters of each writing system a text has; digits, punctuation and emoji count for none."""
    counts: Counter[Writing] = Counter()
    for writing, start, end in runs(text):
        counts[writing] += end - start
    return counts


def _writing(name: str | None) -> Writing:
    return next(writing for writing, _ in _RANGES if writing == name)


def language_of(text: str) -> Language | Writing | None:
    """The language of a text where its script tells: `zh`, `zh-Hant`, `en` (any Latin-script text), or the script.

    None when there is too little to tell. A Chinese text with some foreign words stays Chinese, and the reverse.
    """
    counts = writings(text)
    weights = {name: count / (_LETTERS_IN_A_WORD if name == "latin" else 1) for name, count in counts.items()}
    total = sum(weights.values())
    if total < 2:
        return None
    if weights.get("kana", 0) / total > 0.2:
        return "kana"
    main: Writing = max(weights, key=lambda name: weights[name])
    if main == "han":
        return "zh-Hant" if is_traditional(text) else "zh"
    return "en" if main == "latin" else main


def is_traditional(text: str) -> bool:
    """Whether a Chinese text is in traditional characters: more of them would change towards simplified than back."""
    simplified, traditional = telling_characters(text)
    return traditional > simplified
