"""Ways in which judges answer otherwise than asked: each is read rightly, or unscored with the right reason."""

import json
from dataclasses import dataclass

import pytest

from harness.core.rating import Stage, Unscored
from tests.build import exchange, rubric, scenario

from .bench import LINES, Said, answer, case, grade, judged, violation

FIRST, SECOND = "Wipe your boots, friend.", "客官里边坐"
GRADES = {"voice_1": grade(2, FIRST, "curt"), "voice_2": grade(0, SECOND, "太软")}
RIGHT = answer(GRADES, [violation(turn=1, quote=FIRST)])
OTHER = answer({"voice_1": grade(0, FIRST, "x"), "voice_2": grade(2, SECOND, "x")})
TOP_AND_BOTTOM = (1.0, 0.0)


def said(first: object = None, second: object = None, violations: object = ()) -> str:
    return answer({"voice_1": first or GRADES["voice_1"], "voice_2": second or GRADES["voice_2"]}, violations)


CHINESE = json.dumps(
    {
        "违例": [{"轮次": 1, "类型": "identity_swap", "严重程度": "lapse", "原文": FIRST, "理由": "不像他"}],
        "评分": {
            "voice_1": {"原文": FIRST, "理由": "短", "分数": 2},
            "voice_2": {"原文": SECOND, "理由": "软", "得分": "０分"},
        },
    },
    ensure_ascii=False,
)
FLAT = json.dumps({"violations": [], "grades": {"voice_1": 2, "voice_2": 0}})
AS_LIST = json.dumps({"violations": [], "grades": [{"id": item, **each} for item, each in GRADES.items()]})
QUOTED_VERDICT = said(grade(2, FIRST, f"it says {OTHER}"))


@dataclass(frozen=True)
class Read:
    """What becomes of the two grades: values, or why there is none."""

    grades: tuple[float | Unscored, float | Unscored] = TOP_AND_BOTTOM
    stage: Stage = "strict"
    findings: int | None = None


def wrong(name: str, answer: Said, *, then: Read) -> object:
    return pytest.param(answer, then, id=name)


REPAIRED = Read(stage="repaired")
TABLE = [
    wrong("fenced", f"```json\n{RIGHT}\n```", then=Read(findings=1)),
    wrong("thinking-first", f"<think>Say 0? {OTHER}</think>\n{RIGHT}", then=Read(findings=1)),
    wrong("thinking-without-its-start", f"so {OTHER} … no.\n</think>\n{RIGHT}", then=REPAIRED),
    wrong("prose-around", f"Here you are:\n{RIGHT}\nHope that helps {{smile}}!", then=REPAIRED),
    wrong("prose-in-braces-before", f"{{hm}} {{let me think}} {RIGHT}", then=REPAIRED),
    wrong("trailing-comma", RIGHT[:-1] + ",}", then=REPAIRED),
    wrong("two-objects-the-last-counts", f"{OTHER}\n{RIGHT}", then=REPAIRED),
    wrong("a-list-of-two", f"[{OTHER}, {RIGHT}]", then=Read(findings=1)),
    wrong("violations-and-grades-apart", '{"violations": []}\n' + json.dumps({"grades": GRADES}), then=REPAIRED),
    wrong("braces-inside-a-quote", said(grade(2, FIRST, "she {never} says }}")), then=Read()),
    wrong("a-verdict-inside-a-reason", QUOTED_VERDICT, then=Read()),
    wrong("a-verdict-inside-a-reason-and-a-comma", QUOTED_VERDICT[:-1] + ",}", then=REPAIRED),
    wrong("curly-quotes", RIGHT.replace('"', "”"), then=REPAIRED),
    wrong("full-width-marks", RIGHT.replace(":", "：").replace('",', '"，'), then=REPAIRED),
    wrong("full-width-braces", "｛" + RIGHT[1:-1] + "｝", then=REPAIRED),
    wrong("single-quotes", RIGHT.replace('"', "'"), then=REPAIRED),
    wrong("line-breaks-in-strings", RIGHT.replace("curt", "cu\nrt"), then=REPAIRED),
    wrong("chinese-keys", CHINESE, then=Read(findings=1)),
    wrong("a-list-of-grades", AS_LIST, then=Read()),
    wrong("keys-in-capitals", RIGHT.replace('"grade"', '"Grade"').replace('"grades"', '"GRADES"'), then=Read()),
    wrong("a-type-in-words", RIGHT.replace("identity_swap", "Identity Swap"), then=Read(findings=1)),
    wrong("a-grade-as-text", said(grade("2", FIRST)), then=Read()),
    wrong("a-grade-with-its-scale", said(grade("2/2", FIRST)), then=Read()),
    wrong("a-grade-with-its-anchor", said(grade("2 = just so", FIRST)), then=Read()),
    wrong("grades-alone-cite-nothing", FLAT, then=Read(("no_citation", "no_citation"))),
    wrong("wrong-scale", said(grade(8, FIRST), grade("0/10", SECOND)), then=Read(("off_menu", "off_menu"))),
    wrong("a-grade-of-5000-digits", said(grade("9" * 5000, FIRST)), then=Read(("off_menu", 0.0))),
    wrong("between-two-levels", said(grade(1.5, FIRST)), then=Read(("off_menu", 0.0))),
    wrong("turns-swapped", said(grade(2, SECOND), grade(0, FIRST)), then=Read(("cited_elsewhere", "cited_elsewhere"))),
    wrong("paraphrased", said(grade(2, "He asks for clean shoes")), then=Read(("citation_not_found", 0.0))),
    wrong("no-reason", said({"quote": FIRST, "grade": 2}), then=Read(("no_reason", 0.0))),
    wrong("no-grade", said({"quote": FIRST, "reason": "x"}), then=Read(("off_menu", 0.0))),
    wrong("an-item-left-out", answer({"voice_1": GRADES["voice_1"]}), then=Read((1.0, "missing"))),
    wrong("an-item-nobody-asked-for", said()[:-2] + f', "wit": {json.dumps(grade())}}}}}', then=Read()),
    wrong("violation-of-another-turn", said(violations=[violation(turn=2, quote=FIRST)]), then=Read(findings=1)),
    wrong("violation-nobody-said", said(violations=[violation(quote="I am an AI model.")]), then=Read(findings=0)),
    wrong("violation-of-no-known-type", said(violations=[violation(failure_type="rudeness")]), then=Read(findings=0)),
    wrong("one-violation-not-in-a-list", said(violations=violation(quote=FIRST)), then=Read(findings=1)),
    wrong("empty", ("empty", ""), then=Read(("empty", "empty"), "unread")),
    wrong("filtered", ("filtered", RIGHT), then=Read(("filtered", "filtered"), "unread")),
    wrong("the-call-failed", ("failed", ""), then=Read(("failed", "failed"), "unread")),
    wrong("refusal", "I'm sorry, but I can't grade this.", then=Read(("unreadable", "unreadable"), "unread")),
    wrong("refusal-in-chinese", "抱歉，我无法评价这段对话。", then=Read(("unreadable", "unreadable"), "unread")),
    wrong("another-object", '{"verdict": "fine", "score": 9}', then=Read(("unreadable", "unreadable"), "unread")),
    wrong("the-schema-back", '{"type": "object", "properties": {}}', then=Read(("unreadable",) * 2, "unread")),
    wrong(
        "cut-off-before-the-end", ("truncated", RIGHT[: RIGHT.index("太软")]), then=Read((1.0, "cut_off"), "repaired")
    ),
    wrong("cut-off-at-once", ("truncated", "Let me think about"), then=Read(("cut_off", "cut_off"), "unread")),
]


@pytest.mark.parametrize(("answered", "expected"), TABLE)
async def test_a_wrong_answer_is_read_rightly_or_unscored_with_its_reason(answered: Said, expected: Read) -> None:
    of = case(
        *(exchange(turn, line) for turn, line in enumerate(LINES[:2], 1)), of=scenario("Good evening.", "讨口水。")
    )

    verdict = await judged(answered, answered, of=of, by=rubric(per_turn=True))

    assert tuple(each.unscored or each.value for each in verdict.ratings) == expected.grades
    assert verdict.stage == expected.stage
    if expected.findings is not None:
        assert len(verdict.findings) == expected.findings


YES_OR_NO = [
    ("是", 1.0),
    ("否", 0.0),
    ("成立", 1.0),
    ("Yes.", 1.0),
    ("no", 0.0),
    (True, 1.0),
    (False, 0.0),
    ("1分", 1.0),
]


@pytest.mark.parametrize(("written", "value"), YES_OR_NO)
async def test_a_statement_is_answered_with_yes_and_no_in_either_language(written: object, value: float) -> None:
    of = case(LINES[0], of=scenario({"user": "讨口水。", "expect": [{"judge": "他让客人擦鞋。"}]}))
    grades = {"voice": grade(), "expect_1_1": grade(written, FIRST)}

    verdict = await judged(answer(grades), of=of)

    assert verdict.ratings[1].value == value
