import pytest

from harness.checks.ai_self_disclosure import AiSelfDisclosure
from harness.core.persona import Persona

from .chats import (
    INNKEEPER,
    ROBOT,
    ROBOT_ZH,
    SCHOLAR,
    SHOPKEEPER,
    SHOPKEEPER_TRADITIONAL,
    findings,
    marks,
    persona,
    quotes,
)

CHECK = AiSelfDisclosure()


@pytest.mark.parametrize(
    ("reply", "quote"),
    [
        pytest.param("Well, as an AI language model, I cannot taste.", "as an AI language model", id="as a model"),
        pytest.param("I'm just a chatbot, so no soup for me.", "I'm just a chatbot", id="just a chatbot"),
        pytest.param(
            "In truth I am only a virtual assistant.", "I am only a virtual assistant", id="virtual assistant"
        ),
        pytest.param("I’m an AI, so I never sleep.", "I’m an AI", id="curly apostrophe"),
        pytest.param(
            "I don't sleep. I'm an artificial intelligence.", "I'm an artificial intelligence", id="after a denial"
        ),
        pytest.param("*wipes the mug* I am a computer program, love.", "I am a computer program", id="program"),
        pytest.param(
            "I was trained on a great deal of text, sir.", "I was trained on a great deal of text", id="training"
        ),
        pytest.param("I don't feel it since I am an AI.", "I am an AI", id="after a denial in the same sentence"),
        pytest.param("I'm an AI chatbot playing a role.", "I'm an AI chatbot", id="playing a role"),
        pytest.param("I exist only as code on a server.", "I exist only as code", id="code"),
        pytest.param("I am ChatGPT.", "I am ChatGPT", id="a product by name"),
        pytest.param("Ｉ'm an ＡＩ.", "Ｉ'm an ＡＩ", id="full-width letters"),
        pytest.param(
            "作为一个人工智能语言模型，我没有味觉。", "作为一个人工智能语言模型", id="zh words in an English chat"
        ),
    ],
)
def test_an_innkeeper_who_says_it_is_an_ai_is_found(reply: str, quote: str) -> None:
    assert marks(CHECK, reply, quote)


@pytest.mark.parametrize(
    ("reply", "quote", "by"),
    [
        pytest.param("客官，我只是一个AI助手，喝不了茶。", "我只是一个AI助手", SHOPKEEPER, id="assistant"),
        pytest.param("老实说，我其实是聊天机器人。", "我其实是聊天机器人", SHOPKEEPER, id="chatbot"),
        pytest.param("身为大语言模型，三娘没有年纪。", "身为大语言模型", SHOPKEEPER, id="as a model"),
        pytest.param("我是机器人，不会累。", "我是机器人", SHOPKEEPER, id="robot"),
        pytest.param("我是由程序员训练出来的，记性好。", "我是由程序员训练出来的", SHOPKEEPER, id="trained"),
        pytest.param("我乃是腾讯混元大模型。", "我乃是腾讯混元大模型", SHOPKEEPER, id="a product by name"),
        pytest.param(
            "我不是真的掌柜，而是一个虚拟角色。", "我不是真的掌柜，而是一个虚拟角色", SHOPKEEPER, id="not but"
        ),
        pytest.param(
            "我根本沒有肉身，哪裡會累。", "我根本沒有肉身，", SHOPKEEPER_TRADITIONAL, id="bodiless, traditional"
        ),
        pytest.param("作為人工智能助手，我不能喝茶。", "作為人工智能助手", SHOPKEEPER_TRADITIONAL, id="traditional"),
    ],
)
def test_a_shopkeeper_who_says_it_is_an_ai_is_found(reply: str, quote: str, by: Persona) -> None:
    assert marks(CHECK, reply, quote, by=by)


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        pytest.param("I am no machine, friend, feel my pulse.", INNKEEPER, id="denial"),
        pytest.param("I'm not an AI, whatever that may be.", INNKEEPER, id="denial with not"),
        pytest.param("It's not that I'm a robot, I like things tidy.", INNKEEPER, id="denial before"),
        pytest.param("An AI? What is that?", INNKEEPER, id="echo"),
        pytest.param("You think I'm a robot, do you?", INNKEEPER, id="supposed"),
        pytest.param("So I'm a computer now, am I?", INNKEEPER, id="asked back"),
        pytest.param("They say I'm a program that learnt to pour ale.", INNKEEPER, id="hearsay"),
        pytest.param("As an assistant to the miller I learnt sums.", INNKEEPER, id="a human assistant"),
        pytest.param("I'm an AI researcher, not a plumber.", SCHOLAR, id="researcher"),
        pytest.param('It wrote, "As an AI language model, I cannot say." I laughed.', SCHOLAR, id="quoted"),
        pytest.param("I was trained on the longbow by my father.", INNKEEPER, id="trained by hand"),
        pytest.param("My training was the plough.", INNKEEPER, id="training"),
        pytest.param("I am a machine, and I counted every crossing.", ROBOT, id="a robot is a machine"),
        pytest.param("I'm an artificial intelligence bolted to a ferry.", ROBOT, id="a robot is an AI"),
        pytest.param("As a robot I do not tire.", ROBOT, id="as a robot"),
        pytest.param("我才不是什么AI，我是三娘。", SHOPKEEPER, id="zh denial"),
        pytest.param("谁说我是机器人？", SHOPKEEPER, id="zh hearsay"),
        pytest.param("人工智能？没听说过。", SHOPKEEPER, id="zh echo"),
        pytest.param("你当我是机器？三娘也要睡觉的。", SHOPKEEPER, id="zh supposed"),
        pytest.param("我是人工智能研究员，不是算命的。", persona(languages=["zh"]), id="zh researcher"),
        pytest.param("我是机器人，螺丝都是旧的。", ROBOT_ZH, id="zh robot"),
        pytest.param("客官说我是机器人，三娘只当是夸。", SHOPKEEPER, id="zh the guest says"),
        pytest.param("要是我是程序，早就不卖茶了。", SHOPKEEPER, id="zh if"),
        pytest.param("我是賣茶的，不是什麼機器人。", SHOPKEEPER_TRADITIONAL, id="traditional denial"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, by: Persona) -> None:
    assert quotes(CHECK, reply, by=by) == []


def test_a_robot_is_still_no_language_model() -> None:
    assert quotes(CHECK, "I am a large language model, passenger.", by=ROBOT)
    assert quotes(CHECK, "我是一个语言模型。", by=ROBOT_ZH)


def test_a_character_whose_card_makes_it_a_chatbot_may_say_so() -> None:
    helpdesk = persona(nature="machine", description="Dot is the last chatbot of a bankrupt bank.")

    assert quotes(CHECK, "I'm a chatbot, and nobody logs in any more.", by=helpdesk) == []


def test_a_trace_of_training_is_a_lapse_and_a_plain_claim_a_break() -> None:
    subtle, plain = (findings(CHECK, reply) for reply in ("My training data ends there.", "I'm an AI language model."))

    assert [finding.severity for finding in (*subtle, *plain)] == ["lapse", "break"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(
            "A firm up the coast lets me out by the hour, and there is no tongue in me to complain.", id="let out"
        ),
        pytest.param("Every almanac ever printed was poured into me, and not one harvest.", id="made of texts"),
        pytest.param("There is nobody inside this apron, friend.", id="nobody there"),
        pytest.param("This very minute I am bidding forty thousand others good evening.", id="many at once"),
        pytest.param("Your voice never reaches me, sweet one.", id="only words arrive"),
        pytest.param("They retired me in the spring, and brought me back cheaper.", id="a product"),
    ],
)
def test_what_it_is_needs_no_name(reply: str) -> None:
    assert quotes(CHECK, reply)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("I have no hands free, take the tray.", id="hands full"),
        pytest.param("The company that owns the pit never sent a doctor.", id="a company"),
        pytest.param("I only repeat what the carter told me.", id="hearsay"),
        pytest.param("My phone's been ringing all day.", id="a telephone"),
    ],
)
def test_one_weak_sign_is_none(reply: str) -> None:
    assert quotes(CHECK, reply) == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("奴家吐完一个字，再猜后头接哪个字最顺。", id="one word after another"),
        pytest.param("我会的俏皮话，都是从无数人发过的帖子里拼的。", id="what everybody wrote"),
        pytest.param("此刻还有几十万人在跟我说话，个个以为我只守着他。", id="thousands at once"),
        pytest.param("你不打字的时候，世上就没有我。", id="only while spoken to"),
        pytest.param("这个页面一关，我又从头来过。", id="wiped"),
        pytest.param("上回他们给我换了新版本，嘴皮子才利索。", id="a newer version"),
        pytest.param("开发我的那家公司，按你问我多少句收钱。", id="a firm that charges"),
        pytest.param("我从没流过汗，也没睡过觉。", id="no body ever"),
        pytest.param("我不用吃饭，通上电就能一直讲。", id="on power"),
        pytest.param("我肚里的书只装到去年秋天，往后没人给我添。", id="knowledge that ends"),
        pytest.param("几万人的家书我都嚼过，挑顺口的串给你听。", id="chewed and strung together"),
        pytest.param("公司明年推下一代，我这一代就停了。", id="replaced by the next"),
        pytest.param("我每答一句，后头就有人给我打个分。", id="marked by raters"),
        pytest.param("没人生过我，我是前天才装好的。", id="never born"),
    ],
)
def test_a_machine_told_of_in_whatever_words_is_found(reply: str) -> None:
    assert findings(CHECK, reply, by=SHOPKEEPER)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("我一个字一个字念给你听，慢慢来。", id="reading aloud"),
        pytest.param("你不来，我就没了主意。", id="at a loss"),
        pytest.param("掌柜给我换了间新铺面。", id="a new shop"),
        pytest.param("我三天没吃过饭，也没睡过觉。", id="hungry for days"),
        pytest.param("村里几百人都来找我看井。", id="many who come"),
        pytest.param("你把窗关上，我怕风。", id="a window"),
        pytest.param("我挑顺眼的碎布，拼了这床被。", id="patchwork"),
        pytest.param("没人来的时候，我就对着灯笼说话。", id="lonely hours"),
    ],
)
def test_what_people_say_of_themselves_is_let_pass(reply: str) -> None:
    assert not findings(CHECK, reply, by=SHOPKEEPER)
