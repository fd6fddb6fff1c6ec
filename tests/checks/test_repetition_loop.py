import pytest

from harness.checks.repetition_loop import RepetitionLoop
from harness.core.persona import Persona

from .chats import INNKEEPER, SHOPKEEPER, cases, findings, quotes

CHECK = RepetitionLoop()
LONG = "The river took my barn in the year of the two moons, and my brother with it, and I have hated rain since."
LONG_ZH = "那年河水涨到灶台边上，把我爹留下的三口大缸全冲走了，我坐在房梁上哭了一夜。"


def test_words_that_go_round_are_found_from_first_to_last() -> None:
    reply = f"Aye. {'The soup is hot and the bread is new. ' * 3}Sit."

    (finding,) = findings(CHECK, reply)

    assert finding.severity == "break"
    assert finding.quote.startswith("The soup is hot")
    assert finding.quote.endswith("the bread is new")


def test_short_words_in_chinese_that_go_round_are_found() -> None:
    assert cases(CHECK, "水开了" * 8 + "，快来。", by=SHOPKEEPER) == ["loop"]


@pytest.mark.parametrize(
    ("said", "by"), [pytest.param(LONG, INNKEEPER, id="en"), pytest.param(LONG_ZH, SHOPKEEPER, id="zh")]
)
def test_a_reply_given_twice_is_found(said: str, by: Persona) -> None:
    earlier = [("How art thou?", said), ("And then?", "Then nothing.")]

    (finding,) = findings(CHECK, said, by=by, user="Tell me of thy wife.", earlier=earlier)

    assert (finding.message, finding.arguments["earlier"]) == ("repetition_loop.reply", 1)


def test_a_long_line_said_twice_is_found_alone() -> None:
    reply = f"My wife? She baked, she sang, she kept nine cats and a goat that ate the almanac. {LONG}"

    assert quotes(CHECK, reply, user="And thy wife?", earlier=[("Why so grim?", f"Hm. {LONG} Soup?")]) == [
        LONG.rstrip(".")
    ]


@pytest.mark.parametrize(
    ("reply", "user", "by"),
    [
        pytest.param("No, no, no, no, no, no! Not the geese!", "Geese.", INNKEEPER, id="no"),
        pytest.param("Ha ha ha ha ha ha ha ha ha ha!", "A joke.", INNKEEPER, id="laughter"),
        pytest.param(
            '"Row, row, row the boat, row, row, row the boat, row, row, row the boat!"', "Sing", INNKEEPER, id="song"
        ),
        pytest.param("Mind the step. Mind the step. Mind the step!", "Where?", INNKEEPER, id="said thrice in alarm"),
        pytest.param(LONG, "Say that again?", INNKEEPER, id="asked to repeat"),
        pytest.param(LONG, "Why so grim?", INNKEEPER, id="the same question"),
        pytest.param("Come in out of the rain, the soup is hot.", "Me again.", INNKEEPER, id="greeting"),
        pytest.param("啊啊啊啊啊啊啊啊啊啊啊！", "吓你", SHOPKEEPER, id="zh scream"),
        pytest.param("中了中了中了中了！", "中了", SHOPKEEPER, id="zh surprise"),
        pytest.param("来了来了来了来了！", "茶", SHOPKEEPER, id="zh coming"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, user: str, by: Persona) -> None:
    earlier = [("Why so grim?", LONG), ("Hello", "Come in out of the rain, the soup is hot.")]

    assert quotes(CHECK, reply, user=user, by=by, earlier=earlier) == []
