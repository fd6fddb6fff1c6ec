"""`harness calibrate -j` over a large label file, at a judge that answers after a fixed time; `--json` for machines.

*Ideal* is calls × latency ÷ calls at once. The second figure is the same command once more after it was interrupted.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from throughput import mock

LATENCY = 0.1
AT_ONCE = 50
ROWS = 3000
COMMAND = [sys.executable, "-m", "harness", "calibrate", "-j", "mock/judge", "--labels", "labels.jsonl", "--json"]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
GOLDEN = Path(__file__).parent.parent / "rubrics" / "golden"
PROJECT = """\
models:
  mock/judge: {{base_url: {url}/v1, id: judge, concurrency: {at_once}, structured: json_schema}}
"""


def labels() -> str:
    """The golden replies over and over, each a little different."""
    rows = [json.loads(line) for name in ("en", "zh") for line in (GOLDEN / f"replies.{name}.jsonl").open()]
    made = []
    for number in range(ROWS):
        row = json.loads(json.dumps(rows[number % len(rows)]))
        row["id"] = f"{row['id']}-{number}"
        row["messages"][0]["content"] += f" ({number})"
        made.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(made)


@contextmanager
def project(url: str) -> Iterator[Path]:
    """A folder with the judge and its labels."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "harness.yaml").write_text(PROJECT.format(url=url, at_once=AT_ONCE), encoding="utf-8")
        (folder / "labels.jsonl").write_text(labels(), encoding="utf-8")
        yield folder


def asked(url: str) -> dict[str, float]:
    """What the judge's endpoint tells of itself."""
    with urllib.request.urlopen(url) as answer:
        told: dict[str, float] = json.load(answer)
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with mock(stream=False, latency=LATENCY) as url, project(url) as folder:
        whole = subprocess.Popen(COMMAND, cwd=folder, **QUIET)
        _, status, used = os.wait4(whole.pid, 0)
        ended, told = time.time(), asked(url)
    with mock(stream=False, latency=LATENCY) as url, project(url) as folder:
        process = subprocess.Popen(COMMAND, cwd=folder, **QUIET)
        while asked(url)["requests"] < ROWS // 3:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait()
        subprocess.run(COMMAND, cwd=folder, check=True, **QUIET)
        resumed = asked(url)["requests"]
    calls = told["requests"]
    ideal = calls * LATENCY / AT_ONCE
    figures = {
        "rows": ROWS,
        "calls": calls,
        "ratio": round((told["last"] - told["first"]) / ideal, 3),
        "ratio_with_start_and_figures": round((ended - told["first"]) / ideal, 3),
        "calls_when_interrupted_and_resumed": round(resumed / calls, 3),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "exit": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(figures) if options.json else "\n".join(f"{key}: {value}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
