"""Patterns that people write: RE2, so that none of them can take more than linear time."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

import re2

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


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern that ignores the case of letters.

    Raises:
        BadPattern: it is not RE2 syntax, or too large.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        compiled: Pattern = re2.compile(pattern, options=options)
    except re2.error as error:
        detail = error.args[0] if error.args else "no reason given"
        raise BadPattern(detail.decode() if isinstance(detail, bytes) else str(detail)) from None
    return compiled


def well_formed(text: str) -> str:
    """The text with half surrogate pairs, as a stream cut in two may leave them, turned into `?`; equally long.

    RE2 and OpenCC read UTF-8, which cannot spell them.
    """
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
