"""`harness runs`: what the store holds."""

from typing import Annotated

import typer

from harness.cli.options import Json, ProjectOption, RunArgument

app = typer.Typer(no_args_is_help=True, help="List, show and delete saved runs.", rich_markup_mode=None)


@app.command("list")
def list_(json_output: Json = False, project: ProjectOption = ".") -> None:
    """List the saved runs, the newest first.

    Example: harness runs list
    """
    from dataclasses import asdict

    from harness.cli.folder import find_project
    from harness.cli.printing import print_json, print_table

    rows = find_project(project).database().list_runs()
    if json_output:
        print_json({"runs": [asdict(row) for row in rows]})
        return
    cells = [
        (row.id, f"{row.started:%Y-%m-%d %H:%M}", row.status, row.suite, f"{row.finished}/{row.samples}")
        for row in rows
    ]
    print_table(("run", "started (UTC)", "status", "suite", "samples"), cells)


@app.command()
def show(
    name: RunArgument = "last",
    sample: Annotated[
        str | None, typer.Option("--sample", metavar="ID", help="One sample in full, by its place in the run, from 1.")
    ] = None,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Show a run's numbers, or one of its samples with what was sent and received.

    Example: harness runs show last --sample 3
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import print_json
    from harness.cli.reporting import print_summary
    from harness.cli.samples import print_sample, sample_object

    database = find_project(project).database()
    run = database.load_run(name)
    if sample is None:
        print_summary(run, json_output=json_output)
    elif json_output:
        print_json(sample_object(run, sample))
    else:
        print_sample(run, sample)


@app.command()
def delete(
    name: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")], project: ProjectOption = "."
) -> None:
    """Delete one run from the store. Its report stays.

    Example: harness runs delete 20261122-120501-9f2c
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import say

    database = find_project(project).database()
    run = database.find_run(name)
    database.delete_run(run)
    say(f"deleted {run}")


@app.command()
def prune(
    keep: Annotated[int, typer.Option("--keep", min=0, metavar="N", help="How many of the newest to keep.")] = 30,
    project: ProjectOption = ".",
) -> None:
    """Delete all but the newest runs.

    Example: harness runs prune --keep 10
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import say
    from harness.errors import InputError

    database = find_project(project).database()
    for row in database.list_runs()[keep:]:
        try:
            database.delete_run(row.id)
        except InputError as busy:
            say(f"kept {row.id}: {busy}", err=True)
        else:
            say(f"deleted {row.id}")
