"""`harness score`: chats recorded elsewhere become a run whose transcripts are already there."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from harness.checks import choose_checks
from harness.cli.calling import CallOptions
from harness.cli.cards import with_cards
from harness.cli.output import Output
from harness.cli.selection import judges_named
from harness.cli.session import Session
from harness.core.conversation import Message
from harness.core.model import ModelSpec
from harness.core.persona import Persona
from harness.core.run import Settings, Snapshot
from harness.core.scenario import Scenario, Turn
from harness.core.transcript import Call, Exchange
from harness.errors import InputError, Problem, Problems
from harness.store.project import ProjectFolder
from harness.store.reading import Reading
from harness.store.yaml import read_text
from harness.text.patterns import well_formed
from harness.version import __version__

MODEL = "recorded/chats"
PROMPT = "recorded"
LONGEST_ID = 60
"""Characters of a chat's id that are kept."""

_MESSAGES = TypeAdapter(tuple[Message, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One recorded chat."""

    id: str
    messages: tuple[Message, ...]

    def turns(self) -> Iterator[tuple[str, tuple[Message, ...], str]]:
        """Each user message with what stood before and with it, and the reply; messages in a row are one."""
        for place, message in enumerate(self.messages):
            if message.role == "assistant" and place and self.messages[place - 1].role == "user":
                yield self.messages[place - 1].content, self.messages[:place], message.content


def score_files(
    folder: ProjectFolder,
    files: Sequence[str],
    persona: str,
    judge: str | None,
    calls: CallOptions,
    output: Output,
) -> None:
    """Check and judge the chats of some JSONL files."""
    problems = Problems()
    reading = Reading(folder.root)
    who = reading.persona(persona)
    problems.found.extend(reading.problems.found)
    chats = [chat for file in files for chat in problems.attempt(lambda file=file: read_chats(Path(file))) or ()]  # type: ignore[misc]
    wanted = judge or folder.file.defaults.judge
    judges = problems.attempt(lambda: judges_named(wanted, folder.file, folder.catalog)) or {}
    problems.report()
    rubrics = folder.load((), (), tuple(dict.fromkeys(each.rubric for each in judges.values()))).rubrics
    assert who is not None  # noqa: S101 - problems.report() has raised otherwise
    settings = Settings(judge=",".join(judges) or None, suite=f"recorded {persona}")
    settings = calls.applied(settings, folder.file.exchange)
    snapshot = _snapshot(who, chats, settings)
    models = {**snapshot.models, **{each.model: folder.catalog[each.model] for each in judges.values()}}
    snapshot = snapshot.model_copy(update={"judges": judges, "rubrics": rubrics, "models": models})
    snapshot = with_cards(folder, snapshot)
    Session(
        folder=folder,
        snapshot=snapshot,
        keys=list(snapshot.keys()),
        output=output,
        replaying=False,
        recorded=[tuple(_exchanges(chat)) for chat in chats],
    ).conduct()


def read_chats(path: Path) -> list[Chat]:
    """The chats of one JSONL file.

    Raises:
        InputError: with a problem for each line that is no chat.
    """
    problems = Problems()
    chats = []
    for number, line in enumerate(read_text(path, str(path)).split("\n"), 1):
        if line.strip():
            chat = problems.attempt(lambda line=line, number=number: _chat(line, f"{path}:{number}", path.stem, number))  # type: ignore[misc]
            chats += [chat] if chat else []
    problems.report()
    if not chats:
        raise InputError(Problem("no chats in it", "write one JSON object a line", str(path)))
    return chats


def _chat(line: str, where: str, stem: str, number: int) -> Chat:
    form = 'write {"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}'
    try:
        content = json.loads(line)
        messages = _MESSAGES.validate_python(cast("Mapping[str, object]", content)["messages"])
    except (ValueError, KeyError, TypeError, RecursionError, ValidationError):
        raise InputError(Problem("no chat with `messages`", form, where)) from None
    name = str(content.get("id") or f"{stem}-{number}")
    chat = Chat(id=re.sub(r"[^\w.-]+", "-", name)[:LONGEST_ID], messages=_joined(messages))
    if not any(True for _ in chat.turns()):
        raise InputError(Problem("no reply of an assistant to a user", form, where))
    return chat


def _joined(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Messages of the same role in a row as one; half characters, which nothing can store, become `?`."""
    joined: list[Message] = []
    for role, content in ((message.role, well_formed(message.content)) for message in messages):
        if joined and joined[-1].role == role:
            joined[-1] = Message(role, f"{joined[-1].content}\n{content}")
        else:
            joined.append(Message(role, content))
    return tuple(joined)


def _snapshot(persona: Persona, chats: Sequence[Chat], settings: Settings) -> Snapshot:
    scenarios = {}
    for number, chat in enumerate(chats, 1):
        turns = tuple(Turn(user=user.strip() or "…") for user, _, _ in chat.turns())
        one = f"{persona.id}/{number:04}-{chat.id}"
        scenarios[one] = Scenario(title=chat.id, turns=turns).model_copy(update={"id": one})
    return Snapshot(
        version=__version__,
        settings=settings,
        personas={persona.id: persona},
        scenarios=scenarios,
        prompts={PROMPT: ""},
        systems={PROMPT: {persona.id: ""}},
        checks=dict.fromkeys(scenarios, choose_checks()),
        tested=(MODEL,),
        models={MODEL: ModelSpec(provider="recorded", id="chats")},
    )


def _exchanges(chat: Chat) -> Iterator[Exchange]:
    for number, (_, sent, reply) in enumerate(chat.turns(), 1):
        good = bool(reply.strip())
        yield Exchange(
            turn=number,
            sent=sent,
            outcome="answered" if good else "empty",
            text=reply if good else "",
            call=Call(seconds=0.0, attempts=0),
        )
