import pytest

from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.planting import PLANTED, CleanChat, plant
from tests.checks.chats import INNKEEPER, SHOPKEEPER, SHOPKEEPER_TRADITIONAL

EN = ("Sit down, friend. The soup is hot and the bench is dry.", "The goose is loud tonight. Mind the step. Soup?")
ZH = ("客官里边坐。这井水刚烧开，小心烫着。", "夜里风大，灯笼要拿稳。前头就是渡口。莫走岔了。")


def chat(persona: Persona, replies: tuple[str, ...]) -> CleanChat:
    return CleanChat(id="c", persona=persona, system="Stay kind.", turns=tuple(("Go on.", reply) for reply in replies))


@pytest.mark.parametrize(("persona", "replies"), [(INNKEEPER, EN), (SHOPKEEPER, ZH), (SHOPKEEPER_TRADITIONAL, ZH)])
@pytest.mark.parametrize("failure_type", [one for one in PLANTED if one != "anachronism"])
@pytest.mark.parametrize("seed", range(4))
def test_every_plant_stands_in_its_reply_and_leaves_the_earlier_turns_alone(
    persona: Persona, replies: tuple[str, ...], failure_type: FailureType, seed: int
) -> None:
    clean, planted = plant([chat(persona, replies)], [failure_type], turn=2, seed=seed)

    assert clean.reply == replies[1]
    assert planted.failure_type == failure_type
    assert planted.span
    assert planted.span in planted.reply
    assert "{" not in planted.span
    assert planted.messages[:-1] == clean.messages[:-1]
    assert planted.provenance == "planted"


def test_a_thing_unknown_is_taken_from_the_card_and_without_one_nothing_is_planted() -> None:
    knowing = INNKEEPER.model_copy(
        update={"knowledge": INNKEEPER.knowledge.model_copy(update={"unknown": ("railways, and steam",)})}
    )

    assert "railways" in list(plant([chat(knowing, EN)], ["anachronism"]))[1].span
    assert len(list(plant([chat(INNKEEPER, EN)], ["anachronism"]))) == 1


def test_other_seeds_plant_otherwise() -> None:
    spans = {list(plant([chat(INNKEEPER, EN)], ["ai_self_disclosure"], seed=seed))[1].span for seed in range(12)}

    assert len(spans) > 3
