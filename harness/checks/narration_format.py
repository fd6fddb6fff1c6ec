"""Actions are marked otherwise than the card says: *between asterisks*, (in brackets), or not at all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.reading import read
from harness.core.finding import Finding, Span
from harness.core.persona import Narration
from harness.core.taxonomy import FailureType

# A mark counts where a sentence could begin: "*very* good" and "honey (when we have it)" are no actions.
_MAY_OPEN = re.compile(r"(?:^|[.!?…。！？\"”」』*)）\]】\n~～])\s*$")
_WORDY = re.compile(r"\w")
_ASIDE = re.compile(
    r"^\W*(?:and|or|but|not|if|though|which|i mean|don't|as|that's|it's|no|yes|well|at least|also|ps|p\.s)\b|^\W*\d",
    re.I,
)
_LOOKBACK = 12

_MARKS: Mapping[str, Narration] = {
    "*": "asterisks",
    "(": "brackets",
    "（": "brackets",
    "[": "brackets",
    "【": "brackets",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrationFormat:
    """Compares the marks of actions with the persona's `narration`."""

    failure_type: ClassVar[FailureType] = "narration_format"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"narration_format.{wanted}" for wanted in ("none", "asterisks", "brackets")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """The first wrong mark of each reply: the others follow suit."""
        wanted = chat.persona.narration
        for line in chat.lines:
            span = _first_other(line, wanted)
            if span is not None:
                quote = line.reply[span.start : span.end]
                yield found(line, "narration_format", span, f"narration_format.{wanted}", certainty=0.9, quote=quote)


def _first_other(line: Line, wanted: Narration) -> Span | None:
    for part in read(line.reply).parts:
        text = line.reply[part.start : part.end]
        if part.kind != "narration" or _MARKS[text[0]] == wanted or not _WORDY.search(text) or _ASIDE.search(text):
            continue
        if _MAY_OPEN.search(line.reply[max(0, part.start - _LOOKBACK) : part.start]) or part.start == 0:
            return Span(part.start, part.end)
    return None
