import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.store.schemas import FILES, write_schemas
from harness.store.starter import catalog_file, schema_folder
from harness.store.yaml import read_yaml

REPOSITORY = Path(__file__).parents[2]
WRITTEN = {
    "harness": [REPOSITORY / "harness.yaml"],
    "persona": sorted(REPOSITORY.glob("scenarios/*/persona.yaml")),
    "scenario": [path for path in sorted(REPOSITORY.glob("scenarios/*/*.yaml")) if path.stem != "persona"],
    "rubric": sorted(REPOSITORY.glob("rubrics/*.yaml")),
    "catalog": [catalog_file()],
}
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def faults(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any], place: str = "$") -> Iterator[str]:
    """What a value breaks of a schema, for the part of JSON Schema that ours use."""
    if "$ref" in schema:
        yield from faults(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, place)
    for branch in ("anyOf", "oneOf"):
        if branch in schema and all(list(faults(each, value, root, place)) for each in schema[branch]):
            yield f"{place}: fits none of {branch}"
    known = TYPES[schema["type"]] if "type" in schema else object
    if not isinstance(value, known) or (isinstance(value, bool) and known not in (bool, object)):
        yield f"{place}: is no {schema['type']}"
        return
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{place}: is not a choice"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{place}: does not match {schema['pattern']}"
    if isinstance(value, str | list) and len(value) < schema.get("minItems", schema.get("minLength", 0)):
        yield f"{place}: is too short"
    yield from _inner_faults(schema, value, root, place)


def _inner_faults(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any], place: str) -> Iterator[str]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(schema.get("items", {}), item, root, f"{place}[{index}]")
    if isinstance(value, dict):
        yield from _field_faults(schema, value, root, place)


def _field_faults(
    schema: Mapping[str, Any], value: Mapping[str, Any], root: Mapping[str, Any], place: str
) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for pattern, inner in schema.get("patternProperties", {}).items():
        properties = {**properties, **{name: inner for name in value if re.search(pattern, name)}}
    yield from (f"{place}.{name}: is missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name in properties:
            yield from faults(properties[name], inner, root, f"{place}.{name}")
        elif others is False:
            yield f"{place}.{name}: is unknown"
        elif isinstance(others, dict):
            yield from faults(others, inner, root, f"{place}.{name}")


def shipped(name: str) -> dict[str, Any]:
    return json.loads((schema_folder() / f"{name}.schema.json").read_text(encoding="utf-8"))


def test_the_shipped_schemas_are_what_the_values_say_today(tmp_path: Path) -> None:
    made = {path.name: path.read_text(encoding="utf-8") for path in write_schemas(tmp_path / "new" / "folder")}

    assert made == {path.name: path.read_text(encoding="utf-8") for path in schema_folder().iterdir()}
    assert set(made) == {f"{name}.schema.json" for name in FILES}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param(name, path, id=f"{path.parent.name}-{path.stem}")
        for name, paths in WRITTEN.items()
        for path in paths
    ],
)
def test_every_shipped_file_fits_its_schema(name: str, path: Path) -> None:
    schema = shipped(name)

    assert list(faults(schema, read_yaml(path, path.name).content, schema)) == []


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("persona", {"name": "A", "languages": ["en"]}, "$.description: is missing"),
        ("persona", {"name": "A", "languages": ["fr"], "description": "d"}, "$.languages[0]: is not a choice"),
        ("persona", {"name": "A", "languages": [], "description": "d"}, "$.languages: is too short"),
        ("persona", {"id": "a", "name": "A", "languages": ["en"], "description": "d"}, "$.id: is unknown"),
        ("persona", {"name": 5, "languages": ["en"], "description": "d"}, "$.name: is no string"),
        ("scenario", {"title": "t", "turns": [{"user": "a", "prob": "x"}]}, "$.turns[0].prob: is unknown"),
        ("scenario", {"title": "t", "turns": [{"user": "a", "probe": "x"}]}, "$.turns[0].probe: fits none of anyOf"),
        ("harness", {"default": {}}, "$.default: is unknown"),
        ("persona", {"facts": {"ear": 5}}, "$.facts.ear: is no string"),
        ("rubric", {"title": {"en": "t"}, "version": True, "criteria": []}, "$.version: is no integer"),
    ],
)
def test_a_wrong_file_does_not_fit(name: str, content: object, fault: str) -> None:
    schema = shipped(name)

    assert fault in list(faults(schema, content, schema))


@pytest.mark.parametrize("name", FILES)
def test_fields_are_spelled_as_in_the_file_and_others_refused(name: str) -> None:
    schema = shipped(name)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "register_" not in json.dumps(schema)
    assert "id" not in schema["properties"]
    assert schema["additionalProperties"] is False
