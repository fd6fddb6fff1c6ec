"""Adapters to model APIs.

`PROVIDERS` names the classes that ship; a package may add its own under the entry-point group `harness.providers`.
"""

from harness.providers.base import Access, Provider, ProviderClass
from harness.providers.local import LocalProvider
from harness.providers.openai import OpenAIProvider
from harness.registry import registered

__all__ = ["PROVIDERS", "Access", "Provider", "provider_classes"]

PROVIDERS: tuple[ProviderClass, ...] = (OpenAIProvider, LocalProvider)


def provider_classes() -> dict[str, ProviderClass]:
    """Every provider class by the name that a catalog row calls it."""
    return {each.name: each for each in registered(PROVIDERS, "harness.providers")}
