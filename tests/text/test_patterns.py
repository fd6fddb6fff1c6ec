from contextlib import suppress

import pytest
from hypothesis import given

from harness.text.patterns import BadPattern, compile_pattern, well_formed
from tests.text.anything import texts

LONG = "a" * 200_000


@pytest.mark.parametrize(
    "pattern",
    [r"(a+)+$", r"(a|a)*b", r"(a|aa)+$", r"(.*)*x", r"(a*)*(a*)*c", r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(x+x+)+y"],
)
def test_a_pattern_that_would_backtrack_forever_ends(pattern: str) -> None:
    compile_pattern(pattern).search(LONG + "!")


def test_the_case_of_letters_does_not_matter() -> None:
    found = compile_pattern("rusty griffin").search("At the RUSTY Griffin")

    assert found is not None
    assert found.span() == (7, 20)


def test_places_are_code_points_whatever_the_letters() -> None:
    text = "🍶喝一碗米酒，😀再走"
    found = [match.span() for match in compile_pattern("米酒|再走").finditer(text)]

    assert [text[start:end] for start, end in found] == ["米酒", "再走"]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        pytest.param("(", r"missing \)", id="open-group"),
        pytest.param("[龙", "missing ]", id="open-class"),
        pytest.param("*", "no argument for repetition", id="nothing-to-repeat"),
        pytest.param("(?=x)", "invalid perl operator", id="look-ahead"),
        pytest.param(r"(a)\1", "invalid escape sequence", id="back-reference"),
        pytest.param("a{1001}", "bad repetition|invalid repetition", id="too-often"),
        pytest.param("((a{100}){100}){100}", "repetition|too large|pattern", id="too-large"),
    ],
)
def test_what_is_no_pattern_is_refused_with_a_reason(pattern: str, reason: str) -> None:
    with pytest.raises(BadPattern, match=f"(?i){reason}"):
        compile_pattern(pattern)


@given(texts)
def test_any_text_is_a_pattern_or_refused(pattern: str) -> None:
    with suppress(BadPattern):
        compile_pattern(well_formed(pattern)).search("龙 and dragon")


@given(texts)
def test_well_formed_text_can_be_spelled_in_utf8_and_is_as_long(text: str) -> None:
    made = well_formed(text)

    assert len(made) == len(text)
    assert made.encode().decode() == made
