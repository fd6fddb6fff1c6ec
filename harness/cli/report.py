"""`harness report`: render saved runs again."""

from typing import Annotated

import typer

from harness.cli.options import LangOption, Open, ProjectOption


def report(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids of runs, starts of ids, or `last`.")],
    form: Annotated[str, typer.Option("--format", metavar="html|json", help="What to write.")] = "html",
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where; reports/<run>.<format> by default.")
    ] = None,
    lang: LangOption = None,
    open_report: Open = False,
    project: ProjectOption = ".",
) -> None:
    """Write the report of a saved run.

    Nothing is called.

    Example: harness report last --lang zh
    """
    from pathlib import Path

    from harness.analysis.summary import summarise
    from harness.cli.folder import find_project
    from harness.cli.reporting import open_in_browser, write_file
    from harness.errors import InputError, Problem, did_you_mean

    if form not in ("html", "json"):
        raise InputError(Problem(f"no format {form!r}", did_you_mean(form, ("html", "json"))))
    if output is not None and len(names) > 1:
        raise InputError(Problem("one --output cannot hold several runs", "leave it out, or render them one by one"))
    folder = find_project(project)
    database = folder.database()
    for name in names:
        run = database.load_run(name)
        target = Path(output) if output else folder.home / "reports" / f"{run.id}.{form}"
        write_file(run, summarise(run), target, lang)
        typer.echo(str(target))
        if open_report:
            open_in_browser(target)
