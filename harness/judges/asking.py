"""The request put to a judge: the sheet, the evidence as quoted data, and the form its answer must have."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from pydantic import JsonValue

from harness.core.conversation import AnswerForm, Conversation, Message
from harness.core.model import ModelSpec
from harness.core.rubric import Rubric, Wording
from harness.core.taxonomy import FAILURE_TYPES, SEVERITIES
from harness.judges.base import Case
from harness.judges.items import Item
from harness.text.templates import LONGEST, render_template

LONGEST_QUOTE = 80
LONGEST_REASON = 120
"""Characters; a line that decides and a sentence that says why need no more."""
TOKENS_A_TEXT = 150
"""Room for a quote with a reason in any language, and what JSON puts around them."""


def request_for(rubric: Rubric, case: Case, items: Sequence[Item], spec: ModelSpec) -> Conversation:
    """The request to a judge's model: the sheet first, so that it is the same prefix for every case of a rubric."""
    wording = wording_for(case)
    room = TOKENS_A_TEXT * (rubric.most_violations + len(items))
    most = spec.rules.max_output_tokens
    return Conversation(
        messages=(Message("system", _sheet(rubric, wording)), Message("user", _evidence(case, items, wording))),
        params=spec.params.model_copy(update={"temperature": spec.coldest, "max_tokens": min(room, most or room)}),
        form=AnswerForm(name="verdict", schema=_schema(rubric, case, items)),
    )


def wording_for(case: Case) -> Wording:
    """The language a judge is addressed in: the character's, so that Chinese is judged in Chinese."""
    return "en" if case.persona.language == "en" else "zh"


def reminder(request: Conversation, answer: str, fault: str, language: Wording) -> Conversation:
    """The request again, with the unreadable answer and what was wrong with it."""
    said = {
        "en": f"That could not be read: {fault}. Answer again, with the JSON object alone.",
        "zh": f"上面的回答无法读取：{fault}。请重新回答，只写该 JSON 对象。",
    }
    again = (*request.messages, Message("assistant", answer or "…"), Message("user", said[language]))
    return Conversation(messages=again, params=request.params, form=request.form)


def _sheet(rubric: Rubric, wording: Wording) -> str:
    criteria = [
        {
            "id": criterion.id,
            "question": criterion.question[wording],
            "levels": [{"grade": level.grade, "anchor": level.anchor[wording]} for level in criterion.levels],
        }
        for criterion in rubric.criteria
    ]
    top = rubric.criteria[0].levels[-1].grade
    values = {
        "failure_types": FAILURE_TYPES,
        "most_violations": rubric.most_violations,
        "criteria": criteria,
        "top": top,
    }
    return render_template(_template(f"sheet.{wording}.md"), values).strip()


def _evidence(case: Case, items: Sequence[Item], wording: Wording) -> str:
    """The persona and the chat as data, each between its own markers: chats of one persona share a prefix so far."""
    shown = [json.dumps(part, ensure_ascii=False) for part in (_persona(case), _chat(case))]
    asked = [{"id": item.id, "what": _what(item, wording), "turn": item.turn} for item in items]
    blocks = [{"marker": _marker(evidence, shown), "evidence": evidence} for evidence in shown]
    size = sum(map(len, shown)) + LONGEST  # the template is ours, only what it shows is long
    return render_template(_template(f"case.{wording}.md"), {"blocks": blocks, "items": asked}, size).strip()


def _what(item: Item, wording: Wording) -> str:
    if item.failure_type is None:
        return item.criterion.id
    yes_or_no = {"en": "1 if this holds, else 0:", "zh": "成立为 1，否则为 0："}
    return f"{yes_or_no[wording]} {json.dumps(item.criterion.question[wording], ensure_ascii=False)}"


def _persona(case: Case) -> Mapping[str, object]:
    persona = case.persona.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"id", "allow", "greeting"}
    )
    return {"persona": persona}


def _chat(case: Case) -> Mapping[str, object]:
    chat = []
    for exchange in case.replies():
        turn = case.scenario.turns[exchange.turn - 1]
        line: dict[str, object] = {"turn": exchange.turn, "user": turn.user, "character": exchange.text}
        if turn.reference is not None:
            line["faithful"] = turn.reference
        chat.append(line)
    return {"chat": chat}


def _marker(evidence: str, shown: Sequence[str]) -> str:
    """A line that occurs in nothing shown, made of the evidence so that the same case asks the same again."""
    salt = 0
    while True:
        nonce = blake2b(f"{salt}\0{evidence}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        marker = f"=== data {nonce} ==="
        if not any(nonce in each for each in shown):
            return marker
        salt += 1


def _schema(rubric: Rubric, case: Case, items: Sequence[Item]) -> Mapping[str, JsonValue]:
    quote: JsonValue = {"type": "string", "maxLength": LONGEST_QUOTE}
    reason: JsonValue = {"type": "string", "maxLength": LONGEST_REASON}
    violation = _object(
        {
            "turn": {"type": "integer", "enum": [exchange.turn for exchange in case.replies()]},
            "failure_type": {"type": "string", "enum": list(FAILURE_TYPES)},
            "severity": {"type": "string", "enum": list(SEVERITIES)},
            "quote": quote,
            "why": reason,
        }
    )
    grades: dict[str, JsonValue] = {
        item.id: _object(
            {
                "quote": quote,
                "reason": reason,
                "grade": {"type": "integer", "enum": [level.grade for level in item.criterion.levels]},
            }
        )
        for item in items
    }
    violations: JsonValue = {"type": "array", "items": violation, "maxItems": rubric.most_violations}
    return _object({"violations": violations, "grades": _object(grades)})


def _object(properties: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@cache
def _template(name: str) -> str:
    return files("harness.judges").joinpath("prompts", name).read_text(encoding="utf-8")
