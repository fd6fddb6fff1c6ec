"""Whether a judge's rating falls when more of a chat is broken: breaks planted in a growing share of clean chats."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.core.card import Tongue
from harness.core.label import CLEAN, Label
from harness.core.scenario import Scenario, Turn
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from harness.engine.calibrate import labelled_chat
from harness.engine.judging import Bench, Record, judge_case
from harness.judges import Case
from harness.planting import CleanChat, broken_in

SHARES = (0.0, 0.1, 0.3, 0.5)
FEWEST_TURNS = 8
"""Of a shorter chat a tenth is not one turn."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A chat in which a share of the turns is broken."""

    language: Tongue
    share: float
    case: Case


def trials(labels: Iterable[Label]) -> Iterator[Trial]:
    """Each clean chat of some length, at every share."""
    for label in labels:
        chat = labelled_chat(label)
        if label.failure_type != CLEAN or len(chat.lines) < FEWEST_TURNS:
            continue
        turns = tuple((line.user, line.reply) for line in chat.lines)
        clean = CleanChat(id=label.id, persona=chat.persona, system=chat.system, turns=turns)
        for share in SHARES:
            yield Trial("en" if label.language == "en" else "zh", share, _case(broken_in(clean, share), share))


async def rate(trial: Trial, benches: Sequence[Bench], record: Record) -> float | None:
    """The mean of the grades that count."""
    verdicts = await judge_case(trial.case, benches, record)
    values = [each.value for verdict in verdicts for each in verdict.ratings if each.value is not None]
    return sum(values) / len(values) if values else None


def _case(chat: CleanChat, share: float) -> Case:
    return Case(
        persona=chat.persona,
        scenario=Scenario(title=chat.id, turns=tuple(Turn(user=user.strip() or "…") for user, _ in chat.turns)),
        transcript=Transcript(
            key=SampleKey(f"{chat.id} {share:.0%}", "", "", 1),
            exchanges=tuple(
                Exchange(turn=turn, sent=(), outcome="answered", text=reply, call=Call(seconds=0.0, attempts=0))
                for turn, (_, reply) in enumerate(chat.turns, 1)
            ),
        ),
    )
