import pytest
from hypothesis import given

from harness.text.estimate import estimate_tokens, most_tokens
from tests.text.anything import texts


@given(texts, texts)
def test_more_text_is_never_fewer_tokens(first: str, second: str) -> None:
    assert estimate_tokens(first) <= estimate_tokens(first + second)


@given(texts)
def test_an_estimate_is_never_below_three_tenths_of_a_token_a_character(text: str) -> None:
    assert estimate_tokens(text * 50) >= 0.3 * len(text * 50)


@pytest.mark.parametrize(
    ("text", "least"),
    [
        pytest.param("老婆子只管敲更" * 100, 600, id="chinese"),
        pytest.param("こんにちは" * 100, 400, id="japanese"),
        pytest.param("안녕하세요" * 100, 400, id="korean"),
        pytest.param("Wipe your boots, friend. " * 100, 600, id="english"),
    ],
)
def test_an_estimate_that_guards_a_limit_is_not_short(text: str, least: int) -> None:
    assert estimate_tokens(text) >= least


@given(texts)
def test_the_most_that_a_text_can_be_is_never_less_than_its_estimate(text: str) -> None:
    assert most_tokens(text) >= estimate_tokens(text)


def test_even_no_text_takes_a_token() -> None:
    assert estimate_tokens("") == 1
