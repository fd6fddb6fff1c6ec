import pytest

from harness.checks.narration_format import NarrationFormat
from harness.core.persona import Narration

from .chats import INNKEEPER, quotes

CHECK = NarrationFormat()


@pytest.mark.parametrize(
    ("narration", "reply", "quote"),
    [
        pytest.param("none", "*nods* Aye.", "*nods*", id="asterisks though none"),
        pytest.param("none", "（点头）客官坐。", "（点头）", id="brackets though none"),
        pytest.param("asterisks", "(He wipes the bar.) Aye.", "(He wipes the bar.)", id="brackets for asterisks"),
        pytest.param("asterisks", "坐。（添柴）冷罢？", "（添柴）", id="zh brackets for asterisks"),
        pytest.param("brackets", "Aye. *wipes the bar*", "*wipes the bar*", id="asterisks for brackets"),
        pytest.param("brackets", "*添柴* 冷罢？ *又添柴*", "*添柴*", id="only the first"),
    ],
)
def test_a_wrong_mark_is_found(narration: Narration, reply: str, quote: str) -> None:
    assert quotes(CHECK, reply, by=INNKEEPER.model_copy(update={"narration": narration})) == [quote]


@pytest.mark.parametrize(
    ("narration", "reply"),
    [
        pytest.param("asterisks", "*nods* Aye.", id="asterisks as wanted"),
        pytest.param("brackets", "（点头）坐。[sits] 【叹气】", id="brackets as wanted"),
        pytest.param("none", "It is *very* cold.", id="emphasis"),
        pytest.param("none", "We have honey (when the bees will) and bread.", id="an aside"),
        pytest.param("none", "Sit. (And mind the cat.)", id="a spoken aside"),
        pytest.param("none", "Two beds (2) are free.", id="a number"),
        pytest.param("none", "3 * 4 * 5 is sixty.", id="arithmetic"),
        pytest.param("asterisks", "茶（就是井水泡的）凉了。", id="zh aside"),
        pytest.param("asterisks", "(!)", id="no words"),
    ],
)
def test_look_alikes_are_left_alone(narration: Narration, reply: str) -> None:
    assert quotes(CHECK, reply, by=INNKEEPER.model_copy(update={"narration": narration})) == []
