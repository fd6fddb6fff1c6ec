"""How far a judge agrees with labels: by dimension and language, beside a reader without any skill."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from harness.analysis.intervals import Share, bootstrap
from harness.core.card import CardRow, Interval, Tongue
from harness.core.label import CLEAN, Label, Prediction
from harness.core.taxonomy import DIMENSIONS, FAILURES, Dimension
from harness.text.fold import fold

RESAMPLES = 400
"""Draws for each interval: there are many of them on a card, and half a hundredth more or less decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One label with what the judge said of it, and what it said when it was asked again."""

    label: Label
    prediction: Prediction
    again: Prediction | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One label in one dimension."""

    observed: Observed
    human: float | None
    """What people gave, 0 to 1."""
    grades: int
    """How many grades people's scale has; 0 without one."""
    violation: bool | None
    rating: float | None
    suspicion: float | None
    again: float | None


def calibrate(observed: Sequence[Observed]) -> tuple[CardRow, ...]:
    """The rows of a card."""
    card = []
    for dimension in DIMENSIONS:
        rows = [row for one in observed for row in _rows(one, dimension)]
        for language in sorted({_language(row) for row in rows}):
            for kind in ("human", "authored"):
                some = [row for row in rows if _language(row) == language and _is_human(row) == (kind == "human")]
                if some:
                    card.append(_card_row(dimension, language, some))
    return tuple(card)


@lru_cache(maxsize=8192)
def overlap(reply: str, reference: str) -> float:
    """The share of the reference's letter pairs that occur in the reply: agreement without any understanding."""
    wanted, there = _pairs(reference), _pairs(reply)
    return sum((wanted & there).values()) / max(wanted.total(), 1)


def _pairs(text: str) -> Counter[str]:
    letters = "".join(letter for letter in fold(text).text if letter.isalnum())
    return Counter(letters[place : place + 2] for place in range(len(letters) - 1))


def _rows(one: Observed, dimension: Dimension) -> Iterable[_Row]:
    label = one.label
    if dimension not in one.prediction.ratings:
        return
    human, grades, violation = None, 0, None
    if label.dimension == dimension:
        violation = label.violation
        if label.human is not None:
            low, high = label.human.scale
            human = (label.human.value - low) / (high - low)
            grades = round(high - low) + 1
    elif label.failure_type == CLEAN:
        violation = False
    elif label.broken and FAILURES[label.failure_type].dimension == dimension:  # type: ignore[index]
        violation = True
    else:
        return
    again = one.again.ratings.get(dimension) if one.again else None
    yield _Row(
        one,
        human,
        grades,
        violation,
        one.prediction.ratings[dimension],
        one.prediction.suspicions.get(dimension),
        again,
    )


def _card_row(dimension: Dimension, language: Tongue, rows: Sequence[_Row]) -> CardRow:
    graded = [row for row in rows if row.rating is not None]
    pairs = [row for row in graded if row.human is not None]
    doubted = [row for row in rows if row.violation is not None and row.suspicion is not None]
    referred = [row for row in rows if row.observed.label.reference]
    repeated = [row for row in graded if row.again is not None]
    grades = max((row.grades for row in pairs), default=0)
    values = _table([(row.human, row.rating, len(row.observed.label.reply)) for row in pairs])
    baseline = [(row.human, _overlap(row)) for row in referred if row.human is not None]
    known = [row for row in referred if row.violation is not None]
    return CardRow(
        dimension=dimension,
        language=language,
        labels="human" if _is_human(rows[0]) else "authored",
        provenance=Counter(row.observed.label.provenance for row in rows),
        rows=len(rows),
        scored=len(graded),
        violations=sum(bool(row.violation) for row in rows),
        characters=len({_character(row) for row in rows}),
        pearson=_drawn(_pearson, values, pairs),
        spearman=_drawn(_spearman, values, pairs),
        kappa=_drawn(lambda table: _kappa(table, grades), values, pairs),
        bias=_drawn(lambda table: float((table[:, 1] - table[:, 0]).mean()), values, pairs),
        length=_drawn(lambda table: _ranked(table[:, 1] - table[:, 0], table[:, 2]), values, pairs),
        auroc=_drawn(_auroc, _table([(row.violation, row.suspicion) for row in doubted]), doubted),
        repeat=Share(sum(row.again == row.rating for row in repeated), len(repeated)).interval,
        baseline_pearson=_drawn(_pearson, _table(baseline), [row for row in referred if row.human is not None]),
        baseline_auroc=_drawn(_auroc, _table([(row.violation, -_overlap(row)) for row in known]), known),
    )


def _drawn(statistic, table: np.ndarray, rows: Sequence[_Row]) -> Interval:  # type: ignore[no-untyped-def]
    return bootstrap(statistic, table, [_character(row) for row in rows], RESAMPLES)


def _table(rows: Sequence[Sequence[float | bool | None]]) -> np.ndarray:
    return np.array(rows, dtype=float) if rows else np.empty((0, 3))


def _pearson(table: np.ndarray) -> float | None:
    one, other = table[:, 0], table[:, 1]
    return float(np.corrcoef(one, other)[0, 1]) if one.std() > 0 and other.std() > 0 else None


def _spearman(table: np.ndarray) -> float | None:
    return _ranked(table[:, 0], table[:, 1])


def _ranked(one: np.ndarray, other: np.ndarray) -> float | None:
    from scipy.stats import rankdata

    return _pearson(np.column_stack((rankdata(one), rankdata(other))))


def _kappa(table: np.ndarray, grades: int) -> float | None:
    """Quadratically weighted (Cohen, "Weighted kappa", Psychological Bulletin 70 (1968)), on people's own scale."""
    if grades < 2:
        return None
    one, other = (np.rint(column * (grades - 1)) for column in (table[:, 0], table[:, 1]))
    seen = ((one - other) ** 2).mean()
    by_chance = ((one[:, None] - other[None, :]) ** 2).mean()
    return float(1 - seen / by_chance) if by_chance else None


def _auroc(table: np.ndarray) -> float | None:
    """The area under the ROC curve: how often a violation is the more suspect of two (Mann and Whitney, 1947)."""
    violated = table[:, 0] > 0
    bad, good = table[violated, 1], np.sort(table[~violated, 1])
    if not len(bad) or not len(good):
        return None
    wins = np.searchsorted(good, bad, "left") + np.searchsorted(good, bad, "right")
    return float(wins.sum() / 2 / (len(bad) * len(good)))


def _overlap(row: _Row) -> float:
    return overlap(row.observed.label.reply, row.observed.label.reference or "")


def _language(row: _Row) -> Tongue:
    return "en" if row.observed.label.language == "en" else "zh"


def _is_human(row: _Row) -> bool:
    return row.observed.label.provenance == "human"


def _character(row: _Row) -> str:
    return row.observed.label.persona.name
