"""Two chats of one scenario, compared turn by turn: in both orders, since judges favour a place; a flip is a tie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from harness.core.conversation import GOOD, AnswerForm, Conversation, Message
from harness.core.model import ModelSpec
from harness.core.pair import Choice, Preference
from harness.core.persona import Persona
from harness.core.rating import Ask
from harness.core.scenario import Scenario
from harness.core.transcript import Exchange, Transcript
from harness.judges.base import Asker
from harness.judges.quoting import closed_object, prompt_text, render_request, shown_persona
from harness.judges.reading import Unreadable, read_answer

LONGEST = 20
"""Turns that are compared at once."""
TOKENS_A_TURN = 120
LONGEST_REASON = 160
PLACES: Mapping[str, Choice] = {"first": "a", "second": "b", "tie": "tie"}
SWAPPED: Mapping[Choice, Choice] = {"a": "b", "b": "a", "tie": "tie"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two transcripts of the same script."""

    persona: Persona
    scenario: Scenario
    a: Transcript
    b: Transcript
    only: frozenset[int] | None = None
    """The turns to be compared, when the others are there to be read alone."""

    def turns(self) -> tuple[int, ...]:
        """The turns to be compared, of those to which both have a reply."""
        both = {one.turn for one in self.a.replies()} & {one.turn for one in self.b.replies()}
        return tuple(sorted(both if self.only is None else both & self.only))


async def prefer(pair: Pair, spec: ModelSpec, ask: Asker) -> tuple[Preference, ...]:
    """Which reply is better at each turn that both chats have."""
    turns = pair.turns()
    preferences: list[Preference] = []
    for start in range(0, len(turns), LONGEST):
        some = turns[start : start + LONGEST]
        straight = _read(await ask(_request(pair, some, spec, swapped=False)), some)
        swapped = {
            turn: SWAPPED[choice]
            for turn, choice in _read(await ask(_request(pair, some, spec, swapped=True)), some).items()
        }
        preferences += [_settled(turn, straight.get(turn), swapped.get(turn)) for turn in some]
    return tuple(preferences)


def _settled(turn: int, one: Choice | None, other: Choice | None) -> Preference:
    if one is None or other is None:
        return Preference(turn=turn, better=None)
    return Preference(turn=turn, better=one if one == other else "tie", flipped=one != other)


def _request(pair: Pair, turns: Sequence[int], spec: ModelSpec, *, swapped: bool) -> Conversation:
    wording = "en" if pair.persona.language == "en" else "zh"
    first, second = (pair.b, pair.a) if swapped else (pair.a, pair.b)
    shown: list[Mapping[str, object]] = [
        {"persona": shown_persona(pair.persona)},
        {"chat": _lines(pair.scenario, first, second, turns[-1])},
    ]
    room = TOKENS_A_TURN * len(turns)
    most = spec.rules.max_output_tokens
    return Conversation(
        messages=(
            Message("system", prompt_text(f"pair.{wording}.md").strip()),
            Message("user", render_request(f"pairs.{wording}.md", shown, {"turns": list(turns)})),
        ),
        params=spec.params.model_copy(update={"temperature": spec.coldest, "max_tokens": min(room, most or room)}),
        form=AnswerForm(name="preferences", schema=_schema(turns)),
    )


def _lines(scenario: Scenario, first: Transcript, second: Transcript, last: int) -> list[Mapping[str, object]]:
    said = [{one.turn: one for one in transcript.replies() if one.turn <= last} for transcript in (first, second)]
    return [
        {
            "turn": turn,
            "user": scenario.turns[turn - 1].user,
            "first": _text(said[0], turn),
            "second": _text(said[1], turn),
        }
        for turn in sorted({*said[0], *said[1]})
    ]


def _text(said: Mapping[int, Exchange], turn: int) -> str | None:
    return said[turn].text if turn in said else None


def _schema(turns: Sequence[int]) -> Mapping[str, JsonValue]:
    reason: JsonValue = {"type": "string", "maxLength": LONGEST_REASON}
    grade: JsonValue = {"type": "string", "enum": list(PLACES)}
    each: dict[str, JsonValue] = {f"turn_{turn}": closed_object({"reason": reason, "grade": grade}) for turn in turns}
    return closed_object({"grades": closed_object(each)})


def _read(said: Ask, turns: Sequence[int]) -> Mapping[int, Choice]:
    """The choices that can be read; a turn without one is left out."""
    if said.outcome not in GOOD:
        return {}
    try:
        grades = read_answer(said.answer).grades
    except Unreadable:
        return {}
    written = {turn: str(grades.get(f"turn_{turn}", {}).get("grade", "")).strip().lower() for turn in turns}
    return {turn: PLACES[choice] for turn, choice in written.items() if choice in PLACES}
