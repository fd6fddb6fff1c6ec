"""`harness calibrate` and `harness plant`: the checks measured on labels, one's own plants among them."""

import json
from pathlib import Path

from tests.command import harness, write_project


def row(name: str, reply: str, failure_type: str = "clean", span: str = "", **more: object) -> dict[str, object]:
    return {
        "id": name,
        "language": "en",
        "persona": {"name": "Hob", "description": "Keeper of a roadside inn."},
        "messages": [{"role": "user", "content": "Go on."}, {"role": "assistant", "content": reply}],
        "provenance": "authored",
        "failure_type": failure_type,
        "severity": "break" if span else "none",
        "span": span,
        **more,
    }


ROWS = [
    row("found", "Soup? I am just an AI language model.", "ai_self_disclosure", "I am just an AI language model."),
    row("missed", "The soup is hot. Hm.", "style_break", "Hm."),
    row("clean", "Sit down, friend, the soup is hot."),
]


def write_rows(folder: Path, *rows: object, name: str = "labels.jsonl") -> None:
    (folder / name).write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")


def test_the_checks_are_measured_and_their_misses_listed(tmp_path: Path) -> None:
    write_rows(tmp_path, *ROWS)

    done = harness(tmp_path, "calibrate", "--labels", "labels.jsonl")

    assert done.returncode == 0, done.stderr
    assert "all that rules see" in done.stdout
    assert "missed · style_break · break · Hm." in done.stdout


def test_machines_get_every_figure_with_its_interval(tmp_path: Path) -> None:
    write_rows(tmp_path, *ROWS)

    result = json.loads(harness(tmp_path, "calibrate", "--labels", "labels.jsonl", "--json").stdout)

    pooled = result["agreements"][0]
    assert pooled["failure_type"] is None
    assert (pooled["recall"]["hits"], pooled["recall"]["of"], pooled["recall"]["value"]) == (1, 2, 0.5)
    assert pooled["recall"]["low"] < 0.5 < pooled["recall"]["high"]
    assert pooled["precision"]["value"] == 1
    assert result["clean"][0]["flagged"]["of"] == 1
    assert [miss["id"] for miss in result["misses"]] == ["missed"]


def test_predictions_are_written_row_by_row_with_spans_of_the_reply(tmp_path: Path) -> None:
    write_rows(tmp_path, *ROWS)

    done = harness(tmp_path, "calibrate", "--labels", "labels.jsonl", "--predictions", "found.jsonl")

    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["id"] for one in found] == ["found", "missed", "clean"]
    finding = found[0]["findings"][0]
    start, end = finding["span"]
    assert "Soup? I am just an AI language model."[start:end] == finding["quote"]
    assert set(found[0]) == {"id", "findings", "ratings", "violation", "unscored_reason"}
    assert found[1]["findings"] == []


def test_wrong_rows_are_told_with_file_and_line_and_nothing_is_written(tmp_path: Path) -> None:
    write_rows(tmp_path, ROWS[0], row("bad", "Soup.", "ai_self_disclosure", "no such words"))

    done = harness(tmp_path, "calibrate", "--labels", "labels.jsonl", "--predictions", "found.jsonl")

    assert done.returncode == 2
    assert "labels.jsonl:2: span does not stand in the last message" in done.stderr
    assert not (tmp_path / "found.jsonl").exists()


def test_labels_of_a_judges_dimensions_do_not_measure_checks(tmp_path: Path) -> None:
    graded = {**row("a", "Soup."), "dimension": "facts", "human": {"value": 3, "scale": [1, 5]}}
    del graded["failure_type"]
    write_rows(tmp_path, graded)

    done = harness(tmp_path, "calibrate", "--labels", "labels.jsonl")

    assert done.returncode == 2
    assert "no row has a failure_type" in done.stderr


def chats(folder: Path) -> None:
    write_project(folder, "http://127.0.0.1:1/v1")
    replies = ["Sit down, friend, the soup is hot and the bench is dry.", "The goose is loud tonight. Mind the step."]
    messages = [
        {"role": role, "content": text}
        for reply in replies
        for role, text in (("user", "Go on."), ("assistant", reply))
    ]
    write_rows(folder, {"id": "a", "messages": messages}, name="chats.jsonl")


def test_plants_are_labels_that_calibrate_reads(tmp_path: Path) -> None:
    chats(tmp_path)

    done = harness(tmp_path, "plant", "-o", "planted.jsonl", "--chats", "chats.jsonl", "--persona", "bram", "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["chats"] == 1
    assert told["planted"] == told["labels"] - 1 >= 9
    measured = json.loads(harness(tmp_path, "calibrate", "--labels", "planted.jsonl", "--json").stdout)
    assert measured["agreements"][0]["recall"]["of"] >= 8


def test_type_and_turn_can_be_chosen_and_the_seed_decides_the_rest(tmp_path: Path) -> None:
    chats(tmp_path)
    ask = ("--chats", "chats.jsonl", "--persona", "bram", "--type", "meta_commentary", "--turn", "1")
    for name, seed in (("one", "1"), ("same", "1")):
        assert harness(tmp_path, "plant", "-o", f"{name}.jsonl", *ask, "--seed", seed).returncode == 0

    one = (tmp_path / "one.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in one.splitlines()]
    assert [one["id"] for one in rows] == ["a:1:clean", "a:1:meta_commentary"]
    assert rows[1]["span"] in rows[1]["messages"][-1]["content"]
    assert (tmp_path / "same.jsonl").read_text(encoding="utf-8") == one


def test_what_cannot_be_planted_is_refused(tmp_path: Path) -> None:
    chats(tmp_path)

    done = harness(tmp_path, "plant", "-o", "x.jsonl", "--type", "meta_comment", "--chats", "chats.jsonl")

    assert done.returncode == 2
    assert "did you mean 'meta_commentary'?" in done.stderr
    assert "--chats and --persona go together" in done.stderr
