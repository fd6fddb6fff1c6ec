import json
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.store.jsonl import read_labels, read_lines, write_lines

ROW = {
    "id": "a",
    "language": "zh",
    "persona": {"name": "阮三娘"},
    "messages": [{"role": "user", "content": "？"}, {"role": "assistant", "content": "客官里边坐。"}],
    "provenance": "authored",
    "failure_type": "clean",
    "severity": "none",
}


def written(path: Path, *rows: object) -> Path:
    path.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    write_lines(path, [ROW, {**ROW, "id": "b"}])

    assert "客官" in path.read_text(encoding="utf-8")
    assert [label.id for label in read_labels([path])] == ["a", "b"]
    assert [one.name for one in tmp_path.iterdir()] == ["labels.jsonl"]


def test_every_wrong_row_is_told_with_its_line_and_field(tmp_path: Path) -> None:
    path = written(
        tmp_path / "labels.jsonl",
        ROW,
        {**ROW, "id": "b", "language": "fr"},
        {**ROW, "id": "c", "failure_type": "length", "severity": "note", "span": "茶"},
    )

    with pytest.raises(InputError) as refused:
        read_labels([path])

    assert str(refused.value).splitlines() == [
        f"{path}:3: language: 'fr' is not a choice · known: en, zh, zh-Hant",
        f"{path}:5: span does not stand in the last message · mend the entry",
    ]


def test_an_id_stands_once_in_all_files(tmp_path: Path) -> None:
    first, second = written(tmp_path / "1.jsonl", ROW), written(tmp_path / "2.jsonl", ROW)

    with pytest.raises(InputError, match=r"2\.jsonl:1: id: 'a' stands twice"):
        read_labels([first, second])


def test_a_line_that_is_no_json_is_told(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id": "a"}\n{"id": \n', encoding="utf-8")

    with pytest.raises(InputError, match=r"labels\.jsonl:2: not JSON"):
        list(read_lines(path))


def test_an_empty_file_holds_no_labels(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n", encoding="utf-8")

    with pytest.raises(InputError, match="no labels in it"):
        read_labels([tmp_path / "none.jsonl"])
