"""Text from elsewhere made safe to show in a terminal: what would act there is made visible instead."""

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str, longest: int | None = None) -> str:
    """Control characters, terminal escapes and bidi overrides as their code points; cut at `longest` characters."""
    safe = _ACTING.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)
    return safe if longest is None or len(safe) <= longest else safe[: longest - 1] + "…"
