"""`harness scenarios`: what there is to replay, and whether it is right."""

from typing import Annotated

import typer

from harness.cli.options import Json, ProjectOption

app = typer.Typer(no_args_is_help=True, help="List, check and show scenarios.", rich_markup_mode=None)


@app.command("list")
def list_(json_output: Json = False, project: ProjectOption = ".") -> None:
    """List the scenarios with their titles, turns, probes and tags.

    Example: harness scenarios list
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import print_json, print_table

    folder = find_project(project)
    loaded = folder.load(folder.choose(["*"]))
    heads = ("id", "title", "turns", "probes", "tags")
    rows = [
        (each.id, each.title, len(each.turns), sum(turn.probe is not None for turn in each.turns), each.tags)
        for each in loaded.scenarios.values()
    ]
    if json_output:
        print_json({"scenarios": [dict(zip(heads, row, strict=True)) for row in rows]})
    else:
        print_table(heads, [(*row[:-1], " ".join(row[-1])) for row in rows])


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(metavar="[SCENARIO]...", help="All by default.")] = None,
    project: ProjectOption = ".",
) -> None:
    """Check files without calling anything: personas, scenarios, prompts, rubrics and harness.yaml.

    Example: harness scenarios check bram-oakenfist
    """
    from harness.cli.folder import find_project
    from harness.cli.selection import check_files

    count = check_files(find_project(project), names or ["*"])
    typer.echo("1 scenario is fine" if count == 1 else f"{count} scenarios are fine")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario's id.")],
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Show one scenario as it will be played.

    Example: harness scenarios show bram-oakenfist/weary-traveller
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import print_json
    from harness.cli.samples import print_scenario

    folder = find_project(project)
    project_values = folder.load(folder.choose([name]))
    for scenario in project_values.scenarios.values():
        if json_output:
            print_json({"id": scenario.id, **scenario.model_dump(mode="json", exclude_none=True)})
        else:
            print_scenario(scenario, project_values.personas[scenario.persona])


@app.command()
def schemas(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Where to write them.")] = "schemas",
) -> None:
    """Write the JSON Schemas of all files people write, for an editor's completion.

    Example: harness scenarios schemas .vscode/schemas
    """
    from pathlib import Path

    from harness.store.schemas import write_schemas

    for path in write_schemas(Path(folder)):
        typer.echo(str(path))
