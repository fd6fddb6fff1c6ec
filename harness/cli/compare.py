"""`harness compare`: two prompts or models of a run, or two runs, held against each other by a judge."""

from typing import Annotated

import typer

from harness.cli.options import CacheOption, ConcurrencyOption, Json, JudgeOption, MaxCostOption, ProjectOption

HEADS = ("first", "second", "turns", "first better", "second better", "ties", "flips", "unread", "first wins")


def compare(
    names: Annotated[list[str], typer.Argument(metavar="RUN [RUN]", help="One run, or two: ids or `last`.")],
    by: Annotated[str | None, typer.Option("--by", metavar="prompt|model", help="What differs within one run.")] = None,
    judge: JudgeOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Let a judge choose, turn by turn, between the replies of two prompts, two models, or two runs.

    Every pair is shown in both orders; a judge that chooses by place has chosen nothing, which makes a tie.

    Example: harness compare last --by prompt -j openai/gpt-4.1-mini
    """
    from dataclasses import asdict

    from harness.cli.calling import CallOptions
    from harness.cli.folder import find_project
    from harness.cli.matching import compare_sides
    from harness.cli.printing import print_json, print_table, say
    from harness.errors import InputError, Problem
    from harness.report.json import bill_object
    from harness.report.numbers import bill

    if judge is None:
        raise InputError(Problem("no judge to compare with", "name one with -j"))
    if len(names) > 2 or (len(names) == 2) == (by is not None):
        raise InputError(Problem("name one run with --by, or two runs", "see `harness compare --help`"))
    folder = find_project(project)
    runs = [folder.database().load_run(name) for name in names]
    calls = CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache)
    results, cost = compare_sides(folder, judge, runs, by, calls)
    if json_output:
        rows = [{"first": a, "second": b, **asdict(rate), "rate": rate.rate.model_dump()} for a, b, rate in results]
        print_json({"comparisons": rows, "cost": bill_object(cost)})
        return
    cells = []
    for first, second, rate in results:
        won = rate.rate
        share = "-" if won.value is None else f"{won.value:.0%}"
        share += "" if won.low is None else f" ({won.low:.0%} to {won.high:.0%})"
        cells.append((first, second, rate.turns, rate.wins, rate.losses, rate.ties, rate.flips, rate.unread, share))
    print_table(HEADS, cells)
    say(f"cost of judging: {bill(cost)}")
