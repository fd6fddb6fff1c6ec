import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.text.numbers import number_of


@pytest.mark.parametrize(
    ("spelled", "number"),
    [
        ("48", 48),
        ("forty-eight", 48),
        ("one hundred and six", 106),
        ("hundred", 100),
        ("twelve", 12),
        ("四十八", 48),
        ("十二", 12),
        ("两百零六", 206),
        ("一千二百", 1200),
        ("零", 0),
    ],
)
def test_a_number_is_read_however_it_is_written(spelled: str, number: int) -> None:
    assert number_of(spelled) == number


def test_what_is_no_number_word_is_none() -> None:
    assert number_of("forty-odd") is None


@given(st.integers(0, 9999))
def test_digits_are_read_as_they_stand(number: int) -> None:
    assert number_of(str(number)) == number
