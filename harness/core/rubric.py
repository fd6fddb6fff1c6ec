"""The judge's question sheet: criteria with anchored levels, in English and Chinese.

A rubric owns what may be asked and answered: it describes itself, knows the grades on its menu and reads one.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.core.taxonomy import DENSE, Dimension
from harness.core.value import FromPath, Line, Name, Value

Wording = Literal["en", "zh"]
Worded = Mapping[Wording, Line]
"""The same text in each language a judge may be addressed in."""


class Level(Value):
    """One anchored answer."""

    grade: Annotated[int, Field(ge=0, le=10)]
    """What the judge writes."""
    value: Annotated[float, Field(ge=0, le=1)]
    """What it is worth, 0 the worst."""
    anchor: Worded
    """What a reply that earns it looks like."""


class Criterion(Value):
    """One question about one dimension."""

    id: Name
    dimension: Dimension
    question: Worded
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]
    """From worst to best."""
    weight: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _levels_rise(self) -> Self:
        values = [level.value for level in self.levels]
        grades = [level.grade for level in self.levels]
        if sorted(set(values)) != values or sorted(set(grades)) != grades:
            raise ValueError("levels go from worst to best, each grade and value higher than the one before")
        return self

    @property
    def dense(self) -> bool:
        """Whether it is asked of the whole chat, or only of turns that probe its dimension."""
        return self.dimension in DENSE

    def value_of(self, grade: int) -> float | None:
        """The value of a grade, or None when it is not on the menu."""
        return next((level.value for level in self.levels if level.grade == grade), None)


class Rubric(FromPath):
    """One question sheet, from `rubrics/<id>.yaml`."""

    title: Worded
    version: Annotated[int, Field(ge=1)]
    """Raised when wording changes, so that grades of different sheets are never mixed."""
    per_turn: bool = False
    """Whether dense criteria are graded turn by turn, rather than once for the whole chat."""
    most_violations: Annotated[int, Field(ge=0, le=100)] = 20
    """How many violations the judge may list for one chat."""
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        if len(set(ids)) != len(ids):
            raise ValueError("two criteria share an id")
        return self
