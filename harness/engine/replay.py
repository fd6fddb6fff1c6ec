"""One sample's chat, turn by turn. Each reply is durable before the next request leaves."""

from dataclasses import dataclass, replace

from harness.core.conversation import GOOD, Conversation, Message
from harness.core.journal import Journal
from harness.core.model import MessageRules, ModelSpec, Params
from harness.core.run import Snapshot
from harness.core.scenario import Scenario
from harness.core.transcript import Exchange, SampleKey, Transcript
from harness.engine.calls import Called, Caller
from harness.engine.opening import fits, opening_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one sample is to be asked, rendered and ready."""

    key: SampleKey
    opening: tuple[Message, ...]
    scenario: Scenario
    params: Params
    rules: MessageRules

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
            params=spec.params.model_copy(update={"seed": _seed(snapshot.settings.base_seed, key.epoch, spec)}),
        )

    def messages(self, turn: int, exchanges: tuple[Exchange, ...]) -> tuple[tuple[Message, ...], int]:
        """What is sent at a turn, after the exchanges before it, and how many of these the model's rules leave out."""
        past = []
        for scripted, exchange in zip(self.scenario.turns, exchanges, strict=False):
            said = exchange.text if self.scenario.history == "live" else (scripted.assistant or "")
            past.append((Message("user", scripted.user), Message("assistant", said)))
        now = Message("user", self.scenario.turns[turn - 1].user)
        for dropped in range(len(past) + 1):
            kept = (message for pair in past[dropped:] for message in pair)
            sent = (*self.opening, *kept, now)
            if self.rules.history == "refuse" or fits(sent, self.rules):
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
        called = await caller.call(Conversation(messages=sent, params=script.params))
        exchange = replace(_exchange(turn, sent, script.params.seed, called), dropped=dropped)
        await journal.record_exchange(script.key, exchange)
        transcript = replace(transcript, exchanges=(*transcript.exchanges, exchange))
    return transcript


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
