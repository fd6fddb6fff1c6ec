"""What stays as its writer meant it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.persona import Persona
from harness.core.scenario import Scenario
from harness.errors import InputError
from harness.store.yaml import parse_value, read_yaml
from tests.store.files import problems_of

CARD = "name: A\nlanguages: [en]\ndescription: d\n"


def greeting(folder: Path, written: str) -> str:
    path = folder / "p.yaml"
    path.write_bytes(f"{CARD}greeting: {written}\n".encode())
    return parse_value(read_yaml(path, "p.yaml"), Persona).greeting


TEXT = "no yes on off y N NO None 12:30 1:2:3 2026-11-22 0x1F 0o17 1_000 .inf .nan = << + . 1.2.3 乔四更 😀"


@pytest.mark.parametrize("written", [*TEXT.split(), "5 coppers", "2026-11-22 03:00:00", "-x", "true story"])
def test_what_looks_like_something_else_stays_text(tmp_path: Path, written: str) -> None:
    assert greeting(tmp_path, written) == written


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("مرحبا يا صديقي", id="right-to-left"),
        pytest.param("a\u200bb\u200dc\ufeffd", id="zero-width"),
        pytest.param("👩‍🚀🇨🇳", id="emoji"),
        pytest.param("𠮷野家", id="beyond-the-basic-plane"),
        pytest.param("“他说：‘走罢。’”", id="full-width-marks"),
        pytest.param("cafe\u0301", id="combining"),
    ],
)
def test_any_letters_survive(tmp_path: Path, text: str) -> None:
    assert greeting(tmp_path, text) == text


@pytest.mark.parametrize(("written", "count"), [("010", 10), ("08", 8), ("+9", 9), ("1e2", 100), ("12.0", 12)])
def test_numbers_are_decimal(tmp_path: Path, written: str, count: int) -> None:
    (tmp_path / "s.yaml").write_text(f"title: t\nturns: [{{user: a, expect: [{{max_chars: {written}}}]}}]\n")
    scenario = parse_value(read_yaml(tmp_path / "s.yaml", "s.yaml"), Scenario)

    assert scenario.turns[0].expect[0].max_chars == count


def test_a_number_beyond_all_measure_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        greeting(tmp_path, "9" * 5000)

    assert problems_of(caught)[0].startswith("p.yaml:4: greeting: cannot be read: ")


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(CARD.encode("utf-8-sig"))

    assert parse_value(read_yaml(path, "p.yaml"), Persona).name == "A"


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes(CARD.replace("\n", "\r\n").encode() + b"greeting: 5\r\n")
    with pytest.raises(InputError, match=r"^p\.yaml:4: greeting"):
        parse_value(read_yaml(path, "p.yaml"), Persona)


def test_an_anchor_may_be_used_again(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(CARD + "voice: {says: &s [aye], never_says: *s}\n")

    assert parse_value(read_yaml(path, "p.yaml"), Persona).voice.never_says == ("aye",)


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    path = tmp_path / "p.yaml"
    path.write_text("\n".join(lines))
    with pytest.raises(InputError) as caught:
        read_yaml(path, "p.yaml")

    assert problems_of(caught) == ["p.yaml: too many values · split the file"]


def test_a_line_of_a_megabyte_is_read(tmp_path: Path) -> None:
    line = "更" * 350_000

    assert greeting(tmp_path, line) == line


@pytest.mark.parametrize("name", ["missing.yaml", "folder.yaml"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(InputError, match=rf"^{name}: cannot be read: .* · check the path and its rights$"):
        read_yaml(tmp_path / name, name)


@given(st.binary(max_size=80) | st.text(alphabet="a:-[]{}&*!|>'\"%@`#,? \n\t你", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_place(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    try:
        parse_value(read_yaml(path, "any.yaml"), Persona)
    except InputError as error:
        assert all(problem.where.startswith("any.yaml") for problem in error.problems)  # noqa: PT017
