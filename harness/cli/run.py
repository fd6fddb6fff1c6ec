"""`harness demo`, `run` and `resume`: the commands that call the model under test."""

from typing import Annotated

import typer

from harness.cli.options import (
    CacheOption,
    ConcurrencyOption,
    EpochsOption,
    Json,
    JudgeOption,
    LangOption,
    MaxCostOption,
    ModelOption,
    NamesArgument,
    Open,
    ProjectOption,
    PromptOption,
    RunArgument,
    TagOption,
)


def demo(open_report: Open = False, json_output: Json = False) -> None:
    """Replay the starter suite on the embedded model.

    Writes a report. Needs no key; the model (93 MB) is fetched once.

    Example: harness demo --open
    """
    from harness.cli.output import Output
    from harness.cli.selection import Selection
    from harness.cli.starting import run_selection
    from harness.providers.weights import pull_weights
    from harness.store.project import ProjectFolder
    from harness.store.starter import starter_folder

    pull_weights()
    folder = ProjectFolder(root=starter_folder(), home=ProjectFolder.find().home)
    run_selection(folder, Selection(names=("smoke",)), Output(json=json_output, open_report=open_report))


def run(
    names: NamesArgument = None,
    model: ModelOption = None,
    prompt: PromptOption = None,
    judge: JudgeOption = None,
    epochs: EpochsOption = None,
    tag: TagOption = None,
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write a report here: .html or .json; may be repeated."),
    ] = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    lang: LangOption = None,
    open_report: Open = False,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Replay scenarios, find the breaks, write a report.

    The matrix is the product of models and prompts. Everything is checked before the first call.

    Example: harness run smoke -m hunyuan-role -p plain -p card -n 3
    """
    from harness.cli.calling import CallOptions
    from harness.cli.folder import find_project
    from harness.cli.output import Output
    from harness.cli.selection import Selection
    from harness.cli.starting import run_selection

    selection = Selection(
        names=tuple(names or ()),
        models=tuple(model or ()),
        prompts=tuple(prompt or ()),
        tags=tuple(tag or ()),
        judge=judge,
        epochs=epochs,
        calls=CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache),
    )
    out = Output(json=json_output, files=tuple(output or ()), language=lang, open_report=open_report)
    run_selection(find_project(project), selection, out)


def resume(
    name: RunArgument = "last",
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    lang: LangOption = None,
    open_report: Open = False,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Finish an interrupted, incomplete or capped run.

    No stored reply is asked for again. What the run has cost so far counts against the limit.

    Example: harness resume last --max-cost "5.00 USD"
    """
    from harness.cli.calling import CallOptions
    from harness.cli.folder import find_project
    from harness.cli.output import Output
    from harness.cli.starting import resume_run

    out = Output(json=json_output, language=lang, open_report=open_report)
    calls = CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache)
    resume_run(find_project(project), name, calls, out)
