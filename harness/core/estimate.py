"""What saved runs teach about calls to come."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Spread:
    """A number that is not known yet: what it is likely to be, and what it should lie between."""

    least: float
    likely: float
    most: float

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(self.least + other.least, self.likely + other.likely, self.most + other.most)

    def __mul__(self, other: "Spread") -> "Spread":
        return Spread(self.least * other.least, self.likely * other.likely, self.most * other.most)

    def times(self, count: float) -> "Spread":
        """So many of it, as uncertain in sum as one alone."""
        return Spread(self.least * count, self.likely * count, self.most * count)

    def within(self, bound: float | None) -> "Spread":
        """The same, with nothing above a bound."""
        if bound is None:
            return self
        return Spread(min(self.least, bound), min(self.likely, bound), min(self.most, bound))


class Part(NamedTuple):
    """A model in one of its roles."""

    model: str
    rubric: str | None = None
    """What it judges by; None for a model under test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What the replies of a model are like in one of its roles."""

    replies: int
    """How many were looked at; 0 when nothing is known."""
    tokens: Spread
    """Tokens of a reply, as the provider counts them; thoughts that are not shown are among them."""
    said: Spread
    """Tokens of a reply's text, as we estimate them; this much comes back as input with the next turn."""
    counted: Spread
    """Input tokens that the provider counts for each that we estimate."""
    cached: Spread
    """The share of the input that comes from the provider's prefix cache."""
