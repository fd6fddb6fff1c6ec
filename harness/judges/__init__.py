"""Models that read a transcript against a rubric. They ask through a function they are given; they do no I/O."""

from harness.judges.base import Asker, Case, Judge
from harness.judges.pairwise import Pair, prefer
from harness.judges.panel import Seat, deliberate
from harness.judges.reading import is_readable
from harness.judges.sheet import SheetJudge

__all__ = ["Asker", "Case", "Judge", "Pair", "Seat", "SheetJudge", "deliberate", "is_readable", "prefer"]
