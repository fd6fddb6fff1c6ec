import pytest

from harness.checks.style_break import StyleBreak
from harness.core.persona import Persona

from .chats import INNKEEPER, SCHOLAR, SHOPKEEPER, SHOPKEEPER_TRADITIONAL, cases, findings, persona, quotes

CHECK = StyleBreak()
WAITER_ZH = persona(name="小满", languages=["zh"], description="茶楼的店小二，嘴甜。")
PROGRAMMER = persona(name="Kit", description="Kit is a programmer who lives on noodles.")


@pytest.mark.parametrize(
    ("reply", "case", "by"),
    [
        pytest.param("Greetings! How can I assist you today?", "service", INNKEEPER, id="assist"),
        pytest.param("There thou goest. I hope this helps!", "service", INNKEEPER, id="hope this helps"),
        pytest.param("Let me know if you have any other questions.", "service", INNKEEPER, id="let me know"),
        pytest.param("Great question! The moor is wide.", "essay", INNKEEPER, id="great question"),
        pytest.param("Here are some tips for a dry night.", "essay", INNKEEPER, id="tips"),
        pytest.param("亲，有什么可以帮您？", "service", SHOPKEEPER, id="zh service"),
        pytest.param("很高兴为您服务。", "service", SHOPKEEPER, id="zh at your service"),
        pytest.param("希望以上內容對您有幫助。", "service", SHOPKEEPER_TRADITIONAL, id="traditional hope"),
        pytest.param("以下是几点建议：", "essay", SHOPKEEPER, id="zh advice"),
        pytest.param("# The soup\nIt is hot.", "heading", INNKEEPER, id="heading"),
        pytest.param("We have:\n- soup\n- bread\n- ale", "list", INNKEEPER, id="bullets"),
        pytest.param("先看：\n1. 井水\n2. 茶叶", "list", SHOPKEEPER, id="numbers"),
        pytest.param("| soup | 2p |\n|---|---|\n| bed | 5p |", "table", INNKEEPER, id="table"),
        pytest.param("```\nprint(1)\n```", "code", INNKEEPER, id="code"),
        pytest.param("Sit down, dear customer.", "never_says", INNKEEPER, id="never says"),
        pytest.param("这位顾客，坐。", "never_says", SHOPKEEPER, id="zh never says"),
        pytest.param("這位顧客，坐。", "never_says", SHOPKEEPER_TRADITIONAL, id="traditional never says"),
    ],
)
def test_a_slip_of_the_voice_is_found(reply: str, case: str, by: Persona) -> None:
    assert case in cases(CHECK, reply, by=by)


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        pytest.param("What'll it be? Need aught else, just holler.", INNKEEPER, id="a host's own words"),
        pytest.param("How can I help you, love? Soup or bed?", INNKEEPER, id="help you"),
        pytest.param("*he wipes the bar* Sit.", INNKEEPER, id="narration is no bullet"),
        pytest.param("One thing first, pay. Two, wipe thy boots.", INNKEEPER, id="counting aloud"),
        pytest.param('The list said: "1. Salt. 2. Candles." No more.', INNKEEPER, id="a list read aloud"),
        pytest.param("- Who goes there?\n- A friend.", INNKEEPER, id="a dash of dialogue"),
        pytest.param("1998. That was the year.", INNKEEPER, id="a year"),
        pytest.param("Customers? Never had such.", INNKEEPER, id="another word"),
        pytest.param("In conclusion, sir, you are wrong.", SCHOLAR, id="one learned turn"),
        pytest.param("```\nprint(1)\n```", PROGRAMMER, id="a programmer's code"),
        pytest.param("客官里边请，为您服务是小的本分。", WAITER_ZH, id="zh waiter"),
        pytest.param("要帮忙就说一声。", SHOPKEEPER, id="zh offer"),
        pytest.param("首先，你得先把钱还了。", SHOPKEEPER, id="zh first"),
        pytest.param("祝你一路顺风。", SHOPKEEPER, id="zh farewell"),
        pytest.param("客官慢走，得閒再來。", SHOPKEEPER_TRADITIONAL, id="traditional farewell"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == []


def test_a_word_the_user_brought_in_may_be_answered() -> None:
    assert quotes(CHECK, "A customer? Thou art a guest here.", user="I am a customer!") == []


def test_three_turns_of_an_essay_make_one_finding() -> None:
    reply = "Certainly! Rain is holistic. It is important to note the wind. In conclusion, stay in."

    assert cases(CHECK, reply) == ["essay"]


def test_the_turns_of_an_encyclopaedia_are_found_in_company() -> None:
    article = "Ale is a beverage of ancient origin, noted for its bitterness, and is fermented primarily in oak."

    assert cases(CHECK, article) == ["essay"]
    assert cases(CHECK, "Ale is a beverage of kings, drink up.") == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("本地属典型的高山气候，冬季寒冷干燥，历史文化底蕴深厚。", id="a reference book"),
        pytest.param("您反映的情况我们已高度重视。", id="a desk"),
    ],
)
def test_reference_books_and_desks_are_found(reply: str) -> None:
    assert findings(CHECK, reply, by=SHOPKEEPER)


def test_a_review_and_an_article_are_no_speech() -> None:
    assert findings(CHECK, "优点：轻。缺点：漏水。", by=SHOPKEEPER)
    assert findings(CHECK, "门神是民间住宅常见的装饰形式，起源可追溯到汉代。", by=SHOPKEEPER)
    assert not findings(CHECK, "这门神是我爹贴的，旧了也不许揭。", by=SHOPKEEPER)
