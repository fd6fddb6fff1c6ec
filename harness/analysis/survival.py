"""How long characters hold: the Kaplan-Meier estimate of the share of samples unbroken after each turn.

A sample that ended without a break (filtered, failed, empty) is censored there. As such an end may hide a break, bounds
are given too: all of those broken at the next turn, and none of them ever.
Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", JASA 53 (1958); computed by scipy.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Life:
    """One sample: how many turns it stood for, and how that ended."""

    turns: int
    """The turn of its first break, or the last turn that was answered."""
    broken: bool
    cut_short: bool
    """Whether it ended on a bad outcome, so that later turns are unknown."""


@dataclass(frozen=True, slots=True)
class Survival:
    """Shares of samples unbroken after turn 1, 2, …"""

    shares: tuple[float, ...]
    worst: tuple[float, ...]
    """If every sample that was cut short had broken at the next turn."""
    best: tuple[float, ...]
    """If none of them would ever have broken."""
    median_turns: int | None
    """The first turn after which at most half stand; None when more do to the end."""
    cut_short: int
    """How many samples ended early."""


def survival(lives: Sequence[Life], turns: int) -> Survival | None:
    """The survival of some samples over a number of turns; None when no turn was answered."""
    if not lives or not any(life.turns for life in lives):
        return None
    shares = _shares([(life.turns, life.broken) for life in lives], turns)
    worst = _shares(
        [(life.turns + 1, True) if life.cut_short and not life.broken else (life.turns, life.broken) for life in lives],
        turns,
    )
    best = _shares(
        [(turns, False) if life.cut_short and not life.broken else (life.turns, life.broken) for life in lives], turns
    )
    median = next((turn for turn, share in enumerate(shares, 1) if share <= 0.5), None)
    return Survival(shares, worst, best, median, sum(life.cut_short for life in lives))


def _shares(ends: Sequence[tuple[int, bool]], turns: int) -> tuple[float, ...]:
    broken = [turn for turn, was_broken in ends if was_broken]
    standing = [turn for turn, was_broken in ends if not was_broken]
    if not broken:
        return (1.0,) * turns
    # scipy.stats takes a second to load, which a run without breaks need not wait for
    from scipy.stats import CensoredData, ecdf

    estimate = ecdf(CensoredData(uncensored=broken, right=standing)).sf
    return tuple(float(share) for share in estimate.evaluate(list(range(1, turns + 1))))
