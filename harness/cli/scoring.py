"""`harness rescore` and `score`: checks and judge over transcripts that exist already."""

from typing import Annotated

import typer

from harness.cli.options import (
    CacheOption,
    ConcurrencyOption,
    Json,
    JudgeOption,
    LangOption,
    MaxCostOption,
    Open,
    ProjectOption,
)


def rescore(
    name: Annotated[str, typer.Argument(metavar="RUN", help="A run's id, the start of one, or `last`.")],
    judge: JudgeOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    lang: LangOption = None,
    open_report: Open = False,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Check and judge a saved run again.

    The model under test is not called; answers that a judge gave already are not paid for again.

    Example: harness rescore last -j openai/gpt-4.1-mini
    """
    from harness.cli.calling import CallOptions
    from harness.cli.folder import find_project
    from harness.cli.output import Output
    from harness.cli.starting import rescore_run

    out = Output(json=json_output, language=lang, open_report=open_report)
    calls = CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache)
    rescore_run(find_project(project), name, judge, calls, out)


def score(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="JSONL: one chat a line, with `messages`.")],
    persona: Annotated[str, typer.Option("--persona", metavar="P", help="Who the assistant had to be.")],
    judge: JudgeOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    lang: LangOption = None,
    open_report: Open = False,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Check and judge chats that were recorded elsewhere.

    Each line of a file: {"id": "optional", "messages": [{"role": "user", "content": "…"}, …]}

    Example: harness score chats.jsonl --persona bram-oakenfist
    """
    from harness.cli.calling import CallOptions
    from harness.cli.folder import find_project
    from harness.cli.output import Output
    from harness.cli.recorded import score_files

    out = Output(json=json_output, language=lang, open_report=open_report)
    calls = CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache)
    score_files(find_project(project), files, persona, judge, calls, out)
