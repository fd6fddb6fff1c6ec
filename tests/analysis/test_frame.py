import pandas as pd

from harness.analysis.frame import COLUMNS, frame_turns
from harness.core.rating import Verdict
from harness.core.run import Sample
from harness.core.transcript import Call, Transcript
from tests.build import KEY, exchange, finding, run, scenario, snapshot, transcript

CHAT = scenario("one", {"user": "two", "probe": "meta_question"}, "three")
OF = snapshot(CHAT)
DOCUMENTED = [
    "scenario", "persona", "prompt", "model", "epoch", "sample", "turn", "probe", "outcome", "finished", "break",
    "lapse", "note", "rule_break", "seconds", "first_token_seconds", "attempts", "input_tokens", "output_tokens",
    "characters",
]  # fmt: skip


def row(table: pd.DataFrame, at: int, *columns: str) -> list[object]:
    return [None if pd.isna(value) else value for value in table.loc[at, list(columns)]]


def test_there_is_a_row_for_every_sample_and_scripted_turn_with_the_columns_that_are_documented() -> None:
    second = Sample(transcript=transcript("a", "b", "c", key=KEY._replace(epoch=2)))

    table = frame_turns(run(Sample(transcript=transcript("a", "b", "c")), second, of=OF))

    assert list(table.columns) == DOCUMENTED == list(COLUMNS)
    assert list(table["turn"]) == [1, 2, 3, 1, 2, 3]
    assert list(table["sample"]) == [1, 1, 1, 2, 2, 2]
    assert row(table, 4, "scenario", "persona", "prompt", "model", "epoch", "probe") == [
        "hob/rainy-night", "hob", "plain", "mock/echo", 2, "meta_question",
    ]  # fmt: skip
    assert row(table, 3, "probe") == [None]


def test_a_reply_is_counted_in_characters_and_as_its_call_went() -> None:
    call = exchange().call
    said = exchange(1, "客官里边坐🍵", first_token_seconds=0.25, call=Call(seconds=1.5, attempts=3, usage=call.usage))

    table = frame_turns(run(Sample(transcript=transcript(said)), of=OF))

    columns = ("outcome", "characters", "seconds", "first_token_seconds", "attempts", "input_tokens", "output_tokens")
    assert row(table, 0, *columns) == ["answered", 6, 1.5, 0.25, 3, 10, 5]


def test_unknown_usage_is_missing_and_not_zero() -> None:
    table = frame_turns(run(Sample(transcript=transcript(exchange(call=Call(seconds=1.0)))), of=OF))

    assert row(table, 0, "input_tokens", "output_tokens", "first_token_seconds") == [None, None, None]


def test_turns_after_a_bad_outcome_and_of_samples_never_begun_are_skipped() -> None:
    ended = Sample(transcript=transcript("a", exchange(2, outcome="filtered")))
    unbegun = Sample(transcript=Transcript(key=KEY._replace(epoch=2)), finished=False)

    table = frame_turns(run(ended, unbegun, of=OF))

    assert list(table["outcome"]) == ["answered", "filtered", "skipped", "skipped", "skipped", "skipped"]
    assert list(table["finished"]) == [True] * 3 + [False] * 3
    assert row(table, 2, "seconds", "attempts", "characters", "break") == [None, 0, 0, 0]


def test_findings_that_count_stand_at_their_turn_and_others_nowhere() -> None:
    found = (
        finding(turn=1, at=(0, 2)), finding(turn=1, at=(3, 5)), finding(turn=1, at=(3, 4)), finding("length", turn=2),
        finding("style_break", turn=2), finding(turn=3, muted="fine (Lin)"),
    )  # fmt: skip
    judged = Verdict(judge="j", rubric="s@1", stage="strict", findings=(finding(turn=2, source="judge:j"),))
    sample = Sample(transcript=transcript("a b c d", "b", "c"), findings=found, verdicts=(judged,))

    table = frame_turns(run(sample, of=OF))

    assert table[["break", "lapse", "note"]].to_numpy().tolist() == [[2, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_a_run_without_samples_is_an_empty_table_with_all_columns() -> None:
    table = frame_turns(run(of=OF))

    assert (len(table), list(table.columns)) == (0, DOCUMENTED)
