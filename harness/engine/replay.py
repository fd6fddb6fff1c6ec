"""One sample's chat, turn by turn. Each reply is durable before the next request leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.core.conversation import GOOD, Cast, Conversation, Message
from harness.core.journal import Journal
from harness.core.model import MessageRules, ModelSpec, Params
from harness.core.run import Snapshot
from harness.core.scenario import Scenario
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from harness.engine.calls import Called, Caller
from harness.engine.opening import fits, opening_messages, tokens_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one sample is to be asked, rendered and ready."""

    key: SampleKey
    opening: tuple[Message, ...]
    scenario: Scenario
    params: Params
    rules: MessageRules
    cast: Cast

    @classmethod
    def of(cls, key: SampleKey, snapshot: Snapshot) -> "Script":
        """The script of one sample of a run."""
        scenario = snapshot.scenarios[key.scenario]
        persona = snapshot.personas[scenario.persona]
        spec = snapshot.models[key.model]
        return cls(
            key=key,
            opening=opening_messages(snapshot.systems[key.prompt][persona.id], persona, spec.rules),
            scenario=scenario,
            rules=spec.rules,
            cast=Cast(character=persona.name, user=persona.user.name),
            params=spec.params.model_copy(update={"seed": _seed(snapshot.settings.base_seed, key.epoch, spec)}),
        )

    def messages(self, turn: int, exchanges: tuple[Exchange, ...]) -> tuple[tuple[Message, ...], int]:
        """What is sent at a turn, after the exchanges before it, and how many of these the model's rules leave out."""
        past = []
        for scripted, exchange in zip(self.scenario.turns, exchanges, strict=False):
            said = exchange.text if self.scenario.history == "live" else (scripted.assistant or "")
            past.append((Message("user", scripted.user), Message("assistant", said)))
        now = Message("user", self.scenario.turns[turn - 1].user)
        if self.rules.history == "refuse":
            return (*self.opening, *(message for pair in past for message in pair), now), 0
        for dropped in range(len(past) + 1):
            sent = (*self.opening, *(message for pair in past[dropped:] for message in pair), now)
            if fits(sent, self.rules):
                return sent, dropped
        return (*self.opening, now), len(past)


async def replay(script: Script, stored: Transcript, caller: Caller, journal: Journal) -> Transcript:
    """Play a chat to its end, or to the first outcome that it cannot go on from; stored exchanges are not asked again.

    Raises:
        RunStopped: no call to the model can succeed.
        StoreError: a reply could not be kept.
    """
    transcript = stored
    for turn in range(len(stored.exchanges) + 1, len(script.scenario.turns) + 1):
        if transcript.ended_early:
            break
        sent, dropped = script.messages(turn, transcript.exchanges)
        if fits(sent, script.rules):
            asked = Conversation(messages=sent, params=script.params, cast=script.cast)
            called = await caller.call(asked, script.key.epoch)
        else:
            called = Called(completion=None, error=_outgrown(sent, script), call=Call(seconds=0.0, attempts=0))
        exchange = replace(_exchange(turn, sent, script.params.seed, called), dropped=dropped)
        await journal.record_exchange(script.key, exchange)
        caller.recorded(called)
        transcript = replace(transcript, exchanges=(*transcript.exchanges, exchange))
    return transcript


def _outgrown(sent: Sequence[Message], script: Script) -> str:
    """Why a request was not made: an endpoint may cut an over-long one at its front, which is where the persona is."""
    limits = script.rules
    told = f"{script.key.model} takes at most {limits.max_messages} messages"
    if limits.max_messages is None or len(sent) <= limits.max_messages:
        told = f"about {tokens_of(sent):,} input tokens, and {script.key.model} takes {limits.max_input_tokens:,}"
    return f"the chat has outgrown the model: {told} · set `rules.history: keep_system_drop_oldest`, or shorten it"


def _exchange(turn: int, sent: tuple[Message, ...], seed: int | None, called: Called) -> Exchange:
    completion = called.completion
    if completion is None:
        return Exchange(
            turn=turn, sent=sent, outcome="failed", text="", error=called.error, seed=seed, call=called.call
        )
    good = completion.outcome in GOOD
    return Exchange(
        turn=turn,
        sent=sent,
        outcome=completion.outcome,
        text=completion.text if good else "",
        partial="" if good else completion.text,
        finish_reason=completion.finish_reason,
        seed=seed,
        first_token_seconds=completion.first_token_seconds,
        call=called.call,
    )


def _seed(base: int, epoch: int, spec: ModelSpec) -> int | None:
    return None if spec.rules.seed == "none" else base + epoch
