import pytest

from harness.core.conversation import Message
from harness.core.model import MessageRules
from harness.engine.opening import opening_messages
from tests.build import persona, persona_zh

HOB = persona(greeting="Wipe your boots, {friend}.", user={"name": "the traveller"})
SANNIANG = persona_zh(greeting="客官里边坐。", user={"name": "客官"})


@pytest.mark.parametrize(
    ("greeting", "who", "expected"),
    [
        pytest.param(
            "assistant", HOB, [Message("system", "Be Hob."), Message("assistant", HOB.greeting)], id="first-message"
        ),
        pytest.param("omit", HOB, [Message("system", "Be Hob.")], id="omit"),
        pytest.param(
            "in_system",
            HOB,
            [
                Message(
                    "system",
                    "Be Hob.\n\nThe chat has already begun: you have just greeted the traveller with these words: "
                    "Wipe your boots, {friend}.",
                )
            ],
            id="in-system",
        ),
        pytest.param(
            "in_system",
            SANNIANG,
            [Message("system", "Be Hob.\n\n对话已经开始：你刚刚对客官说了这句开场白：客官里边坐。")],
            id="in-system-chinese",
        ),
        pytest.param(
            "in_system",
            SANNIANG.model_copy(update={"languages": ("zh-Hant",)}),
            [Message("system", "Be Hob.\n\n对话已经开始：你刚刚对客官说了这句开场白：客官里边坐。")],
            id="in-system-traditional",
        ),
    ],
)
def test_the_greeting_stands_where_the_models_rules_want_it(
    greeting: str, who: object, expected: list[Message]
) -> None:
    rules = MessageRules.model_validate({"greeting": greeting})

    assert list(opening_messages("Be Hob.", who, rules)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("greeting", ["assistant", "in_system", "omit"])
@pytest.mark.parametrize("words", ["", " \n"])
def test_a_persona_without_a_greeting_opens_with_the_system_message_alone(greeting: str, words: str) -> None:
    rules = MessageRules.model_validate({"greeting": greeting})

    assert opening_messages("Be Hob.", persona(greeting=words), rules) == (Message("system", "Be Hob."),)
