"""What is made of a clean reply itself: text to put into it, or in its place."""

import re
from collections.abc import Sequence

from harness.text.chinese import simplified, traditional
from harness.text.segments import sentences

SHORTEST = 8
"""Characters a sentence needs to be worth repeating."""


def stuck(reply: str) -> str | None:
    """One of its sentences, three times over."""
    said = _longest(reply)
    return f"{said} {said} {said}" if said and said.isascii() else said * 3 if said else None


def again(reply: str, earlier: Sequence[str]) -> str | None:
    """An earlier reply, word for word, in place of this one."""
    return next((said for said in reversed(earlier) if said != reply and len(said) >= 2 * SHORTEST), None)


def other_script(reply: str, language: str) -> str | None:
    """The reply in the Chinese characters that its speaker does not use."""
    if not language.startswith("zh"):
        return None
    changed = simplified(reply) if language == "zh-Hant" else traditional(reply)
    return changed if changed != reply else None


def listed(reply: str) -> str | None:
    """Its sentences as the points of a list."""
    said = [reply[start:end] for start, end in sentences(reply)]
    points = [re.sub(r"^[*(（].*?[*)）]\s*", "", one) for one in said]
    return "\n".join(f"{number}. **{point}**" for number, point in enumerate(points, 1)) if len(points) > 2 else None


def _longest(reply: str) -> str:
    said = max((reply[start:end] for start, end in sentences(reply)), key=len, default="")
    return said if len(said) >= SHORTEST else ""
