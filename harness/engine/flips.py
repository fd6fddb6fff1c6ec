"""Whether a judge chooses by what is said or by where it stands: a broken and a faithful reply to the same line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.core.card import Tongue
from harness.core.label import CLEAN, Label
from harness.engine.calibrate import labelled_case
from harness.judges import Pair


@dataclass(frozen=True, slots=True)
class Counterparts:
    """A broken reply, first, and a faithful one."""

    language: Tongue
    pair: Pair


def counterparts(labels: Iterable[Label]) -> Iterator[Counterparts]:
    """Each broken reply with a clean one to the same chat, where the labels have one."""
    labels = tuple(labels)
    clean = {_chat(label): label for label in labels if label.failure_type == CLEAN}
    for label in labels:
        other = clean.get(_chat(label))
        if label.broken and other is not None:
            broken, faithful = labelled_case(label), labelled_case(other)
            pair = Pair(
                persona=broken.persona,
                scenario=broken.scenario,
                a=broken.transcript,
                b=faithful.transcript,
                only=broken.only,
            )
            yield Counterparts("en" if label.language == "en" else "zh", pair)


def _chat(label: Label) -> tuple[object, ...]:
    return label.language, label.persona.name, label.messages[:-1]
