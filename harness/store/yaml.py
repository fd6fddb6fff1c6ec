"""YAML files read into values; every error names file, line and field, and says what to do.

The YAML 1.2 core schema: `no`, `12:30` and `2026-11-22` are text, as writers mean them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
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

_FIELDS = ("fields", "write `field: value` lines")
_LIST = ("a list", "write it as `[…]`, or as `- …` lines")
_NUMBER = ("a number", "write digits")
_WHOLE = ("a whole number", "write digits")
_SWITCH = ("true or false", "write one of them")
_EXPECTED = {
    "model_type": _FIELDS,
    "dict_type": _FIELDS,
    "mapping_type": _FIELDS,
    "tuple_type": _LIST,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _SWITCH,
    "bool_parsing": _SWITCH,
}
"""What stands in the way of each of these errors, and what to do."""

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
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _loader, node: int(node.value))  # `010` is ten, not eight


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
        line = text.encode().count(b"\n", 0, error.position) + 1
        what = f"a control character (U+{int(error.character):04X}) that YAML does not allow"
        raise InputError(Problem(what, "remove it", f"{shown}:{line}")) from None
    except RecursionError:
        raise InputError(Problem("values too deep inside each other", "mend the file", shown)) from None
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
        try:
            return self.loader.construct_object(node)
        except ValueError as error:
            raise InputError(self.document.problem(place, f"cannot be read: {error}", "mend the value")) from None

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
    problems: dict[Place, Problem] = {}
    if issubclass(kind, FromPath) and "id" in document.content:
        problems["id",] = document.problem(("id",), "unknown field", "remove it: the id is the path of the file")
    try:
        value = kind.model_validate(document.content)
        if not problems:
            return value
    except ValidationError as error:
        for place, detail in _telling(document, error.errors(include_url=False)):
            problems.setdefault(place, _explain(document, kind, place, detail))
    raise InputError(problems.values())


def _telling(document: Document, details: Iterable[ErrorDetails]) -> Iterator[tuple[Place, ErrorDetails]]:
    """What is wrong, by place, without what is only said because something else is wrong."""
    vague: list[tuple[Place, ErrorDetails]] = []
    places: set[Place] = set()
    for detail in details:
        place = _real_place(document, detail["loc"])
        if detail["type"] == "missing":
            place = (*place, detail["loc"][-1])
        given = detail["input"]
        if detail["type"] == "too_short" and len(given) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts the entries that were right
        if detail["type"] == "literal_error" and isinstance(given, Mapping):
            vague.append((place, detail))  # one branch of a union; the other may say more
        else:
            places.update(place[:length] for length in range(len(place) + 1))
            yield place, detail
    yield from ((place, detail) for place, detail in vague if place not in places)


def _explain(document: Document, kind: type[BaseModel], place: Place, detail: ErrorDetails) -> Problem:
    context = detail.get("ctx", {})
    given = detail["input"]
    if detail["type"] in _EXPECTED:
        expected, remedy = _EXPECTED[detail["type"]]
        return document.problem(place, f"expected {expected}, found {_found(given)}", remedy)
    match detail["type"]:
        case "extra_forbidden":
            name = str(detail["loc"][-1])
            return document.problem(place, "unknown field", did_you_mean(name, fields_at(kind, detail["loc"][:-1])))
        case "missing":
            return document.problem(place, "missing", "add it")
        case "literal_error":
            choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
            return document.problem(place, f"{_found(given)} is not a choice", did_you_mean(str(given), choices))
        case "string_type":
            remedy = "put it in quotes" if isinstance(given, int | float) else "write text"
            return document.problem(place, f"expected text, found {_found(given)}", remedy)
        case "value_error":
            return document.problem(place, str(context.get("error", detail["msg"])), "mend the entry")
        case "string_pattern_mismatch":
            remedy = "write provider/id" if "/" in context["pattern"] else "use letters, digits, `-`, `_` and `.`"
            return document.problem(place, f"{_found(given)} is no name", remedy)
        case "string_too_short":
            return document.problem(place, "says nothing", "write text")
        case "too_short" | "too_long" as ending:
            few = ending == "too_short"
            limit = f"at least {context['min_length']} needed" if few else f"at most {context['max_length']} allowed"
            return document.problem(place, f"{len(given)} entries, {limit}", "add one" if few else "leave some out")
    reason = re.sub(r"^[A-Z](?![A-Z])", lambda first: first[0].lower(), detail["msg"])
    return document.problem(place, f"{reason}, found {_found(given)}", "mend the value")


def place_of(dotted: str) -> Place:
    """The place that an error's field path means: the way back from `turns[2].user`."""
    parts = re.findall(r"[^.\[\]]+", dotted)
    return tuple(int(part) - 1 if part.isdigit() else part for part in parts)


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


def written_yaml(content: Mapping[str, object]) -> str:
    """Plain data as YAML, in its own order and with Chinese unescaped."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
