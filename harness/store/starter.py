"""The project that ships with the package: scenarios, prompts, rubrics and settings to start from."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def starter_folder() -> Path:
    """Where the starter project lies: beside the package in a checkout, inside it when installed."""
    checkout = _PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "harness.yaml").is_file():
        return checkout
    return _PACKAGE / "starter"


def catalog_file() -> Path:
    """The shipped model catalog."""
    return _PACKAGE / "providers" / "catalog.yaml"


def schema_folder() -> Path:
    """The shipped JSON Schemas."""
    return _PACKAGE / "schemas"
