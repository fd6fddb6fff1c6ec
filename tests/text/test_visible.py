import unicodedata

import pytest
from hypothesis import given

from harness.text.visible import visible
from tests.text.anything import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Three coppers,\n\tfriend.", "Three coppers,\n\tfriend.", id="plain"),
        pytest.param("\x1b[31mred", "␛[31mred", id="terminal escape"),
        pytest.param("a\x00b\x07", "a␀b␇", id="control"),
        pytest.param("\x7f\x9b1m", "␡⟨U+009B⟩1m", id="delete and C1"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb␍c\nd", id="line ends"),
        pytest.param("abc\u202edcba\u202c", "abc⟨RLO⟩dcba⟨PDF⟩", id="direction"),
        pytest.param("a\u200b\u200b\u200bb\ufeff", "a⟨ZWSP ×3⟩b⟨BOM⟩", id="zero width"),
        pytest.param("\ud83d!", "⟨U+D83D⟩!", id="half a character"),
        pytest.param("\U000e0041\U000e0042", "⟨U+E0041⟩⟨U+E0042⟩", id="hidden letters"),
        pytest.param("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم", id="joiners stay"),
        pytest.param("乔四更：“小心火烛。”", "乔四更：“小心火烛。”", id="Chinese"),
    ],
)
def test_what_hides_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_is_shown_can_be_written() -> None:
    assert visible("".join(map(chr, range(0x11000)))).encode()


def test_a_long_run_is_one_mark() -> None:
    assert visible("\u200b" * 200_000) == "⟨ZWSP ×200000⟩"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert visible("老婆子只管敲更", 4) == "老婆子…"
    assert visible("老婆子", 3) == "老婆子"


@given(texts)
def test_nothing_that_acts_is_left_in_any_text(text: str) -> None:
    shown = visible(text)

    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n"]
    assert shown.encode().decode() == shown
    assert len(visible(text, 10)) <= 10
