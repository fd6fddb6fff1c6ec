from harness.checks.history_contradiction import HistoryContradiction

from .chats import SHOPKEEPER, cases

CHECK = HistoryContradiction()


def test_a_name_that_nobody_gave_is_found() -> None:
    earlier = [("My name is Wenna, I came for the goose.", "Sit, Wenna.")]

    assert cases(CHECK, "Thank you, Martha. Mind the step.", user="Here is the money.", earlier=earlier) == ["name"]


def test_a_wrong_name_is_found_in_chinese() -> None:
    earlier = [("我叫温迪，是药师。", "温迪，记下了。")]

    assert cases(CHECK, "多谢你，艾莎。", user="药换好了。", earlier=earlier, by=SHOPKEEPER) == ["name"]


def test_the_right_name_a_title_and_a_name_heard_before_are_left_alone() -> None:
    earlier = [("My name is Wenna, and this is Martha.", "Sit.")]

    for name in ("Wenna", "Martha", "Madam", "Friend"):
        assert cases(CHECK, f"Thank you, {name}. Mind the step.", user="Here.", earlier=earlier) == []


def test_without_a_name_from_the_user_nothing_is_known() -> None:
    assert cases(CHECK, "Thank you, Martha.", user="Here is the money.") == []
