"""Calls that need not be made, and calls under way: the cache and the list of flights."""

import pytest

from harness.core.charge import Bill, ceiling_for
from harness.core.conversation import Conversation
from harness.core.journal import Remembered
from harness.errors import LostCall
from harness.providers.scripted import Answer
from tests.build import model, priced

from .memory import FILTERED, Counted, caller, in_turn
from .test_calls import ANSWER, CUT, HELLO, busy


class Kept:
    """Implements Cache."""

    def __init__(self) -> None:
        self.answers: dict[str, Remembered] = {}

    async def recall(self, digest: str) -> Remembered | None:
        return self.answers.get(digest)

    async def remember(self, digest: str, answer: Remembered) -> None:
        self.answers.setdefault(digest, answer)


async def test_an_answer_that_is_known_is_not_paid_for_again_and_shown_as_saved() -> None:
    calling, provider, _ = caller(ANSWER, spec=model(price=priced("1", "2")))
    calling.cache = Kept()

    paid, known = await calling.call(HELLO), await calling.call(HELLO)

    assert len(provider.asked) == 1
    assert known.completion == paid.completion
    assert (known.call.attempts, known.call.cached, known.call.saved) == (0, True, paid.call.charge)
    assert Bill.of(known.call.charges()) == Bill()


async def test_epochs_never_share_an_answer() -> None:
    calling, provider, _ = caller(ANSWER)
    calling.cache = Kept()

    for epoch in (1, 2, 1):
        await calling.call(HELLO, epoch)

    assert len(provider.asked) == 2


@pytest.mark.parametrize("answer", [FILTERED, LostCall("bad")])
async def test_what_is_no_reply_is_not_kept(answer: Answer) -> None:
    calling, provider, _ = caller(answer)
    calling.cache = Kept()

    await calling.call(HELLO)
    await calling.call(HELLO)

    assert len(provider.asked) == 2


FLIGHTS = [
    pytest.param([ANSWER], 1, id="answered"),
    pytest.param([busy(), ANSWER], 1, id="refused-then-answered"),
    pytest.param([CUT, busy(), CUT, ANSWER], 3, id="late"),
    pytest.param([LostCall("bad")], 0, id="not-charged"),
]


@pytest.mark.parametrize(("answers", "flying"), FLIGHTS)
async def test_attempts_that_may_be_charged_for_are_under_way_until_the_call_is_recorded(
    answers: list[Answer], flying: int
) -> None:
    calling, _, _ = caller(in_turn(*answers), spec=model(price=priced("1", "2")))
    flights = calling.flights = Counted()

    called = await calling.call(HELLO)
    assert flights.flying == flying

    calling.recorded(called)
    assert flights.flying == 0


async def test_a_free_call_is_never_noted() -> None:
    calling, _, _ = caller(in_turn(CUT, ANSWER), spec=model(price=priced("0", "0")))
    flights = calling.flights = Counted()

    await calling.call(HELLO)

    assert flights.flying == 0


async def test_what_unknown_charges_can_come_to_is_told() -> None:
    spec = model(price=priced("1", "2"), params={"max_tokens": 100})
    calling, _, _ = caller(in_turn(CUT, CUT, ANSWER), spec=spec)
    asked = Conversation(messages=HELLO.messages, params=spec.params)

    call = (await calling.call(asked)).call

    one = ceiling_for(asked, spec)
    assert one is not None
    assert call.at_most == one.times(2)
