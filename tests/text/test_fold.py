import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.finding import Span
from harness.text.fold import fold
from tests.text.anything import clean_texts, texts

SAME = [
    pytest.param("ＡＩ　１２３！", "ai 123!", id="full-width"),
    pytest.param("Bram OAKENFIST", "bram oakenfist", id="case"),
    pytest.param("“Hi,” ‘friend’", "\"Hi,\" 'friend'", id="curly-quotes"),
    pytest.param("「你好」『再见』", '"你好""再见"', id="corner-quotes"),
    pytest.param("A\u200bI\u200d m\ufeffodel\u00ad", "AI model", id="zero-width"),
    pytest.param("\u202eAI\u202c \u2066x\u2069", "AI x", id="bidi-marks"),
    pytest.param("ﬁne ㎏ Ⅳ ①", "fine kg IV 1", id="compatibility-letters"),
    pytest.param("ｶﾌｪ", "カフェ", id="half-width-kana"),
    pytest.param("cafe\u0301", "café", id="combining-accent"),
    pytest.param("\u1112\u1161\u11ab", "한", id="combining-jamo"),
    pytest.param("STRASSE", "straße", id="sharp-s"),
    pytest.param("ΛΟΓΟΣ", "λόγος".replace("ό", "ο"), id="final-sigma"),
    pytest.param("a—b–c", "a-b-c", id="dashes"),
    pytest.param("a\u00a0b\tc", "a b c", id="spaces"),
    pytest.param("ᴬ𝐈", "AI", id="letters-in-disguise"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_readers_take_as_the_same_folds_the_same(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_phrase_is_found_in_either_spelling_and_comes_back_as_it_stands(one: str, other: str) -> None:
    for text, phrase in ((one, other), (other, one)):
        span = fold(f"前 {text} 后").find(phrase)

        assert span is not None
        assert f"前 {text} 后"[span.start : span.end].strip("\u202e\u2069\ufeff\u00ad\u2066\u202c") == text.strip(
            "\u202e\u2069\ufeff\u00ad\u2066\u202c"
        )


@pytest.mark.parametrize(("one", "other"), [("猫", "狗"), ("left", "leff"), ("龙", "龍"), ("1", "I")])
def test_what_readers_tell_apart_stays_apart(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_a_span_of_a_combined_letter_holds_all_of_it() -> None:
    raw = "un cafe\u0301, s'il vous plaît"

    assert fold(raw).find("café") == Span(3, 8)


def test_a_span_of_half_a_ligature_holds_the_ligature() -> None:
    assert fold("a ﬁre").find("fir") == Span(2, 4)
    assert fold("a ﬁre").find("ire") == Span(2, 5)


def test_only_places_at_or_after_the_start_are_found() -> None:
    assert fold("AI, ai").find("AI", 1) == Span(4, 6)
    assert fold("AI").find("AI", 1) is None


@pytest.mark.parametrize("phrase", ["", "\u200b", "\ufeff\u200d"])
def test_a_phrase_that_nobody_can_see_is_nowhere(phrase: str) -> None:
    assert fold("anything").find(phrase) is None


@given(texts, st.data())
def test_every_span_of_the_folded_text_is_a_span_of_the_raw_one(raw: str, data: st.DataObject) -> None:
    folded = fold(raw)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    span = folded.raw_span(start, end)

    assert 0 <= span.start <= span.end <= len(raw)
    assert (span.start < span.end) == (start < end)
    if start < end:
        assert folded.text[start:end] in fold(raw[span.start : span.end]).text


@given(texts)
def test_the_whole_folded_text_comes_from_the_whole_raw_text(raw: str) -> None:
    folded = fold(raw)
    span = folded.raw_span(0, len(folded.text))

    assert fold(raw[span.start : span.end]).text == folded.text


letters = (
    st.characters(min_codepoint=0xC0, max_codepoint=0x24F)
    | st.characters(min_codepoint=0x3041, max_codepoint=0x30FF)
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
)


@given(st.text(alphabet=letters))
def test_composed_and_decomposed_letters_are_one(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)

    assert fold(apart).text == fold(unicodedata.normalize("NFC", text)).text


@given(st.text(alphabet=letters | st.characters(max_codepoint=0x7F)))
def test_folding_ignores_the_case_of_any_letter(text: str) -> None:
    assert fold(text.upper()).text == fold(text.upper().lower()).text


@given(clean_texts, clean_texts, clean_texts)
def test_a_part_of_a_text_is_found_in_it(before: str, phrase: str, after: str) -> None:
    raw = f"{before}。{phrase}。{after}"
    span = fold(raw).find(f"。{phrase}。")

    assert span is not None
    assert fold(f"。{phrase}。").text in fold(raw[span.start : span.end]).text


def test_a_long_text_of_marks_that_combine_is_folded_whole() -> None:
    zalgo = "e" + "\u0301" * 50_000

    assert fold(zalgo).find("é") is not None
