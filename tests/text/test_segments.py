from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.text.segments import segments, sentences
from harness.text.tokens import tokens, weight
from tests.text.anything import texts

marked = st.text(alphabet='*()（）【】[]“”「」『』"《》\n。.!?… aé龙', max_size=40)


@pytest.mark.parametrize(
    ("reply", "parts"),
    [
        pytest.param("*nods* Aye.", [("narration", "*nods*"), ("speech", " Aye.")], id="asterisks"),
        pytest.param("（点头）好。", [("narration", "（点头）"), ("speech", "好。")], id="zh-brackets"),
        pytest.param("(sighs) No. [exits]", [("narration", "(sighs)"), ("speech", " No. "), ("narration", "[exits]")]),
        pytest.param("【叹气】罢了", [("narration", "【叹气】"), ("speech", "罢了")], id="lenticular"),
        pytest.param("***roars***", [("narration", "***roars***")], id="three-asterisks"),
        pytest.param("He said “go”.", [("speech", "He said "), ("quoted", "“go”"), ("speech", ".")], id="quoted"),
        pytest.param("我读《论语》", [("speech", "我读"), ("quoted", "《论语》")], id="title"),
        pytest.param("**bold** word", [("speech", "**bold** word")], id="bold-is-no-narration"),
        pytest.param("2 * 3 is six", [("speech", "2 * 3 is six")], id="lone-asterisk"),
        pytest.param("（没有关上", [("speech", "（没有关上")], id="never-closed"),
        pytest.param("*one\ntwo*", [("speech", "*one\ntwo*")], id="not-over-lines"),
        pytest.param("（一\n二）", [("speech", "（一\n二）")], id="zh-not-over-lines"),
        pytest.param("", [], id="empty"),
    ],
)
def test_a_reply_is_cut_into_speech_narration_and_quotes(reply: str, parts: list[tuple[str, str]]) -> None:
    assert [(part.kind, reply[part.start : part.end]) for part in segments(reply)] == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Aye. No! Why?", ["Aye.", "No!", "Why?"], id="english"),
        pytest.param("好。不行！为什么？", ["好。", "不行！", "为什么？"], id="chinese"),
        pytest.param("“走罢。”他说。", ["“走罢。”", "他说。"], id="closing-quote-belongs-to-it"),
        pytest.param("It is 3.14 exactly", ["It is 3.14 exactly"], id="decimal-point"),
        pytest.param("one\n\n two ", ["one", "two"], id="lines"),
        pytest.param("等等……走罢。", ["等等……", "走罢。"], id="double-ellipsis"),
        pytest.param("什么？！“你说什么？！”他愣住了。", ["什么？！", "“你说什么？！”", "他愣住了。"], id="two-marks"),
        pytest.param(" \n ", [], id="blank"),
    ],
)
def test_sentences_end_at_their_marks(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(texts | marked)
def test_the_parts_of_any_reply_leave_no_gap(reply: str) -> None:
    parts = segments(reply)

    assert "".join(reply[part.start : part.end] for part in parts) == reply
    assert all(part.start < part.end for part in parts)
    assert [part.start for part in parts] == [0, *(part.end for part in parts)][: len(parts)]


@given(texts | marked)
def test_sentences_hold_everything_but_the_space_between_them(text: str) -> None:
    bounds = sentences(text)
    at = 0
    for start, end in bounds:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("text", ["（" * 100_000, "*a " * 70_000, "“" * 200_000, "。" * 200_000, "([" * 100_000])
def test_a_long_hostile_reply_is_cut_all_the_same(text: str) -> None:
    assert segments(text)[-1].end == len(text)
    assert sentences(text)[-1][1] == len(text.rstrip())


@given(texts)
def test_tokens_are_words_in_order_with_their_places(text: str) -> None:
    found = tokens(text)

    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_a_chinese_character_is_a_word_and_a_spelled_word_weighs_a_little_more() -> None:
    words = [token.text for token in tokens("老婆子 don't drink 米酒 🍶。")]

    assert words == ["老", "婆", "子", "don't", "drink", "米", "酒"]
    assert weight(words) == 5 + 2 * 1.5
