"""Judges at work: each asks its model under the run's limits, and what was paid for once is not paid for again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from harness.core.conversation import GOOD, Conversation
from harness.core.pair import Preference
from harness.core.rating import Ask, Verdict
from harness.engine.calls import Called, Caller
from harness.judges import Case, Judge, Pair, Seat, deliberate, is_readable, prefer

Record = Callable[[Ask], Awaitable[None]]
"""Makes an answer durable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A judge and the model behind it."""

    judge: Judge
    caller: Caller


async def judge_case(
    case: Case, benches: Sequence[Bench], record: Record, known: Sequence[Ask] = ()
) -> tuple[Verdict, ...]:
    """The verdict of each judge of a panel. Answers in `known` to the same request are not paid for again."""
    epoch, read = case.transcript.key.epoch, _read_before(known)
    askers = [_Asking(bench.caller, epoch, record, list(read)) for bench in benches]
    seats = [Seat(bench.judge, asking.ask) for bench, asking in zip(benches, askers, strict=True)]
    return await deliberate(case, seats)


async def prefer_kept(pair: Pair, bench: Bench, record: Record) -> tuple[Preference, ...]:
    """Which of two chats a judge likes better, turn by turn."""
    asking = _Asking(bench.caller, pair.a.key.epoch, record, [])
    return await prefer(pair, bench.caller.spec, asking.ask)


@dataclass(slots=True)
class _Asking:
    caller: Caller
    epoch: int
    record: Record
    known: list[Ask]
    fresh: list[tuple[Conversation, Called]] = field(default_factory=list)

    async def ask(self, request: Conversation) -> Ask:
        digest = request.digest(self.caller.spec, self.epoch)
        for earlier in self.known:
            if earlier.digest == digest and earlier.outcome in GOOD:
                return earlier
        called = await self.caller.call(request, self.epoch, keep=False)
        answer = _answer(self.caller.name, digest, request, called)
        await self.record(answer)
        self.caller.recorded(called)
        self.known.append(answer)
        await self._remember(request, called, answer)
        return answer

    async def _remember(self, request: Conversation, called: Called, answer: Ask) -> None:
        """Keep what could be read, and what led to it: an answer that nobody could read is asked for again."""
        self.fresh.append((request, called))
        if answer.outcome in GOOD and is_readable(answer.answer):
            for asked, given in self.fresh:
                await self.caller.remember(asked, self.epoch, given)
            self.fresh.clear()


def _read_before(known: Sequence[Ask]) -> list[Ask]:
    """The answers that led to something: those that could be read, and those that were mended when asked for again."""
    read = [ask for ask in known if ask.outcome in GOOD and is_readable(ask.answer)]
    mended = {ask.sent[: len(ask.sent) - 2] for ask in read}
    return [ask for ask in known if ask in read or ask.sent in mended]


def _answer(model: str, digest: str, request: Conversation, called: Called) -> Ask:
    completion = called.completion
    return Ask(
        model=model,
        digest=digest,
        sent=request.messages,
        outcome=completion.outcome if completion else "failed",
        answer=completion.text if completion else "",
        error=called.error,
        call=called.call,
    )
