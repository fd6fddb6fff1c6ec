from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.conversation import Outcome
from harness.core.run import EXIT_CODES, Sample, Snapshot
from harness.core.transcript import SampleKey, Transcript
from tests.build import KEY, exchange, model, scenario, snapshot, transcript


def planned(scenarios: list[str], models: list[str], epochs: int) -> Snapshot:
    return snapshot(*(scenario(id=one) for one in scenarios), models={name: model() for name in models}, epochs=epochs)


def test_the_plan_is_scenario_by_prompt_by_model_by_epoch_in_the_order_given() -> None:
    keys = list(planned(["hob/b", "hob/a"], ["m/z", "m/y"], 2).keys())

    assert keys == [
        SampleKey("hob/b", "plain", "m/z", 1),
        SampleKey("hob/b", "plain", "m/z", 2),
        SampleKey("hob/b", "plain", "m/y", 1),
        SampleKey("hob/b", "plain", "m/y", 2),
        SampleKey("hob/a", "plain", "m/z", 1),
        SampleKey("hob/a", "plain", "m/z", 2),
        SampleKey("hob/a", "plain", "m/y", 1),
        SampleKey("hob/a", "plain", "m/y", 2),
    ]


names = st.lists(st.sampled_from(["o/a", "o/b", "o/c", "o/d"]), unique=True, min_size=1)


@given(names, names, st.integers(1, 4))
def test_a_saved_snapshot_has_the_same_plan(scenarios: list[str], models: list[str], epochs: int) -> None:
    made = planned(scenarios, models, epochs)
    again = Snapshot.model_validate_json(made.model_dump_json(by_alias=True))

    assert again == made
    assert list(again.keys()) == list(made.keys())
    assert len(set(made.keys())) == len(scenarios) * len(models) * epochs


def test_a_key_is_shown_with_all_four_parts() -> None:
    assert str(KEY) == "hob/rainy-night · plain · mock/echo · 1"


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [("answered", False), ("truncated", False), ("filtered", True), ("empty", True), ("failed", True)],
)
def test_a_bad_outcome_ends_a_transcript(outcome: Outcome, ended: bool) -> None:
    chat = transcript("Wipe your boots.", exchange(2, "Sit.", outcome))

    assert chat.ended_early is ended
    assert [reply.turn for reply in chat.replies()] == ([1] if ended else [1, 2])


def test_a_transcript_without_exchanges_did_not_end_early() -> None:
    assert not Transcript(key=KEY).ended_early


@pytest.mark.parametrize(
    ("sample", "resumable"),
    [
        pytest.param(Sample(transcript=transcript("a")), False, id="finished"),
        pytest.param(Sample(transcript=transcript("a"), finished=False), True, id="unfinished"),
        pytest.param(Sample(transcript=transcript("a", exchange(2, outcome="failed"))), True, id="failed-call"),
        pytest.param(Sample(transcript=transcript("a", exchange(2, outcome="filtered"))), False, id="filtered"),
        pytest.param(Sample(transcript=transcript("a", exchange(2, outcome="empty"))), False, id="empty"),
        pytest.param(Sample(transcript=Transcript(key=KEY)), False, id="nothing-to-ask"),
    ],
)
def test_a_resume_goes_on_with_unfinished_samples_and_failed_calls(sample: Sample, resumable: bool) -> None:
    assert sample.resumable is resumable


def test_a_resumed_transcript_keeps_all_but_the_failed_call() -> None:
    failed = transcript("a", "b", exchange(3, outcome="failed"))

    assert failed.resumable() == transcript("a", "b")
    assert transcript("a", exchange(2, outcome="filtered")).resumable().exchanges[-1].outcome == "filtered"


def test_a_worse_status_has_the_higher_exit_code() -> None:
    codes = [EXIT_CODES[status] for status in ("passed", "failed", "incomplete", "budget", "interrupted")]

    assert codes == [0, 1, 3, 4, 130]
    assert EXIT_CODES["ungated"] == 0
    assert all(one < two for one, two in pairwise(codes))
