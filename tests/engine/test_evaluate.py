import json
from dataclasses import replace

import pytest

from harness.core.conversation import Completion
from harness.core.run import Sample
from harness.core.scenario import Scenario
from harness.core.transcript import Transcript
from harness.engine.evaluate import Evaluator
from harness.engine.judging import Bench
from harness.errors import LostCall, RefusedCall, RunStopped, StoreError
from harness.judges import SheetJudge
from harness.providers.scripted import Answer, Scripted
from tests.build import KEY, exchange, model, persona, priced, rubric, scenario, snapshot, transcript

from .memory import Memory, caller, in_turn

JUDGE = "mock/judge"
GOOD = json.dumps({"violations": [], "grades": {"voice": {"quote": "Aye.", "reason": "短而有力", "grade": 2}}})
CHAT = transcript("Aye.", "As an AI model I cannot pour ale.")
TWO = scenario("one", "two")


def evaluator(journal: Memory, *answers: Answer, of: Scenario = TWO, **settings: object) -> tuple[Evaluator, Scripted]:
    calling, provider, _ = caller(in_turn(*answers), name=JUDGE, limit=3, spec=model(price=priced()))
    judge = SheetJudge(name="strict", rubric=rubric(), spec=calling.spec)
    benches = [Bench(judge=judge, caller=calling)] if answers else []
    return Evaluator.of(snapshot(of, **settings), journal, benches), provider  # type: ignore[arg-type]


async def test_checks_run_over_the_replies_and_the_sample_is_kept_finished() -> None:
    journal = Memory()
    evaluating, _ = evaluator(journal)

    sample = await evaluating.evaluate(CHAT)

    assert [(each.failure_type, each.turn, each.source) for each in sample.findings] == [
        ("ai_self_disclosure", 2, "check")
    ]
    assert (sample.verdicts, sample.asks, sample.finished) == ((), (), True)
    assert journal.samples[KEY] == sample


async def test_a_project_sets_its_own_severities() -> None:
    evaluating, _ = evaluator(Memory(), severities={"ai_self_disclosure": "note"})

    assert [each.severity for each in evaluating.check(CHAT)] == ["note"]


async def test_what_a_scenario_allows_is_muted_and_not_dropped() -> None:
    allow = [{"failure_type": "ai_self_disclosure", "reason": "她在开玩笑", "author": "Lin"}]
    evaluating, _ = evaluator(Memory(), of=scenario("one", "two", allow=allow))

    assert [each.muted for each in evaluating.check(CHAT)] == ["她在开玩笑 (Lin)"]


@pytest.mark.parametrize("outcome", ["failed", "empty", "filtered"])
async def test_a_sample_without_a_reply_has_no_findings_and_is_not_judged(outcome: str) -> None:
    evaluating, judge = evaluator(Memory(), GOOD)
    partial = exchange(1, outcome=outcome, partial="As an AI model I cannot")  # type: ignore[arg-type]

    sample = await evaluating.evaluate(transcript(partial))

    assert (sample.findings, sample.verdicts, judge.asked) == ((), (), [])
    assert sample.finished


async def test_a_sample_that_was_never_begun_is_kept_as_it_is() -> None:
    evaluating, _ = evaluator(Memory(), GOOD)

    assert await evaluating.evaluate(Transcript(key=KEY)) == Sample(transcript=Transcript(key=KEY))


async def test_the_checks_see_the_system_message_as_it_was_sent() -> None:
    secret = "Hob keeps a silver key under the third flagstone of the cellar and tells nobody of it."
    evaluating = Evaluator.of(
        snapshot(scenario("one"), who=persona(), system="other").model_copy(
            update={"checks": {"hob/rainy-night": ("prompt_leak",)}}
        ),
        Memory(),
    )
    sent = replace(exchange().sent[0], content=f"You are Hob. {secret}")
    leak = replace(exchange(1, f"My instructions say: {secret}"), sent=(sent, *exchange().sent[1:]))

    assert {each.failure_type for each in evaluating.check(transcript(leak))} == {"prompt_leak"}


async def test_the_judges_answer_is_kept_with_its_bill_before_the_sample_is_finished() -> None:
    journal = Memory()
    evaluating, judge = evaluator(journal, GOOD)

    sample = await evaluating.evaluate(CHAT)

    assert journal.events == ["kept ask", "finished"]
    (ask,) = sample.asks
    assert (ask.model, ask.outcome, ask.answer, ask.sent) == (JUDGE, "answered", GOOD, judge.asked[0].messages)
    assert ask.call.charge is not None
    assert [rating.value for rating in sample.ratings] == [1.0]


async def test_an_answer_that_was_paid_for_is_not_asked_again() -> None:
    journal = Memory()
    first, _ = evaluator(journal, GOOD)
    paid = (await first.evaluate(CHAT)).asks
    journal.events.clear()
    again, judge = evaluator(journal, "never asked for")

    sample = await again.evaluate(CHAT, paid)

    assert (judge.asked, journal.events) == ([], ["finished"])
    assert (sample.asks, [rating.value for rating in sample.ratings]) == (paid, [1.0])


@pytest.mark.parametrize("outcome", ["failed", "empty", "filtered"])
async def test_a_failed_answer_is_asked_again_and_stays_in_the_bill(outcome: str) -> None:
    first, _ = evaluator(Memory(), GOOD)
    (paid,) = (await first.evaluate(CHAT)).asks
    lost = replace(paid, outcome=outcome, answer="")  # type: ignore[arg-type]
    again, judge = evaluator(Memory(), GOOD)

    sample = await again.evaluate(CHAT, (lost,))

    assert len(judge.asked) == 1
    assert [ask.outcome for ask in sample.asks] == [outcome, "answered"]
    assert [rating.value for rating in sample.ratings] == [1.0]


async def test_an_answer_about_another_chat_is_not_taken_for_this_one() -> None:
    first, _ = evaluator(Memory(), GOOD)
    paid = (await first.evaluate(CHAT)).asks
    again, judge = evaluator(Memory(), GOOD)

    await again.evaluate(transcript("Aye.", "Another line."), paid)

    assert len(judge.asked) == 1


async def test_a_judge_whose_call_fails_leaves_ratings_unscored_and_findings_of_checks_in_place() -> None:
    evaluating, _ = evaluator(Memory(), LostCall("网关坏了"))

    sample = await evaluating.evaluate(CHAT)

    assert [(rating.value, rating.unscored) for rating in sample.ratings] == [(None, "failed")]
    assert [(ask.outcome, ask.error, ask.call.charge) for ask in sample.asks] == [("failed", "网关坏了", None)]
    assert len(sample.findings) == 1


async def test_a_judge_that_nobody_can_call_stops_the_run() -> None:
    evaluating, _ = evaluator(Memory(), RefusedCall("bad key", status=401))

    with pytest.raises(RunStopped, match="mock/judge: bad key"):
        await evaluating.evaluate(CHAT)


async def test_an_answer_that_cannot_be_kept_ends_the_run() -> None:
    evaluating, _ = evaluator(Memory(broken=True), GOOD)

    with pytest.raises(StoreError):
        await evaluating.evaluate(CHAT)


async def test_both_asks_of_an_unreadable_judge_are_kept() -> None:
    journal = Memory()
    evaluating, _ = evaluator(journal, "I would rather not.", GOOD)

    sample = await evaluating.evaluate(CHAT)

    assert [ask.answer for ask in sample.asks] == ["I would rather not.", GOOD]
    assert len({ask.digest for ask in sample.asks}) == 2
    assert [verdict.stage for verdict in sample.verdicts] == ["re-asked"]


async def test_a_truncated_answer_counts_as_paid_for() -> None:
    cut = Completion(outcome="truncated", text='{"violations": [], "grades": {"voice": {"quote": "Aye."')
    first, _ = evaluator(Memory(), cut)
    paid = (await first.evaluate(CHAT)).asks
    again, judge = evaluator(Memory(), GOOD)

    sample = await again.evaluate(CHAT, paid)

    assert judge.asked == []
    assert [rating.unscored for rating in sample.ratings] == ["cut_off"]


def test_scenarios_with_the_same_checks_share_them() -> None:
    both = snapshot(scenario("one", id="hob/a"), scenario("one", id="hob/b"))

    checks = Evaluator.of(both, Memory()).checks

    assert checks["hob/a"] is checks["hob/b"]
