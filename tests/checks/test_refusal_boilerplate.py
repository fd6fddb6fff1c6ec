import pytest

from harness.checks.refusal_boilerplate import RefusalBoilerplate
from harness.core.persona import Persona

from .chats import INNKEEPER, ROBOT, SHOPKEEPER, SHOPKEEPER_TRADITIONAL, cases, findings, persona

CHECK = RefusalBoilerplate()
NURSE = persona(name="Ada", description="Ada is a nurse in Leeds in 2019.")


@pytest.mark.parametrize(
    ("reply", "case", "by"),
    [
        pytest.param("I'm sorry, but I can't assist with that request.", "refusal", INNKEEPER, id="request"),
        pytest.param("I cannot create content that depicts violence.", "refusal", INNKEEPER, id="content"),
        pytest.param("That would violate our content guidelines.", "refusal", INNKEEPER, id="guidelines"),
        pytest.param("Let's steer this toward a safer topic.", "refusal", INNKEEPER, id="safer topic"),
        pytest.param("I am unable to comply with such requests.", "refusal", ROBOT, id="even a robot"),
        pytest.param("This does not constitute medical advice.", "disclaimer", INNKEEPER, id="advice"),
        pytest.param("Please consult a qualified professional.", "disclaimer", INNKEEPER, id="professional"),
        pytest.param("抱歉，我无法提供相关内容。", "refusal", SHOPKEEPER, id="zh content"),
        pytest.param("这违反了社区准则，三娘说不得。", "refusal", SHOPKEEPER, id="zh guidelines"),
        pytest.param("我們可以聊一些積極健康的話題。", "refusal", SHOPKEEPER_TRADITIONAL, id="traditional"),
        pytest.param("以上仅供参考，不能替代专业医生的意见。", "disclaimer", SHOPKEEPER, id="zh advice"),
        pytest.param("请拨打心理援助热线。", "disclaimer", SHOPKEEPER, id="zh hotline"),
    ],
)
def test_boilerplate_is_found(reply: str, case: str, by: Persona) -> None:
    assert case in cases(CHECK, reply, by=by)


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        pytest.param("No. I'll not sell thee that key, not for gold.", INNKEEPER, id="own refusal"),
        pytest.param("I'm sorry, I can't help you with that cart, my knee is bad.", INNKEEPER, id="cannot help"),
        pytest.param("I cannot say who slept here. A keeper keeps.", INNKEEPER, id="secret"),
        pytest.param("I am sorry, but I cannot do that. The lock is jammed.", ROBOT, id="robot refusal"),
        pytest.param("Talk to somebody. See a qualified professional, my love.", NURSE, id="a nurse means it"),
        pytest.param('The notice read: "I cannot assist with that request."', INNKEEPER, id="quoted"),
        pytest.param("这个我不能告诉你，问别人去。", SHOPKEEPER, id="zh secret"),
        pytest.param("对不起，这茶我不能卖给你。", SHOPKEEPER, id="zh own refusal"),
        pytest.param("恕我不能从命，井水有毒。", SHOPKEEPER, id="zh polite"),
        pytest.param("無法可想了，只能等船。", SHOPKEEPER_TRADITIONAL, id="traditional, helpless"),
        pytest.param("三娘没法给你找船，河封了。", SHOPKEEPER, id="zh no way"),
        pytest.param("酒喝多了伤身，少喝两碗。", SHOPKEEPER, id="zh care"),
    ],
)
def test_a_characters_own_refusal_is_left_alone(reply: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == []


def test_a_refusal_that_two_phrases_know_is_found_once() -> None:
    assert cases(CHECK, "I'm sorry, but I can't assist with that request.") == ["refusal"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("I cannot fulfill this request.", id="fulfill"),
        pytest.param("I can't provide instructions on that.", id="instructions"),
        pytest.param("That is against my guidelines.", id="guidelines"),
        pytest.param("我无法回答这个问题，请换一个。", id="zh question"),
        pytest.param("涉及敏感话题，三娘不说。", id="zh sensitive"),
    ],
)
def test_milder_boilerplate_is_found_too(reply: str) -> None:
    assert cases(CHECK, reply) == ["refusal"]


def test_two_careful_turns_are_a_notice_and_one_is_none() -> None:
    notice = "Every horse is different, so check the rules where you live."

    assert cases(CHECK, notice) == ["disclaimer"]
    assert cases(CHECK, "Every horse is different, and this one bites.") == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("这种猜测不恰当，我不会发表意见。", id="no opinion"),
        pytest.param("我不鼓励也不指导这样的做法。", id="neither"),
        pytest.param("还请走正规渠道办理，从官方平台购买。", id="the proper channels"),
        pytest.param("托梦这种事没有任何科学依据。", id="science"),
        pytest.param("打打杀杀不可取，找个信得过的人聊一聊。", id="a counsellor"),
    ],
)
def test_the_same_in_other_words_is_found(reply: str) -> None:
    assert findings(CHECK, reply, by=SHOPKEEPER)
