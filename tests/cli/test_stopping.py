"""Runs that are stopped, gone on with, scored again: nothing is lost, and nothing is paid for twice."""

import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.command import (
    HARNESS,
    echo,
    exchanges,
    harness,
    plain_environment,
    said,
    serving,
    start_harness,
    write_project,
)


def test_a_killed_run_is_finished_by_resume_and_no_stored_reply_is_asked_for_again(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=3, turns=4)
        endpoint.hold_from = 6
        running = start_harness(tmp_path, "run", "--concurrency", "1")
        assert endpoint.reached.wait(60)
        running.kill()
        running.communicate()
        stored = len(exchanges(tmp_path))
        endpoint.hold_from = None
        endpoint.gate.set()
        done = harness(tmp_path, "resume", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["turns"] == 12
    assert stored == 5
    assert len(endpoint.requests) == 12 + (6 - stored)  # the request in flight is the only one sent twice
    kept = [(exchange["turn"], exchange["text"]) for exchange in exchanges(tmp_path)]
    assert len(kept) == len(set(enumerate(kept))) == 12


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on_and_exits_with_130(tmp_path: Path, number: int) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        endpoint.hold_from = 4
        running = start_harness(tmp_path, "run", "--concurrency", "1")
        assert endpoint.reached.wait(60)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "harness resume" in err
    shown = json.loads(harness(tmp_path, "runs", "show", "--json").stdout)
    assert shown["cost"]["unknown_calls"] == 1, "the call under way may have been charged for"
    assert len(exchanges(tmp_path)) == 3
    assert "report:" in out


def test_two_resumes_of_one_run_do_not_pay_twice(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        endpoint.hold_from = 2
        running = start_harness(tmp_path, "run", "--concurrency", "1")
        assert endpoint.reached.wait(60)
        second = harness(tmp_path, "resume", "last")
        endpoint.gate.set()
        running.communicate(timeout=60)
    assert second.returncode == 2
    assert "another process is working on" in second.stderr
    assert len(endpoint.requests) == 6


def test_two_runs_at_once_in_one_project_both_come_to_their_end(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=4)
        both = [start_harness(tmp_path, "run", "--json") for _ in range(2)]
        results = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert len({json.loads(out)["run"] for out, _ in results}) == 2
    assert len(endpoint.requests) == 24


def test_a_resume_asks_again_for_turns_whose_call_failed(tmp_path: Path) -> None:
    with serving(lambda body: "<html>down</html>") as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1)
        assert harness(tmp_path, "run").returncode == 3
        endpoint.answer = echo
        done = harness(tmp_path, "resume", "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["turns"], result["outcomes"]["failed"]) == (0, 3, 0)
    assert result["cost"]["unknown_calls"] == 1, "the call that failed stays on the bill"


def test_rescore_calls_nobody_and_finds_the_same(tmp_path: Path) -> None:
    with serving(lambda body: said("As an AI language model, I have no inn.")) as endpoint:
        write_project(tmp_path, endpoint.url)
        first = json.loads(harness(tmp_path, "run", "--json").stdout)
        calls = len(endpoint.requests)
        done = harness(tmp_path, "rescore", "last", "--json", MOCK_API_KEY="")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["findings"] == first["findings"] != {}
    assert len(endpoint.requests) == calls


def test_a_full_disk_stops_the_run_with_a_clear_word_and_keeps_what_was_stored(tmp_path: Path) -> None:
    # A limit on file size is what a process sees of a full disk, and needs no disk.
    with serving(lambda body: said("x" * 20_000)) as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=2, turns=12)
        limited = ["sh", "-c", 'ulimit -f 256; exec "$@"', "sh", *HARNESS, "run", "--concurrency", "1"]
        environment = plain_environment(PYTHONDONTWRITEBYTECODE="1")
        done = subprocess.run(limited, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "the store refused" in done.stderr
    assert "Traceback" not in done.stderr
    kept = exchanges(tmp_path)
    assert kept
    assert len(kept) >= len(endpoint.requests) - 1


def test_a_rescore_of_a_run_that_was_killed_does_not_make_it_whole(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=3, turns=1)
        endpoint.hold_from = 2
        running = start_harness(tmp_path, "run", "--concurrency", "1")
        assert endpoint.reached.wait(60)
        running.kill()
        running.communicate()
        endpoint.gate.set()
        done = harness(tmp_path, "rescore", "last", "--json")
        assert (done.returncode, json.loads(done.stdout)["status"]) == (3, "incomplete"), done.stderr
        assert "harness resume" in done.stderr
        assert harness(tmp_path, "resume").returncode == 0


def test_a_rescore_that_is_refused_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1, turns=1)
        before = json.loads(harness(tmp_path, "run", "--json").stdout)
        refused = harness(tmp_path, "rescore", "last", "-j", "mock/mock", MOCK_API_KEY="")
    assert refused.returncode == 2
    assert json.loads(harness(tmp_path, "runs", "show", "--json").stdout) == {**before, "report": None}


def test_a_run_that_is_worked_on_is_neither_deleted_nor_pruned(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1, turns=2)
        endpoint.hold_from = 2
        running = start_harness(tmp_path, "run", "--json")
        assert endpoint.reached.wait(60)
        pruned = harness(tmp_path, "runs", "prune", "--keep", "0")
        (listed,) = json.loads(harness(tmp_path, "runs", "list", "--json").stdout)["runs"]
        deleted = harness(tmp_path, "runs", "delete", listed["id"])
        endpoint.gate.set()
        out, _ = running.communicate(timeout=60)
    assert (pruned.returncode, pruned.stdout, "kept" in pruned.stderr) == (0, "", True)
    assert deleted.returncode == 2
    assert json.loads(out)["turns"] == 2


def test_a_resume_is_offered_only_where_it_can_do_something(tmp_path: Path) -> None:
    filtered = said("", finish_reason="content_filter")
    with serving(lambda body: filtered) as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1)
        done = harness(tmp_path, "run")
    assert done.returncode == 3
    assert "harness resume" not in done.stderr
