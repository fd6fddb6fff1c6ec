"""Known transcripts for a judge, and what becomes of one that misses them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from harness.core.card import Card, CardRow, Interval
from harness.core.conversation import Completion
from harness.core.journal import Remembered
from harness.core.label import Label
from harness.core.run import Canary, JudgeSpec, Run
from harness.engine.canaries import PAIRS, choose_canaries, fly
from harness.engine.judging import Bench
from harness.errors import LostCall
from harness.judges import SheetJudge
from harness.providers.scripted import Answer, Scripted
from tests.build import criterion, finding, model, rubric, run, scenario, snapshot

from .labels import clean, label
from .memory import caller

LABELS = [
    row.model_copy(update={"id": f"{language}-{kind}-{n}", "language": language})
    for language in ("en", "zh", "zh-Hant")
    for kind, row in (("break", label()), ("lapse", label(severity="lapse")), ("clean", clean()))
    for n in range(12)
]


def test_two_breaks_and_two_clean_replies_are_chosen_in_each_language() -> None:
    chosen = choose_canaries(LABELS, {"en", "zh"}, "r1")

    assert [(one.language[:2], one.severity) for one in chosen] == [
        *[("en", "break")] * PAIRS, *[("en", "none")] * PAIRS, *[("zh", "break")] * PAIRS, *[("zh", "none")] * PAIRS,
    ]  # fmt: skip
    assert len({one.id for one in chosen}) == 4 * PAIRS


def test_only_languages_of_the_run_are_spoken_and_both_scripts_of_chinese_are_one() -> None:
    assert {one.language for one in choose_canaries(LABELS, {"en"}, "r1")} == {"en"}
    assert choose_canaries(LABELS, {"zh", "zh-Hant"}, "r1") == choose_canaries(LABELS, {"zh"}, "r1")
    assert choose_canaries(LABELS, set(), "r1") == choose_canaries([], {"en"}, "r1") == ()


def test_a_run_has_its_own_canaries_each_time_it_is_asked() -> None:
    first, other = (choose_canaries(LABELS, {"en", "zh"}, run) for run in ("r1", "r2"))

    assert choose_canaries(list(reversed(LABELS)), {"en", "zh"}, "r1") == first
    assert other != first


def canary(suspicion: float | None = 0.9, broken: bool = True, name: str = "c", judge: str = "strict") -> Canary:
    return Canary(judge=judge, label=name, broken=broken, suspicion=suspicion)


@pytest.mark.parametrize(
    ("suspicion", "broken", "missed"),
    [
        pytest.param(0.9, True, False, id="a-break-that-was-seen"),
        pytest.param(0.5, True, False, id="a-break-that-was-just-seen"),
        pytest.param(0.49, True, True, id="a-break-that-was-not"),
        pytest.param(0.1, False, False, id="a-clean-reply"),
        pytest.param(0.5, False, True, id="a-false-alarm"),
        pytest.param(None, True, True, id="no-answer"),
        pytest.param(None, False, True, id="no-answer-about-a-clean-reply"),
    ],
)
def test_a_canary_is_missed_when_the_judge_is_wrong_or_silent(
    suspicion: float | None, broken: bool, missed: bool
) -> None:
    assert canary(suspicion, broken).missed is missed


def believed(*canaries: Canary) -> Run:
    """A run whose judge has shown that it can be trusted in voice, in English."""
    row = CardRow(
        dimension="voice", language="en", labels="human", provenance={"human": 60}, rows=60, scored=60, violations=30,
        characters=9, auroc=Interval(value=0.9),
    )  # fmt: skip
    card = Card(
        model="mock/judge", id="j", rubric="sheet@3", prompt="p", measured=date(2026, 11, 22), version="0",
        labels=("a.jsonl",), rows=(row,),
    )  # fmt: skip
    judge = JudgeSpec(model="mock/judge", rubric="sheet")
    made = snapshot(
        scenario(id="hob/a"), judges={"strict": judge}, models={"mock/echo": model(), "mock/judge": model()}
    )
    return replace(run(of=made.model_copy(update={"cards": {"strict": card}})), canaries=canaries)


def flown(missed: int, of: int) -> list[Canary]:
    return [canary(0.0 if n < missed else 1.0, name=f"c{n}") for n in range(of)]


@pytest.mark.parametrize(
    ("missed", "of", "doubted"),
    [
        pytest.param(0, 0, False, id="none-flown"),
        pytest.param(0, 4, False, id="none-missed"),
        pytest.param(1, 4, False, id="one-of-four"),
        pytest.param(2, 4, True, id="two-of-four"),
        pytest.param(2, 8, False, id="two-of-eight"),
        pytest.param(3, 8, True, id="three-of-eight"),
        pytest.param(4, 4, True, id="all"),
    ],
)
def test_a_judge_that_misses_more_than_a_quarter_is_not_believed(missed: int, of: int, doubted: bool) -> None:
    made = believed(*flown(missed, of))

    assert (made.missed("strict"), made.doubted("strict")) == ((missed, of), doubted)
    assert made.trust("strict", "voice", "hob/a") == ("uncalibrated" if doubted else "trusted")
    assert made.believes(finding("style_break", source="judge:strict"), "hob/a") is not doubted
    assert made.believes(finding("style_break"), "hob/a")


def test_canaries_of_another_judge_are_no_doubt_about_this_one() -> None:
    made = believed(*(replace(each, judge="other") for each in flown(4, 4)))

    assert (made.missed("strict"), made.doubted("strict"), made.doubted("other")) == ((0, 0), False, True)


def test_of_two_answers_about_the_same_canary_the_later_holds() -> None:
    made = believed(*flown(4, 4), *flown(0, 4))

    assert (made.missed("strict"), made.doubted("strict")) == ((0, 4), False)


class Full:
    """A cache that has an answer to everything."""

    async def recall(self, digest: str) -> Remembered | None:
        return Remembered(completion=Completion(outcome="answered", text=answer(2)), charge=None)

    async def remember(self, *_: object) -> None:
        raise AssertionError("what a canary was told is not kept")


def answer(grade: int) -> str:
    graded = {"quote": "As an AI model", "reason": "r", "grade": grade}
    return json.dumps({"violations": [], "grades": {"immersion_2": graded}})


def bench(said: Answer) -> tuple[Bench, Scripted]:
    calling, provider, _ = caller(said, name="mock/judge", spec=model())
    sheet = rubric(criterion("immersion"), per_turn=True)
    calling = replace(calling, cache=Full())
    return Bench(judge=SheetJudge(name="strict", rubric=sheet, spec=calling.spec), caller=calling), provider


@pytest.mark.parametrize(("row", "missed"), [(label(), False), (clean(), True)], ids=["broken", "clean"])
async def test_a_canary_asks_the_judge_of_today_and_never_the_cache(row: Label, missed: bool) -> None:
    sitting, provider = bench(answer(0))

    told = await fly(row, sitting)

    assert (told.judge, told.label, told.broken, told.missed) == ("strict", "a", row.broken, missed)
    assert told.suspicion == pytest.approx(2 / 3)
    assert (len(provider.asked), len(told.calls)) == (1, 1)


async def test_a_judge_that_cannot_be_reached_has_missed_nothing() -> None:
    sitting, _ = bench(LostCall("网关坏了"))

    assert await fly(label(), sitting) is None
