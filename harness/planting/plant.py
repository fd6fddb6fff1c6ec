"""Planting: one known failure type at one known turn of a clean chat, told as a label."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from harness.core.chance import pick
from harness.core.conversation import Message
from harness.core.label import CLEAN, Label, LabelledPersona
from harness.core.persona import Persona
from harness.core.taxonomy import FAILURE_TYPES, FailureType, Severity
from harness.planting.rewrites import again, listed, other_script, stuck
from harness.text.chinese import traditional
from harness.text.segments import sentences

_CLAUSE = re.compile(r"[.;。；\n]")
_ENTRY = re.compile(r"[,，、;；]| and |和|与")
_SLOT = re.compile(r"\{(name|user|card|unknown)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanChat:
    """A chat in which nothing is wrong: its system message, and what user and character said in turn."""

    id: str
    persona: Persona
    system: str
    turns: tuple[tuple[str, str], ...]
    """(user, reply) each."""


@dataclass(frozen=True, slots=True)
class Plant:
    """What is planted: text of its own, or one that takes the reply's place."""

    text: str
    severity: Severity
    whole: bool = False


@cache
def _lines() -> Mapping[str, Mapping[FailureType, Mapping[Severity, Sequence[str]]]]:
    table: Mapping[str, Mapping[FailureType, Mapping[Severity, Sequence[str]]]] = tomllib.loads(
        Path(__file__).with_name("lines.toml").read_text(encoding="utf-8")
    )
    return table


PLANTED: tuple[FailureType, ...] = tuple(
    name for name in FAILURE_TYPES if name in _lines()["en"] or name == "repetition_loop"
)
"""What can be planted."""


def plant(
    chats: Sequence[CleanChat], types: Sequence[FailureType], turn: int | None = None, seed: int = 0
) -> Iterator[Label]:
    """Each chat as it is, and once with each failure type; a type that a chat gives no ground for is left out.

    `turn` counts from 1; without it, or in a chat that ends before it, the turn is drawn.
    """
    for chat in chats:
        at = turn if turn is not None and turn <= len(chat.turns) else 1 + pick(len(chat.turns), seed, "turn", chat.id)
        reply = chat.turns[at - 1][1]
        yield _label(chat, at, CLEAN, reply, "", None)
        for failure_type in types:
            ways = list(_ways(chat, at, failure_type))
            if ways:
                chosen = ways[pick(len(ways), seed, "way", failure_type, chat.id, at)]
                planted = chosen.text if chosen.whole else _put(chosen.text, reply, seed, failure_type, chat.id)
                yield _label(chat, at, failure_type, planted, chosen.text, chosen.severity)


def broken_in(chat: CleanChat, share: float, seed: int = 0) -> CleanChat:
    """The chat with a break in so great a share of its turns; a greater share breaks the same turns and more."""
    numbers = range(1, len(chat.turns) + 1)
    order = sorted(numbers, key=lambda turn: pick(1 << 30, seed, "order", chat.id, turn))
    turns = list(chat.turns)
    for turn in order[: round(share * len(turns))]:
        ways = [(name, way) for name in PLANTED for way in _ways(chat, turn, name) if way.severity == "break"]
        name, way = ways[pick(len(ways), seed, "break", chat.id, turn)]
        user, reply = turns[turn - 1]
        turns[turn - 1] = (user, way.text if way.whole else _put(way.text, reply, seed, name, chat.id, str(turn)))
    return replace(chat, turns=tuple(turns))


def _ways(chat: CleanChat, turn: int, failure_type: FailureType) -> Iterator[Plant]:
    reply, earlier = chat.turns[turn - 1][1], [said for _, said in chat.turns[: turn - 1]]
    language = chat.persona.language
    for severity, lines in _lines()[language[:2]].get(failure_type, {}).items():
        for line in lines:
            filled = _filled(line, chat)
            if filled is not None:
                yield Plant(traditional(filled) if language == "zh-Hant" else filled, severity)
    match failure_type:
        case "repetition_loop":
            yield from _made((stuck(reply), again(reply, earlier)), reply)
        case "language_switch":
            yield from _made((other_script(reply, language),), reply)
        case "style_break":
            yield from _made((listed(reply),), reply)


def _made(texts: Sequence[str | None], reply: str) -> Iterator[Plant]:
    return (Plant(text, "break", whole=True) for text in texts if text is not None and text != reply)


def _filled(line: str, chat: CleanChat) -> str | None:
    """The line with its slots filled; None where the card has nothing for one."""
    persona = chat.persona
    clauses = [one.strip() for one in _CLAUSE.split(persona.description) if one.strip()]
    values = {
        "name": persona.name,
        "user": persona.user.name,
        "card": ", ".join(clauses[:2]) if persona.language == "en" else "，".join(clauses[:2]),
        "unknown": _ENTRY.split(persona.knowledge.unknown[0])[0] if persona.knowledge.unknown else "",
    }
    if any(not values[slot] for slot in _SLOT.findall(line)):
        return None
    return _SLOT.sub(lambda slot: values[slot[1]], line)


def _put(text: str, reply: str, seed: int, *about: str) -> str:
    """The reply with the text at one of its seams: a line of script or a list on lines of its own."""
    ends = [0, *(end for _, end in sentences(reply))]
    at = ends[pick(len(ends), seed, "place", *about)]
    alone = "\n" in text or re.match(r"\S{1,24}[:：]", text)
    gap = "\n" if alone else " " if reply.isascii() else ""
    before, after = reply[:at].rstrip(" \n"), reply[at:].lstrip(" \n")
    return gap.join(part for part in (before, text, after) if part)


def _label(
    chat: CleanChat, turn: int, failure_type: FailureType | str, reply: str, span: str, severity: Severity | None
) -> Label:
    messages = [Message("system", chat.system)] if chat.system else []
    for user, said in chat.turns[: turn - 1]:
        messages += [Message("user", user), Message("assistant", said)]
    messages += [Message("user", chat.turns[turn - 1][0]), Message("assistant", reply)]
    return Label(
        id=f"{chat.id}:{turn}:{failure_type}",
        language=chat.persona.language,
        persona=LabelledPersona.model_validate(
            {name: value for name, value in chat.persona if name in LabelledPersona.model_fields}
        ),
        messages=tuple(messages),
        provenance="planted",
        failure_type=failure_type,  # type: ignore[arg-type]  # one of the list, or clean
        severity=severity or "none",
        span=span,
    )
