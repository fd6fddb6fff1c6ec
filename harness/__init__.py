"""Regression tests for characters: replay scripted role-play chats and find where the character broke."""

from typing import TYPE_CHECKING

from harness.version import __version__

if TYPE_CHECKING:
    from pandas import DataFrame

    from harness.core.run import Run

__all__ = ["__version__", "frame", "load_run"]


def load_run(run: str = "last", project: str = ".") -> "Run":
    """The saved run with this id (or unique start of one, or `last`) from the project at or above a folder."""
    from harness.store.project import ProjectFolder

    return ProjectFolder.find(project).database().load_run(run)


def frame(run: "Run") -> "DataFrame":
    """One row per sample and turn of a run; the columns are described in `harness.analysis.frame`."""
    from harness.analysis.frame import frame_turns

    return frame_turns(run)
