import os
from datetime import date
from pathlib import Path

import pytest

from harness.core.card import Card, CardRow, Flips, Interval, Step
from harness.core.model import Params
from harness.errors import InputError, StoreError
from harness.store.cards import FOLDER, read_cards, write_card

ROW = CardRow(
    dimension="voice", language="zh", labels="human", provenance={"human": 60, "natural": 2}, rows=62, scored=60,
    violations=30, characters=8, auroc=Interval(value=0.9, low=0.8, high=0.95), bias=Interval(value=-0.1),
)  # fmt: skip


def card(measured: str = "2026-11-22", **fields: object) -> Card:
    values: dict[str, object] = {
        "model": "test/judge", "id": "judge-1", "rubric": "sheet@3", "prompt": "abc", "version": "0",
        "measured": date.fromisoformat(measured), "labels": ("replies.zh.jsonl", "人工.jsonl"), "rows": (ROW,),
        **fields,
    }  # fmt: skip
    return Card.model_validate(values)


def shelf(root: Path) -> Path:
    folder = root / FOLDER
    folder.mkdir(parents=True)
    return folder


def own(root: Path) -> list[Card]:
    """The cards of a project, without the shipped ones."""
    return [each for each in read_cards(root) if each.model == "test/judge"]


def test_a_card_that_is_written_is_read_again(tmp_path: Path) -> None:
    whole = card(
        params=Params(temperature=0.3), samples=3, flips=(Flips(language="zh", pairs=9, flipped=2, right=6),),
        sensitivity=(Step(language="zh", share=0.1, rating=0.75, chats=4),),
    )  # fmt: skip
    path = shelf(tmp_path) / "judge.yaml"

    write_card(path, whole)

    assert own(tmp_path) == [whole]
    assert "人工.jsonl" in path.read_text(encoding="utf-8")
    assert os.listdir(path.parent) == ["judge.yaml"]


def test_a_newer_card_takes_the_place_of_the_file_it_is_written_to(tmp_path: Path) -> None:
    path = shelf(tmp_path) / "judge.yaml"
    write_card(path, card(samples=1))
    write_card(path, card(samples=3))

    assert [each.samples for each in own(tmp_path)] == [3]


def test_the_newest_measurement_comes_first_whatever_its_file_is_called(tmp_path: Path) -> None:
    folder = shelf(tmp_path)
    for name, day in (("a", "2026-01-31"), ("b", "2026-11-22"), ("c", "2025-12-31")):
        write_card(folder / f"{name}.yaml", card(day))

    assert [each.measured.isoformat() for each in own(tmp_path)] == ["2026-11-22", "2026-01-31", "2025-12-31"]


def test_a_project_without_cards_has_none(tmp_path: Path) -> None:
    assert own(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        pytest.param("dimension: voice", "dimension: charm", "dimension", id="dimension"),
        pytest.param("measured: '2026-11-22'", "measured: someday", "measured", id="date"),
        pytest.param("model: test/judge", "modle: test/judge", "modle", id="field"),
    ],
)
def test_a_file_that_is_no_card_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = shelf(tmp_path) / "judge.yaml"
    write_card(path, card())
    text = path.read_text(encoding="utf-8")
    assert old in text, text
    path.write_text(text.replace(old, new), encoding="utf-8")
    line = 1 + next(number for number, each in enumerate(text.split("\n")) if old in each)

    with pytest.raises(InputError) as refused:
        list(read_cards(tmp_path))

    told = str(refused.value)
    assert f"{FOLDER}/judge.yaml:{line}: " in told
    assert problem in told


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    (shelf(tmp_path) / "judge.yaml").write_text("model: [test/judge\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"rubrics/cards/judge\.yaml:\d+"):
        list(read_cards(tmp_path))


def test_a_card_that_cannot_be_written_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "judge.yaml").mkdir()

    with pytest.raises(StoreError, match=r"judge\.yaml: cannot be written"):
        write_card(tmp_path / "judge.yaml", card())
    with pytest.raises(StoreError, match="cannot be written"):
        write_card(tmp_path / "nowhere" / "judge.yaml", card())

    assert os.listdir(tmp_path) == ["judge.yaml"]
