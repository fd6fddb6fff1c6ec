"""Labels put to a judge where an answer that is kept, or a script that is not looked for, would say too much."""

import pytest

from harness.core.taxonomy import Language
from harness.engine.calibrate import predict_by_judge
from harness.engine.canaries import choose_canaries
from harness.engine.judging import Bench
from harness.judges import SheetJudge
from tests.build import criterion, model, rubric
from tests.judges.bench import answer, grade

from .labels import Kept as Recorded
from .labels import clean, label
from .memory import caller, in_turn
from .test_calls_kept import Kept


async def test_a_judge_that_is_asked_again_answers_anew_though_its_first_answer_is_kept() -> None:
    said = (answer({"voice_2": grade(number, "As an AI model")}) for number in (2, 0))
    calling, provider, _ = caller(in_turn(*said), name="mock/judge")
    calling.cache = Kept()
    sheet = rubric(criterion("voice"), per_turn=True)
    bench = Bench(judge=SheetJudge(name="strict", rubric=sheet, spec=model()), caller=calling)

    first, once_more = [await predict_by_judge(label(), [bench], Recorded().record, again=True) for _ in range(2)]

    assert first.again is not None
    assert (first.prediction.ratings, first.again.ratings) == ({"voice": 1.0}, {"voice": 0.0})
    assert (once_more, len(provider.asked)) == (first, 2)


@pytest.mark.parametrize("spoken", ["zh", "zh-Hant"])
def test_a_run_in_either_script_of_chinese_has_canaries_of_both(spoken: Language) -> None:
    scripts: tuple[Language, ...] = ("zh", "zh-Hant")
    pool = [make(id=f"{each}-{make.__name__}", language=each) for each in scripts for make in (label, clean)]

    assert {row.id for row in choose_canaries(pool, {spoken}, "r1")} == {row.id for row in pool}
