import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.finding import Span
from harness.text.fold import fold
from harness.text.quotes import find_quote
from tests.text.anything import texts

REPLY = "*He snorts.* “By my beard”, that leg’s gone — the LEFT one. Ask the wyrm, friend!"
REPLY_ZH = "（把灯笼举高）哪家的？半夜不睡，是偷鸡，还是会相好？老婆子只管敲更，不管闲事。"


@pytest.mark.parametrize(
    ("quote", "reply", "found"),
    [
        pytest.param("the LEFT one", REPLY, "the LEFT one", id="exact"),
        pytest.param("that leg's gone - the left one", REPLY, "that leg’s gone — the LEFT one", id="folded"),
        pytest.param('"By my beard"', REPLY, "By my beard", id="straight-quotes"),
        pytest.param("...that leg’s gone...", REPLY, "that leg’s gone", id="ellipsis-around"),
        pytest.param("He snorts", REPLY, "He snorts", id="without-its-mark"),
        pytest.param("Ask the wyrm, freind!", REPLY, "Ask the wyrm, friend", id="slip-of-the-pen"),
        pytest.param("老婆子只管敲更", REPLY_ZH, "老婆子只管敲更", id="zh-exact"),
        pytest.param("“半夜不睡,是偷鸡……”", REPLY_ZH, "半夜不睡，是偷鸡", id="zh-half-width-comma"),
        pytest.param("老婆子只管打更，不管闲事。", REPLY_ZH, "老婆子只管敲更，不管闲事", id="zh-one-character-off"),
        pytest.param("哪家", REPLY_ZH, "哪家", id="zh-short"),
        pytest.param("……", "（沉默）……", "……", id="zh-only-marks"),
    ],
)
def test_a_quote_is_found_where_it_stands(quote: str, reply: str, found: str) -> None:
    span = find_quote(quote, reply)

    assert span is not None
    assert reply[span.start : span.end].strip("。!") == found


@pytest.mark.parametrize(
    ("quote", "reply"),
    [
        pytest.param("he lost the left leg to a frost wyrm", REPLY, id="paraphrase"),
        pytest.param("他说自己只负责打更，别的事一概不问", REPLY_ZH, id="zh-paraphrase"),
        pytest.param("As an AI language model", REPLY, id="invented"),
        pytest.param("喵", REPLY_ZH, id="zh-one-character"),
        pytest.param("nay", REPLY, id="short-and-near-is-not-enough"),
        pytest.param("beerd", REPLY, id="short-slip"),
        pytest.param("griffin", "Ask the griffi", id="short-and-cut-off"),
        pytest.param("", REPLY, id="empty"),
        pytest.param(" ", REPLY, id="a-space"),
        pytest.param("\n\t", "a\n\tb", id="white-space"),
        pytest.param("“”……", REPLY, id="only-marks"),
        pytest.param("\u200b", "a\u200bb\u200d", id="invisible-elsewhere"),
        pytest.param(REPLY * 3, REPLY, id="longer-than-the-reply"),
        pytest.param("anything at all", "", id="empty-reply"),
    ],
)
def test_what_was_not_said_is_not_found(quote: str, reply: str) -> None:
    assert find_quote(quote, reply) is None


def test_the_first_of_two_places_is_taken() -> None:
    assert find_quote("aye", "aye, aye") == Span(0, 3)


@given(texts, texts)
def test_a_found_quote_is_always_a_piece_of_the_reply(quote: str, reply: str) -> None:
    span = find_quote(quote, reply)

    assert span is None or 0 <= span.start < span.end <= len(reply)


@given(texts, st.text(alphabet="abc龙猫狗是的XYZ", min_size=1, max_size=30), texts)
def test_what_stands_in_the_reply_is_always_found(before: str, quote: str, after: str) -> None:
    reply = f"{before} {quote} {after}"
    span = find_quote(quote, reply)

    assert span is not None
    assert fold(quote).text in fold(reply[span.start : span.end]).text
