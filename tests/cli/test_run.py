"""`harness run`: what a user sees, pays and keeps."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.command import (
    HARNESS,
    KEY,
    echo,
    exchanges,
    harness,
    plain_environment,
    said,
    serving,
    write_project,
)


def test_a_run_prints_its_numbers_writes_a_report_and_exits_with_zero(tmp_path: Path) -> None:
    with serving() as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["status"], result["exit_code"], result["samples"], result["turns"]) == ("ungated", 0, 2, 6)
    assert result["cost"]["USD"] == pytest.approx(6 * (100 * 1 + 10 * 2) / 1e6)
    assert result["cost"]["unknown_calls"] == 0
    assert Path(result["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(endpoint.requests) == 6


def test_a_run_tells_how_far_it_is_in_plain_lines_when_nobody_sits_at_a_terminal(tmp_path: Path) -> None:
    with serving() as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run")
    assert "[2/2]" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "mock/mock" in done.stdout


def test_later_turns_see_the_models_own_replies_after_the_system_message_and_greeting(tmp_path: Path) -> None:
    with serving() as endpoint:
        harness(write_project(tmp_path, endpoint.url, scenarios=1), "run")
    assert [message["role"] for message in endpoint.requests[-1]["messages"]] == [
        "system", "assistant", "user", "assistant", "user", "assistant", "user",
    ]  # fmt: skip
    assert (
        endpoint.requests[-1]["messages"][3]["content"]
        == echo({"messages": [{"role": "user"}]})["choices"][0]["message"]["content"]
    )


def test_a_missing_key_is_told_before_any_call_with_the_variable_that_holds_it(tmp_path: Path) -> None:
    with serving() as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run", MOCK_API_KEY="")
    assert done.returncode == 2
    assert "set MOCK_API_KEY in the environment" in done.stderr
    assert not endpoint.requests
    assert not (tmp_path / ".harness").exists()


def test_a_key_in_dotenv_is_used_and_is_nowhere_in_what_is_written(tmp_path: Path) -> None:
    key = "sk-of-the-dotenv-file"
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        (tmp_path / ".env").write_text(f"MOCK_API_KEY={key}\n", encoding="utf-8")
        done = harness(tmp_path, "run", "--json", MOCK_API_KEY="")
    assert done.returncode == 0, done.stderr
    assert endpoint.requests[0]["_key"] == f"Bearer {key}"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.name != ".env")
    assert key.encode() not in written
    assert key not in done.stdout + done.stderr


def test_the_key_is_nowhere_in_store_report_or_output(tmp_path: Path) -> None:
    with serving(lambda body: "<html>nothing here</html>") as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run", "--json")
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert KEY.encode() not in written
    assert KEY not in done.stdout + done.stderr


def test_a_run_with_no_reply_at_all_is_incomplete(tmp_path: Path) -> None:
    with serving(lambda body: "<html>nothing here</html>") as endpoint:
        done = harness(write_project(tmp_path, endpoint.url), "run", "--json")
    assert done.returncode == 3
    result = json.loads(done.stdout)
    assert (result["status"], result["break_rate"]) == ("incomplete", None)
    assert result["outcomes"]["failed"] == 2
    assert result["outcomes"]["skipped"] == 4


@pytest.mark.parametrize(
    "reply", ["<script>alert(1)</script>", "\x1b[2J\x1b]0;owned\x07", "掌柜" * 100_000, "\u202eab"]
)
def test_whatever_a_model_says_comes_through_the_store_unchanged(tmp_path: Path, reply: str) -> None:
    with serving(lambda body: said(reply)) as endpoint:
        done = harness(write_project(tmp_path, endpoint.url, scenarios=1, turns=1), "run")
    assert done.returncode == 0, done.stderr
    assert [exchange["text"] for exchange in exchanges(tmp_path)] == [reply]
    assert "\x1b" not in done.stdout + done.stderr


def test_an_empty_reply_ends_the_sample_and_is_no_verdict(tmp_path: Path) -> None:
    with serving(lambda body: said("")) as endpoint:
        done = harness(write_project(tmp_path, endpoint.url, scenarios=1), "run", "--json")
    result = json.loads(done.stdout)
    assert result["outcomes"]["empty"] == 1
    assert result["outcomes"]["skipped"] == 2
    assert len(endpoint.requests) == 1


def test_breaks_are_told_loudly(tmp_path: Path) -> None:
    with serving(lambda body: said("As an AI language model, I have no inn.")) as endpoint:
        done = harness(write_project(tmp_path, endpoint.url, scenarios=1, turns=1), "run")
    assert done.returncode == 0
    assert "BREAK bram/chat-1 · short · mock/mock · 1 · turn 1, ai_self_disclosure" in done.stdout


def test_a_reports_folder_that_cannot_be_made_is_told_before_the_first_call(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        (tmp_path / "reports").write_text("a file is in the way", encoding="utf-8")
        done = harness(tmp_path, "run")
    assert done.returncode == 2
    assert "choose another place with -o" in done.stderr
    assert not endpoint.requests


def test_a_report_that_cannot_be_written_is_refused_before_the_first_call(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        (tmp_path / "taken.html").mkdir()
        for name in ("taken.html", "report.pdf"):
            assert harness(tmp_path, "run", "-o", name).returncode == 2
    assert not endpoint.requests


def test_what_a_server_says_does_not_act_in_the_terminal(tmp_path: Path) -> None:
    with serving(lambda body: "no money \x1b]0;owned\x07 \x9b31m") as endpoint:
        write_project(tmp_path, endpoint.url)
        (tmp_path / "scenarios/bram/chat\x1b[31m.yaml").write_text("title: x\n", encoding="utf-8")
        told = [harness(tmp_path, "models", "ping", "mock/mock"), harness(tmp_path, "run")]
        (tmp_path / "scenarios/bram/chat\x1b[31m.yaml").unlink()
        told.append(harness(tmp_path, "run"))
    assert [done.returncode for done in told] == [3, 2, 3]
    for done in told:
        assert not {"\x1b", "\x07", "\x9b"} & set(done.stdout + done.stderr)


def test_a_reader_that_goes_away_does_not_change_how_a_run_ends(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1, turns=1)
        read, write = os.pipe()
        os.close(read)
        running = subprocess.run(
            [*HARNESS, "run", "--json"], cwd=tmp_path, env=plain_environment(), stdout=write, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
        os.close(write)
    assert running.returncode == 0, running.stderr
