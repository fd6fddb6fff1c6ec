"""Fixtures that tests of several folders share."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from harness.providers.weights import weights_are_here

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def weights() -> None:
    """The embedded model's weights; `make test` fetches them."""
    if not weights_are_here():
        missing = "the embedded model is not here: run `harness local pull`"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")  # while it lives, no other event loop can run in this thread
def browser() -> "Iterator[Browser]":
    """A Chromium: the one `CHROMIUM` names, one on the path, or playwright's own.

    It lasts for a module only: while playwright runs, no other event loop can, so that async tests would fail.
    """
    from playwright.sync_api import Error, sync_playwright

    own = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=own, args=list(CHROMIUM_ARGUMENTS))
        except Error as error:
            missing = f"no Chromium: set CHROMIUM, or run `playwright install chromium` ({str(error).splitlines()[0]})"
            if os.environ.get("CI") == "true":
                pytest.fail(missing)
            pytest.skip(missing)
        yield chromium
        chromium.close()
