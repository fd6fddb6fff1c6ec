"""The golden set: labelled transcripts that ship with the package, for measuring judges and for canaries."""

from harness.core.label import Label
from harness.store.jsonl import read_labels
from harness.store.starter import starter_folder


def golden_labels() -> tuple[Label, ...]:
    """Every labelled reply of the set, in both languages."""
    return read_labels(sorted((starter_folder() / "rubrics" / "golden").glob("replies.*.jsonl")))
