"""JSON Schemas of the files people write, made from the values they become."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from harness.core.persona import Persona
from harness.core.project import ProjectFile
from harness.core.rubric import Rubric
from harness.core.scenario import Scenario
from harness.core.value import FromPath
from harness.store.catalog import CatalogFile

FILES: Mapping[str, type[BaseModel]] = {
    "harness": ProjectFile,
    "persona": Persona,
    "scenario": Scenario,
    "rubric": Rubric,
    "catalog": CatalogFile,
}


def schema_text(kind: type[BaseModel]) -> str:
    """The schema of one kind of file."""
    schema = kind.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    if issubclass(kind, FromPath):
        del schema["properties"]["id"]
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> Iterator[Path]:
    """Write all schemas into a folder, and say which files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in FILES.items():
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(kind), encoding="utf-8")
        yield path
