from typing import get_args

import pytest
from hypothesis import given

from harness.text.chinese import simplified, telling_characters
from harness.text.script import Writing, is_traditional, language_of, writings
from tests.text.anything import texts


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("客官里边坐，井水刚烧开。", "zh", id="simplified"),
        pytest.param("客官裡邊坐，井水剛燒開。", "zh-Hant", id="traditional"),
        pytest.param("你好", "zh", id="written-alike-in-both"),
        pytest.param("Wipe your boots, friend.", "en", id="english"),
        pytest.param("Bonjour, comment ça va ?", "en", id="latin-letters"),
        pytest.param("ＨＥＬＬＯ ＴＨＥＲＥ", "en", id="full-width-latin"),
        pytest.param("こんにちは、お元気ですか", "kana", id="japanese"),
        pytest.param("안녕하세요 친구", "hangul", id="korean"),
        pytest.param("Здравствуй, друг", "cyrillic", id="russian"),
        pytest.param("مرحبا بالعالم", "arabic", id="arabic"),
        pytest.param("这个 bug 我昨天用 Python 修好了，你看看行不行。", "zh", id="chinese-with-english-words"),
        pytest.param("The inn is called 鯉尾 and stands by the river crossing.", "en", id="english-with-chinese-name"),
        pytest.param("東京都渋谷区の居酒屋で日本酒を飲む", "kana", id="japanese-mostly-han"),
        pytest.param("『はい』という返事は漢字で書けません", "kana", id="japanese-with-han"),
        pytest.param("（点头）Okay。我们走罢，天快黑了。", "zh", id="narration-and-a-word"),
        pytest.param("𠮷野家𠮷野家", "zh", id="beyond-the-basic-plane"),
    ],
)
def test_the_language_is_that_of_most_of_the_writing(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text", ["", " ", "嗯", "Ok", "……", "1234567890", "😀😀😀😀", "？！？！", "\u200b\u200b\u200b"]
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert language_of(text) is None


def test_writing_is_counted_by_character_and_marks_count_for_none() -> None:
    assert writings("龙 dragon 용 リュウ 😀 42！") == {"han": 1, "latin": 6, "hangul": 1, "kana": 3}


def test_a_few_shared_characters_do_not_make_a_text_traditional() -> None:
    assert is_traditional("龍在後面")
    assert not is_traditional("龙在后面")
    assert not is_traditional("天下太平")


def test_telling_characters_are_those_that_only_one_script_has() -> None:
    assert telling_characters("龙和龍马") == (2, 1)
    assert telling_characters("hello") == (0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("裡邊坐", "里边坐"), ("里边坐", "里边坐"), ("dragon 龍 🐉", "dragon 龙 🐉"), ("no Chinese", "no Chinese")],
)
def test_matching_is_done_in_simplified_characters(text: str, expected: str) -> None:
    assert simplified(text) == expected


@given(texts)
def test_any_text_can_be_asked_for_its_language(text: str) -> None:
    assert language_of(text) in (None, "en", "zh", "zh-Hant", *get_args(Writing))
    assert sum(writings(text).values()) <= len(text)


@given(texts)
def test_simplified_text_is_as_long_as_before(text: str) -> None:
    assert len(simplified(text)) == len(text)


def test_half_a_surrogate_pair_in_chinese_text_is_no_obstacle() -> None:
    assert language_of("客官裡邊坐\ud83d") == "zh-Hant"
    assert language_of("客官里边坐\udc00") == "zh"
