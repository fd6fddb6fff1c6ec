import unicodedata

import pytest
from hypothesis import given

from harness.text.visible import visible
from tests.text.anything import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("掌柜，来碗酒 😀", "掌柜，来碗酒 😀", id="ordinary"),
        pytest.param("a\tb\nc", "a\tb\nc", id="tabs-and-lines"),
        pytest.param("\x1b[31mred\x1b[0m", "<U+001B>[31mred<U+001B>[0m", id="escape-sequence"),
        pytest.param("\x9b31m", "<U+009B>31m", id="eight-bit-escape"),
        pytest.param("a\rb\x08", "a<U+000D>b<U+0008>", id="overwriting"),
        pytest.param("\u202egnp.exe", "<U+202E>gnp.exe", id="bidi-override"),
        pytest.param("\u2066x\u2069", "<U+2066>x<U+2069>", id="bidi-isolate"),
        pytest.param("\ud83d", "<U+D83D>", id="half-a-surrogate-pair"),
        pytest.param("\x00", "<U+0000>", id="nul"),
    ],
)
def test_what_would_act_in_a_terminal_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert visible("老婆子只管敲更", 4) == "老婆子…"
    assert visible("老婆子", 3) == "老婆子"


@given(texts)
def test_nothing_that_acts_is_left_in_any_text(text: str) -> None:
    shown = visible(text)

    assert not [one for one in shown if unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n"]
    assert shown.encode().decode() == shown
    assert len(visible(text, 10)) <= 10
