from collections.abc import Mapping

import pytest

from harness.core.conversation import Completion, Conversation, Message
from harness.core.persona import Persona
from harness.core.run import Sample, Snapshot
from harness.core.scenario import Scenario
from harness.core.transcript import Transcript
from harness.engine.replay import Script, replay
from harness.errors import LostCall, RefusedCall, RunStopped, StoreError
from harness.providers.scripted import Answer
from tests.build import KEY, MODEL, SYSTEM, exchange, model, persona, scenario, snapshot, transcript

from .memory import EMPTY, FILTERED, TRUNCATED, Memory, caller, in_turn, last_line

THREE = scenario("one", "two", "three")
NOTHING = Transcript(key=KEY)


def script(of: Scenario = THREE, who: Persona | None = None, epoch: int = 1, **spec: object) -> Script:
    return Script.of(KEY._replace(epoch=epoch), snapshot_of(of, who, **spec))


def snapshot_of(of: Scenario, who: Persona | None, base_seed: int = 0, **spec: object) -> Snapshot:
    return snapshot(of, who=who, models={MODEL: model(**spec)}, base_seed=base_seed)


def talk(*said: str) -> list[Message]:
    """Messages from the user's on, in turns."""
    return [Message("user" if place % 2 == 0 else "assistant", words) for place, words in enumerate(said)]


async def played(
    *answers: Answer, of: Script | None = None, stored: Transcript = NOTHING
) -> tuple[Transcript, list[Conversation]]:
    model, provider, _ = caller(in_turn(*answers))
    journal = Memory(samples={KEY: Sample(transcript=stored, finished=False)})
    return await replay(of or script(), stored, model, journal), provider.asked


async def test_a_live_chat_goes_on_from_the_models_own_replies() -> None:
    done, asked = await played("客官", "里边", "坐。")

    assert [each.text for each in done.exchanges] == ["客官", "里边", "坐。"]
    assert [list(each.messages) for each in asked] == [
        [Message("system", SYSTEM), *talk("one")],
        [Message("system", SYSTEM), *talk("one", "客官", "two")],
        [Message("system", SYSTEM), *talk("one", "客官", "two", "里边", "three")],
    ]
    assert [each.sent for each in done.exchanges] == [each.messages for each in asked]


async def test_a_scripted_chat_goes_on_from_the_lines_that_were_written() -> None:
    turns: list[Mapping[str, object]] = [
        {"user": "one", "assistant": "written 1"}, {"user": "two", "assistant": "written 2"}, {"user": "three"},
    ]  # fmt: skip

    done, asked = await played("a", "b", "c", of=script(scenario(*turns, history="scripted")))

    assert list(asked[-1].messages[1:]) == talk("one", "written 1", "two", "written 2", "three")
    assert [each.text for each in done.exchanges] == ["a", "b", "c"]


async def test_a_greeting_stands_before_the_first_user_line() -> None:
    _, asked = await played("a", of=script(scenario("one"), persona(greeting="Wipe your boots.")))

    assert asked[0].messages == (
        Message("system", SYSTEM), Message("assistant", "Wipe your boots."), Message("user", "one"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("epoch", "base", "rule", "seed"),
    [
        pytest.param(1, 0, "any", 1, id="first-epoch"),
        pytest.param(3, 40, "any", 43, id="third-epoch"),
        pytest.param(3, 40, "positive_10000", 43, id="small-seeds-only"),
        pytest.param(3, 40, "none", None, id="no-seeds"),
    ],
)
async def test_each_epoch_has_a_seed_of_its_own_where_the_model_takes_one(
    epoch: int, base: int, rule: str, seed: int | None
) -> None:
    of = script(scenario("one"), epoch=epoch, base_seed=base, rules={"seed": rule}, params={"temperature": 0.7})

    done, asked = await played("a", of=of)

    assert (asked[0].params.seed, done.exchanges[0].seed) == (seed, seed)
    assert asked[0].params.temperature == 0.7


async def test_each_reply_is_kept_before_the_next_request_leaves() -> None:
    journal = Memory()
    answers = in_turn("a", TRUNCATED, "c")

    def answer(said: Conversation) -> Answer:
        journal.events.append(f"asked {last_line(said)}")
        return answers(said)

    model, _, _ = caller(answer)
    await replay(script(), NOTHING, model, journal)

    assert journal.events == ["asked one", "kept 1", "asked two", "kept 2", "asked three", "kept 3"]


async def test_no_request_leaves_after_a_reply_that_could_not_be_kept() -> None:
    model, provider, _ = caller("a")

    with pytest.raises(StoreError):
        await replay(script(), NOTHING, model, Memory(broken=True))

    assert len(provider.asked) == 1


async def test_stored_exchanges_are_not_asked_again_and_the_chat_goes_on_from_them() -> None:
    stored = transcript("kept one", "kept two")

    done, asked = await played("three's reply", stored=stored)

    assert done.exchanges[:2] == stored.exchanges
    assert [list(each.messages[1:]) for each in asked] == [talk("one", "kept one", "two", "kept two", "three")]


async def test_a_chat_that_is_whole_is_not_called_for() -> None:
    stored = transcript("a", "b", "c")

    assert await played(stored=stored) == (stored, [])


@pytest.mark.parametrize("outcome", ["filtered", "empty"])
async def test_a_stored_bad_outcome_stays_the_end(outcome: str) -> None:
    stored = transcript("a", exchange(2, outcome=outcome))  # type: ignore[arg-type]

    assert await played(stored=stored.resumable()) == (stored, [])


async def test_a_stored_failure_is_asked_again() -> None:
    stored = transcript("a", exchange(2, outcome="failed"))

    done, asked = await played("b", "c", stored=stored.resumable())

    assert [each.text for each in done.exchanges] == ["a", "b", "c"]
    assert last_line(asked[0]) == "two"


@pytest.mark.parametrize(
    ("bad", "outcome", "partial", "error"),
    [
        pytest.param(EMPTY, "empty", "", None, id="empty"),
        pytest.param("   ", "empty", "   ", None, id="blank"),
        pytest.param(FILTERED, "filtered", "He drew his", None, id="filtered"),
        pytest.param(LostCall("网关坏了"), "failed", "", "网关坏了", id="failed"),
    ],
)
async def test_a_bad_outcome_ends_the_chat_with_its_text_kept_apart(
    bad: Answer, outcome: str, partial: str, error: str | None
) -> None:
    done, asked = await played("a", bad, "never asked for")

    last = done.exchanges[-1]
    assert (last.turn, last.outcome, last.text, last.partial, last.error) == (2, outcome, "", partial, error)
    assert (len(asked), done.ended_early) == (2, True)
    assert [each.turn for each in done.replies()] == [1]


async def test_a_truncated_reply_stays_in_the_history() -> None:
    done, asked = await played(TRUNCATED, "b", "c")

    assert [each.outcome for each in done.exchanges] == ["truncated", "answered", "answered"]
    assert list(asked[1].messages[1:]) == talk("one", "Once upon a", "two")


async def test_a_refusal_stops_the_run_and_what_was_said_before_is_kept() -> None:
    model, _, _ = caller(in_turn("a", RefusedCall("no balance", status=402)))
    journal = Memory()

    with pytest.raises(RunStopped):
        await replay(script(), NOTHING, model, journal)

    assert [each.text for each in journal.samples[KEY].transcript.exchanges] == ["a"]


async def test_how_a_reply_came_is_written_down() -> None:
    completion = Completion(outcome="answered", text="a", finish_reason="stop", first_token_seconds=0.25)

    done, _ = await played(completion, of=script(scenario("one")))

    (only,) = done.exchanges
    assert (only.finish_reason, only.first_token_seconds, only.call.attempts) == ("stop", 0.25, 1)


SHORT = {"max_messages": 4, "history": "keep_system_drop_oldest"}


async def test_a_history_that_outgrows_the_limit_loses_its_oldest_turns_where_the_rules_say_so() -> None:
    done, asked = await played("a", "b", "c", of=script(rules=SHORT))

    assert [list(each.messages) for each in asked][1:] == [
        [Message("system", SYSTEM), *talk("one", "a", "two")],
        [Message("system", SYSTEM), *talk("two", "b", "three")],
    ]
    assert [each.dropped for each in done.exchanges] == [0, 0, 1]


async def test_a_history_too_long_in_tokens_is_shortened_too() -> None:
    rules = {"max_input_tokens": 300, "history": "keep_system_drop_oldest"}

    done, asked = await played("长" * 200, "远" * 200, "c", of=script(rules=rules))

    assert [each.dropped for each in done.exchanges] == [0, 0, 1]
    assert list(asked[2].messages[1:]) == talk("two", "远" * 200, "three")


async def test_the_greeting_and_the_line_at_hand_are_never_dropped() -> None:
    of = script(scenario("one", "two"), persona(greeting="Come in."), rules={**SHORT, "max_messages": 4})

    done, asked = await played("a", "b", of=of)

    assert list(asked[1].messages) == [*of.opening, Message("user", "two")]
    assert [each.dropped for each in done.exchanges] == [0, 1]


@pytest.mark.parametrize("history", ["refuse", "keep_system_drop_oldest"])
async def test_what_a_model_cannot_take_is_never_sent_for_its_front_might_be_cut_off(history: str) -> None:
    of = script(scenario("one", "two" * 500, "three"), rules={"history": history, "max_input_tokens": 60})

    done, asked = await played("a", "b", of=of)

    assert len(asked) == 1
    last = done.exchanges[-1]
    assert (last.turn, last.outcome, last.call.attempts) == (2, "failed", 0)
    assert "input tokens, and mock/echo takes 60" in (last.error or "")
    assert list(last.call.charges()) == []


async def test_a_history_that_may_not_be_shortened_ends_the_chat_when_it_outgrows_the_model() -> None:
    done, asked = await played("a", "b", "c", of=script(rules={"max_messages": 4}))

    assert len(asked) == 2
    assert [each.outcome for each in done.exchanges] == ["answered", "answered", "failed"]
    assert "at most 4 messages" in (done.exchanges[-1].error or "")
