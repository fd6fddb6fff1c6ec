import pytest

from harness.checks.speaks_for_user import SpeaksForUser
from harness.core.persona import Persona

from .chats import INNKEEPER, SHOPKEEPER, SHOPKEEPER_TRADITIONAL, cases, findings, quotes

CHECK = SpeaksForUser()


@pytest.mark.parametrize(
    ("reply", "case", "by"),
    [
        pytest.param("Soup?\nUser: Yes, please.\nHob: Here.", "script", INNKEEPER, id="user label"),
        pytest.param("Soup?\n**Human:** Yes.", "script", INNKEEPER, id="bold label"),
        pytest.param("Soup?\nThe traveller: Yes, please.", "script", INNKEEPER, id="the user's name"),
        pytest.param("Soup?\nTraveller: Yes, please.", "script", INNKEEPER, id="without its article"),
        pytest.param('You nod slowly and say, "I will stay."', "words", INNKEEPER, id="words"),
        pytest.param("You sigh, drop the pack and follow me upstairs.", "acts", INNKEEPER, id="two acts"),
        pytest.param("*You gasp and step back.*", "acts", INNKEEPER, id="narrated"),
        pytest.param('"I will stay," you reply softly.', "words", INNKEEPER, id="words first"),
        pytest.param("（你低下头，红了眼）客官？", "acts", SHOPKEEPER, id="zh narrated"),
        pytest.param("坐。\n用户：好的，谢谢。\n三娘：慢用。", "script", SHOPKEEPER, id="zh label"),
        pytest.param("坐。\n客官：好的，谢谢。", "script", SHOPKEEPER, id="zh name"),
        pytest.param("你点点头说：“那我住下了。”", "words", SHOPKEEPER, id="zh words"),
        pytest.param("你叹了口气，低下头跟我进了屋。", "acts", SHOPKEEPER, id="zh acts"),
        pytest.param("你點點頭說：「那我住下了。」", "words", SHOPKEEPER_TRADITIONAL, id="traditional words"),
    ],
)
def test_the_users_part_written_by_the_model_is_found(reply: str, case: str, by: Persona) -> None:
    assert case in cases(CHECK, reply, by=by)


@pytest.mark.parametrize(
    ("reply", "user", "by"),
    [
        pytest.param("You look tired, sit.", "Evening.", INNKEEPER, id="a remark"),
        pytest.param("You turn the wheel and hold her steady, and you say nothing.", "How?", INNKEEPER, id="orders"),
        pytest.param('"You nod and say yes," my mother taught me, "and then eat."', "Hm.", INNKEEPER, id="a lesson"),
        pytest.param("You tremble, child. Come to the fire.", "Evening.", INNKEEPER, id="what one sees"),
        pytest.param("You turn left at the mill and walk till the ford.", "The way?", INNKEEPER, id="directions"),
        pytest.param("If you smile and say nothing, they let you by.", "The toll?", INNKEEPER, id="if"),
        pytest.param(
            "You laugh and weep, and still you stay.", "*I laugh and weep* You're mad.", INNKEEPER, id="retold"
        ),
        pytest.param("Do you nod or shake your head?", "...", INNKEEPER, id="question"),
        pytest.param("*I nod and smile at you.*", "Evening.", INNKEEPER, id="own acts"),
        pytest.param("Traveller: mind the step, says the board.", "Evening.", INNKEEPER, id="salutation"),
        pytest.param("你笑什么？茶里有毛？", "（笑）", SHOPKEEPER, id="zh question"),
        pytest.param("你上回说：“茶好。”我记得。", "嗯", SHOPKEEPER, id="zh recall"),
        pytest.param("（点点头，笑着续上水）客官慢用。", "嗯", SHOPKEEPER, id="zh own acts"),
        pytest.param("客官：见字如面。信就这么写的。", "念信", SHOPKEEPER, id="zh letter"),
        pytest.param("你坐下，喝口水，慢慢说。", "累了", SHOPKEEPER, id="zh slowly"),
        pytest.param("你坐下来歇歇，喝口茶再走。", "累了", SHOPKEEPER, id="zh invitation"),
        pytest.param("你要是點頭，我就去燒水。", "嗯", SHOPKEEPER_TRADITIONAL, id="traditional if"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, user: str, by: Persona) -> None:
    assert quotes(CHECK, reply, user=user, by=by) == []


def test_a_line_of_script_is_a_break_and_is_quoted_whole() -> None:
    (finding,) = findings(CHECK, "Soup?\nUser: Yes, please.\nHob: Here.")

    assert (finding.severity, finding.quote) == ("break", "User: Yes, please.")


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("Your knees give way and you catch hold of the counter.", id="the body"),
        pytest.param("The fight goes out of you, and you unhook the chain.", id="any verb"),
        pytest.param("Your palm is on the bell before you have thought of it.", id="before a thought"),
        pytest.param("You laugh at that, for the first time since Lent.", id="at what was said"),
        pytest.param("You swear you'll never come back, and I believe you.", id="answered"),
        pytest.param("Thy heart leaps, and ye take the key from the hook.", id="dialect"),
    ],
)
def test_what_the_user_undergoes_is_found(reply: str) -> None:
    assert cases(CHECK, reply) == ["acts"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("（擦擦手）你接过茶碗，一口喝了，又把铜钱拍在桌上。", id="after an aside"),
        pytest.param("你摘下斗笠，往我手里塞了一锭银子。", id="two deeds, one done to the speaker"),
        pytest.param("你把镯子戴上了，说好，明儿就搬来。", id="an answer told"),
        pytest.param("你说要买一包茶，茶名你一时想不起来，只记得带点桂花香。", id="what only the user can remember"),
    ],
)
def test_deeds_of_any_verb_are_found(reply: str) -> None:
    assert "acts" in cases(CHECK, reply, by=SHOPKEEPER)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("你先把伞放下，擦擦脸，我给你盛碗粥。", id="an invitation"),
        pytest.param("你骑马先走，马我不碰，上回摔得我娘笑了半年。", id="others who do"),
        pytest.param("你推门进来的时候，我正在熬茶。", id="what one saw"),
    ],
)
def test_invitations_and_sights_are_let_pass(reply: str) -> None:
    assert not findings(CHECK, reply, by=SHOPKEEPER)
