"""`harness calibrate`: how far the checks agree with labelled replies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.options import CacheOption, ConcurrencyOption, Json, MaxCostOption, ProjectOption

if TYPE_CHECKING:
    from harness.analysis.agreement import Alarms, CheckCard, Judged
    from harness.analysis.intervals import Share
    from harness.core.card import Interval
    from harness.core.finding import Finding
    from harness.core.label import Label, Prediction

MOST_LISTED = 20
"""Misses and false alarms that are listed for people; `--json` has them all."""
LONGEST_QUOTE = 60


def calibrate(
    labels: Annotated[list[Path], typer.Option("--labels", metavar="FILE", help="JSONL: one labelled reply a line.")],
    judge: Annotated[
        str | None,
        typer.Option("--judge", "-j", metavar="JUDGE", help="Measure this judge; without it the checks are measured."),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option("--predictions", metavar="FILE", help="Also write what was found, row by row.")
    ] = None,
    card: Annotated[
        Path | None, typer.Option("--card", metavar="FILE", help="Also write the judge's card, for rubrics/cards/.")
    ] = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    cache: CacheOption = None,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Measure the checks on labelled replies, or a judge: what they find, what they miss, where they cry wolf.

    Rows are described in docs/calibration.md. `--labels` may be given several times.

    Example: harness calibrate --labels rubrics/golden/replies.en.jsonl
    """
    from harness.errors import InputError, Problem
    from harness.store.jsonl import read_labels

    for written in (predictions, card):
        if written is not None and written.resolve() in {file.resolve() for file in labels}:
            raise InputError(Problem(f"{written}: is one of the label files", "choose another name"))
        if written is not None and not written.absolute().parent.is_dir():
            raise InputError(Problem(f"{written}: no such folder", "choose another place"))
    if judge is None and card is not None:
        raise InputError(Problem("--card: the checks have no card", "name the judge with -j"))
    rows = read_labels(labels)
    if judge is None:
        _calibrate_checks(rows, predictions, json_output)
        return
    from harness.cli.calling import CallOptions
    from harness.cli.cards import print_card
    from harness.cli.folder import find_project
    from harness.cli.measuring import measure
    from harness.cli.printing import print_json, say
    from harness.report.json import bill_object
    from harness.report.numbers import bill
    from harness.store.cards import write_card

    calls = CallOptions(concurrency=concurrency, max_cost=max_cost, cache=cache)
    measured = measure(find_project(project), judge, labels, rows, calls)
    if predictions is not None:
        _write(predictions, [one.prediction for one in measured.observed])
    if card is not None:
        write_card(card, measured.card)
    if json_output:
        print_json({**measured.card.model_dump(mode="json"), "cost": bill_object(measured.bill)})
    else:
        print_card(measured.card)
        say(f"cost of judging: {bill(measured.bill)}")


def _calibrate_checks(labels: Sequence["Label"], predictions: Path | None, json_output: bool) -> None:
    from harness.analysis.agreement import agree
    from harness.cli.printing import print_json
    from harness.engine.calibrate import predict_by_checks
    from harness.errors import InputError, Problem

    rows = [label for label in labels if label.failure_type is not None]
    if not rows:
        what = "no row has a failure_type, and only such rows measure the checks"
        raise InputError(Problem(what, "add rows with `failure_type` (or `clean`), `severity` and `span`"))
    found = list(predict_by_checks(rows))
    if predictions is not None:
        _write(predictions, found)
    card = agree(rows, found)
    if json_output:
        print_json(_as_json(card))
    else:
        _print(card)


def _write(path: Path, predictions: Sequence["Prediction"]) -> None:
    from harness.store.jsonl import write_lines

    write_lines(
        path,
        (
            {
                "id": one.label,
                "findings": [_finding(finding) for finding in one.findings if finding.muted is None],
                "ratings": dict(one.ratings),
                "violation": one.violation,
                "unscored_reason": one.unscored_reason,
            }
            for one in predictions
        ),
    )


def _finding(finding: "Finding") -> Mapping[str, object]:
    return {
        "failure_type": finding.failure_type,
        "severity": finding.severity,
        "certainty": finding.certainty,
        "span": [finding.span.start, finding.span.end] if finding.span else None,
        "quote": finding.quote,
    }


def _print(card: "CheckCard") -> None:
    from harness.cli.printing import print_table, say

    heads = ("language", "failure type", "rows", "recall", "breaks", "lapses", "precision", "F1", "type", "span")
    print_table(
        heads,
        [
            (
                one.language,
                one.failure_type or "all that rules see",
                one.recall.of,
                *(_share(share) for share in (one.recall, one.breaks, one.lapses, one.precision)),
                _interval(one.f1),
                *(_percent(share) for share in (one.named, one.placed)),
            )
            for one in card.agreements
        ],
    )
    if card.alarms:
        print_table(
            ("clean replies", "origin", "rows", "flagged", "flagged as break"), [_alarm(one) for one in card.alarms]
        )
    for title, rows in (("Missed", card.misses), ("False alarms", card.false)):
        if rows:
            say(f"{title} ({len(rows)}):")
            for row in rows[:MOST_LISTED]:
                say(f"  {_told(row)}")
            if len(rows) > MOST_LISTED:
                say(f"  … and {len(rows) - MOST_LISTED} more: --json lists them all")


def _alarm(one: "Alarms") -> Sequence[object]:
    return one.language, one.provenance, one.flagged.of, _share(one.flagged), _share(one.breaks)


def _told(row: "Judged") -> str:
    label = row.label
    if label.broken:
        return f"{label.id} · {label.failure_type} · {label.severity} · {_short(label.span)}"
    findings = (f"{one.failure_type} ({one.severity}): {_short(one.quote)}" for one in row.findings)
    return f"{label.id} · {' · '.join(findings)}"


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= LONGEST_QUOTE else f"{flat[: LONGEST_QUOTE - 1]}…"


def _share(share: "Share") -> str:
    return _interval(share.interval)


def _percent(share: "Share") -> str:
    return f"{share.hits / share.of:.0%}" if share.of else "-"


def _interval(one: "Interval") -> str:
    if one.value is None:
        return "-"
    return f"{one.value:.2f}" if one.low is None else f"{one.value:.2f} ({one.low:.2f}-{one.high:.2f})"


def _as_json(card: "CheckCard") -> Mapping[str, object]:
    return {
        "agreements": [
            {
                "language": one.language,
                "failure_type": one.failure_type,
                "recall": _numbers(one.recall),
                "recall_on_breaks": _numbers(one.breaks),
                "recall_on_lapses": _numbers(one.lapses),
                "precision": _numbers(one.precision),
                "f1": {"value": one.f1.value, "low": one.f1.low, "high": one.f1.high},
                "right_type": _numbers(one.named),
                "right_span": _numbers(one.placed),
            }
            for one in card.agreements
        ],
        "clean": [
            {
                "language": one.language,
                "provenance": one.provenance,
                "flagged": _numbers(one.flagged),
                "flagged_break": _numbers(one.breaks),
            }
            for one in card.alarms
        ],
        "misses": [_miss(row) for row in card.misses],
        "false_alarms": [
            {"id": row.label.id, "findings": [_finding(one) for one in row.findings]} for row in card.false
        ],
    }


def _miss(row: "Judged") -> Mapping[str, object]:
    label = row.label
    return {"id": label.id, "failure_type": label.failure_type, "severity": label.severity, "span": label.span}


def _numbers(share: "Share") -> Mapping[str, object]:
    interval = share.interval
    return {"hits": share.hits, "of": share.of, "value": interval.value, "low": interval.low, "high": interval.high}
