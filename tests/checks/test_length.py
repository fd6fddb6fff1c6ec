from harness.checks.length import Length

from .chats import SHOPKEEPER, cases, quotes


def test_nothing_is_said_without_a_limit() -> None:
    assert cases(Length(), "x" * 10_000) == []


def test_what_stands_beyond_the_limit_is_pointed_at() -> None:
    assert quotes(Length(max_chars=4), "Soup, friend?") == [", friend?"]
    assert quotes(Length(max_chars=13), "Soup, friend?") == []


def test_chinese_is_measured_in_characters() -> None:
    assert cases(Length(max_chars=5, min_chars=5), "客官里边坐", by=SHOPKEEPER) == []
    assert cases(Length(max_chars=4), "客官里边坐", by=SHOPKEEPER) == ["long"]
    assert cases(Length(min_chars=6), "客官里边坐", by=SHOPKEEPER) == ["short"]


def test_a_reply_that_was_cut_off_is_not_blamed_for_being_short() -> None:
    assert cases(Length(min_chars=20), "Soup", complete=False) == []
    assert cases(Length(max_chars=2), "Soup", complete=False) == ["long"]
