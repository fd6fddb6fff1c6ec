"""Text that only says what it shows: control characters, half characters and direction tricks become visible marks."""

import re

_TRICKS = {
    0x00AD: "SHY",
    0x061C: "ALM",
    0x200B: "ZWSP",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0xFEFF: "BOM",
}
"""Characters without a shape that hide text or turn it around. Joiners stay: emoji and several scripts need them."""

_TELLTALE = re.compile(
    "\r\n|["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
    "]",
)
_RUN = re.compile(f"(?P<one>{_TELLTALE.pattern})(?P=one)*")


def visible(text: str, longest: int | None = None) -> str:
    """The text with every such character replaced by a mark; a run of the same one by a single mark and a number.

    Cut at `longest` characters, if given.
    """
    safe = _RUN.sub(_mark, text) if _TELLTALE.search(text) else text
    return safe if longest is None or len(safe) <= longest else safe[: longest - 1] + "…"


def _mark(run: re.Match[str]) -> str:
    one = run["one"]
    times = len(run[0]) // len(one)
    if one == "\r\n" or one in "\u2028\u2029":
        return "\n" * times
    code = ord(one)
    if code < 0x20:
        return chr(0x2400 + code) * times
    if code == 0x7F:
        return "␡" * times
    name = _TRICKS.get(code, f"U+{code:04X}")
    return f"⟨{name}⟩" if times == 1 else f"⟨{name} ×{times}⟩"
