"""Where a figure may truly lie: Wilson's interval for a share, a bootstrap by character for everything else.

Wilson, "Probable Inference", JASA 22 (1927). The bootstrap draws whole characters, since the replies of one resemble
each other (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, §3.8); it takes the percentiles.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from harness.core.card import Interval

FEWEST_CLUSTERS = 5
"""Of fewer characters nothing can be drawn that says how far a figure may be off."""
RESAMPLES = 1000
SEED = 20261122
LEVEL = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def interval(self) -> Interval:
        """The share with its Wilson interval of 95 %."""
        if not self.of:
            return Interval()
        from scipy.stats import binomtest

        bounds = binomtest(self.hits, self.of).proportion_ci(method="wilson")
        return Interval(value=self.hits / self.of, low=float(bounds.low), high=float(bounds.high))


def bootstrap(
    statistic: Callable[[np.ndarray], float | None],
    rows: np.ndarray,
    clusters: Sequence[Hashable],
    resamples: int = RESAMPLES,
) -> Interval:
    """A statistic of some rows with its interval of 95 %; clusters are drawn whole.

    A draw in which the statistic is not defined is left out.
    """
    value = statistic(rows) if len(rows) else None
    if value is None:
        return Interval()
    groups: dict[Hashable, list[int]] = {}
    for place, cluster in enumerate(clusters):
        groups.setdefault(cluster, []).append(place)
    if len(groups) < FEWEST_CLUSTERS:
        return Interval(value=value)
    members = [np.array(places) for places in groups.values()]
    draws = np.random.default_rng(SEED).integers(len(members), size=(resamples, len(members)))
    if len(members) == len(rows):
        drawn = (statistic(rows[draw]) for draw in draws)
    else:
        drawn = (statistic(rows[np.concatenate([members[place] for place in draw])]) for draw in draws)
    defined = [each for each in drawn if each is not None]
    if not defined:
        return Interval(value=value)
    low, high = np.quantile(defined, LEVEL)
    return Interval(value=value, low=float(low), high=float(high))
