"""`harness plant`: known breaks in one's own clean chats, as a file of labels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.options import Json, ProjectOption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.core.label import Label
    from harness.core.run import Run
    from harness.planting import CleanChat
    from harness.store.project import ProjectFolder


def plant(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The label file to write.")],
    name: Annotated[
        str, typer.Argument(metavar="[RUN]", help="A run whose samples without findings are the clean chats.")
    ] = "last",
    chats: Annotated[
        list[str] | None, typer.Option("--chats", metavar="FILE", help="Clean chats from elsewhere instead (JSONL).")
    ] = None,
    persona: Annotated[str | None, typer.Option("--persona", metavar="P", help="Who speaks in those chats.")] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="A failure type; all by default; repeatable.")
    ] = None,
    turn: Annotated[int | None, typer.Option("--turn", min=1, help="Where to plant; drawn by default.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another seed plants otherwise.")] = 0,
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Plant known breaks into clean chats and write them as labels.

    No model is called. Measure the checks on them with `harness calibrate --labels FILE`.

    Example: harness plant last -o planted.jsonl && harness calibrate --labels planted.jsonl
    """
    from harness.cli.folder import find_project
    from harness.cli.printing import print_json, say
    from harness.errors import InputError, Problem, did_you_mean
    from harness.planting import PLANTED, plant
    from harness.store.jsonl import write_lines

    problems = [
        Problem(f"{one!r} cannot be planted", did_you_mean(one, PLANTED)) for one in types or () if one not in PLANTED
    ]
    if bool(chats) != bool(persona):
        problems.append(Problem("--chats and --persona go together", "give both, or a run"))
    if not output.absolute().parent.is_dir():
        problems.append(Problem(f"{output}: no such folder", "choose another place with -o"))
    if output.resolve() in {Path(file).resolve() for file in chats or ()}:
        problems.append(Problem(f"{output}: is one of the files read", "choose another name with -o"))
    if problems:
        raise InputError(problems)
    folder = find_project(project)
    clean = _recorded(folder, chats, persona) if chats and persona else _of_run(folder.database().load_run(name))
    if not clean:
        raise InputError(Problem("no chat without findings", "name another run, or give --chats and --persona"))
    chosen = tuple(one for one in PLANTED if not types or one in types)
    labels = tuple(plant(clean, chosen, turn, seed))
    write_lines(output, (_row(label) for label in labels))
    planted = sum(label.broken for label in labels)
    if json_output:
        print_json({"labels": len(labels), "planted": planted, "chats": len(clean), "file": str(output)})
    else:
        say(f"{planted} plants in {len(clean)} chats, and the chats as they were: {output}")
        say(f"next: harness calibrate --labels {output}")


def _of_run(run: "Run") -> "Sequence[CleanChat]":
    from harness.planting import CleanChat

    def chats() -> "Iterator[CleanChat]":
        for sample in run.samples:
            replies = sample.transcript.replies()
            if not replies or sample.findings:
                continue
            persona = run.snapshot.personas[run.snapshot.scenarios[sample.key.scenario].persona]
            system = next((one.content for one in replies[0].sent if one.role == "system"), "")
            turns = tuple((exchange.sent[-1].content, exchange.text) for exchange in replies)
            yield CleanChat(id=str(sample.key), persona=persona, system=system, turns=turns)

    return tuple(chats())


def _recorded(folder: "ProjectFolder", files: "Sequence[str]", persona: str) -> "Sequence[CleanChat]":
    from harness.cli.recorded import read_chats
    from harness.planting import CleanChat
    from harness.store.reading import Reading

    reading = Reading(folder.root)
    who = reading.persona(persona)
    reading.problems.report()
    assert who is not None  # noqa: S101 - report() has raised otherwise
    chats: dict[str, CleanChat] = {}
    for chat in (chat for file in files for chat in read_chats(Path(file))):
        turns = tuple((user, reply) for user, _, reply in chat.turns())
        system = next((one.content for one in chat.messages if one.role == "system"), "")
        name = chat.id if chat.id not in chats else f"{chat.id}-{len(chats) + 1}"
        if all(reply.strip() for _, reply in turns):
            chats[name] = CleanChat(id=name, persona=who, system=system, turns=turns)
    return tuple(chats.values())


def _row(label: "Label") -> "dict[str, object]":
    row = label.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    row["messages"] = [{"role": one.role, "content": one.content} for one in label.messages]
    return row
