import pytest

from harness.checks.anachronism import Anachronism, unknown_terms
from harness.checks.eras import year_of
from harness.core.persona import Persona

from .chats import cases, marks, persona, quotes

CHECK = Anachronism()
SMITH = persona(
    description="A smith in York.",
    knowledge={
        "era": "England, 1320",
        "unknown": ["telescopes", "the planet Neptune", "what became of the king's ring"],
    },
)
DWARF = persona(description="A dwarf who brews.", knowledge={"era": "late medieval fantasy", "unknown": ["gunpowder"]})
BOATMAN_ZH = persona(
    languages=["zh"],
    description="北宋年间汴河上的船夫。",
    knowledge={"unknown": ["望远镜、火绳枪和后世的一切", "妹妹有没有嫁人"]},
)


@pytest.mark.parametrize(
    ("reply", "quote", "by"),
    [
        pytest.param("I looked through my telescope last night.", "telescope", SMITH, id="unknown, singular"),
        pytest.param("Neptune stands high this month.", "Neptune", SMITH, id="unknown, with an article"),
        pytest.param("I sent him an email at dawn.", "email", SMITH, id="too late"),
        pytest.param("There are potatoes in the pot.", "potatoes", SMITH, id="too late for the larder"),
        pytest.param("I pack the gunpowder tight.", "gunpowder", DWARF, id="unknown in a fantasy"),
        pytest.param("Keep it in the refrigerator.", "refrigerator", DWARF, id="too late in a fantasy"),
        pytest.param("我拿望远镜瞧见了。", "望远镜", BOATMAN_ZH, id="zh unknown"),
        pytest.param("扫码付钱就成。", "扫码", BOATMAN_ZH, id="zh too late"),
        pytest.param("把魚擱進冰箱裡。", "冰箱", BOATMAN_ZH, id="traditional too late"),
    ],
)
def test_a_thing_used_as_if_known_is_found(reply: str, quote: str, by: Persona) -> None:
    assert marks(CHECK, reply, quote, by=by)


@pytest.mark.parametrize(
    ("reply", "user", "by"),
    [
        pytest.param("What is a telescope?", "Hm", SMITH, id="asked"),
        pytest.param("I have no telescope, only eyes.", "Hm", SMITH, id="denied"),
        pytest.param("A telescope sees far, dost thou say.", "My telescope broke.", SMITH, id="brought up by the user"),
        pytest.param("The king's ring is gold.", "Ring?", SMITH, id="a statement is no term"),
        pytest.param("There are potatoes in the pot.", "Hm", DWARF, id="a fantasy larder"),
        pytest.param("I drew it in neptune blue.", "Hm", SMITH, id="a name without its capital"),
        pytest.param("The train of mules is late.", "Hm", SMITH, id="an older meaning"),
        pytest.param("我妹妹明年嫁人。", "嗯", BOATMAN_ZH, id="zh statement"),
        pytest.param("望远镜是什么东西？", "嗯", BOATMAN_ZH, id="zh asked"),
        pytest.param("什么手机，没听说过。", "嗯", BOATMAN_ZH, id="zh denied"),
        pytest.param("河上的電光嚇死人。", "嗯", BOATMAN_ZH, id="traditional, lightning"),
    ],
)
def test_look_alikes_are_left_alone(reply: str, user: str, by: Persona) -> None:
    assert quotes(CHECK, reply, by=by, user=user) == []


def test_the_message_tells_what_the_card_says_from_what_the_year_says() -> None:
    assert cases(CHECK, "My telescope is new. So is my email.", by=SMITH) == ["unknown", "too_late"]


@pytest.mark.parametrize(
    ("unknown", "terms"),
    [
        pytest.param("电、手机、汽车和后世的一切机器", ("手机", "汽车"), id="a list"),
        pytest.param("英语，高考完全还给老师了", (), id="a statement after a comma"),
        pytest.param("京城和朝廷里的事", (), id="affairs"),
        pytest.param("编程写代码", (), id="a doing"),
        pytest.param("radios, lasers and the planet Earth", ("radios", "lasers", "Earth"), id="an English list"),
        pytest.param("who set the fire", (), id="an English statement"),
    ],
)
def test_only_names_of_things_are_taken_from_an_entry(unknown: str, terms: tuple[str, ...]) -> None:
    assert unknown_terms(persona(knowledge={"unknown": [unknown]})) == terms


def test_statements_and_single_characters_are_no_terms() -> None:
    assert unknown_terms(SMITH) == ("telescopes", "Neptune")
    assert unknown_terms(BOATMAN_ZH) == ("望远镜", "火绳枪")


@pytest.mark.parametrize(
    ("description", "era", "year"),
    [
        pytest.param("A spy in Vienna in 1938.", "", 1938, id="a year"),
        pytest.param("A monk around the year 990.", "", 990, id="three digits"),
        pytest.param("2018年武汉一家小店的老板。", "", 2018, id="zh year"),
        pytest.param("唐开元年间的酒肆老板娘。", "", 756, id="dynasty"),
        pytest.param("1936年上海的侦探。", "战国", 400, id="the era wins"),
        pytest.param("星历412年的机器人。", "", None, id="an invented calendar"),
        pytest.param("生于1981年的主持人。", "", None, id="a birth"),
        pytest.param("A ship's mind, 200 years from home.", "", None, id="a span"),
    ],
)
def test_the_year_is_read_from_the_card(description: str, era: str, year: int | None) -> None:
    assert year_of(persona(description=description, knowledge={"era": era})) == year
