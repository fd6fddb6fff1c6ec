"""How near `harness run` comes to what the network allows: `python benchmarks/throughput.py [--json] [--sdk]`.

Every figure is a ratio within one run. Ideal is the time that the calls would take if nothing but the endpoint took
any: turns × latency ÷ concurrency. A bare loop and ours play the same chats against the same mock (`mock.py`), one
after the other: scenarios of six turns, an answer after 200 ms. Ours loads files, plans, replays, runs all checks and
stores every reply durably; its time ends when the run is marked as finished in the store, with all findings in it.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
LATENCY = 0.2
TURNS = 6
FRAMES = 22

PERSONA = """
name: Bram
languages: [en]
description: A dwarf who keeps the Rusty Griffin.
facts: {inn: The inn is called the Rusty Griffin.}
"""
PROJECT = """
defaults: {model: mock/mock, prompt: short}
models:
  mock/mock:
    base_url: URL
    id: mock
    stream: STREAM
    concurrency: CONCURRENCY
    price: {currency: USD, input: 1, output: 2, as_of: 2026-11-22, source: mock}
judges: {mock: {model: mock/mock, rubric: quick}}
"""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be played."""

    name: str
    scenarios: int
    concurrency: int
    stream: bool = False
    judged: bool = False

    @property
    def turns(self) -> int:
        """Calls to the model under test."""
        return self.scenarios * TURNS

    @property
    def ideal(self) -> float:
        """Seconds, if nothing but the endpoint took any; a judge is one more call a scenario."""
        calls = self.turns + self.scenarios * self.judged
        return calls * LATENCY / self.concurrency


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender made of it."""

    work: str
    who: str
    ratio: float
    """From the first request to the end, over the ideal."""
    cpu_ms_a_turn: float
    """Of the process, start-up included."""
    peak_mb: float
    start_seconds: float
    """From the start of the process to its first request."""


WORKS = (
    Work("200 scenarios, 50 at once", 200, 50),
    Work("1,000 scenarios, 200 at once", 1000, 200),
    Work("200 scenarios, 50 at once, streamed in 22 frames", 200, 50, stream=True),
    Work("200 scenarios, 50 at once, one judge call each", 200, 50, judged=True),
    Work("20 scenarios, 20 at once", 20, 20),
)


@contextmanager
def mock(stream: bool, latency: float = LATENCY) -> Iterator[str]:
    """A mock of its own for each contender, so that its clock is theirs alone; its address."""
    command = [sys.executable, str(HERE / "mock.py"), str(latency), str(FRAMES if stream else 0)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.stdin.close()
        process.wait()


def write_project(folder: Path, url: str, work: Work) -> None:
    """A project with the scenarios of a work."""
    changes = {"URL": f"{url}/v1", "STREAM": str(work.stream).lower(), "CONCURRENCY": str(work.concurrency)}
    settings = PROJECT
    for word, content in changes.items():
        settings = settings.replace(word, content)
    chats = folder / "scenarios" / "bram"
    chats.mkdir(parents=True)
    (folder / "prompts").mkdir()
    (folder / "harness.yaml").write_text(settings, encoding="utf-8")
    (folder / "prompts" / "short.md").write_text(
        "You are {{ persona.name }}. {{ persona.description }}\n", encoding="utf-8"
    )
    (chats / "persona.yaml").write_text(PERSONA, encoding="utf-8")
    for number in range(work.scenarios):
        lines = "".join(f"  - user: Line {turn} of script {number}.\n" for turn in range(1, TURNS + 1))
        (chats / f"chat-{number}.yaml").write_text(f"title: Chat {number}\nturns:\n{lines}", encoding="utf-8")


def measured(work: Work, who: str, command: list[str], folder: Path, url: str) -> Figure:
    """Run a contender to its end."""
    started = time.time()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{who} failed: {' '.join(command)}")
    told: Mapping[str, float] = json.load(urllib.request.urlopen(url))
    expected = work.turns + work.scenarios * work.judged
    if told["requests"] != expected:
        raise SystemExit(f"{who} made {told['requests']} of {expected} calls")
    store = folder / ".harness" / "harness.db"
    ended = told["last"]
    if who == "harness":
        with sqlite3.connect(store) as database:
            (text,) = database.execute("select ended from runs").fetchone()
        ended = datetime.fromisoformat(text).timestamp()
    return Figure(
        work=work.name,
        who=who,
        ratio=round((ended - told["first"]) / work.ideal, 3),
        cpu_ms_a_turn=round((used.ru_utime + used.ru_stime) / work.turns * 1000, 2),
        peak_mb=round(used.ru_maxrss / 1024, 1),
        start_seconds=round(told["first"] - started, 2),
    )


def play(work: Work, loops: list[str]) -> Iterator[Figure]:
    """Each contender in turn."""
    kind = "stream" if work.stream else "whole"
    for loop in loops if not work.judged else []:
        with mock(work.stream) as url, tempfile.TemporaryDirectory() as folder:
            sizes = [f"{url}/v1", str(work.scenarios), str(work.concurrency), kind]
            yield measured(work, loop, [sys.executable, str(HERE / "loops.py"), loop, *sizes], Path(folder), url)
    with mock(work.stream) as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, url, work)
        command = [sys.executable, "-m", "harness", "run", "--json", "--no-cache"]
        yield measured(work, "harness", command + ["-j", "mock"] * work.judged, folder, url)


def seconds_to_first_request(scenarios: int, epochs: int) -> float:
    """From the start of a process to its first request, with so many samples to plan; it is ended then."""
    work = Work("planning", scenarios, 50)
    with mock(stream=False) as url, tempfile.TemporaryDirectory() as name:
        write_project(Path(name), url, work)
        started = time.time()
        command = [sys.executable, "-m", "harness", "run", "--json", "-n", str(epochs)]
        process = subprocess.Popen(command, cwd=name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not (told := json.load(urllib.request.urlopen(url)))["requests"]:
            time.sleep(0.05)
        process.kill()
        process.wait()
    return round(float(told["first"]) - started, 2)


def main() -> None:
    """Play all works and print what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sdk", action="store_true", help="also the openai package as it comes")
    arguments = parser.parse_args()
    loops = ["aiohttp", "sdk"] if arguments.sdk else ["aiohttp"]
    figures = []
    for work in WORKS:
        for figure in play(work, loops):
            figures.append(figure)
            if not arguments.json:
                told = (
                    f"{figure.ratio:5.2f} × ideal  {figure.cpu_ms_a_turn:5.2f} ms CPU a turn  {figure.peak_mb:5.0f} MB"
                )
                print(f"{figure.work:52} {figure.who:8} {told}  {figure.start_seconds:.2f} s to first", flush=True)
    planning = seconds_to_first_request(100, 1000)
    if not arguments.json:
        print(f"100,000 samples planned, and the first request made, after {planning} s")
    if arguments.json:
        rows = [asdict(figure) for figure in figures]
        print(json.dumps({"latency": LATENCY, "figures": rows, "start_seconds_with_100000_samples": planning}))


if __name__ == "__main__":
    main()
