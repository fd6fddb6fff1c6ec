"""Patterns that people write: RE2, so that none of them can take more than linear time."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

import re2

_HALF = re.compile("[\ud800-\udfff]")
MOST_MEMORY = 8 << 20
"""Bytes a compiled pattern may take."""


class Pattern(Protocol):
    """What we use of a compiled pattern."""

    @property
    def groups(self) -> int:
        """How many capturing groups it has."""
        ...

    def search(self, text: str) -> "Match | None":
        """The first match."""
        ...

    def finditer(self, text: str) -> "Iterator[Match]":
        """The matches from left to right, none overlapping another."""
        ...


class Match(Protocol):
    """What we use of a match."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Start and end in code points, of the whole match or of one group; (-1, -1) for a group that took no part."""
        ...


class BadPattern(ValueError):
    """The text is not a pattern; the message says why."""


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern that ignores the case of letters.

    Raises:
        BadPattern: it is not RE2 syntax, or too large.
    """
    try:
        compiled: Pattern = re2.compile(pattern, options=_options(any_case=True))
    except re2.error as error:
        detail = error.args[0] if error.args else "no reason given"
        raise BadPattern(detail.decode() if isinstance(detail, bytes) else str(detail)) from None
    return compiled


def _options(*, any_case: bool) -> re2.Options:
    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    return options


class Sieve:
    """Many patterns over folded text, that few texts hold: tells at one look which of them a text may hold.

    Every pattern is known by the letters it cannot do without (Cox, "Regular Expression Matching with a Trigram Index",
    2012; RE2's FilteredRE2).
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        """Compile the patterns.

        Raises:
            BadPattern: one of them is not RE2 syntax, or too large.
        """
        self._filter = re2.Filter()
        for pattern in patterns:
            self._filter.Add(pattern, _options(any_case=False))
        self._filter.Compile()
        self._patterns: list[Pattern] = [self._filter.re(number) for number in range(len(patterns))]

    def candidates(self, text: str) -> Iterator[tuple[int, Pattern]]:
        """The patterns that may occur in a text, in order, each with its place in the list of all."""
        for number in sorted(self._filter.Match(text, potential=True) or ()):
            yield number, self._patterns[number]


def well_formed(text: str) -> str:
    """The text with half surrogate pairs, as a stream cut in two may leave them, turned into `\ufffd`; equally long.

    RE2 and OpenCC read UTF-8, which cannot spell them.
    """
    return text if text.isascii() else _HALF.sub("\ufffd", text)
