"""How often one side of a comparison is preferred."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.analysis.intervals import bootstrap
from harness.core.card import Interval
from harness.core.pair import Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class WinRate:
    """Preferences counted, ties as half a win for either."""

    turns: int
    """Those that were read in both orders."""
    wins: int
    losses: int
    ties: int
    flips: int
    """Ties that come of a judge choosing by place."""
    unread: int
    rate: Interval
    """The share for the first side; the interval draws whole scenarios."""


def win_rate(compared: Sequence[Compared]) -> WinRate:
    """The first side's win rate."""
    every = [(one.scenario, each) for one in compared for each in one.preferences]
    read = [(scenario, each) for scenario, each in every if each.better is not None]
    points = {"a": 1.0, "tie": 0.5, "b": 0.0}
    values = np.array([points[each.better] for _, each in read if each.better is not None])
    counts = {choice: sum(each.better == choice for _, each in read) for choice in points}
    return WinRate(
        turns=len(read),
        wins=counts["a"],
        losses=counts["b"],
        ties=counts["tie"],
        flips=sum(each.flipped for _, each in read),
        unread=len(every) - len(read),
        rate=bootstrap(lambda drawn: float(drawn.mean()), values, [scenario for scenario, _ in read]),
    )
