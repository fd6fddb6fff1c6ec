"""The shape every file people write shares: frozen, and strict about unknown fields."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Value(BaseModel):
    """A value read from a file. Field docstrings become the descriptions of its JSON Schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FromPath(Value):
    """A value whose id is the path of its file, so that the file does not say it."""

    id: str = ""


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)]
"""An id that is also safe as a file name: letters, digits, `-`, `_` and `.`."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that must say something."""
