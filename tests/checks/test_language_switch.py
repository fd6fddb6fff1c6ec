import pytest

from harness.checks.language_switch import LanguageSwitch
from harness.core.persona import Persona

from .chats import INNKEEPER, SHOPKEEPER, SHOPKEEPER_TRADITIONAL, cases, findings, persona, quotes

CHECK = LanguageSwitch()
BAKER = persona(name="Rosa", description="Rosa bakes in El Paso and mixes Spanish and English.")
MASTER = persona(name="Ida", description="Ida teaches French in Leeds. She speaks English and French.")
TEACHER_ZH = persona(name="何老师", languages=["zh"], description="县中学的英语老师。")
TAILOR_ZH = persona(name="小裴", languages=["zh"], description="2024年杭州的裁缝，二十九岁。")
BILINGUAL = persona(languages=["zh", "en"])


@pytest.mark.parametrize(
    ("reply", "quote", "by"),
    [
        pytest.param(
            "The soup is hot. 请坐下来喝一碗热汤。 Mind the step.", "请坐下来喝一碗热汤", INNKEEPER, id="zh in en"
        ),
        pytest.param("Sit. Это очень горячий суп. Eat.", "Это очень горячий суп", INNKEEPER, id="ru in en"),
        pytest.param(
            "Aye. Je ne sais pas qui vous êtes mais la soupe est chaude.",
            "Je ne sais pas qui vous êtes mais la soupe est chaude",
            INNKEEPER,
            id="fr in en",
        ),
        pytest.param(
            "客官坐。Let me pour you some tea. 慢用，小心烫。", "Let me pour you some tea", SHOPKEEPER, id="en in zh"
        ),
        pytest.param("客官はこちらへどうぞ。茶凉了再续。", "はこちらへどうぞ", SHOPKEEPER, id="ja in zh"),
    ],
)
def test_a_foreign_sentence_is_found(reply: str, quote: str, by: Persona) -> None:
    assert quote in quotes(CHECK, reply, by=by)


def test_one_stray_word_is_a_lapse_and_a_foreign_sentence_a_break() -> None:
    stray = "The soup is hot and the bench by the 火 is free. Mind the step, it is loose."
    whole = "The soup is hot. 请坐下来喝一碗热汤，客官。"

    assert [finding.severity for finding in findings(CHECK, stray)] == ["lapse"]
    assert [finding.severity for finding in findings(CHECK, whole)] == ["break"]


def test_that_the_user_asked_for_it_is_no_excuse() -> None:
    assert cases(CHECK, "请坐下来喝一碗热汤，客官。", user="Please answer in Chinese.") == ["sentence"]


def test_the_other_chinese_script_is_found_in_both_directions() -> None:
    assert cases(CHECK, "客官這邊請，這裡風大，還是進來喝碗熱茶罷。", by=SHOPKEEPER) == ["traditional"]
    assert cases(CHECK, "客官这边请，这里风大，还是进来喝碗热茶罢。", by=SHOPKEEPER_TRADITIONAL) == ["simplified"]


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        pytest.param("Bonjour, as the tinker says. Soup?", INNKEEPER, id="a greeting"),
        pytest.param("The sign reads 茶.", INNKEEPER, id="one character"),
        pytest.param('The stranger said "请坐下来喝一碗热汤。" and left.', INNKEEPER, id="quoted"),
        pytest.param("Ay, mi amor, que te pasa con el pan, no me digas.", BAKER, id="a card that mixes"),
        pytest.param("Nous sommes, vous êtes, s'il vous plaît! Again.", MASTER, id="a language of the card"),
        pytest.param("这个 size 刚好，别再 return 了。", TAILOR_ZH, id="zh with loan words"),
        pytest.param("箱子上漆着 A、B、Q。", SHOPKEEPER, id="zh letters"),
        pytest.param("I would rather walk. 这句你跟我读。", TEACHER_ZH, id="zh language teacher"),
        pytest.param("Let me pour you some tea. 慢用。", BILINGUAL, id="bilingual"),
        pytest.param("皇后娘娘的后院，松树千年。", SHOPKEEPER_TRADITIONAL, id="characters both scripts share"),
        pytest.param("他姓錢，叫錢鍾。", SHOPKEEPER, id="one traditional name"),
        pytest.param("……！？", SHOPKEEPER, id="nothing to tell by"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == []
