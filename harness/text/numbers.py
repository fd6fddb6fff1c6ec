"""Whole numbers below ten thousand as people write them: in digits, in English words, in Chinese characters."""

import re

_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_HAN = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}

_SPELLED = "|".join((*_TENS, *sorted(_SMALL, key=len, reverse=True)))
NUMBER = rf"(?:\d{{1,4}}|(?:{_SPELLED}|hundred)(?:[ -](?:and )?(?:{_SPELLED}|hundred))*)"
"""A pattern of a number in lower-case English text."""
NUMBER_ZH = "(?:\\d{1,4}|[零〇一二两三四五六七八九十百千]{1,7})"
"""A pattern of a number in Chinese text."""


def number_of(spelled: str) -> int | None:
    """The number that a match of either pattern stands for; None when it is not well formed."""
    if spelled.isdigit():
        return int(spelled)
    return _english(spelled) if spelled.isascii() else _chinese(spelled)


def _english(spelled: str) -> int | None:
    total = 0
    for word in re.findall("[a-z]+", spelled):
        if word == "hundred":
            total = (total or 1) * 100
        elif word in _SMALL or word in _TENS:
            total += _SMALL.get(word, _TENS.get(word, 0))
        elif word != "and":
            return None
    return total


def _chinese(spelled: str) -> int | None:
    total = digit = 0
    for character in spelled:
        if character in _HAN:
            digit = _HAN[character]
        else:
            total += (digit or 1) * _HAN_UNITS[character]
            digit = 0
    return total + digit
