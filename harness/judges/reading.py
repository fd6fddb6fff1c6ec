"""A judge's answer, read: strictly if it is what was asked for, repaired if it nearly is, not at all otherwise."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import json_repair

from harness.core.rating import Stage

Json = Mapping[str, object]

_REASONING = re.compile(r"\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^```[a-zA-Z]*\s*\n(.*?)\n?```\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge said, by item; fields are whatever it put there."""

    stage: Stage
    violations: tuple[Json, ...]
    grades: Mapping[str, Json]


class Unreadable(ValueError):
    """The answer is not the object that was asked for; the message says what is wrong, for the judge to mend."""


def read_answer(text: str) -> Answer:
    """Read one answer.

    Raises:
        Unreadable: it holds no JSON object with `grades`.
    """
    bare = _without_reasoning(text).strip()
    fenced = _FENCE.match(bare)
    bare = fenced.group(1).strip() if fenced else bare
    try:
        return _answer(json.loads(bare), "strict")
    except (ValueError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
    if "{" not in bare:
        raise Unreadable("there is no JSON object in it")
    try:
        mended = json_repair.loads(bare[bare.index("{") :])
    except (ValueError, RecursionError):
        raise Unreadable("its JSON is beyond repair") from None
    return _answer(mended, "repaired")


def _without_reasoning(text: str) -> str:
    """What follows the reasoning an answer opens with; further in, the same tags are words of the chat, quoted."""
    while opening := _REASONING.match(text):
        text = text[opening.end() :]
    return text


def _answer(content: object, stage: Stage) -> Answer:
    if isinstance(content, list):  # several objects: the last verdict counts
        content = next((each for each in reversed(content) if isinstance(each, dict) and "grades" in each), None)
    if not isinstance(content, dict):
        raise Unreadable("it is no JSON object")
    grades, violations = content.get("grades"), content.get("violations", [])
    if not isinstance(grades, dict):
        raise Unreadable('the field "grades" is missing or no object')
    if not isinstance(violations, list):
        raise Unreadable('the field "violations" is no list')
    return Answer(
        stage=stage,
        violations=tuple(each for each in violations if isinstance(each, dict)),
        grades={str(item): each for item, each in grades.items() if isinstance(each, dict)},
    )
