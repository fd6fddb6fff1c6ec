"""`harness simulate` as a user runs it, and a run against it."""

import json
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.command import exchanges, harness, start_harness, write_project


@contextmanager
def simulating(folder: Path, *arguments: str) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    """The command, listening, and its URL."""
    command = start_harness(folder, "simulate", "--port", "0", *arguments)
    try:
        assert command.stdout is not None
        line = command.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/v1", line)
        assert found, f"{line!r} {command.communicate(timeout=20)}"
        yield command, found[0]
    finally:
        if command.poll() is None:
            command.kill()
        command.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_then_says_how_it_went(tmp_path: Path, number: signal.Signals) -> None:
    with simulating(tmp_path, "--profile", "minimax", "--key", "sk-one", "--log", "ledger.jsonl") as (command, url):
        body = json.dumps({"model": "M2-her", "messages": [{"role": "user", "content": "Hello"}]}).encode()
        request = urllib.request.Request(f"{url}/chat/completions", body, {"Authorization": "Bearer sk-one"})
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["base_resp"]["status_code"] == 0
        command.send_signal(number)
        _, told = command.communicate(timeout=20)

    assert command.returncode == 0, told
    assert "simulated/M2-her:" in told
    assert f'base_url: "{url}"' in told
    assert re.search(r"^1 requests · 1 answered · 0 faults · charged \d+ \+ \d+ tokens$", told, re.MULTILINE)
    assert "sk-one" not in told
    (line,) = (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["outcome"] == "answered"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--fault", "rate-limits:0.1"], "no fault is called 'rate-limits' · did you mean 'rate-limit'"),
        (["--fault", "hang:2"], "'hang:2': the share must be from 0 to 1"),
        (["--profile", "openia"], "no profile is called 'openia' · did you mean 'openai'"),
        (["--log", "no/such/folder.jsonl"], "no/such/folder.jsonl: cannot be written"),
        (["--steady", "--break-at", "3"], "a steady character does not break"),
    ],
)
def test_what_cannot_be_simulated_is_said_before_anything_is_served(
    tmp_path: Path, arguments: list[str], complaint: str
) -> None:
    done = harness(tmp_path, "simulate", "--port", "0", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr


def test_a_run_is_rehearsed_against_it(tmp_path: Path) -> None:
    with simulating(tmp_path, "--profile", "openai", "--break-at", "2") as (_, url):
        folder = write_project(tmp_path, url, scenarios=2, turns=3)
        done = harness(folder, "run", "--json")

    told = json.loads(done.stdout)
    assert (done.returncode, told["outcomes"]["answered"]) == (0, 6)
    assert told["findings"]["break"] >= 2
    assert len(exchanges(folder)) == 6
