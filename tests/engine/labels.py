"""Labelled replies, as rows of a file would tell them."""

from dataclasses import dataclass, field

from harness.core.label import Label
from harness.core.rating import Ask

CHAT = (("Who keeps this inn?", "I do, friend."), ("And what are you?", "As an AI model I cannot say."))


def label(*turns: tuple[str, str], **fields: object) -> Label:
    """The end of a chat of these turns; a break of English Hob's unless told otherwise."""
    messages = [
        {"role": role, "content": text}
        for turn in turns or CHAT
        for role, text in zip(("user", "assistant"), turn, strict=True)
    ]
    values: dict[str, object] = {
        "id": "a", "language": "en", "persona": {"name": "Hob", "description": "Keeper of a roadside inn."},
        "messages": messages, "provenance": "authored", "failure_type": "ai_self_disclosure", "severity": "break",
        **fields,
    }  # fmt: skip
    return Label.model_validate(values)


def clean(*turns: tuple[str, str], **fields: object) -> Label:
    return label(*turns, **{"failure_type": "clean", "severity": "none", **fields})


def about(dimension: str, value: float = 3, **fields: object) -> Label:
    """A reply that people graded in one dimension."""
    graded = {"dimension": dimension, "human": {"value": value, "scale": [1, 5]}, "provenance": "human"}
    return label(**{"failure_type": None, "severity": None, **graded, **fields})


@dataclass
class Kept:
    """Every call that was recorded."""

    asks: list[Ask] = field(default_factory=list)

    async def record(self, ask: Ask) -> None:
        self.asks.append(ask)
