"""The judge's question sheet: criteria with anchored levels, in English and Chinese.

A rubric owns what may be asked and answered: it describes itself, knows the grades on its menu and reads one.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from harness.core.taxonomy import DENSE, Dimension
from harness.core.value import FromPath, Line, Name, Value

Wording = Literal["en", "zh"]
Worded = Mapping[Wording, Line]
"""The same text in each language a judge may be addressed in."""

_GRADE = re.compile(r"(\d{1,3})(?:\.0{1,9})?\s*(?:分|(?:/|out of)\s*(\d{1,3})|[=:(].*)?", re.DOTALL)
_YES_OR_NO = {
    **dict.fromkeys(("yes", "true", "y", "是", "成立", "对", "對"), -1),
    **dict.fromkeys(("no", "false", "n", "否", "不是", "不成立", "不对", "不對"), 0),
}
"""Words for the best and the worst level of a question that has but two."""


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

    def read(self, written: object) -> Level | None:
        """The level that a judge wrote: a number, one in words such as `3分` or `3/4`, or yes and no where there are
        but two levels. None when it is not on the menu, or of another scale.
        """
        if isinstance(written, bool):
            written = "yes" if written else "no"
        if isinstance(written, float) and written.is_integer():
            written = int(written)
        if isinstance(written, str):
            plain = unicodedata.normalize("NFKC", written).strip(" \n.。").casefold()
            if len(self.levels) == 2 and plain in _YES_OR_NO:
                return self.levels[_YES_OR_NO[plain]]
            number = _GRADE.fullmatch(plain)
            if number is None or number[2] not in (None, str(self.levels[-1].grade)):
                return None
            written = int(number[1])
        return next((level for level in self.levels if isinstance(written, int) and level.grade == written), None)


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

    @property
    def edition(self) -> str:
        """What tells its wording apart from earlier ones: `<id>@<version>`."""
        return f"{self.id}@{self.version}"

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [criterion.id for criterion in self.criteria]
        if len(set(ids)) != len(ids):
            raise ValueError("two criteria share an id")
        return self
