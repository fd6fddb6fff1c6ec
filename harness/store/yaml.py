"""YAML files read into values; every error names file, line and field, and says what to do.

The YAML 1.2 core schema: `no`, `12:30` and `2026-11-22` are text, as writers mean them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from harness.core.value import FromPath
from harness.errors import InputError, Problem, did_you_mean
from harness.store.fields import fields_at

MOST_NODES = 400_000
"""Values one file may hold, aliases expanded."""

ValueT = TypeVar("ValueT", bound=BaseModel)
Place = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """The fast loader with the resolvers of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


@dataclass(slots=True)
class Document:
    """A file's content as plain values, and the line each of them starts on."""

    shown: str
    """The path as errors show it."""
    content: object = None
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, place: Place = ()) -> str:
        """`file:line` of a value, or of the nearest value around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.shown}:{self.lines.get(place, 1)}"

    def problem(self, place: Place, what: str, remedy: str) -> Problem:
        """A problem with the value at a place."""
        return Problem(f"{_dotted(place)}: {what}" if place else what, remedy, self.where(place))


def read_text(path: Path, shown: str) -> str:
    """A UTF-8 text file, with or without a byte-order mark.

    Raises:
        InputError: it cannot be read, or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", "check the path and its rights", shown)) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(Problem("not UTF-8 text", "save the file as UTF-8", f"{shown}:{line}")) from None


def read_yaml(path: Path, shown: str) -> Document:
    """Read one YAML file.

    Raises:
        InputError: not YAML, a key given twice, or too many values.
    """
    document = Document(shown)
    text = read_text(path, shown)
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            if root is not None:
                document.content = _Walk(loader, document).value(root, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(part for part in (error.context, error.problem) if part)
        raise InputError(Problem(f"not YAML: {what}", "mend the line, or quote the text", f"{shown}:{line}")) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"a control character ({error.character!r}) that YAML does not allow"
        raise InputError(Problem(what, "remove it", f"{shown}:{line}")) from None
    except (ValueError, RecursionError) as error:
        raise InputError(Problem(f"not YAML: {error}", "mend the file", shown)) from None
    return document


@dataclass(slots=True)
class _Walk:
    """Turns nodes into values, noting lines; refuses duplicate keys and alias bombs."""

    loader: _Loader
    document: Document
    nodes: int = 0

    def value(self, node: yaml.Node, place: Place) -> object:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise InputError(Problem("too many values", "split the file", self.document.shown))
        self.document.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return dict(self.entries(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, index)) for index, item in enumerate(node.value)]
        return self.loader.construct_object(node)

    def entries(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            inner = (*place, key)
            if key in seen:
                self.document.lines[inner] = key_node.start_mark.line + 1
                raise InputError(self.document.problem(inner, "given twice", "keep one"))
            seen.add(key)
            self.document.lines[inner] = key_node.start_mark.line + 1
            yield key, self.value(value_node, inner)


def parse_value(document: Document, kind: type[ValueT]) -> ValueT:
    """A document as a value of a file type.

    Raises:
        InputError: with one problem for each field that is wrong.
    """
    if document.content is None:
        needed = [name for name, known in kind.model_fields.items() if known.is_required()]
        remedy = f"it needs {', '.join(needed)}" if needed else "write at least one field, or delete it"
        raise InputError(Problem("the file is empty", remedy, f"{document.shown}:1"))
    if not isinstance(document.content, Mapping):
        what = f"expected fields, found {_found(document.content)}"
        raise InputError(Problem(what, "write `field: value` lines", f"{document.shown}:1"))
    if issubclass(kind, FromPath) and "id" in document.content:
        raise InputError(document.problem(("id",), "unknown field", "remove it: the id is the path of the file"))
    try:
        return kind.model_validate(document.content)
    except ValidationError as error:
        problems: dict[tuple[str, str], Problem] = {}
        for detail in error.errors(include_url=False):
            problem = _explain(document, kind, detail)
            problems.setdefault((problem.where, problem.what.partition(":")[0]), problem)
        raise InputError(problems.values()) from None


def _explain(document: Document, kind: type[BaseModel], detail: ErrorDetails) -> Problem:
    place = _real_place(document, detail["loc"])
    context = detail.get("ctx", {})
    given = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            name = str(detail["loc"][-1])
            return document.problem(place, "unknown field", did_you_mean(name, fields_at(kind, detail["loc"][:-1])))
        case "missing":
            return document.problem((*place, detail["loc"][-1]), "missing", "add it")
        case "literal_error":
            choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
            return document.problem(place, f"{_found(given)} is not a choice", did_you_mean(str(given), choices))
        case "string_type":
            remedy = "put it in quotes" if isinstance(given, int | float) else "write text"
            return document.problem(place, f"expected text, found {_found(given)}", remedy)
        case "value_error":
            return document.problem(place, str(context.get("error", detail["msg"])), "mend the entry")
        case "string_pattern_mismatch":
            return document.problem(place, f"{_found(given)} is no name", "use letters, digits, `-`, `_` and `.`")
    reason = detail["msg"][:1].lower() + detail["msg"][1:]
    return document.problem(place, f"{reason}, found {_found(given)}", "mend the value")


def _real_place(document: Document, location: Place) -> Place:
    """The parts of a pydantic location that stand in the file: union branches and validators name others."""
    place: Place = ()
    for part in location:
        if (*place, part) in document.lines:
            place = (*place, part)
    return place


def _dotted(place: Place) -> str:
    dotted = ""
    for part in place:
        dotted += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if dotted else str(part)
    return dotted


def _found(content: object) -> str:
    match content:
        case None:
            return "nothing"
        case bool():
            return str(content).lower()
        case str():
            return repr(content if len(content) <= 60 else content[:57] + "…")
        case int() | float():
            return str(content)
        case Mapping():
            return "fields"
        case _:
            return "a list"
