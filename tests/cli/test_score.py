"""`harness score`: chats that were recorded elsewhere."""

import json
from pathlib import Path

from tests.command import harness, write_project


def write_chats(folder: Path, *chats: object) -> Path:
    write_project(folder, "http://127.0.0.1:1/v1")
    file = folder / "chats.jsonl"
    file.write_text("".join(f"{json.dumps(chat)}\n" for chat in chats), encoding="utf-8")
    return file


def chat(*replies: str) -> dict[str, object]:
    messages = [{"role": "system", "content": "You are Bram."}]
    for number, reply in enumerate(replies, 1):
        messages += [{"role": "user", "content": f"Line {number}"}, {"role": "assistant", "content": reply}]
    return {"messages": messages}


def test_recorded_chats_are_checked_and_reported_without_a_call_or_a_key(tmp_path: Path) -> None:
    write_chats(
        tmp_path,
        chat("Aye, sit down.", "As an AI language model, I cannot sit."),
        {**chat("掌柜的，里面请坐，热汤马上就来。"), "id": "b"},
    )
    done = harness(tmp_path, "score", "chats.jsonl", "--persona", "bram", "--json", MOCK_API_KEY="")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["samples"], result["turns"], result["findings"]["break"]) == (2, 3, 2)
    assert result["cost"] | {"judge": {}} == {
        "USD": None, "CNY": None, "unknown_calls": 0, "judge": {},
            "saved_by_cache": {"USD": None, "CNY": None},
    }  # fmt: skip
    assert "turn 2, ai_self_disclosure" in done.stderr


def test_half_a_character_in_a_recorded_reply_is_no_reason_to_stop(tmp_path: Path) -> None:
    write_chats(tmp_path, chat("Aye \ud83d, sit down."))
    done = harness(tmp_path, "score", "chats.jsonl", "--persona", "bram")
    assert done.returncode == 0, done.stderr


def test_lines_that_are_no_chat_are_all_told_with_their_number(tmp_path: Path) -> None:
    file = write_chats(tmp_path, chat("Aye."), {"messages": "no"}, {"messages": []})
    file.write_text(file.read_text(encoding="utf-8") + "not json\n", encoding="utf-8")
    done = harness(tmp_path, "score", "chats.jsonl", "--persona", "bram")
    assert done.returncode == 2
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == [
        "chats.jsonl:2", "chats.jsonl:3", "chats.jsonl:4",
    ]  # fmt: skip
    assert not (tmp_path / ".harness").exists()


def test_an_unknown_persona_is_told_with_the_nearest(tmp_path: Path) -> None:
    write_chats(tmp_path, chat("Aye."))
    done = harness(tmp_path, "score", "chats.jsonl", "--persona", "brum")
    assert (done.returncode, "did you mean 'bram'?" in done.stderr) == (2, True), done.stderr
