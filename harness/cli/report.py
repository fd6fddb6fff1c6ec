"""`harness report`: render saved runs again."""

from typing import Annotated

import typer

from harness.cli.options import LangOption, Open, ProjectOption


def report(
    names: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids of runs, starts of ids, or `last`.")],
    form: Annotated[
        str | None, typer.Option("--format", metavar="html|json", help="What to write; html by default.")
    ] = None,
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
    from harness.cli.output import Output, check_places
    from harness.cli.printing import say
    from harness.cli.reporting import open_in_browser, write_file
    from harness.errors import InputError, Problem, did_you_mean

    if form not in (None, "html", "json"):
        raise InputError(Problem(f"no format {form!r}", did_you_mean(form, ("html", "json"))))
    if form and output and Path(output).suffix != f".{form}":
        raise InputError(Problem(f"--format {form} and --output {output} disagree", f"end the name in .{form}"))
    if output is not None and len(names) > 1:
        raise InputError(Problem("one --output cannot hold several runs", "leave it out, or render them one by one"))
    folder = find_project(project)
    problems = check_places(Output(files=(output,) if output else (), language=lang), folder.home)
    if problems:
        raise InputError(problems)
    database = folder.database()
    for name in names:
        run = database.load_run(name)
        target = Path(output) if output else folder.home / "reports" / f"{run.id}.{form or 'html'}"
        write_file(run, summarise(run), target, lang)
        say(str(target))
        if open_report:
            open_in_browser(target)
