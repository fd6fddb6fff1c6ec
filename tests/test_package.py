"""The package as others get it: the wheel carries what it needs, and `--help` loads nothing heavy."""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.command import plain_environment

ROOT = Path(__file__).resolve().parent.parent
HEAVY = (
    "openai",
    "httpx2",
    "pandas",
    "numpy",
    "scipy",
    "jinja2",
    "pydantic",
    "sqlalchemy",
    "yaml",
    "rich",
    "xllamacpp",
)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of an empty environment with our wheel in it, and the libraries that it needs."""
    folder = tmp_path_factory.mktemp("installed")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        ".",
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(next(folder.glob("*.whl")))], check=True, capture_output=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    # A path in a .pth file brings the libraries, but not the editable install that lies among them.
    Path(site.stdout.strip(), "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def test_the_wheel_runs_from_another_folder_with_its_own_catalog_and_starter_content(
    installed: Path, tmp_path: Path
) -> None:
    def harness(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [installed.with_name("harness"), *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=plain_environment(), capture_output=True, text=True, check=False
        )

    where = subprocess.run(
        [installed, "-c", "import harness; print(harness.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(installed.parent.parent) in where.stdout
    assert "cometapi/hunyuan-role" in harness("models", "list", "--json").stdout
    listed = json.loads(harness("scenarios", "list", "--json").stdout)["scenarios"]
    assert len(listed) >= 16
    assert harness("scenarios", "check").returncode == 0
    asked = harness("run", "bram-oakenfist/weary-traveller", "-m", "hunyuan-role", "-p", "director")
    assert (asked.returncode, "COMETAPI_API_KEY or COMETAPI_KEY" in asked.stderr) == (2, True), asked.stderr


def test_help_loads_none_of_the_heavy_packages() -> None:
    code = f"""
import sys
sys.argv = ["harness", "--help"]
from harness.cli.app import main
try:
    main()
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "rescore" in done.stdout
