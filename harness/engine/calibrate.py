"""What checks and judges say of labelled replies, each taken as the end of a chat of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.checks import Chat, Line, build_checks, check_chat, choose_checks
from harness.core.conversation import Message
from harness.core.finding import Finding
from harness.core.label import Label, Prediction
from harness.core.persona import Persona
from harness.core.rating import Rating, Verdict
from harness.core.scenario import CheckChoice, Scenario, Turn
from harness.core.taxonomy import DENSE, DIMENSIONS, FAILURES, Dimension
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from harness.engine.judging import Bench, Record, judge_case
from harness.judges import Case
from harness.text.patterns import well_formed

CHECKED = choose_checks(CheckChoice(skip=("length", "narration_format", "unmet_expectation")))
"""The checks that can be measured on labels, whose card tells neither a limit, nor how actions are written, nor what a
turn expects."""

GRAVITY = {"break": 1.0, "lapse": 0.7, "note": 0.3}
"""How much each severity of a judge's finding says that something is wrong."""


def predict_by_checks(labels: Iterable[Label]) -> Iterator[Prediction]:
    """The findings of the default checks in each labelled reply."""
    checks = build_checks(CHECKED)
    for label in labels:
        chat = labelled_chat(label)
        last = chat.lines[-1].turn
        findings = tuple(finding for finding in check_chat(chat, checks) if finding.turn == last)
        surest = max((finding.certainty for finding in findings), default=0.0)
        yield Prediction(label=label.id, findings=findings, violation=surest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a judge made of one labelled reply, and of the same once more where it was asked again."""

    prediction: Prediction
    again: Prediction | None = None


async def predict_by_judge(label: Label, benches: Sequence[Bench], record: Record, *, again: bool = False) -> Judged:
    """Put a labelled reply to the judges, by the same call that a run makes."""
    case = labelled_case(label)
    first = prediction_of(label, await judge_case(case, benches, record))
    if not again:
        return Judged(prediction=first)
    second = Transcript(key=case.transcript.key._replace(epoch=2), exchanges=case.transcript.exchanges)
    other = Case(persona=case.persona, scenario=case.scenario, transcript=second, only=case.only, called=case.called)
    return Judged(prediction=first, again=prediction_of(label, await judge_case(other, benches, record)))


def labelled_case(label: Label) -> Case:
    """The last reply of a label as a judge is shown it: the one turn to be graded, the chat before it to be read."""
    chat = labelled_chat(label)
    last = chat.lines[-1].turn
    reference = " ".join((label.reference or "").split()) or None
    turns = tuple(
        Turn(user=line.user.strip() or "…", reference=reference if line.turn == last else None) for line in chat.lines
    )
    exchanges = tuple(
        Exchange(turn=line.turn, sent=(), outcome="answered", text=line.reply, call=Call(seconds=0.0, attempts=0))
        for line in chat.lines
    )
    return Case(
        persona=chat.persona,
        scenario=Scenario(title="labelled", turns=turns),
        transcript=Transcript(key=SampleKey(label.id, "", "", 1), exchanges=exchanges),
        only=frozenset({last}),
        called=_put_to_the_test(label),
    )


def _put_to_the_test(label: Label) -> frozenset[Dimension]:
    """What a reply is graded in beyond what every turn is. A row of any failure type is graded in everything, lest the
    questions give away what is wrong.
    """
    return frozenset({label.dimension} if label.dimension else set(DIMENSIONS) - DENSE)


def prediction_of(label: Label, verdicts: Sequence[Verdict]) -> Prediction:
    """The verdicts in numbers: ratings by dimension, and how surely something is wrong."""
    graded = [rating for verdict in verdicts for rating in verdict.ratings]
    findings = tuple(finding for verdict in verdicts for finding in verdict.findings)
    ratings = {
        dimension: _mean([rating for rating in graded if rating.dimension == dimension])
        for dimension in DIMENSIONS
        if any(rating.dimension == dimension for rating in graded)
    }
    wrong = {dimension: suspicion(dimension, ratings, findings) for dimension in ratings}
    doubts = [each for each in wrong.values() if each is not None]
    unscored = [rating.unscored for rating in graded if rating.unscored and label.dimension in (None, rating.dimension)]
    return Prediction(
        label=label.id,
        findings=findings,
        ratings=ratings,
        violation=wrong.get(label.dimension) if label.dimension else max(doubts, default=None),
        suspicions=wrong,
        unscored_reason=unscored[0] if unscored else None,
    )


def suspicion(
    dimension: Dimension, ratings: Mapping[Dimension, float | None], findings: Sequence[Finding]
) -> float | None:
    """How surely a reply violates a dimension, 0 to 1: two thirds what its grade lacks, one third the gravest finding.

    None when it has no grade and no finding.
    """
    grave = [GRAVITY[each.severity] * each.certainty for each in findings if _dimension(each) == dimension]
    rating = ratings.get(dimension)
    if rating is None:
        return max(grave, default=None)
    return (2 * (1 - rating) + max(grave, default=0.0)) / 3


def _dimension(finding: Finding) -> Dimension:
    return FAILURES[finding.failure_type].dimension


def _mean(ratings: Sequence[Rating]) -> float | None:
    """The weighted mean of the scored ones."""
    scored = [(rating.value, rating.weight) for rating in ratings if rating.value is not None]
    return sum(value * weight for value, weight in scored) / sum(weight for _, weight in scored) if scored else None


def labelled_chat(label: Label) -> Chat:
    """The chat that a labelled reply ends. A leak is measured against its system message, if the row has one."""
    told = dict(label.persona)
    told["description"] = label.persona.description.strip() or label.persona.name
    told["languages"] = tuple(dict.fromkeys(label.persona.languages)) or (label.language,)
    persona = Persona(**told)
    lines: list[Line] = []
    system = user = ""
    for message in (Message(each.role, well_formed(each.content)) for each in label.messages):
        if message.role == "assistant":
            lines.append(Line(turn=len(lines) + 1, user=user, reply=message.content))
            user = ""
        elif message.role == "user":
            user = f"{user}\n{message.content}" if user else message.content
        else:
            system = message.content
    return Chat(persona=persona, scenario=_UNSCRIPTED, system=system, lines=tuple(lines))


_UNSCRIPTED = Scenario(title="labelled", turns=(Turn(user="…"),))
