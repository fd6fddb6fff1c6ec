"""Which of two replies to the same line is better."""

from dataclasses import dataclass
from typing import Literal

Choice = Literal["a", "b", "tie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What a judge makes of one turn."""

    turn: int
    better: Choice | None
    """None when its answers could not be read."""
    flipped: bool = False
    """Whether it chose otherwise when the two changed places, which makes it a tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The preferences over one pair of samples."""

    scenario: str
    epoch: int
    preferences: tuple[Preference, ...]
