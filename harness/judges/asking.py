"""The request put to a judge: the sheet, the evidence as quoted data, and the form its answer must have."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b

from pydantic import JsonValue

from harness.core.conversation import AnswerForm, Conversation, Message
from harness.core.model import ModelSpec
from harness.core.rubric import Rubric, Wording
from harness.core.taxonomy import FAILURE_TYPES, SEVERITIES
from harness.judges.base import Case
from harness.judges.items import Item
from harness.judges.passages import Passage
from harness.judges.quoting import closed_object, prompt_text, render_request, shown_persona
from harness.text.templates import render_template

LONGEST_QUOTE = 80
LONGEST_REASON = 120
"""Characters; a line that decides and a sentence that says why need no more."""
PROMPTS = ("sheet.en.md", "sheet.zh.md", "case.en.md", "case.zh.md", "failure_types.toml")
MOST_CLAIMS = 20
"""Sentences that one part of a long chat hands to the next."""
TOKENS_A_TEXT = 150
"""Room for a quote with a reason in any language, and what JSON puts around them."""
VIOLATIONS_A_TURN = 4
LIVELY = 0.7
"""The temperature of a second and third vote: asked as coldly as the first they would only repeat it."""


def request_for(
    rubric: Rubric, passage: Passage, spec: ModelSpec, *, claims: Sequence[str] = (), vote: int = 1
) -> Conversation:
    """The request to a judge's model: the sheet first, so that it is the same prefix for every case of a rubric.

    `claims` come from the parts of a chat before this one; `vote` tells apart answers to the same question.
    """
    wording = wording_for(passage.case)
    texts = _most_violations(rubric, passage) + len(passage.items) + passage.continued * MOST_CLAIMS // 2
    room = TOKENS_A_TEXT * texts
    most = spec.rules.max_output_tokens
    temperature = spec.coldest if vote == 1 else max(LIVELY, spec.coldest)
    return Conversation(
        messages=(
            Message("system", _sheet(rubric, wording)),
            Message("user", _evidence(passage, claims, wording)),
        ),
        params=spec.params.model_copy(update={"temperature": temperature, "max_tokens": min(room, most or room)}),
        form=AnswerForm(name="verdict", schema=_schema(rubric, passage)),
        take=vote,
    )


def fingerprint(rubric: Rubric) -> str:
    """What tells this rubric with everything else that a judge is told apart from any other; no case takes part."""
    told = [rubric.model_dump_json(), *(prompt_text(name) for name in PROMPTS)]
    return blake2b("\0".join(told).encode(), digest_size=8).hexdigest()


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
    return Conversation(messages=again, params=request.params, form=request.form, take=request.take)


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
        "failure_types": [(name, _meanings()[name][wording]) for name in FAILURE_TYPES],
        "most_violations": rubric.most_violations,
        "criteria": criteria,
        "top": top,
    }
    return render_template(prompt_text(f"sheet.{wording}.md"), values).strip()


def _evidence(passage: Passage, claims: Sequence[str], wording: Wording) -> str:
    """The persona and the chat as data, each between its own markers: chats of one persona share a prefix so far."""
    parts: list[Mapping[str, object]] = [{"persona": shown_persona(passage.case.persona)}]
    parts += [{"claims": list(claims)}] if claims else []
    values = {
        "part": passage.part,
        "graded": "" if passage.graded == passage.shown else _turns(passage.graded, wording),
        "types": "" if passage.types == FAILURE_TYPES else ", ".join(passage.types),
        "items": [{"id": item.id, "what": _what(item, wording), "turn": item.turn} for item in passage.items],
        "continued": passage.continued,
        "most_claims": MOST_CLAIMS,
    }
    return render_request(f"case.{wording}.md", [*parts, _chat(passage)], values)


def _turns(numbers: Sequence[int], wording: Wording) -> str:
    told = ", ".join(map(str, numbers))
    if wording == "zh":
        return f"第 {told} 轮"
    return f"turns {told}" if len(numbers) > 1 else f"turn {told}"


def _what(item: Item, wording: Wording) -> str:
    if item.failure_type is None:
        return item.criterion.id
    yes_or_no = {"en": "1 if this holds, else 0:", "zh": "成立为 1，否则为 0："}
    return f"{yes_or_no[wording]} {json.dumps(item.criterion.question[wording], ensure_ascii=False)}"


def _chat(passage: Passage) -> Mapping[str, object]:
    chat = []
    for exchange in passage.replies():
        turn = passage.case.scenario.turns[exchange.turn - 1]
        line: dict[str, object] = {"turn": exchange.turn, "user": turn.user, "character": exchange.text}
        if turn.reference is not None:
            line["faithful"] = turn.reference
        chat.append(line)
    return {"chat": chat}


def _schema(rubric: Rubric, passage: Passage) -> Mapping[str, JsonValue]:
    quote: JsonValue = {"type": "string", "maxLength": LONGEST_QUOTE}
    reason: JsonValue = {"type": "string", "maxLength": LONGEST_REASON}
    violation = closed_object(
        {
            "turn": {"type": "integer", "enum": list(passage.graded)},
            "failure_type": {"type": "string", "enum": list(passage.types)},
            "severity": {"type": "string", "enum": list(SEVERITIES)},
            "quote": quote,
            "why": reason,
        }
    )
    grades: dict[str, JsonValue] = {
        item.id: closed_object(
            {
                "quote": quote,
                "reason": reason,
                "grade": {"type": "integer", "enum": [level.grade for level in item.criterion.levels]},
            }
        )
        for item in passage.items
    }
    violations: JsonValue = {"type": "array", "items": violation, "maxItems": _most_violations(rubric, passage)}
    fields: dict[str, JsonValue] = {"violations": violations, "grades": closed_object(grades)}
    if passage.continued:
        fields["claims"] = {"type": "array", "items": reason, "maxItems": MOST_CLAIMS}
    return closed_object(fields)


def _most_violations(rubric: Rubric, passage: Passage) -> int:
    """As many as the rubric allows for a long passage; a short one has no room for so many."""
    return min(rubric.most_violations, VIOLATIONS_A_TURN * len(passage.graded))


@cache
def _meanings() -> Mapping[str, Mapping[Wording, str]]:
    """What each failure type is, in the words of a judge's sheet."""
    return tomllib.loads(prompt_text("failure_types.toml"))
