import asyncio
from decimal import Decimal

import pytest

from harness.core.charge import Bill, Charge
from harness.core.conversation import Completion, Conversation, Message, Usage
from harness.engine.calls import LONGEST_WAIT, MOST_ATTEMPTS, Caller
from harness.errors import CallError, LostCall, RefusedCall, RetryableCall, RunStopped
from harness.providers.scripted import Answer
from tests.build import MODEL, model, priced

from .memory import FILTERED, Counted, Naps, caller, in_turn, throttle

HELLO = Conversation(messages=(Message("user", "你好"),))
USED = Usage(input_tokens=1000, output_tokens=500)
ANSWER = Completion(outcome="answered", text="Aye.", usage=USED)


def busy(retry_after: float | None = None) -> RetryableCall:
    return RetryableCall("too many requests", status=429, retry_after=retry_after, busy=True)


async def test_an_answer_is_had_at_the_first_attempt_without_waiting() -> None:
    model, provider, naps = caller("Aye.")

    called = await model.call(HELLO)

    assert called.completion is not None
    assert (called.completion.text, called.error, called.call.attempts) == ("Aye.", None, 1)
    assert (provider.asked, naps.seconds) == ([HELLO], [])


async def test_an_answer_after_failures_counts_every_attempt() -> None:
    model, _, naps = caller(in_turn(busy(), busy(), "Aye."))

    called = await model.call(HELLO)

    assert (called.error, called.call.attempts) == (None, 3)
    assert len(naps.seconds) == 2
    assert 0 < naps.seconds[0] <= naps.seconds[1] + 1


async def test_the_server_is_given_the_time_it_asks_for() -> None:
    model, _, naps = caller(in_turn(busy(7.5), busy(1.0), busy(LONGEST_WAIT), "Aye."))

    assert (await model.call(HELLO)).call.attempts == 4
    assert naps.seconds == [7.5, 1.0, LONGEST_WAIT]


async def test_a_wait_that_was_rounded_to_nothing_does_not_use_up_all_attempts_at_once() -> None:
    model, _, naps = caller(in_turn(busy(0.0), busy(0.0), "Aye."))

    await model.call(HELLO)
    assert min(naps.seconds) >= 1


async def test_a_server_that_asks_for_too_much_time_is_given_up_at_once() -> None:
    model, provider, naps = caller(busy(LONGEST_WAIT + 1))

    called = await model.call(HELLO)

    assert (called.completion, called.call.attempts, called.error) == (None, 1, "too many requests")
    assert (len(provider.asked), naps.seconds) == (1, [])


async def test_a_call_is_given_up_after_the_most_attempts() -> None:
    model, provider, naps = caller(busy())

    called = await model.call(HELLO)

    assert (called.completion, called.error) == (None, "too many requests")
    assert called.call.attempts == len(provider.asked) == MOST_ATTEMPTS
    assert len(naps.seconds) == MOST_ATTEMPTS - 1
    assert max(naps.seconds) <= 61


@pytest.mark.parametrize("error", [LostCall("no choice", status=200), CallError("something else")])
async def test_a_lost_call_is_not_made_again(error: CallError) -> None:
    model, provider, naps = caller(in_turn(busy(), error))

    called = await model.call(HELLO)

    assert (called.completion, called.error, called.call.attempts) == (None, str(error), 2)
    assert (len(provider.asked), len(naps.seconds)) == (2, 1)


async def test_a_refused_call_stops_the_run_and_says_which_model_and_where_to_look() -> None:
    model, provider, _ = caller(RefusedCall("余额不足", status=402))

    with pytest.raises(RunStopped, match="mock/echo: 余额不足 · see `harness models show mock/echo`"):
        await model.call(HELLO)
    assert len(provider.asked) == 1


async def test_an_error_that_is_no_call_error_is_our_own_bug_and_passes_through() -> None:
    model, _, _ = caller(ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        await model.call(HELLO)


async def test_a_bad_outcome_is_an_answer_and_not_asked_again() -> None:
    model, provider, _ = caller(FILTERED)

    assert (await model.call(HELLO)).completion is FILTERED
    assert len(provider.asked) == 1


UNPRICED = Completion(outcome="answered", text="Aye.")
CUT = RetryableCall("no answer", maybe_billed=True)
BILLS = [
    pytest.param(priced("1", "2"), [ANSWER], Bill({"USD": Decimal("0.002")}, calls=1), id="priced"),
    pytest.param(priced("1", "2"), [UNPRICED], Bill(calls=1, unknown_calls=1), id="unknown-usage"),
    pytest.param(None, [ANSWER], Bill(calls=1, unknown_calls=1), id="unknown-price"),
    pytest.param(priced("0", "0"), [UNPRICED], Bill({"USD": Decimal(0)}, calls=1), id="free"),
    pytest.param(priced("1", "2"), [LostCall("bad")], Bill(), id="refused-unread"),
    pytest.param(priced("1", "2"), [LostCall("bad", maybe_billed=True)], Bill(calls=1, unknown_calls=1), id="lost"),
    pytest.param(priced("0", "0"), [CUT, LostCall("bad", maybe_billed=True)], Bill(), id="free-and-lost"),
    pytest.param(priced("1", "2"), [busy()] * MOST_ATTEMPTS, Bill(), id="too-busy-to-the-end"),
    pytest.param(
        priced("1", "2"),
        [CUT, busy(), CUT, ANSWER],
        Bill({"USD": Decimal("0.002")}, calls=3, unknown_calls=2),
        id="late",
    ),
]


@pytest.mark.parametrize(("price", "answers", "bill"), BILLS)
async def test_what_a_call_cost_is_exact_or_unknown_and_never_guessed(
    price: object, answers: list[Answer], bill: Bill
) -> None:
    calling, _, _ = caller(in_turn(*answers), spec=model(price=price))

    assert Bill.of((await calling.call(HELLO)).call.charges()) == bill


async def test_a_charge_says_who_priced_it_and_when() -> None:
    calling, _, _ = caller(ANSWER, spec=model(price=priced("1", "2")))

    assert (await calling.call(HELLO)).call.charge == Charge(Decimal("0.002"), "USD", "a page, 2026-11-22")


async def test_each_further_attempt_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    calling, _, _ = caller(in_turn(busy(7), "Aye."))

    await calling.call(HELLO)

    assert [each.getMessage() for each in caplog.records] == ["mock/echo: too many requests · again in 7 s (2/6)"]


class Crowd:
    """A model that notes how many calls are under way, and lets each take its time."""

    def __init__(self, fail_first: bool = False) -> None:
        self.now = self.most = 0
        self.fails = {True} if fail_first else set()

    async def complete(self, _: Conversation) -> Completion:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            for _turn in range(5):
                await asyncio.sleep(0)
            if self.fails:
                self.fails.clear()
                raise RetryableCall("broken", status=503)
            return ANSWER
        finally:
            self.now -= 1


@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_no_more_calls_are_under_way_than_the_limit_and_all_of_it_is_used(limit: int) -> None:
    crowd = Crowd()
    calling = Caller(name=MODEL, spec=model(), provider=crowd, throttle=throttle(limit), flights=Counted())

    await asyncio.gather(*(calling.call(HELLO) for _ in range(20)))

    assert crowd.most == min(limit, 20)


async def test_a_call_that_waits_to_be_made_again_holds_up_no_other() -> None:
    crowd = Crowd(fail_first=True)
    woken = asyncio.Event()

    class Doze(Naps):
        async def sleep(self, seconds: float) -> None:
            await woken.wait()

    calling = Caller(name=MODEL, spec=model(), provider=crowd, throttle=throttle(1, Doze()), flights=Counted())
    first = asyncio.create_task(calling.call(HELLO))
    await asyncio.sleep(0)

    second = await calling.call(HELLO)
    assert (second.completion, first.done()) == (ANSWER, False)
    woken.set()
    assert (await first).call.attempts == 2


async def test_a_cancelled_call_ends_at_once_and_frees_its_place() -> None:
    crowd = Crowd()
    calling = Caller(name=MODEL, spec=model(), provider=crowd, throttle=throttle(1), flights=Counted())
    task = asyncio.create_task(calling.call(HELLO))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await calling.call(HELLO)).completion is ANSWER
    assert crowd.now == 0


async def test_a_provider_that_is_busy_is_left_alone_by_everybody() -> None:
    calling, provider, naps = caller(in_turn(busy(30), "Aye.", "Aye."))

    await calling.call(HELLO)
    assert naps.seconds == [30]
    calling.throttle.pushed_back(5)
    await calling.call(HELLO)
    assert naps.seconds == [30, 5]
    assert len(provider.asked) == 3
