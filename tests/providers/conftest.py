from collections.abc import Iterator

import pytest

from tests.providers.endpoint import Endpoint, served


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A real server whose answers the test scripts."""
    with served() as listening:
        yield listening
