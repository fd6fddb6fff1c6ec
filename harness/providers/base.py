"""What a provider is."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from harness.core.conversation import Completion, Conversation
from harness.core.model import ModelSpec


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
    def open(spec: ModelSpec, key: str | None) -> AbstractAsyncContextManager[Provider]:
        """Get ready to call a model, and let go of everything at the end."""
        ...
