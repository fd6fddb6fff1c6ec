"""Options that several commands share."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
ProjectOption = Annotated[
    str, typer.Option("--project", "-C", metavar="DIR", help="A folder of the project; the current one by default.")
]
JudgeOption = Annotated[
    str | None,
    typer.Option(
        "--judge",
        "-j",
        metavar="JUDGE",
        help="A judge of harness.yaml or a model; a panel with commas; `none` for none.",
    ),
]
RunArgument = Annotated[str, typer.Argument(metavar="[RUN]", help="A run's id, the start of one, or `last`.")]
Open = Annotated[bool, typer.Option("--open", help="Open the report in the browser.")]
LangOption = Annotated[
    str | None, typer.Option("--lang", metavar="en|zh", help="The report's language; the characters' by default.")
]
ConcurrencyOption = Annotated[
    int | None,
    typer.Option("--concurrency", min=1, max=10_000, metavar="N", help="Calls under way at once to each provider."),
]
MaxCostOption = Annotated[
    str | None,
    typer.Option("--max-cost", metavar="AMOUNT", help='End before a call that could cost more: "2.00 USD", "15 CNY".'),
]
CacheOption = Annotated[
    bool | None,
    typer.Option(
        "--cache/--no-cache",
        help="Use answers to equal earlier requests again: all, or none. By default only those of judges.",
        show_default=False,
    ),
]
NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[SUITE|SCENARIO]...", help="A suite, or scenarios; all by default.")
]
ModelOption = Annotated[
    list[str] | None, typer.Option("--model", "-m", metavar="MODEL", help="A model under test; may be repeated.")
]
PromptOption = Annotated[
    list[str] | None, typer.Option("--prompt", "-p", metavar="PROMPT", help="A system prompt; may be repeated.")
]
EpochsOption = Annotated[int | None, typer.Option("--epochs", "-n", min=1, max=1000, help="Repeats of each.")]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", "-k", metavar="TAG", help="Only scenarios with this tag; repeatable.")
]
