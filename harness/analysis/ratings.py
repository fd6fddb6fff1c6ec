"""Ratings in numbers: by dimension, and as the one score of consistency (DESIGN §7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import pandas as pd

from harness.core.card import Trust
from harness.core.rating import Rating, Verdict
from harness.core.run import Run, Sample
from harness.core.taxonomy import DIMENSIONS, Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionSummary:
    """The ratings of one dimension."""

    dimension: Dimension
    mean: float | None
    """0 to 1 over the scored ones; None when there is none."""
    lower: float | None
    """The mean with unscored ones counted as 0."""
    scored: int
    unscored: int
    trust: Trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """How well the character held, by trusted ratings alone: a cell for each sample, turn and dimension; the mean over
    turns, then epochs, then scenarios.
    """

    score: float
    """0 to 100."""
    lower: float
    """The same with what is unscored counted as 0."""
    scored: int
    unscored: int


def summarise_dimensions(run: Run, samples: Sequence[Sample]) -> Iterable[DimensionSummary]:
    """The ratings of each dimension: the trusted ones where there are any, else all, with how far they are believed."""
    rated = [(rating, _trust(run, sample, verdict.judge, rating)) for sample, verdict, rating in _ratings(samples)]
    for dimension in DIMENSIONS:
        of_it = [(rating, trust) for rating, trust in rated if rating.dimension == dimension]
        best = next((level for level in get_args(Trust) if any(trust == level for _, trust in of_it)), None)
        if best is None:
            continue
        shown = [rating for rating, trust in of_it if trust == best]
        scored = sum(rating.value is not None for rating in shown)
        yield DimensionSummary(
            dimension=dimension,
            mean=_mean(shown),
            lower=_lower(shown) if scored else None,
            scored=scored,
            unscored=len(shown) - scored,
            trust=best,
        )


def consistency_of(run: Run, samples: Sequence[Sample]) -> Consistency | None:
    """The score of trusted ratings; None without any."""
    cells: dict[tuple[str, int, Dimension, int | None], list[Rating]] = {}
    for sample, verdict, rating in _ratings(samples):
        if _trust(run, sample, verdict.judge, rating) == "trusted":
            cell = (sample.key.scenario, sample.key.epoch, rating.dimension, rating.turn)
            cells.setdefault(cell, []).append(rating)
    scored = {cell: mean for cell, ratings in cells.items() if (mean := _mean(ratings)) is not None}
    if not scored:
        return None
    every = [rating for ratings in cells.values() for rating in ratings]
    unscored = sum(rating.value is None for rating in every)
    return Consistency(
        score=100 * _by_scenario(scored),
        lower=100 * _by_scenario({cell: _lower(ratings) for cell, ratings in cells.items()}),
        scored=len(every) - unscored,
        unscored=unscored,
    )


def _by_scenario(cells: Mapping[tuple[str, int, Dimension, int | None], float]) -> float:
    """The mean over scenarios, of the means over epochs, of the means over turns and dimensions."""
    table = pd.DataFrame([(scenario, epoch, value) for (scenario, epoch, _, _), value in cells.items()])
    return float(table.groupby([0, 1])[2].mean().groupby(level=0).mean().mean())


def _ratings(samples: Sequence[Sample]) -> Iterator[tuple[Sample, Verdict, Rating]]:
    for sample in samples:
        for verdict in sample.verdicts:
            for rating in verdict.ratings:
                yield sample, verdict, rating


def _trust(run: Run, sample: Sample, judge: str, rating: Rating) -> Trust:
    return run.trust(judge, rating.dimension, sample.key.scenario)


def _mean(ratings: Sequence[Rating]) -> float | None:
    """By weight, of the scored ones."""
    scored = [rating for rating in ratings if rating.value is not None]
    return _lower(scored) if scored else None


def _lower(ratings: Sequence[Rating]) -> float:
    """By weight, what is unscored counted as 0."""
    return sum((rating.value or 0.0) * rating.weight for rating in ratings) / sum(each.weight for each in ratings)
