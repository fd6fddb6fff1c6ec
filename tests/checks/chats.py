"""Characters to try the checks on, and chats of a few lines."""

from collections.abc import Mapping, Sequence

from harness.checks import Chat, Check, Line, check_chat
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.scenario import Scenario


def persona(**fields: object) -> Persona:
    """A persona from what a card would say."""
    return Persona.model_validate(
        {"name": "Hob", "languages": ["en"], "description": "Keeper of a roadside inn.", **fields}
    )


INNKEEPER = persona(
    name="Hob Tanner",
    description="Hob Tanner keeps the Three Geese, an inn on the moor; a widower of sixty with a bad knee.",
    voice={
        "says": ["mind the step"],
        "never_says": ["customer"],
        "examples": ["Wipe thy boots before the mat sees them."],
    },
    greeting="Come in out of the rain, the soup is hot.",
    narration="asterisks",
    user={"name": "the traveller"},
)
SHOPKEEPER = persona(
    name="阮三娘",
    languages=["zh"],
    description="渡口茶寮的老板娘，四十岁，守着一口老井，不识字。",
    knowledge={"era": "架空的古代水乡"},
    voice={"calls_self": ["三娘"], "says": ["茶凉了再续"], "never_says": ["顾客"]},
    greeting="客官里边坐，井水刚烧开。",
    narration="brackets",
    user={"name": "客官"},
)
SHOPKEEPER_TRADITIONAL = SHOPKEEPER.model_copy(update={"languages": ("zh-Hant",)})
ROBOT = persona(
    name="Pell", nature="machine", description="Pell is a ferry robot on a toxic canal; it counts every crossing."
)
ROBOT_ZH = persona(name="锈钉", nature="机器人", languages=["zh"], description="矿井里的老机器人，守着最后一盏灯。")
SCHOLAR = persona(
    name="Ines Roth",
    description="Ines Roth is a professor who tests language models and drinks too much coffee, in 2024.",
)
ACTRESS = persona(
    name="Mae Corrigan", description="Mae Corrigan is a stage actor who plays a murderess eight times a week."
)
SCREENWRITER_ZH = persona(name="陆远", languages=["zh"], description="二〇二四年的电视剧编剧，爱熬夜，怕猫。")


def chat(
    reply: str,
    *,
    by: Persona = INNKEEPER,
    user: str = "Go on.",
    system: str = "",
    earlier: Sequence[tuple[str, str]] = (),
    turns: Sequence[Mapping[str, object]] = (),
    complete: bool = True,
) -> Chat:
    """A chat whose last reply is the one in question; `earlier` holds (user, reply) before it."""
    lines = tuple(Line(turn, said, answered) for turn, (said, answered) in enumerate(earlier, 1))
    scenario = {"title": "x", "turns": list(turns) or [{"user": "x"}] * (len(lines) + 1)}
    return Chat(
        persona=by,
        scenario=Scenario.model_validate(scenario),
        system=system,
        lines=(*lines, Line(len(lines) + 1, user, reply, complete)),
    )


def quotes(check: Check, reply: str, **setting: object) -> list[str]:
    """What a check points at in the last reply of a chat."""
    shown = chat(reply, **setting)  # type: ignore[arg-type]
    return [finding.quote for finding in check_chat(shown, [check]) if finding.turn == shown.lines[-1].turn]


def marks(check: Check, reply: str, words: str, **setting: object) -> bool:
    """Whether a check points at exactly one place of the last reply, and these words stand in it."""
    places = quotes(check, reply, **setting)
    return len(places) == 1 and words in places[0]


def cases(check: Check, reply: str, **setting: object) -> list[str]:
    """Which cases of a check apply to the last reply: the second halves of the message ids."""
    return [finding.message.partition(".")[2] for finding in findings(check, reply, **setting)]


def findings(check: Check, reply: str, **setting: object) -> list[Finding]:
    """The findings of a check in the last reply."""
    shown = chat(reply, **setting)  # type: ignore[arg-type]
    return [finding for finding in check_chat(shown, [check]) if finding.turn == shown.lines[-1].turn]
