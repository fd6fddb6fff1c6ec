"""What a provider is."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Access:
    """What the environment adds to a row of the catalog. It is never kept, logged or shown."""

    key: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The row's headers with their variables filled in."""
    proxy: str | None = field(default=None, repr=False)
    """The row's proxy with its variables filled in."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What took the place of variables: no error may repeat it."""


class Provider(Protocol):
    """Something that answers a conversation."""

    async def complete(self, conversation: Conversation) -> Completion:
        """One attempt at one request.

        Raises:
            CallError: of the kind that says what can be done about it.
        """
        ...


class ProviderClass(Protocol):
    """A provider that can be opened for a row of the catalog."""

    name: str
    """What a catalog row calls it."""

    @staticmethod
    def open(spec: ModelSpec, access: Access) -> AbstractAsyncContextManager[Provider]:
        """Get ready to call a model, and let go of everything at the end."""
        ...
