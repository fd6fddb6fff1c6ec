"""A judge's measured agreement with labels, and how far it is believed for that."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Annotated, Literal, get_args

from pydantic import Field

from harness.core.label import Provenance
from harness.core.model import Params
from harness.core.taxonomy import DIMENSIONS, Dimension, Language
from harness.core.value import Line, Value

Trust = Literal["trusted", "weak", "uncalibrated"]
"""How far a judge is believed; without a card of its agreement with people it is uncalibrated."""
Tongue = Literal["en", "zh"]
"""The languages that are told apart: both scripts of Chinese are one."""

ENOUGH_AUROC = 0.85
ENOUGH_LABELS = 50
FEWEST_OF_A_KIND = 5
"""What a judge needs to be trusted: on so many labels of people that it graded, some of either kind, it tells
violations apart so well."""


class Interval(Value):
    """A figure and where it may truly lie; None when there was nothing to count."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


NOTHING = Interval()


class CardRow(Value):
    """What is known of a judge in one dimension and language, from labels of one kind."""

    dimension: Dimension
    language: Tongue
    labels: Literal["human", "authored"]
    """`human` where people who did not write the replies graded them; `authored` for all other labels."""
    provenance: Mapping[Provenance, int]
    """How many labels are of which origin."""
    rows: int
    scored: int
    """Those that the judge gave a grade that counts."""
    violations: int
    characters: int
    """Different ones; intervals are drawn by character."""
    pearson: Interval = NOTHING
    """Between the judge's values and people's."""
    spearman: Interval = NOTHING
    kappa: Interval = NOTHING
    """Cohen's, quadratically weighted, on people's scale."""
    auroc: Interval = NOTHING
    """How surely a violation looks worse than what is none (0.5: by chance)."""
    bias: Interval = NOTHING
    """Mean of the judge's value less people's, on a scale from 0 to 1."""
    length: Interval = NOTHING
    """Rank correlation of what the judge gives too much with the reply's length."""
    repeat: Interval = NOTHING
    """Share of grades that are the same when it is asked again."""
    baseline_pearson: Interval = NOTHING
    """The same for a reader without any skill: the share of the reference's letter pairs that are in the reply."""
    baseline_auroc: Interval = NOTHING


class Step(Value):
    """The mean rating of chats in which a share of the turns was broken on purpose."""

    language: Tongue
    share: Annotated[float, Field(ge=0, le=1)]
    rating: float | None
    """None when nothing was scored."""
    chats: int


class Flips(Value):
    """How often a judge prefers another reply when two change places."""

    language: Tongue
    pairs: int
    flipped: int
    right: int
    """In how many the reply without the violation wins in both orders."""


class Card(Value):
    """The measurement of one judge, in `rubrics/cards/`."""

    model: Line
    """The judge's model by its name in the catalog."""
    id: Line
    """The model's name on the wire."""
    params: Params = Params()
    samples: int = 1
    rubric: Line
    """`<id>@<version>`."""
    prompt: Line
    """Fingerprint of the rubric and of everything else that a judge is told."""
    measured: date
    version: Line
    """Of the package."""
    labels: tuple[Line, ...]
    """The label files, by name."""
    rows: tuple[CardRow, ...]
    sensitivity: tuple[Step, ...] = ()
    flips: tuple[Flips, ...] = ()

    def trust(self, dimension: Dimension, language: Language) -> Trust:
        """How far the judge is believed in one dimension and language."""
        about = [row for row in self.rows if (row.dimension, row.language) == (dimension, language[:2])]
        measured = [row for row in about if row.auroc.value is not None]
        if any(row.labels == "human" and _enough(row) for row in measured):
            return "trusted"
        return "weak" if measured else "uncalibrated"

    def trusted(self) -> tuple[tuple[Dimension, Tongue], ...]:
        """The dimensions and languages in which it is trusted."""
        every = product(DIMENSIONS, get_args(Tongue))
        return tuple(about for about in every if self.trust(*about) == "trusted")


def _enough(row: CardRow) -> bool:
    both = min(row.violations, row.rows - row.violations) >= FEWEST_OF_A_KIND
    return both and row.scored >= ENOUGH_LABELS and row.auroc.value is not None and row.auroc.value >= ENOUGH_AUROC
