"""What a run would take if nobody interrupts it: calls, tokens and cost, worked out from its plan without any call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import product
from math import ceil, floor
from typing import NamedTuple

from harness.core.charge import Bill, ceiling_for, charge_for
from harness.core.conversation import Conversation, Message, Usage
from harness.core.estimate import Habit, Part, Spread
from harness.core.model import ModelSpec, Price
from harness.core.run import JudgeSpec, Snapshot
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from harness.engine.replay import Script
from harness.judges import Case
from harness.judges.asking import reminder, request_for, wording_for
from harness.judges.panel import VOTES
from harness.judges.passages import passages_for
from harness.text.estimate import TOKENS_A_HAN, TOKENS_OTHERWISE, USUAL_REPLY, estimate_tokens

UNKNOWN_REPLY = Spread(60, 120, USUAL_REPLY)
"""Tokens of a reply of a model that has none saved: from two sentences to the length that limits are checked with."""
UNKNOWN_ANSWER = Spread(0.1, 0.3, 1.0)
"""The share of the room it gets that a judge's answer takes, when none is saved: it cites a line and says why for each
grade, and seldom finds as many violations as it may."""
UNKNOWN_COUNT = Spread(0.65, 1.0, 1.2)
"""Tokens for each that we estimate. Our estimate is cautious: published rules say two thirds of it for Chinese (see
`text/estimate.py`); a chat template adds a few tokens to each message."""
UNKNOWN_CACHE = Spread(0.0, 0.0, 1.0)
"""Nobody promises that a prefix is cached; where it has a price of its own, the least cost takes all to be."""
BYTES_A_TOKEN = Decimal(1) / Decimal(str(TOKENS_OTHERWISE))
"""UTF-8 bytes of a token of a reply: one for a Latin letter, three for a Chinese character, which comes to the same."""

NOTHING = Spread(0, 0, 0)

_estimated = cache(estimate_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEstimate:
    """What one model takes in one of its roles."""

    part: Part
    samples: int
    calls: int
    """Without attempts that have to be made again, and without a judge's second try."""
    input_tokens: Spread
    output_tokens: Spread
    reply_tokens: Spread
    """Of one reply."""
    learned_from: int
    """How many saved replies that comes from."""
    least: Bill
    likely: Bill
    most: Bill
    ceiling: Bill
    """What a limit on cost would set aside for all calls, if every reply were as long as it can be."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run takes."""

    parts: tuple[PartEstimate, ...]
    samples: int

    def total(self, which: str) -> Bill:
        """The sum of all parts: `least`, `likely`, `most` or `ceiling`."""
        return sum((getattr(part, which) for part in self.parts), Bill())


@dataclass(frozen=True, slots=True)
class _Load:
    """What some samples ask of a model."""

    calls: int = 0
    sent: Spread = NOTHING
    """Input tokens as we estimate them."""
    received: Spread = NOTHING
    ceiling: Decimal | None = Decimal(0)
    """None when it has no bound."""

    def __add__(self, other: "_Load") -> "_Load":
        bound = None if self.ceiling is None or other.ceiling is None else self.ceiling + other.ceiling
        return _Load(self.calls + other.calls, self.sent + other.sent, self.received + other.received, bound)

    def times(self, count: int) -> "_Load":
        bound = None if self.ceiling is None else self.ceiling * count
        return _Load(self.calls * count, self.sent.times(count), self.received.times(count), bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replies:
    """The replies of a model under test in one language, before they are there."""

    habit: Habit
    longest: int | None
    """Tokens that a reply can have; None when nothing bounds it."""
    text: str
    """As long as a reply is likely to be."""

    @classmethod
    def of(cls, spec: ModelSpec, language: str, known: Habit | None) -> "_Replies":
        """What a model will say, going by what it said before."""
        longest = spec.params.max_tokens or spec.most_output_tokens
        habit = known or _unknown(longest)
        return cls(habit=habit, longest=longest, text=_stand_in(habit.said.likely, language))

    def exchanges(self, turns: int) -> tuple[Exchange, ...]:
        """A chat's replies as far as its length goes."""
        call = Call(seconds=0.0)
        return tuple(
            Exchange(turn=turn, sent=(), outcome="answered", text=self.text, call=call) for turn in range(1, turns + 1)
        )

    def sent(self, messages: Sequence[Message], count: int) -> Spread:
        """Tokens of a request, as we estimate them, that holds so many of these replies."""
        bare = sum(_estimated(message.content) for message in messages) - count * _estimated(self.text)
        return Spread(bare, bare, bare) + self.habit.said.times(count)

    def bound(self, request: Conversation, count: int, spec: ModelSpec, room: int | None) -> Decimal | None:
        """What a request that holds so many of them can cost; `room` is how many tokens of them it can hold at all."""
        known = ceiling_for(request, spec)
        if known is None or self.longest is None or spec.price is None:
            return None
        tokens = self.longest * count if room is None else min(self.longest * count, room)
        longer = max(tokens * BYTES_A_TOKEN - count * len(self.text.encode()), Decimal(0))
        dearest = max(spec.price.input, spec.price.cached_input or Decimal(0))
        return known.amount + longer * dearest / spec.price.per


def parts_of(snapshot: Snapshot) -> tuple[Part, ...]:
    """The models of a run in their roles: those under test, then the judges'."""
    judges = (Part(judge.model, judge.rubric) for judge in snapshot.judges.values())
    return (*(Part(name) for name in snapshot.tested), *judges)


def estimate(snapshot: Snapshot, learned: Mapping[Part, Habit]) -> Estimate:
    """What a run of this plan takes, as far as saved replies teach; chats are taken to go on to their last turn."""
    working = _Working(snapshot, learned)
    parts = [working.tested(name) for name in snapshot.tested]
    parts += [working.judged(judge) for judge in snapshot.judges.values()]
    return Estimate(tuple(parts), working.chats * len(snapshot.tested))


@dataclass(frozen=True, slots=True)
class _Working:
    """An estimate that is being worked out."""

    snapshot: Snapshot
    learned: Mapping[Part, Habit]
    known: dict[tuple[str, str], _Replies] = field(default_factory=dict)

    @property
    def chats(self) -> int:
        """Samples of each model under test."""
        return len(self.snapshot.scenarios) * len(self.snapshot.prompts) * self.snapshot.settings.epochs

    def tested(self, name: str) -> PartEstimate:
        """A model under test."""
        load, spec = _Load(), self.snapshot.models[name]
        for scenario, prompt in product(self.snapshot.scenarios, self.snapshot.prompts):
            script = Script.of(SampleKey(scenario, prompt, name, 1), self.snapshot)
            load += _chat_load(script, self.replies(name, scenario), spec)
        return self._part(Part(name), self.chats, load.times(self.snapshot.settings.epochs))

    def judged(self, judge: JudgeSpec) -> PartEstimate:
        """A judge, which is asked about each sample whatever its prompt."""
        load, part = _Load(), Part(judge.model, judge.rubric)
        for scenario, name in product(self.snapshot.scenarios, self.snapshot.tested):
            load += _judge_load(self.snapshot, scenario, judge, self.replies(name, scenario), self.learned.get(part))
        load = load.times(len(self.snapshot.prompts) * self.snapshot.settings.epochs)
        return self._part(part, self.chats * len(self.snapshot.tested), load)

    def replies(self, name: str, scenario: str) -> _Replies:
        """What a model under test will say in a scenario."""
        language = self.snapshot.personas[self.snapshot.scenarios[scenario].persona].language
        if (name, language) not in self.known:
            spec, habit = self.snapshot.models[name], self.learned.get(Part(name))
            self.known[name, language] = _Replies.of(spec, language, habit)
        return self.known[name, language]

    def _part(self, part: Part, samples: int, load: _Load) -> PartEstimate:
        """Tokens as the provider will count them, and their price; at most, a judge is asked twice for each answer."""
        habit, spec = self.learned.get(part) or _unknown(None), self.snapshot.models[part.model]
        entered, left = load.sent * habit.counted, load.received
        if part.rubric is not None:
            entered += Spread(0, 0, entered.most + left.most)
            left += Spread(0, 0, left.most)
        least = _Tokens(floor(entered.least), floor(left.least), habit.cached.most)
        likely = _Tokens(round(entered.likely), round(left.likely), habit.cached.likely)
        most = _Tokens(ceil(entered.most), ceil(left.most), habit.cached.least)
        return PartEstimate(
            part=part,
            samples=samples,
            calls=load.calls,
            input_tokens=entered,
            output_tokens=left,
            reply_tokens=load.received.times(1 / max(load.calls, 1)),
            learned_from=habit.replies,
            least=least.bill(load.calls, spec.price),
            likely=likely.bill(load.calls, spec.price),
            most=most.bill(load.calls, spec.price),
            ceiling=_bill(load.calls, load.ceiling, spec.price),
        )


class _Tokens(NamedTuple):
    entered: int
    left: int
    cached: float
    """The share of what entered that came from the provider's cache."""

    def bill(self, calls: int, price: Price | None) -> Bill:
        """What they cost."""
        from_cache = min(round(self.entered * self.cached), self.entered)
        charge = charge_for(Usage(input_tokens=self.entered, output_tokens=self.left, cached_tokens=from_cache), price)
        return _bill(calls, charge.amount if charge else None, price)


def _bill(calls: int, amount: Decimal | None, price: Price | None) -> Bill:
    """An amount for some calls; unknown is not free."""
    if amount is None or price is None:
        return Bill({}, calls, calls)
    return Bill({price.currency: amount}, 0, calls)


def _unknown(longest: int | None) -> Habit:
    tokens = UNKNOWN_REPLY.within(longest)
    return Habit(replies=0, tokens=tokens, said=tokens, counted=UNKNOWN_COUNT, cached=UNKNOWN_CACHE)


def _stand_in(tokens: float, language: str) -> str:
    """A text of so many tokens."""
    return "x" * round(tokens / TOKENS_OTHERWISE) if language == "en" else "字" * round(tokens / TOKENS_A_HAN)


def _chat_load(script: Script, replies: _Replies, spec: ModelSpec) -> _Load:
    """One chat: each turn sends the opening, what was said so far and the next line."""
    load, said = _Load(), replies.exchanges(len(script.scenario.turns))
    room = spec.rules.max_input_tokens or spec.context_tokens
    for turn in range(1, len(said) + 1):
        messages, dropped = script.messages(turn, said[: turn - 1])
        held = turn - 1 - dropped if script.scenario.history == "live" else 0
        request = Conversation(messages=messages, params=script.params)
        bound = replies.bound(request, held, spec, room)
        load += _Load(1, replies.sent(messages, held), replies.habit.tokens.within(replies.longest), bound)
    return load


def _judge_load(snapshot: Snapshot, scenario: str, judge: JudgeSpec, replies: _Replies, known: Habit | None) -> _Load:
    """One judging: a request for each passage and sample. At most there are votes on a break, with two tries each."""
    script, spec = snapshot.scenarios[scenario], snapshot.models[judge.model]
    rubric = snapshot.rubrics[judge.rubric]
    said = replies.exchanges(len(script.turns))
    transcript = Transcript(key=SampleKey(scenario, "", "", 1), exchanges=said)
    case = Case(persona=snapshot.personas[script.persona], scenario=script, transcript=transcript)
    load, votes = _Load(), max(VOTES, judge.samples)
    for passage in passages_for(rubric, case):
        request = request_for(rubric, passage, spec)
        longest = request.params.max_tokens or 0
        answer = known.tokens.within(longest) if known else UNKNOWN_ANSWER.times(longest)
        wording = wording_for(case)
        tries = (request, reminder(request, _stand_in(longest, wording), "…", wording))
        first, second = (replies.bound(each, len(said), spec, spec.rules.max_input_tokens) for each in tries)
        bound = None if first is None or second is None else (first + second) * votes
        sent = replies.sent(request.messages, len(passage.shown))
        load += _Load(judge.samples, sent.times(judge.samples), answer.times(judge.samples), bound)
    return load
