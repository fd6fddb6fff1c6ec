"""A case to judge, and a judge's model that says what it is told to."""

import json
from collections.abc import Sequence

from harness.core.conversation import Conversation, Outcome
from harness.core.persona import Persona
from harness.core.rating import Ask, Rating, Verdict
from harness.core.rubric import Rubric
from harness.core.scenario import Scenario
from harness.core.transcript import Exchange
from harness.judges import Case, SheetJudge
from tests.build import exchange, model, persona, rubric, scenario, transcript

Said = str | tuple[Outcome, str]
"""An answer; or how it ended and what came of it."""

LINES = ("Wipe your boots, friend.", "客官里边坐，井水刚烧开。", "The salt road is closed till spring.")

USERS = ("Good evening, keeper.", "老板娘，讨口水喝。", "Which road is open?")


def case(*replies: str | Exchange, of: Scenario | None = None, who: Persona | None = None) -> Case:
    """A chat with these replies, each to a line of the user's."""
    given = replies or LINES
    return Case(
        persona=who or persona(),
        scenario=of or scenario(*USERS[: len(given)]),
        transcript=transcript(*given),
    )


class Model:
    """Answers one request after the other, and remembers them."""

    def __init__(self, *answers: Said) -> None:
        self.answers = list(answers)
        self.asked: list[Conversation] = []

    async def __call__(self, request: Conversation) -> Ask:
        self.asked.append(request)
        said = self.answers.pop(0)
        outcome, answer = said if isinstance(said, tuple) else ("answered", said)
        return Ask(
            model="mock/judge", digest=request.digest(model(), 1), sent=request.messages, outcome=outcome,
            answer=answer, call=exchange().call,
        )  # fmt: skip


async def judged(*answers: Said, of: Case | None = None, by: Rubric | None = None, **spec: object) -> Verdict:
    """What a judge makes of a case when its model answers so."""
    judge = SheetJudge(name="strict", rubric=by or rubric(), spec=model(**spec))
    return await judge.vote(of or case(), Model(*answers))


def grade(number: object = 2, quote: object = "Wipe your boots", reason: object = "短而有力") -> dict[str, object]:
    return {"quote": quote, "reason": reason, "grade": number}


def answer(grades: object = None, violations: object = ()) -> str:
    """An answer as it was asked for: one grade for the voice unless told otherwise."""
    given = {"voice": grade()} if grades is None else grades
    return json.dumps({"violations": violations, "grades": given}, ensure_ascii=False)


def violation(**fields: object) -> dict[str, object]:
    return {
        "turn": 1, "failure_type": "identity_swap", "severity": "lapse", "quote": "Wipe your boots", "why": "不像他",
        **fields,
    }  # fmt: skip


def only(ratings: Sequence[Rating]) -> Rating:
    (rating,) = ratings
    return rating


def unscored(verdict: Verdict) -> list[str | None]:
    return [rating.unscored for rating in verdict.ratings]
