"""A judge's answer, read: strictly if it is what was asked for, repaired if it nearly is, not at all otherwise."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import json_repair

from harness.core.rating import Stage
from harness.text.fold import fold

Json = Mapping[str, object]

LONGEST = 400_000
"""Characters of an answer; no sheet asks for nearly as many."""
MOST_BRACES = 4_000
"""Braces of an answer that is to be mended, which takes the longer the deeper they nest."""
LONGEST_CLAIM = 200
MOST_CLAIMS = 20
"""What is handed on of a part of a chat, whatever the judge says."""
MOST_TRIES = 50
"""Braces of prose that are looked at for an object; whoever writes more of them has no verdict among them."""

_REASONING = re.compile(r"\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^```[a-zA-Z]*\s*\n(.*?)\n?```\s*$", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WIDE_MARKS = str.maketrans("｛｝［］：，“”＂", '{}[]:,"""')
_SURROGATES = re.compile("[\ud800-\udfff]")
_DECODER = json.JSONDecoder()

_VERDICT: Mapping[str, Sequence[str]] = {
    "violations": ("violation", "违例", "违规", "違例", "問題", "问题"),
    "grades": ("ratings", "scores", "评分", "打分", "分数", "評分", "分數", "grade"),
    "claims": ("说法", "主张", "說法"),
}
_VIOLATION: Mapping[str, Sequence[str]] = {
    "turn": ("轮次", "轮", "回合", "輪次"),
    "failure_type": ("type", "failure type", "类型", "類型"),
    "severity": ("严重程度", "程度", "嚴重程度"),
    "quote": ("citation", "evidence", "原文", "原话", "引用", "原話"),
    "why": ("reason", "explanation", "理由", "原因"),
}
_GRADE: Mapping[str, Sequence[str]] = {
    "id": ("item", "criterion", "项", "項", "编号"),
    "quote": ("citation", "evidence", "原文", "原话", "引用", "原話"),
    "reason": ("why", "explanation", "理由", "原因"),
    "grade": ("score", "rating", "分", "分数", "得分", "评分", "打分", "分數", "評分", "等级"),
}
"""What judges call a field that has another name: a sheet in Chinese draws answers in Chinese."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judge said, by item; fields are whatever it put there."""

    stage: Stage
    violations: tuple[Json, ...]
    grades: Mapping[str, Json]
    claims: tuple[str, ...] = ()
    """What the character said of itself, for whoever reads the next part of the chat."""


class Unreadable(ValueError):
    """The answer is not the object that was asked for; the message says what is wrong, for the judge to mend."""


def read_answer(text: str, *, graded: bool = True) -> Answer:
    """Read one answer. Of several verdicts the last one counts.

    Raises:
        Unreadable: it holds no JSON object with `grades`, which may be left out where none were asked for.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST:,} characters")
    bare = _without_reasoning(text).strip()
    fenced = _FENCE.match(bare)
    bare = fenced.group(1).strip() if fenced else bare
    try:
        return _answer(json.loads(bare), "strict", graded)
    except (ValueError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
    spelled = bare if "{" in bare else _half_width(bare)
    if "{" not in spelled:
        raise Unreadable("there is no JSON object in it")
    whole = list(_objects(spelled))
    if any("grades" in _named(each, _VERDICT) for each in whole if isinstance(each, dict)):
        return _answer(whole, "repaired", graded)
    return _mended(spelled, graded)


def is_readable(text: str) -> bool:
    """Whether there is a verdict in an answer."""
    try:
        read_answer(text, graded=False)
    except Unreadable:
        return False
    return True


def _mended(text: str, graded: bool) -> Answer:
    """An answer out of JSON that is no JSON: as it stands, or else with its full-width marks made half-width."""
    fault = Unreadable("its JSON is beyond repair")
    if text.count("{") > MOST_BRACES:
        raise fault
    for spelled in dict.fromkeys((text, _half_width(text))):
        try:
            return _answer(json_repair.loads(spelled[spelled.index("{") :]), "repaired", graded)
        except Unreadable as error:
            fault = error
        except (ValueError, RecursionError):
            continue
    raise fault


def _without_reasoning(text: str) -> str:
    """What follows the reasoning an answer opens with; further in, the same tags are words of the chat, quoted."""
    while opening := _REASONING.match(text):
        text = text[opening.end() :]
    return text


def _half_width(text: str) -> str:
    """The text with full-width marks made half-width, but for those inside of strings."""
    pieces, end = [], 0
    for string in _STRING.finditer(text):
        pieces += [text[end : string.start()].translate(_WIDE_MARKS), string[0]]
        end = string.end()
    return "".join((*pieces, text[end:].translate(_WIDE_MARKS)))


def _objects(text: str) -> Iterator[object]:
    """The objects that stand whole in a text.

    Nothing is looked for inside of what may itself be a broken verdict: a verdict in there is a quote from the chat.
    """
    at = text.find("{")
    for _ in range(MOST_TRIES):
        if at < 0:
            return
        try:
            found, end = _DECODER.raw_decode(text, at)
            yield found
        except (ValueError, RecursionError):
            end = text.find("}", at) + 1
            if not end or '"' in text[at:end]:
                return
        at = text.find("{", end)


def _answer(content: object, stage: Stage, graded: bool) -> Answer:
    several = content if isinstance(content, list) else [content]
    verdicts = [_named(each, _VERDICT) for each in several if isinstance(each, dict)]
    if not verdicts:
        raise Unreadable("it is no JSON object")
    with_grades = [each for each in verdicts if "grades" in each]
    told = with_grades[-1] if with_grades else {}
    listed = next((each["violations"] for each in (told, *reversed(verdicts)) if "violations" in each), None)
    violations = [listed] if isinstance(listed, dict) else [] if listed is None else listed
    if not isinstance(violations, list):
        raise Unreadable('the field "violations" is no list')
    claims = (told or verdicts[-1]).get("claims")
    return Answer(
        stage=stage,
        violations=tuple(_named(each, _VIOLATION) for each in violations if isinstance(each, dict)),
        grades=_grades(told.get("grades", None if graded else {})),
        claims=tuple(_claims(claims)),
    )


def _claims(given: object) -> Iterator[str]:
    for claim in given[:MOST_CLAIMS] if isinstance(given, list) else ():
        if isinstance(claim, str):
            yield storable(claim)[:LONGEST_CLAIM]


def storable(text: str) -> str:
    """Text that can be kept and sent: an escape in JSON may stand for half a character."""
    return _SURROGATES.sub("\ufffd", text)


def _grades(given: object) -> Mapping[str, Json]:
    if isinstance(given, list):
        named = [_named(each, _GRADE) for each in given if isinstance(each, dict)]
        given = {each["id"]: each for each in named if "id" in each}
        if not given:
            raise Unreadable('the field "grades" is a list whose entries name no item')
    if not isinstance(given, dict):
        raise Unreadable('the field "grades" is missing or no object')
    return {
        str(item).strip(): _named(each, _GRADE) if isinstance(each, dict) else {"grade": each}
        for item, each in given.items()
        if each is not None
    }


def _named(written: Json, names: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """An object with its fields by the names they were asked for."""
    known = {other: name for name, others in names.items() for other in (name, *others)}
    fields: dict[str, object] = {}
    for key, content in written.items():
        plain = fold(str(key)).text.strip()
        name = known.get(plain, str(key))
        if name not in fields or plain == name:
            fields[name] = content
    return fields
