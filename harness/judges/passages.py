"""How a chat is read: in parts of about twenty turns, and once as a whole when there is more than one.

A judge that reads a long session in one go overlooks single breaks, one that reads single turns is blind to drift.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.core.rubric import Rubric
from harness.core.taxonomy import FAILURE_TYPES, FailureType
from harness.core.transcript import Exchange
from harness.judges.base import Case
from harness.judges.items import Item, items_for

LONGEST = 20
"""Turns that are read at once."""
OVER_TIME: tuple[FailureType, ...] = (
    "persona_collapse",
    "history_contradiction",
    "forgetting",
    "emotional_jump",
    "repetition_loop",
)
"""What shows only to whoever has read the whole chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What is shown and asked in one request."""

    case: Case
    items: tuple[Item, ...]
    shown: tuple[int, ...]
    """The turns whose lines are shown."""
    graded: tuple[int, ...]
    """Those of them in which violations are looked for."""
    types: tuple[FailureType, ...] = FAILURE_TYPES
    part: tuple[int, int] | None = None
    """Which part it is of how many; None for a chat in one piece, and for the pass over the whole."""

    def replies(self) -> tuple[Exchange, ...]:
        """The exchanges that are shown."""
        return tuple(reply for reply in self.case.replies() if reply.turn in self.shown)

    @property
    def continued(self) -> bool:
        """Whether another part follows, which wants to know what the character has claimed."""
        return self.part is not None and self.part[0] < self.part[1]


def passages_for(rubric: Rubric, case: Case) -> tuple[Passage, ...]:
    """The requests that a case takes, in order; none when nothing is to be graded."""
    graded, items = case.graded(), items_for(rubric, case)
    if not items:
        return ()
    turns = [reply.turn for reply in case.replies()]
    if len(turns) <= LONGEST:
        return (Passage(case=case, items=items, shown=tuple(turns), graded=graded),)
    parts = [(part, mine) for part in _parts(turns) if (mine := tuple(turn for turn in part if turn in graded))]
    overall = tuple(item for item in items if item.over_time)
    return (
        *(
            Passage(
                case=case,
                items=tuple(item for item in items if not item.over_time and item.turn in mine),
                shown=part,
                graded=mine,
                part=(number, len(parts)) if len(parts) > 1 else None,
            )
            for number, (part, mine) in enumerate(parts, 1)
        ),
        Passage(case=case, items=overall, shown=tuple(turns), graded=graded, types=OVER_TIME),
    )


def _parts(turns: Sequence[int]) -> list[tuple[int, ...]]:
    """The turns in parts of about equal length, none longer than may be."""
    count = -(-len(turns) // LONGEST)
    ends = [round(len(turns) * number / count) for number in range(count + 1)]
    return [tuple(turns[start:end]) for start, end in pairwise(ends)]
