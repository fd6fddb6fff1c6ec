"""The project a command works in."""

import typer

from harness.store.project import ProjectFolder


def find_project(start: str) -> ProjectFolder:
    """The project at or above a folder; says so when the starter project stands in."""
    folder = ProjectFolder.find(start)
    if folder.is_starter:
        typer.echo("no harness.yaml here or above: using the starter project that ships with harness", err=True)
    return folder
