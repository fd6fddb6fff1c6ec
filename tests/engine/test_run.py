import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from harness.core.conversation import Conversation
from harness.core.run import Sample, Snapshot
from harness.core.transcript import SampleKey, Transcript
from harness.engine.evaluate import Evaluator
from harness.engine.run import Replayers, Rescorers, run_samples
from harness.errors import RefusedCall, RunStopped, StoreError
from harness.providers.scripted import Answer
from tests.build import KEY, MODEL, exchange, finding, keys, model, scenario, snapshot, transcript

from .memory import Memory, caller, last_line

OTHER = "mock/other"


def planned(model: str = MODEL, count: int = 5) -> list[SampleKey]:
    return [SampleKey("hob/rainy-night", "plain", model, epoch) for epoch in range(1, count + 1)]


@dataclass
class Hands:
    """A crew that does with each sample what it is told to, and counts who is at work."""

    work: Callable[[SampleKey], Awaitable[None]]
    most: int = 3
    busy: dict[str, int] = field(default_factory=dict)
    peak: dict[str, int] = field(default_factory=dict)
    begun: list[SampleKey] = field(default_factory=list)

    async def finish(self, key: SampleKey) -> Sample:
        self.begun.append(key)
        self.busy[key.model] = self.busy.get(key.model, 0) + 1
        self.peak[key.model] = max(self.peak.get(key.model, 0), self.busy[key.model])
        try:
            await self.work(key)
        finally:
            self.busy[key.model] -= 1
        return Sample(transcript=Transcript(key=key))

    def hands(self, model: str) -> int:
        return self.most


async def a_while(_: SampleKey) -> None:
    for _turn in range(4):
        await asyncio.sleep(0)


def others_than_this() -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


async def drive(wanted: list[SampleKey], crew: Hands, done: list[SampleKey]) -> None:
    async for sample in run_samples(wanted, crew):
        done.append(sample.key)


async def test_every_sample_is_yielded_once() -> None:
    wanted = planned() + planned(OTHER, 2)

    done = [sample.key async for sample in run_samples(wanted, Hands(a_while))]

    assert sorted(done) == sorted(wanted)
    assert others_than_this() == set()


async def test_no_samples_are_no_work() -> None:
    assert [sample async for sample in run_samples([], Hands(a_while))] == []


async def test_each_model_has_its_own_hands_and_all_of_them_are_used() -> None:
    crew = Hands(a_while, most=3)

    async for _ in run_samples(planned(count=9) + planned(OTHER, 2), crew):
        pass

    assert crew.peak == {MODEL: 3, OTHER: 2}


async def test_a_model_that_does_not_answer_stalls_no_other() -> None:
    stuck = asyncio.Event()

    async def work(key: SampleKey) -> None:
        if key.model == MODEL:
            await stuck.wait()

    samples = run_samples(planned() + planned(OTHER), Hands(work))
    first = [(await anext(samples)).key for _ in range(5)]
    stuck.set()
    rest = [sample.key async for sample in samples]

    assert first == planned(OTHER)
    assert sorted(rest) == planned()


@pytest.mark.parametrize("error", [RunStopped("no balance"), StoreError("disk full"), ZeroDivisionError()])
async def test_an_error_in_one_sample_ends_the_run_after_what_was_done_and_leaves_no_task(error: Exception) -> None:
    async def work(key: SampleKey) -> None:
        if key.epoch == 3:
            raise error
        if key.epoch > 3:
            await asyncio.Event().wait()

    crew = Hands(work, most=2)
    done: list[SampleKey] = []
    with pytest.raises(type(error)):
        await drive(planned(count=9), crew, done)

    assert [key.epoch for key in done] == [1, 2]
    assert len(crew.begun) <= 4
    assert (others_than_this(), crew.busy) == (set(), {MODEL: 0})


async def test_cancelling_the_run_leaves_no_task_behind() -> None:
    all_at_work = asyncio.Barrier(4)

    async def work(_: SampleKey) -> None:
        await all_at_work.wait()
        await asyncio.Event().wait()

    crew = Hands(work)
    task = asyncio.create_task(drive(planned(), crew, []))
    await all_at_work.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (others_than_this(), crew.busy) == (set(), {MODEL: 0})


async def test_a_reader_that_closes_the_run_leaves_no_task_behind() -> None:
    crew = Hands(a_while)
    samples = run_samples(planned(), crew)
    await anext(samples)

    await samples.aclose()  # type: ignore[attr-defined]

    assert (others_than_this(), crew.busy) == (set(), {MODEL: 0})


TWO = scenario("one", "two")


def replayers(
    answer: Callable[[Conversation], Answer], journal: Memory, of: Snapshot, limit: int = 4
) -> tuple[Replayers, list[Conversation]]:
    calling, provider, _ = caller(answer, limit=limit)
    evaluator = Evaluator.of(of, journal)
    return Replayers(snapshot=of, callers={MODEL: calling}, evaluator=evaluator), provider.asked


async def test_a_run_replays_checks_and_keeps_every_sample() -> None:
    of, journal = snapshot(TWO, epochs=3), Memory()
    crew, asked = replayers(lambda said: f"As an AI, I say {last_line(said)}.", journal, of)

    done = [sample async for sample in run_samples(keys(of), crew)]

    assert {sample.key for sample in done} == set(keys(of)) == set(journal.samples)
    assert len(asked) == 6
    for sample in done:
        assert journal.samples[sample.key] == sample
        assert [each.turn for each in sample.findings] == [1, 2]
        assert sample.finished


async def test_a_resume_asks_only_for_what_is_missing() -> None:
    of = snapshot(TWO)
    journal = Memory(samples={KEY: Sample(transcript=transcript("kept"), finished=False)})
    crew, asked = replayers(lambda said: f"to {last_line(said)}", journal, of)

    (done,) = [sample async for sample in run_samples(keys(of), crew)]

    assert [last_line(each) for each in asked] == ["two"]
    assert [each.text for each in done.transcript.exchanges] == ["kept", "to two"]


async def test_a_resume_asks_a_failed_turn_again_and_no_filtered_one() -> None:
    of = snapshot(TWO, epochs=2)
    failed, filtered = keys(of)
    ends = {failed: exchange(1, outcome="failed"), filtered: exchange(1, outcome="filtered")}
    journal = Memory(samples={key: Sample(transcript=transcript(end, key=key)) for key, end in ends.items()})
    crew, asked = replayers(lambda said: f"to {last_line(said)}", journal, of)

    done = {sample.key: sample async for sample in run_samples(keys(of), crew)}

    assert [last_line(each) for each in asked] == ["one", "two"]
    assert [each.outcome for each in done[failed].transcript.exchanges] == ["answered", "answered"]
    assert [each.outcome for each in done[filtered].transcript.exchanges] == ["filtered"]


async def test_a_refused_model_stops_the_run_and_keeps_what_was_said() -> None:
    of, journal = snapshot(TWO, epochs=2), Memory()

    def answer(said: Conversation) -> Answer:
        return RefusedCall("余额不足", status=402) if said.params.seed == 2 and last_line(said) == "two" else "Aye."

    crew, _ = replayers(answer, journal, of, limit=1)

    with pytest.raises(RunStopped):
        async for _ in run_samples(keys(of), crew):
            pass
    first, second = (journal.samples[key] for key in keys(of))
    assert (first.finished, len(first.transcript.exchanges)) == (True, 2)
    assert (second.finished, len(second.transcript.exchanges)) == (False, 1)


async def test_a_rescoring_never_calls_the_model_and_checks_anew() -> None:
    of = snapshot(TWO)
    old = Sample(transcript=transcript("As an AI model I cannot pour ale.", "Aye."), findings=(finding(turn=2),))
    journal = Memory(samples={KEY: old})
    crew = Rescorers(evaluator=Evaluator.of(of, journal))

    (done,) = [sample async for sample in run_samples(keys(of), crew)]

    assert done.transcript == old.transcript
    assert [each.turn for each in done.findings] == [1]
    assert journal.samples[KEY] == done


def test_a_crew_has_hands_enough_to_keep_its_model_busy_and_never_none() -> None:
    crew, _ = replayers(lambda _: "", Memory(), snapshot(models={MODEL: model()}), limit=4)

    assert crew.hands(MODEL) == 4
    assert Rescorers(evaluator=crew.evaluator).hands(MODEL) == 1
