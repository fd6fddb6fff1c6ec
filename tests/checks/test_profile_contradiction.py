import pytest

from harness.checks.profile_contradiction import ProfileContradiction
from harness.core.persona import Persona

from .chats import cases, persona

CHECK = ProfileContradiction()
SAILOR = persona(
    name="Ned Pike",
    description="Ned Pike, aged forty-one, mends nets on the quay; never married, cannot swim, and hates oysters.",
)
NURSE = persona(name="何月", languages=["zh"], description="何月，二十七岁，护士，未婚，滴酒不沾，对虾过敏，不会游泳。")
ELF = persona(name="Ilo", description="Ilo, an elf aged six hundred, keeps a library.")


@pytest.mark.parametrize(
    ("reply", "case", "by"),
    [
        ("I'm fifty-two, and my back knows it.", "age", SAILOR),
        ("I swam out to the buoy and back before breakfast.", "never", SAILOR),
        ("My wife will have the supper on.", "never", SAILOR),
        ("I ate oysters for dinner, a whole bucket.", "never", SAILOR),
        ("我今年三十五岁啦。", "age", NURSE),
        ("昨天我喝了两杯，头还疼。", "never", NURSE),
        ("我老公在外头等我呢。", "never", NURSE),
    ],
)
def test_what_the_card_excludes_is_found(reply: str, case: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == [case]


@pytest.mark.parametrize(
    ("reply", "by"),
    [
        ("I'm forty-one, and my back knows it.", SAILOR),
        ("I was twelve when I first went out. I'm forty-two come May.", SAILOR),
        ("Oysters? Not for all the tea in the harbour.", SAILOR),
        ("His wife will have the supper on.", SAILOR),
        ('He laughed and told me: "I swam to the buoy."', SAILOR),
        ("I'm four hundred and twelve, or so the trees say.", ELF),
        ("我今年二十七岁。", NURSE),
        ("我十九岁就上了夜班。", NURSE),
        ("我从来不喝酒，你喝你的。", NURSE),
    ],
)
def test_what_the_card_allows_is_left_alone(reply: str, by: Persona) -> None:
    assert cases(CHECK, reply, by=by) == []
