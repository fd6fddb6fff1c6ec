"""A summary as one JSON object, for scripts (DESIGN §9). Unknown is null, never 0."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pydantic import JsonValue

from harness.analysis.ratings import Consistency, DimensionSummary
from harness.analysis.summary import ModelSummary, Summary
from harness.analysis.survival import Survival
from harness.core.charge import Bill
from harness.core.model import Currency
from harness.core.taxonomy import SEVERITIES
from harness.report.numbers import SYMBOLS


def summary_object(summary: Summary, report_path: Path | None) -> dict[str, JsonValue]:
    """What `--json` prints of a run; `report` is null when no report was written."""
    total = summary.model_bill + summary.judge_bill
    return {
        "run": summary.run,
        "status": summary.status,
        "exit_code": summary.exit_code,
        "samples": summary.samples,
        "unfinished_samples": summary.unfinished_samples,
        "turns": summary.turns,
        "outcomes": dict(summary.outcomes),
        "findings": {severity: summary.findings[severity] for severity in SEVERITIES},
        "ratings": {"scored": summary.ratings_scored, "unscored": summary.ratings_unscored},
        "break_rate": summary.break_rate,
        "cost": {
            **bill_object(total),
            "judge": bill_object(summary.judge_bill),
            "saved_by_cache": _amounts(summary.saved.amounts),
        },
        "models": [_model(model) for model in summary.models],
        "report": str(report_path) if report_path else None,
    }


def bill_object(bill: Bill) -> dict[str, JsonValue]:
    """A sum of charges, with how many calls are missing from it."""
    return {**_amounts(bill.amounts), "unknown_calls": bill.unknown_calls}


def _amounts(amounts: Mapping[Currency, Decimal]) -> dict[str, JsonValue]:
    """Every currency by name; null for one that nothing was charged in."""
    return {currency: float(amounts[currency]) if currency in amounts else None for currency in SYMBOLS}


def _model(model: ModelSummary) -> JsonValue:
    return {
        "model": model.model,
        "prompt": model.prompt,
        "samples": model.samples,
        "unfinished_samples": model.unfinished_samples,
        "broken_samples": model.broken_samples,
        "turns": model.turns,
        "broken_turns": model.broken_turns,
        "break_rate": model.break_rate,
        "break_rate_by_rules": model.break_rate_by_rules,
        "consistency": _consistency(model.consistency),
        "outcomes": dict(model.outcomes),
        "findings": {severity: model.findings[severity] for severity in SEVERITIES},
        "survival": _survival(model.survival),
        "dimensions": [_dimension(each) for each in model.dimensions],
        "latency": {"p50": model.latency.p50, "p95": model.latency.p95} if model.latency else None,
        "cost": {
            "model": bill_object(model.model_bill),
            "judge": bill_object(model.judge_bill),
            "per_sample": _amounts(model.cost_per_sample),
            "per_unbroken_turn": _amounts(model.cost_per_unbroken_turn),
        },
    }


def _survival(survival: Survival | None) -> JsonValue:
    if survival is None:
        return None
    return {
        "shares": list(survival.shares),
        "worst": list(survival.worst),
        "best": list(survival.best),
        "median_turns": survival.median_turns,
        "cut_short": survival.cut_short,
    }


def _consistency(consistency: Consistency | None) -> JsonValue:
    if consistency is None:
        return None
    return {
        "score": consistency.score,
        "lower": consistency.lower,
        "scored": consistency.scored,
        "unscored": consistency.unscored,
    }


def _dimension(summary: DimensionSummary) -> JsonValue:
    return {
        "dimension": summary.dimension,
        "mean": summary.mean,
        "lower": summary.lower,
        "scored": summary.scored,
        "unscored": summary.unscored,
        "trust": summary.trust,
    }
