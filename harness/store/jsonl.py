"""JSON lines: one object a line, each read like a small file of its own, so that errors name its line."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from harness.core.label import Label
from harness.errors import InputError, Problem, Problems, StoreError
from harness.store.yaml import Document, Place, parse_value, read_text


def read_lines(path: Path) -> Iterator[Document]:
    """Every line that is not blank, as a document.

    Raises:
        InputError: the file cannot be read, or the line at hand is not one JSON object.
    """
    for number, line in enumerate(read_text(path, str(path)).split("\n"), 1):
        if line.strip():
            try:
                content = json.loads(line)
            except (ValueError, RecursionError) as error:
                why = str(error).partition(":")[0].lower()
                problem = Problem(f"not JSON: {why}", "write one JSON object on the line", f"{path}:{number}")
                raise InputError(problem) from None
            yield Document(str(path), content, dict.fromkeys(((), *_places(content, ())), number))


def _places(content: object, place: Place) -> Iterator[Place]:
    entries: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(content, dict):
        entries = iter(content.items())
    elif isinstance(content, list):
        entries = iter(enumerate(content))
    for key, value in entries:
        yield (*place, key)
        yield from _places(value, (*place, key))


def read_labels(paths: Sequence[Path]) -> tuple[Label, ...]:
    """The labelled replies of some files, in order.

    Raises:
        InputError: with a problem for each row that is no label, or whose id stands in another row too.
    """
    problems = Problems()
    labels: dict[str, Label] = {}
    for path in paths:
        for document in problems.attempt(lambda path=path: list(read_lines(path))) or ():  # type: ignore[misc]
            label = problems.attempt(lambda row=document: parse_value(row, Label))  # type: ignore[misc]
            if label is not None and label.id in labels:
                problems.found.append(document.problem(("id",), f"{label.id!r} stands twice", "give each row its own"))
            elif label is not None:
                labels[label.id] = label
    problems.report()
    if not labels:
        raise InputError(Problem("no labels in it", "write one JSON object a line", ", ".join(map(str, paths))))
    return tuple(labels.values())


def write_lines(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Write one object a line, Chinese unescaped; an earlier file stays whole until the new one is.

    Raises:
        StoreError: the disk is full, or the folder cannot be written.
    """
    path = path.resolve()
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from None
