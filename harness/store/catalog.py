"""The model catalog: the shipped rows, and what a project adds to or changes in them."""

from collections.abc import Mapping
from typing import cast

from pydantic import Field

from harness.core.model import Catalog, ModelName, ModelSpec
from harness.core.value import Value
from harness.errors import InputError, Problem, did_you_mean
from harness.store.starter import catalog_file
from harness.store.yaml import Document, parse_value, read_yaml

ALIASES: Mapping[str, str] = {"hunyuan-role": "cometapi/hunyuan-role"}
"""Short names that stand for a row."""


class CatalogFile(Value):
    """`catalog.yaml`: rows by `provider/id`."""

    models: Mapping[ModelName, ModelSpec] = Field(default_factory=dict)


def shipped_catalog() -> Catalog:
    """The rows that ship with the package."""
    path = catalog_file()
    return parse_value(read_yaml(path, path.name), CatalogFile).models


def extended_catalog(document: Document, rows: Mapping[str, Mapping[str, object]]) -> Catalog:
    """The shipped catalog with a project's `models` laid over it, field by field.

    Raises:
        InputError: a row that is wrong, at its place in the project's file.
    """
    catalog = dict(shipped_catalog())
    content = {name: _laid_over(catalog.get(name), row) for name, row in rows.items()}
    inner = Document(document.shown, {"models": content}, document.lines)
    catalog.update(parse_value(inner, CatalogFile).models if content else {})
    return catalog


def _laid_over(shipped: ModelSpec | None, row: Mapping[str, object]) -> dict[str, object]:
    if shipped is None:
        return dict(row)
    base = cast("dict[str, object]", shipped.model_dump(mode="json", exclude_unset=True))
    for name, change in row.items():
        under = base.get(name)
        nested = isinstance(change, Mapping) and isinstance(under, Mapping) and name in ("params", "rules")
        base[name] = {**under, **change} if nested else change  # type: ignore[dict-item]
    return base


def model_named(name: str, catalog: Catalog) -> tuple[str, ModelSpec]:
    """The row that a name or alias stands for, with its full name.

    Raises:
        InputError: there is none.
    """
    full = ALIASES.get(name, name)
    if full not in catalog:
        raise InputError(Problem(f"no model {name!r}", did_you_mean(name, [*catalog, *ALIASES])))
    return full, catalog[full]
