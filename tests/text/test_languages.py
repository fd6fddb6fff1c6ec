import pytest
from hypothesis import given

from harness.text.languages import foreign_stretch, languages, may_hold_foreign_words

from .anything import texts


@pytest.mark.parametrize(
    ("sentence", "foreign"),
    [
        ("The bread is noch immer sehr warm today.", "noch immer sehr warm"),
        ("Non so dove sono i miei fratelli.", "Non so dove sono i miei fratelli"),
        ("Mañana vamos todos a la casa nueva.", "Mañana vamos todos a la casa nueva"),
        ("Saya belum tahu apa yang harus kita bawa.", "Saya belum tahu apa yang harus kita bawa"),
        ("Kyllä vielä ehtii, sanoi ylös noussut äiti.", "Kyllä vielä ehtii, sanoi ylös noussut äiti"),
    ],
)
def test_words_of_another_language_are_told_from_english(sentence: str, foreign: str) -> None:
    stretch = foreign_stretch(sentence, {"en"})

    assert stretch is not None
    assert sentence[stretch.start : stretch.end] == foreign


@pytest.mark.parametrize(
    "sentence",
    [
        "We had a pan, a van and a mint, and no one to do the sums.",
        "The café was full, and the soup was cold.",
        "Herr von Trask sold us the cart.",
        "Red sails, brown ropes, grey men.",
    ],
)
def test_english_with_a_foreign_flavour_is_english(sentence: str) -> None:
    assert foreign_stretch(sentence, {"en"}) is None


def test_a_language_that_is_spoken_is_not_foreign() -> None:
    assert foreign_stretch("Mañana vamos todos a la casa nueva.", {"en", "es"}) is None


def test_no_language_claims_an_english_small_word_for_its_own() -> None:
    english = languages()["en"].own

    assert {
        code: words.own & english for code, words in languages().items() if code != "en" and words.own & english
    } == {}


@given(texts)
def test_any_text_is_looked_at_and_stretches_lie_inside(text: str) -> None:
    stretch = foreign_stretch(text, {"en"})

    assert may_hold_foreign_words(text, {"en"}) in (True, False)
    assert stretch is None or 0 <= stretch.start < stretch.end <= len(text)
