"""Extension points: the classes that ship, and those other packages add through entry points."""

from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import TypeVar

ClassT = TypeVar("ClassT")


def registered(shipped: Sequence[ClassT], group: str) -> tuple[ClassT, ...]:
    """The shipped classes, then those of installed packages."""
    return (*shipped, *(point.load() for point in entry_points(group=group)))
