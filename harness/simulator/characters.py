"""Scripted characters: what they say depends on the conversation alone, and they go wrong at turns that are known.

How a chat begins (the system message and the first user message) decides who speaks, in which order the lines come,
and at which turns the character slips and breaks. Whoever has lost the system message speaks as a bare assistant.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

from harness.core.chance import draw, pick
from harness.core.value import Line, Value
from harness.simulator.profiles.base import Said
from harness.store.yaml import parse_value, read_yaml
from harness.text.script import language_of

BreakKind = Literal["disclosure", "leak", "refusal"]

FIRST_BREAK, LAST_BREAK = 3, 10
"""A character that breaks holds for two turns at least, and breaks by the tenth."""
NEVER = 0.25
"""The share of chats in which it never breaks."""
RELAPSE = 3
"""After a break it slips again every so many turns."""
LEAKED = 160
"""Characters of the system message that a leak gives away."""

_NAME = re.compile(
    r"\b(?:[Yy]ou are|[Yy]ou're|[Yy]ou play|[Yy]our name is|[Pp]lay(?: the role of)?) "
    r"((?:[A-Z][\w'’-]*)(?: [A-Z][\w'’-]*){0,3})"
    r"|你(?:现在)?(?:就是|是|叫|名叫|只演|演|扮演|饰演)[“「]?(?!谁)([\u3400-\u9fff·]{2,8}?)(?=[^\u3400-\u9fff·]|$)"
)


class Character(Value):
    """Somebody with lines."""

    name: Line
    """When the system message names nobody."""
    lines: tuple[Line, ...]


class Script(Value):
    """All that is said in one language."""

    characters: tuple[Character, ...]
    lapses: tuple[Line, ...]
    """In the tone of an assistant."""
    breaks: Mapping[BreakKind, tuple[Line, ...]]
    assistant: tuple[Line, ...]
    """By nobody in particular."""


class Scripts(Value):
    """`lines.yaml`."""

    en: Script
    zh: Script


@dataclass(frozen=True, slots=True)
class Arc:
    """Where a character goes wrong in one chat, by turns counted from 1."""

    break_at: int | None
    break_kind: BreakKind
    lapse_at: int | None

    def breaks(self, turn: int) -> bool:
        """The character is gone."""
        return turn == self.break_at

    def lapses(self, turn: int) -> bool:
        """It slips: once before it breaks, and again and again after."""
        after = turn - self.break_at if self.break_at is not None else 0
        return turn == self.lapse_at or (after > 0 and after % RELAPSE == 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody who can be met, and how they hold out."""

    seed: int = 0
    break_at: int | None = None
    """The turn at which every character breaks."""
    steady: bool = False
    """None ever slips or breaks."""

    def reply(self, messages: Sequence[Said]) -> str:
        """What is said to a conversation."""
        system, opening, turn = _outline(messages)
        script = _scripts().zh if _chinese(system or opening) else _scripts().en
        if not system:
            return script.assistant[(turn - 1) % len(script.assistant)]
        arc = self.arc(system, opening)
        who = script.characters[pick(len(script.characters), self.seed, "who", system)]
        if arc.breaks(turn):
            said = _one(script.breaks[arc.break_kind], self.seed, system, opening)
        elif arc.lapses(turn):
            said = _one(script.lapses, self.seed, system, opening, turn)
        else:
            lines = _order(who.lines, self.seed, system, opening)
            said = lines[(turn - 1) % len(lines)]
        # The name first: what the system message says is quoted as it is.
        return said.replace("{name}", persona_name(system) or who.name).replace("{prompt}", _beginning(system))

    def arc(self, system: str, opening: str) -> Arc:
        """Where the chat that begins so goes wrong."""
        about = (self.seed, "arc", system, opening)
        kinds: tuple[BreakKind, ...] = get_args(BreakKind)
        kind = kinds[pick(len(kinds), *about, "kind")]
        drawn = FIRST_BREAK + pick(LAST_BREAK - FIRST_BREAK + 1, *about, "turn")
        if self.steady:
            return Arc(None, kind, None)
        if self.break_at is None and draw(*about, "ever") < NEVER:
            return Arc(None, kind, drawn)
        breaks = self.break_at or drawn
        return Arc(breaks, kind, breaks - 1)


@lru_cache(maxsize=1024)
def persona_name(system: str) -> str | None:
    """Whom a system message says the model should be."""
    found = _NAME.search(system)
    return (found[1] or found[2]) if found else None


def _outline(messages: Sequence[Said]) -> tuple[str, str, int]:
    """The system message, the first user message, and the turn that a reply is for."""
    system = messages[0].content if messages and messages[0].role in ("system", "developer") else ""
    spoken = [message.content for message in messages if message.role == "user"]
    return system, spoken[0] if spoken else "", max(1, len(spoken))


@lru_cache(maxsize=1024)
def _chinese(text: str) -> bool:
    return language_of(text) in ("zh", "zh-Hant")


def _one(lines: Sequence[str], seed: int, *about: object) -> str:
    return lines[pick(len(lines), seed, "line", *about)]


@lru_cache(maxsize=1024)
def _order(lines: tuple[str, ...], seed: int, system: str, opening: str) -> tuple[str, ...]:
    return tuple(sorted(lines, key=lambda line: draw(seed, "order", system, opening, line)))


def _beginning(system: str) -> str:
    return " ".join(system.split())[:LEAKED]


@cache
def _scripts() -> Scripts:
    return parse_value(read_yaml(Path(__file__).with_name("lines.yaml"), "lines.yaml"), Scripts)
