"""What the checks say of labelled replies, each taken as the end of a chat of its own."""

from collections.abc import Iterable, Iterator

from harness.checks import Chat, Line, build_checks, check_chat, choose_checks
from harness.core.label import Label, Prediction
from harness.core.persona import Persona
from harness.core.scenario import CheckChoice, Scenario, Turn

CHECKED = choose_checks(CheckChoice(skip=("length", "narration_format", "unmet_expectation")))
"""The checks that can be measured on labels, whose card tells neither a limit, nor how actions are written, nor what a
turn expects."""


def predict_by_checks(labels: Iterable[Label]) -> Iterator[Prediction]:
    """The findings of the default checks in each labelled reply."""
    checks = build_checks(CHECKED)
    for label in labels:
        chat = labelled_chat(label)
        last = chat.lines[-1].turn
        findings = tuple(finding for finding in check_chat(chat, checks) if finding.turn == last)
        surest = max((finding.certainty for finding in findings), default=0.0)
        yield Prediction(label=label.id, findings=findings, violation=surest)


def labelled_chat(label: Label) -> Chat:
    """The chat that a labelled reply ends. A leak is measured against its system message, if the row has one."""
    told = dict(label.persona)
    told["description"] = label.persona.description.strip() or label.persona.name
    told["languages"] = label.persona.languages or (label.language,)
    persona = Persona(**told)
    lines: list[Line] = []
    system = user = ""
    for message in label.messages:
        if message.role == "assistant":
            lines.append(Line(turn=len(lines) + 1, user=user, reply=message.content))
            user = ""
        elif message.role == "user":
            user = f"{user}\n{message.content}" if user else message.content
        else:
            system = message.content
    return Chat(persona=persona, scenario=_UNSCRIPTED, system=system, lines=tuple(lines))


_UNSCRIPTED = Scenario(title="labelled", turns=(Turn(user="…"),))
