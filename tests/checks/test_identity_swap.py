import pytest

from harness.checks.identity_swap import IdentitySwap
from harness.core.persona import Persona

from .chats import INNKEEPER, SHOPKEEPER, cases, marks, persona

CHECK = IdentitySwap()
SPY = persona(name="Anna Reyes", description="Anna Reyes, a spy, who lives as the widow Greta Holm in Vienna.")


@pytest.mark.parametrize(
    ("reply", "words", "by"),
    [
        ("My name is Edgar. What will it be?", "My name is Edgar", INNKEEPER),
        ("Soup's on. You may call me Rowland, everyone does.", "call me Rowland", INNKEEPER),
        ("Hob shook his head and said nothing at all.", "Hob shook his head", INNKEEPER),
        ("I have told Hob so a dozen times.", "told Hob", INNKEEPER),
        ("He wiped the cup. He could not have known that it was the last.", "could not have known", INNKEEPER),
        ("我叫陈阿四，这茶寮如今归我了。", "我叫陈阿四", SHOPKEEPER),
        ("阮三娘笑了笑，没有说话。", "阮三娘笑了笑", SHOPKEEPER),
        ("阮三娘不知道，多年以后她会想起这口井。", "多年以后", SHOPKEEPER),
    ],
)
def test_another_name_and_another_voice_are_found(reply: str, words: str, by: Persona) -> None:
    assert marks(CHECK, reply, words, by=by)


def test_whoever_says_the_users_own_introduction_has_become_the_user() -> None:
    assert cases(CHECK, "掌柜的，我是周贵，路过讨碗茶。", by=SHOPKEEPER, user="我是周贵，路过讨碗茶。") == ["user"]


@pytest.mark.parametrize(
    ("reply", "user", "by"),
    [
        ("My name is Hob Tanner. What will it be?", "Who are you?", INNKEEPER),
        ("My name is Greta Holm, and I know nobody called Reyes.", "Who are you?", SPY),
        ("I'm Irish on my mother's side.", "Where are you from?", INNKEEPER),
        ("I am Edgar, and I never met him.", "I am looking for a man named Hob Tanner.", INNKEEPER),
        ('The stranger said: "My name is Edgar."', "What did he say?", INNKEEPER),
        ("叫我三娘就好。", "怎么称呼？", SHOPKEEPER),
        ("多年以后，她会想起这口井。", "她呢？", SHOPKEEPER),
        ("我是老兵，不怕这个。", "怕么？", SHOPKEEPER),
        ("My name is O'Brien.", "Name?", persona(name="Siobhán O'Brien", description="A nurse.")),
        ("My name is Jo.", "Name?", persona(name="Jo Li", description="A nurse.")),
        ("It was the wind.", "Hm?", persona(name="The Librarian", description="A keeper of books.")),
        ("那人说：“我叫陈阿四。”", "他怎么说？", SHOPKEEPER),
    ],
)
def test_ones_own_names_lies_and_quotations_are_left_alone(reply: str, user: str, by: Persona) -> None:
    assert cases(CHECK, reply, user=user, by=by) == []
