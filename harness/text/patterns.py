"""Patterns that people write: RE2, so that none of them can take more than linear time."""

from functools import lru_cache
from typing import Protocol

import re2

MOST_MEMORY = 8 << 20
"""Bytes a compiled pattern may take."""


class Pattern(Protocol):
    """What we use of a compiled pattern."""

    def search(self, text: str) -> "Match | None":
        """The first match."""
        ...


class Match(Protocol):
    """What we use of a match."""

    def span(self) -> tuple[int, int]:
        """Start and end in code points."""
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
