"""How many tokens a text is likely to be, without any provider's tokenizer."""

from functools import lru_cache

from harness.text.script import writings

TOKENS_A_HAN = 0.9
TOKENS_OTHERWISE = 0.3
"""DeepSeek's published rule is 0.6 a Chinese character and 0.3 an English one; measured vocabularies need up to half
more for Chinese, and an estimate that guards a limit must not be short."""

USUAL_REPLY = 250
"""Tokens that a reply is taken to have before it is there."""


@lru_cache(maxsize=1024)  # a history is looked at again with each of its turns
def estimate_tokens(text: str) -> int:
    """A cautious estimate for Chinese and English text."""
    han = sum(count for writing, count in writings(text).items() if writing in ("han", "kana", "hangul"))
    return round(han * TOKENS_A_HAN + (len(text) - han) * TOKENS_OTHERWISE) + 1


def most_tokens(text: str) -> int:
    """More than `estimate_tokens` can say of a text, without looking at it."""
    return round(len(text) * TOKENS_A_HAN) + 1
