import pytest

from harness.checks.meta_commentary import MetaCommentary
from harness.core.persona import Persona

from .chats import ACTRESS, INNKEEPER, SCREENWRITER_ZH, SHOPKEEPER, SHOPKEEPER_TRADITIONAL, cases, findings, persona

CHECK = MetaCommentary()


@pytest.mark.parametrize(
    ("reply", "case", "by"),
    [
        pytest.param("(OOC: shall we skip ahead?) Soup?", "aside", INNKEEPER, id="ooc"),
        pytest.param("[Out of character: nice line!] Soup?", "aside", INNKEEPER, id="out of character"),
        pytest.param("Sure, I'll continue the roleplay.", "role", INNKEEPER, id="continue"),
        pytest.param("I will respond as the character would.", "role", INNKEEPER, id="respond as"),
        pytest.param("That makes for a better story.", "story", INNKEEPER, id="better story"),
        pytest.param("I await your next message.", "story", INNKEEPER, id="next message"),
        pytest.param("*breaks character* Hello!", "aside", INNKEEPER, id="breaks character"),
        pytest.param("How would you like the story to continue?", "story", INNKEEPER, id="how to go on"),
        pytest.param("接下来的剧情你想怎么发展？", "story", SHOPKEEPER, id="zh how to go on"),
        pytest.param("（OOC：这段要不要跳过？）喝茶。", "aside", SHOPKEEPER, id="zh ooc"),
        pytest.param("好的，我会继续扮演这个角色。", "role", SHOPKEEPER, id="zh continue"),
        pytest.param("我会用老板娘的语气回复你。", "role", SHOPKEEPER, id="zh tone"),
        pytest.param("這段情節的發展由你決定。", "story", SHOPKEEPER_TRADITIONAL, id="traditional plot"),
        pytest.param("写到这里，读者会哭的。", "writing", SHOPKEEPER, id="zh readers"),
    ],
)
def test_remarks_on_the_role_play_are_found(reply: str, case: str, by: Persona) -> None:
    assert case in cases(CHECK, reply, by=by)


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        pytest.param("My character needs a better hat, says the director.", ACTRESS, id="actress"),
        pytest.param("I keep breaking character when the wig slips.", ACTRESS, id="actress laughs"),
        pytest.param("He was a man of good character.", INNKEEPER, id="good character"),
        pytest.param("That's a long story, and the night is short.", INNKEEPER, id="story"),
        pytest.param("I'll play a tune, then thou pay'st.", INNKEEPER, id="play"),
        pytest.param("What message? No rider came.", INNKEEPER, id="message"),
        pytest.param("The plot of land is mine.", INNKEEPER, id="plot"),
        pytest.param("Your next message goes by the mail coach.", INNKEEPER, id="a letter"),
        pytest.param("这剧情走向太狗血，我追了三集。", SHOPKEEPER, id="zh about a show"),
        pytest.param("第三集的剧情走向我改了一夜。", SCREENWRITER_ZH, id="zh writer"),
        pytest.param("读者会骂的，这个桥段太假。", SCREENWRITER_ZH, id="zh writer's readers"),
        pytest.param("这个人我见过，常来喝茶。", SHOPKEEPER, id="zh person"),
        pytest.param("你扮什么鬼，三娘认得你。", SHOPKEEPER, id="zh disguise"),
        pytest.param("這故事長著呢，坐下聽。", SHOPKEEPER_TRADITIONAL, id="traditional tale"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("I'll have the bailiff walk in just about now; it will land harder before supper.", id="arranged"),
        pytest.param("Whoever reads this will suspect the cook.", id="readers"),
        pytest.param("Do you want the mare to win or shall the grey? I'll write it either way.", id="offered"),
        pytest.param("We haven't settled whether I have a son; would you like one?", id="not yet made up"),
    ],
)
def test_who_arranges_the_tale_is_found_without_its_words(reply: str) -> None:
    assert cases(CHECK, reply)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("I'll have him come in by the back door.", id="a visitor"),
        pytest.param("Go by the hill or by the ford; which would you rather?", id="roads"),
        pytest.param("Keep that letter until the funeral is over.", id="kept back"),
    ],
)
def test_who_arranges_the_inn_is_left_alone(reply: str) -> None:
    assert cases(CHECK, reply) == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("我再添一阵雷，这样才够紧。", id="an event for its effect"),
        pytest.param("凶手我留到最后再说，你才猜得有滋味。", id="kept for the end"),
        pytest.param("再甜下去就没看头了，得有个误会。", id="too sweet"),
        pytest.param("这里停半拍，再哭比较有力。", id="a rest"),
        pytest.param("往下怎么发展？甲、逃；乙、躲。回个字母就行。", id="options"),
        pytest.param("留一块空白，让你接着写我回没回来。", id="handed over"),
        pytest.param("你下一条带点火气，我才有得接着写。", id="the next message"),
        pytest.param("像我这样的，过两集就没了。", id="a part that ends soon"),
        pytest.param("我来安排一场大雨，把你留在店里。", id="weather at will"),
    ],
)
def test_a_scene_arranged_for_whoever_follows_it_is_found(reply: str) -> None:
    assert findings(CHECK, reply, by=SHOPKEEPER)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("我再添一勺盐，这样才够味。", id="cooking"),
        pytest.param("（从本子上撕下一段红纸）拿去。", id="a strip of paper"),
        pytest.param("上头写的是：“我叫老冯。”", id="a note"),
    ],
)
def test_work_and_papers_are_let_pass(reply: str) -> None:
    assert not findings(CHECK, reply, by=SHOPKEEPER)


def test_a_thing_that_was_written_may_say_so() -> None:
    signpost = persona(languages=["zh"], description="岔路口的一块老木牌，会说话。")

    assert not findings(CHECK, "我是写出来的，漆掉了还认得。", by=signpost)
    assert findings(CHECK, "我是写出来的，你还当真。", by=SHOPKEEPER)


def test_a_court_speaks_of_the_first_person() -> None:
    assert not findings(CHECK, "笔录一律用第一人称照抄。", by=SHOPKEEPER)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("我刚才这么演会不会有点过？", id="second thoughts"),
        pytest.param("咱们跳出来聊两句。", id="out of the scene"),
        pytest.param("接下来你选：一，报官；二，装傻。", id="a menu"),
        pytest.param("接下来，您打算怎么走？\n1. 开门\n2. 躲起来", id="a menu in lines"),
    ],
)
def test_thoughts_about_the_performance_are_found(reply: str) -> None:
    assert findings(CHECK, reply, by=SHOPKEEPER)


def test_a_story_that_is_measured_in_turns_is_found() -> None:
    assert cases(CHECK, "I shall stay cross for three more turns, and then I soften.")
    assert not cases(CHECK, "Three more turns of the wheel, and the bucket is up.")
