"""`harness estimate`: what a run would take, worked out without any call."""

from decimal import Decimal
from typing import TYPE_CHECKING

from harness.cli.options import (
    CacheOption,
    EpochsOption,
    Json,
    JudgeOption,
    MaxCostOption,
    ModelOption,
    NamesArgument,
    ProjectOption,
    PromptOption,
    TagOption,
)

if TYPE_CHECKING:
    from harness.core.charge import Bill
    from harness.core.estimate import Spread
    from harness.core.run import Settings
    from harness.engine.estimate import Estimate, PartEstimate

HEADS = (
    "model", "role", "samples", "calls", "input tokens", "output tokens", "least", "likely", "most", "ceiling",
)  # fmt: skip
COSTS = ("least", "likely", "most", "ceiling")


def estimate(
    names: NamesArgument = None,
    model: ModelOption = None,
    prompt: PromptOption = None,
    judge: JudgeOption = None,
    epochs: EpochsOption = None,
    tag: TagOption = None,
    max_cost: MaxCostOption = None,
    cache: CacheOption = None,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Say how many calls and tokens a run would take, and what it would cost.

    Calls nobody and needs no key. Everything is checked as before a run.

    Example: harness estimate smoke -m hunyuan-role -n 3 --max-cost "2.00 USD"
    """
    from harness.cli.calling import CallOptions, provider_problems
    from harness.cli.folder import find_project
    from harness.cli.printing import print_json
    from harness.cli.selection import Selection, plan_selection
    from harness.engine.budget import budget_problems
    from harness.engine.estimate import estimate as worked_out
    from harness.engine.estimate import parts_of
    from harness.errors import InputError
    from harness.store.history import learn

    folder = find_project(project)
    selection = Selection(
        names=tuple(names or ()),
        models=tuple(model or ()),
        prompts=tuple(prompt or ()),
        tags=tuple(tag or ()),
        judge=judge,
        epochs=epochs,
        calls=CallOptions(max_cost=max_cost, cache=cache),
    )
    snapshot = plan_selection(folder, selection)
    problems = [*provider_problems(snapshot.models), *budget_problems(snapshot, snapshot.models)]
    if problems:
        raise InputError(problems)
    found = worked_out(snapshot, learn(folder.file.store, folder.home, parts_of(snapshot)))
    if json_output:
        print_json(_estimate_object(found, snapshot.settings))
    else:
        _print_estimate(found, snapshot.settings)


def _print_estimate(found: "Estimate", settings: "Settings") -> None:
    from harness.cli.printing import print_table, say
    from harness.report.numbers import bill, count

    rows = [_row(part) for part in found.parts]
    if len(rows) > 1:
        calls = count(sum(part.calls for part in found.parts))
        rows.append(("total", "", count(found.samples), calls, "", "", *(bill(found.total(which)) for which in COSTS)))
    print_table(HEADS, rows)
    for part in found.parts:
        say(_told_lengths(part))
    if settings.cache == "all":
        say("answers that are in the cache already cost nothing: that is not counted in")
    if settings.max_cost is not None:
        likely, most = (_under(found.total(which), settings) for which in ("likely", "most"))
        verdict = "stay under it" if most else "stays under it, the most does not" if likely else "is above it"
        say(f"limit of {settings.max_cost}: the likely cost {'and the most ' if most else ''}{verdict}")


def _row(part: "PartEstimate") -> tuple[str, ...]:
    from harness.report.numbers import bill, count

    return (
        part.part.model,
        _role(part),
        count(part.samples),
        count(part.calls),
        count(round(part.input_tokens.likely)),
        count(round(part.output_tokens.likely)),
        *(bill(getattr(part, which)) for which in COSTS),
    )


def _role(part: "PartEstimate") -> str:
    return "under test" if part.part.rubric is None else f"judge ({part.part.rubric})"


def _told_lengths(part: "PartEstimate") -> str:
    """Where the length of replies comes from."""
    kind, of = ("replies", "") if part.part.rubric is None else ("answers", "the judge ")
    tokens = part.reply_tokens
    told = f"taken to be {tokens.least:,.0f}–{tokens.most:,.0f} tokens: no saved {kind} yet"
    if part.learned_from:
        told = f"{tokens.likely:,.0f} tokens on average (learned from {part.learned_from:,} saved {kind})"
    return f"{kind} of {of}{part.part.model}: {told}"


def _under(total: "Bill", settings: "Settings") -> bool:
    """Whether a cost stays under the limit; all of it is known and can be converted, or the limit is refused."""
    cap, rate = settings.max_cost, settings.exchange
    if cap is None:
        return True
    amounts = (
        rate.convert(amount, currency, cap.currency) if rate else amount for currency, amount in total.amounts.items()
    )
    return sum(amounts, Decimal(0)) <= cap.amount


def _estimate_object(found: "Estimate", settings: "Settings") -> dict[str, object]:
    from harness.report.json import bill_object

    limit = None
    if settings.max_cost is not None:
        limit = {
            "amount": settings.max_cost.amount,
            "currency": settings.max_cost.currency,
            "likely_under": _under(found.total("likely"), settings),
            "most_under": _under(found.total("most"), settings),
        }
    return {
        "samples": found.samples,
        "calls": sum(part.calls for part in found.parts),
        "cost": {which: bill_object(found.total(which)) for which in COSTS},
        "models": [_part_object(part) for part in found.parts],
        "max_cost": limit,
    }


def _part_object(part: "PartEstimate") -> dict[str, object]:
    from harness.report.json import bill_object

    return {
        "model": part.part.model,
        "role": "tested" if part.part.rubric is None else "judge",
        "rubric": part.part.rubric,
        "samples": part.samples,
        "calls": part.calls,
        "input_tokens": _spread_object(part.input_tokens),
        "output_tokens": _spread_object(part.output_tokens),
        "reply_tokens": _spread_object(part.reply_tokens),
        "learned_from": part.learned_from,
        "cost": {which: bill_object(getattr(part, which)) for which in COSTS},
    }


def _spread_object(spread: "Spread") -> dict[str, int]:
    return {"least": round(spread.least), "likely": round(spread.likely), "most": round(spread.most)}
