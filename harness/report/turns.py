"""The turns of a sample as they are read: the user's line, the reply with its marks, the notes on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harness.core.charge import Bill
from harness.core.scenario import Turn
from harness.core.transcript import Exchange
from harness.report import numbers
from harness.report.notes import NoteView
from harness.report.passages import Passage, passages
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage

LONG_REPLY = 2500
"""Characters from which a reply scrolls in a box of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeView:
    """How a turn tempts the character."""

    kind: str
    """In words; empty when the turn only names a fact or a reference."""
    explanation: str
    reference: str
    """What a faithful character would say."""
    about: str
    """The fact at stake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A user line, the reply to it, and the notes on that."""

    number: int
    user: str
    probe: ProbeView | None
    outcome: str
    """One of OUTCOMES; the template words it."""
    error: str
    partial: str
    """Of a reply that was filtered, what came through."""
    dropped: str
    """What the model was not shown any more, if anything."""
    reply: tuple[Passage, ...]
    length: str
    """How long the reply is, when it is so long that it scrolls."""
    scripted: str
    """What later turns saw in place of the reply."""
    notes: tuple[NoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call to the model under test in numbers."""

    turn: int
    outcome: str
    finish_reason: str
    seconds: str
    first_token: str
    attempts: str
    """Or that the answer came out of the cache."""
    tokens_in: str
    tokens_out: str
    cost: str


def turn_view(
    number: int,
    turn: Turn,
    exchange: Exchange | None,
    notes: tuple[NoteView, ...],
    facts: Mapping[str, str],
    language: ReportLanguage,
) -> TurnView:
    """One scripted turn; `exchange` is None when it was never asked."""
    reply = exchange.text if exchange else ""
    return TurnView(
        number=number,
        user=turn.user,
        probe=_probe_view(turn, facts, language),
        outcome=exchange.outcome if exchange else "skipped",
        error=(exchange.error or "") if exchange else "",
        partial=exchange.partial if exchange else "",
        dropped=word("outgrown", language, n=exchange.dropped) if exchange and exchange.dropped else "",
        reply=passages(reply, notes),
        length=word("characters", language, n=len(reply)) if len(reply) > LONG_REPLY else "",
        scripted=turn.assistant or "",
        notes=notes,
    )


def call_views(exchanges: Iterable[Exchange], language: ReportLanguage) -> tuple[CallView, ...]:
    """The calls of a sample, for those who want numbers."""
    return tuple(_call_view(each, language) for each in exchanges if each.call.attempts or each.call.cached)


def _probe_view(turn: Turn, facts: Mapping[str, str], language: ReportLanguage) -> ProbeView | None:
    if turn.probe is None and turn.reference is None and turn.about is None:
        return None
    return ProbeView(
        kind=word(f"probe.{turn.probe}", language) if turn.probe else "",
        explanation=word(f"probe.{turn.probe}.help", language) if turn.probe else "",
        reference=turn.reference or "",
        about=facts.get(turn.about, turn.about) if turn.about else "",
    )


def _call_view(exchange: Exchange, language: ReportLanguage) -> CallView:
    call, usage = exchange.call, exchange.call.usage
    return CallView(
        turn=exchange.turn,
        outcome=word(f"outcome.{exchange.outcome}", language),
        finish_reason=exchange.finish_reason or numbers.NOTHING,
        seconds=numbers.seconds(None if call.cached else call.seconds, language),
        first_token=numbers.seconds(None if call.cached else exchange.first_token_seconds, language),
        attempts=word("call.cached", language) if call.cached else numbers.count(call.attempts),
        tokens_in=numbers.count(usage.input_tokens) if usage else numbers.UNKNOWN,
        tokens_out=numbers.count(usage.output_tokens) if usage else numbers.UNKNOWN,
        cost=numbers.bill(Bill.of(call.charges())),
    )
