"""What a run's command is to print and write, and whether it can."""

import os
from dataclasses import dataclass
from pathlib import Path

from harness.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a run's command is to print and write."""

    json: bool = False
    files: tuple[str, ...] = ()
    """Reports to write; the default one when empty."""
    language: str | None = None
    open_report: bool = False


def check_places(output: Output, home: Path) -> list[Problem]:
    """What would keep the reports from being written, seen before the first call."""
    problems = []
    if output.language not in (None, "en", "zh"):
        problems.append(Problem(f"no report language {output.language!r}", "en or zh"))
    for file in output.files:
        if Path(file).suffix not in (".html", ".json"):
            problems.append(Problem(f"{file}: unknown kind of report", "end the name in .html or .json"))
        if Path(file).exists() and not (Path(file).is_file() and os.access(file, os.W_OK)):
            what = f"{file}: is there already, and is no file that can be written"
            problems.append(Problem(what, "choose another name"))
    folders = [Path(file).absolute().parent for file in output.files] or [home / "reports"]
    for folder in dict.fromkeys(folders):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problems.append(Problem(f"{folder}: cannot be made: {error.strerror}", "choose another place with -o"))
            continue
        if not os.access(folder, os.W_OK | os.X_OK):
            problems.append(Problem(f"{folder}: cannot be written", "make it writable, or choose another with -o"))
    return problems
