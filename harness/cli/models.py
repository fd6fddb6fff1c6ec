"""`harness models`: the catalog."""

from typing import Annotated

import typer

from harness.cli.options import Json, ProjectOption

app = typer.Typer(no_args_is_help=True, help="List and show the models that can be named.", rich_markup_mode=None)


@app.command("list")
def list_(json_output: Json = False, project: ProjectOption = ".") -> None:
    """List the catalog: the shipped models and the project's own.

    Example: harness models list
    """
    from harness.cli.folder import find_project
    from harness.cli.keys import environment, key_for
    from harness.cli.printing import print_json, print_table
    from harness.core.charge import per_million
    from harness.store.catalog import ALIASES

    folder = find_project(project)
    if json_output:
        rows = {name: spec.model_dump(mode="json") for name, spec in folder.catalog.items()}
        print_json({"models": rows, "aliases": dict(ALIASES)})
        return
    short = {full: alias for alias, full in ALIASES.items()}
    known = environment(folder)
    cells = []
    for name, spec in folder.catalog.items():
        cost = "unknown"
        if (price := spec.price) is not None:
            cost = f"{per_million(price.input, price)}/{per_million(price.output, price)} {price.currency}"
        key = "set" if key_for(spec, known) else "not set: " + " or ".join(spec.api_key_env)
        cells.append((name, short.get(name, ""), cost, key if spec.api_key_env else "none needed"))
    print_table(("model", "alias", "price in/out per million", "key"), cells)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model or an alias.")],
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Show everything the catalog knows of one model.

    Example: harness models show hunyuan-role
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import print_fields, print_json
    from harness.store.catalog import model_named

    full, spec = model_named(name, find_project(project).catalog)
    row = {"name": full, **spec.model_dump(mode="json", exclude_none=True)}
    if json_output:
        print_json(row)
    else:
        print_fields(row)


@app.command()
def ping(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model or an alias.")],
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Make one tiny call and say what came back and what it cost.

    Example: harness models ping hunyuan-role
    """
    import asyncio

    from harness.cli.folder import find_project
    from harness.cli.ping import ping_model, print_ping
    from harness.cli.printing import print_json

    answer = asyncio.run(ping_model(find_project(project), name))
    if json_output:
        print_json(answer)
    else:
        print_ping(answer)
    raise typer.Exit(0 if answer["outcome"] in ("answered", "truncated") else 3)
