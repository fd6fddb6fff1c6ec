"""Judges' cards: what has been measured of one, as far as a test says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from harness.core.card import Card, CardRow, Interval
from harness.core.run import Run

GOOD = Interval(value=0.93, low=0.88, high=0.97)


def row(dimension: str = "voice", **fields: object) -> CardRow:
    """What makes a judge trusted in one dimension, in English, unless told otherwise."""
    values: dict[str, object] = {
        "dimension": dimension, "language": "en", "labels": "human", "provenance": {"human": 60}, "rows": 60,
        "scored": 60, "violations": 30, "characters": 9, "auroc": GOOD, **fields,
    }  # fmt: skip
    return CardRow.model_validate(values)


def card(*rows: CardRow) -> Card:
    return Card(
        model="mock/judge", id="judge-1", rubric="quick@1", prompt="abc", measured=date(2026, 11, 22), version="0",
        labels=("graded.en.jsonl", "graded.zh.jsonl"), rows=rows,
    )  # fmt: skip


def with_cards(run: Run, cards: Mapping[str, Card]) -> Run:
    """The run, with what is known of its judges."""
    return replace(run, snapshot=run.snapshot.model_copy(update={"cards": cards}))
