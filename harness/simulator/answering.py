"""What is sent for a request, down to the bytes, and what it costs: decided here, sent elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from harness.simulator.faults import FAULTS, FaultKind
from harness.simulator.profiles.base import Ask, Page, Profile, RefusalKind, Reply
from harness.simulator.profiles.shapes import encoded, html_page
from harness.simulator.replying import generate, mentions
from harness.simulator.request import Unreadable, read_ask
from harness.simulator.rules import first_breach
from harness.simulator.simulation import Simulation

Ending = Literal["whole", "reset", "hang"]

RETRY_AFTER = "1"
"""Seconds that a rate limit asks to wait, when it says so."""
DRIPS = 40
"""Pieces that a `slow-drip` comes in."""
DONE = b"data: [DONE]\n\n"

_REFUSALS: Mapping[FaultKind, RefusalKind] = {
    "rate-limit": "rate_limit",
    "rate-limit-silent": "rate_limit",
    "server-error": "server_error",
    "invalid-key": "bad_key",
    "no-balance": "no_balance",
    "retired": "retired",
}
_PAGES: Mapping[FaultKind, Page] = {
    "bad-gateway": html_page(502, "502 Bad Gateway"),
    "overloaded-page": html_page(200, "We are a little busy"),
}
_WHOLE: frozenset[FaultKind | None] = frozenset({None, "slow-drip", "empty", "length", "filtered"})
"""Faults after which the client has the whole answer, and the right usage in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request as it came in."""

    number: int
    attempt: int
    """How often this body has come."""
    digest: str
    body: bytes
    key: str | None
    """The bearer key; None when there was none."""
    limited: bool = False
    """It is one too many for the rate limits."""

    @property
    def id(self) -> str:
        """What answers call it."""
        return self.digest[:24]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an answer goes over the wire."""

    parts: tuple[bytes, ...] = ()
    status: int | None = 200
    """None when not even that is sent."""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    """What the Content-Length says; None for chunks."""
    ending: Ending = "whole"
    wait: float = 0.0
    """Seconds before the first byte."""
    pause: float = 0.0
    """Seconds between the parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes of a request: what is sent, and what it costs."""

    outcome: str
    """As the ledger calls it."""
    delivery: Delivery
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usage_told: bool = False


def answer_to(simulation: Simulation, arrival: Arrival) -> Answer:
    """Decide. Trouble at the door comes first, then what the provider refuses, then trouble with the reply."""
    profile, request = simulation.profile, arrival.id
    fault = simulation.faults.meeting(arrival.number, arrival.digest, arrival.attempt, simulation.seed)
    if fault is not None and FAULTS[fault].before_reply:
        return _at_the_door(profile, request, fault)
    if not accepted(simulation, arrival.key):
        return _page("refused", profile.refusal("bad_key", request))
    if arrival.limited:
        return _page("limited", _limited(profile.refusal("rate_limit", request), told=profile.retry_after))
    try:
        ask = read_ask(arrival.body, request)
        breach = first_breach(ask, profile.rules)
    except Unreadable as error:
        return _page("refused", profile.refusal("malformed", request, error.breach))
    if breach is not None:
        return _page("refused", profile.refusal("malformed", request, breach))
    if mentions(ask, simulation.forbid):
        return _page("moderated", profile.refusal("filtered_input", request))
    return _reply(simulation, ask, fault, simulation.wait(arrival.digest, arrival.attempt))


def accepted(simulation: Simulation, key: str | None) -> bool:
    """Whether a key opens the door."""
    return bool(key) and simulation.key in (None, key)


def _at_the_door(profile: Profile, request: str, fault: FaultKind) -> Answer:
    if fault == "reset":
        return Answer(outcome=fault, delivery=Delivery(status=None, ending="reset"))
    if fault in _PAGES:
        return _page(fault, _PAGES[fault])
    page = profile.refusal(_REFUSALS[fault], request)
    return _page(fault, _limited(page, told=True) if fault == "rate-limit" else page)


def _limited(page: Page, *, told: bool) -> Page:
    return replace(page, headers={**page.headers, "Retry-After": RETRY_AFTER}) if told else page


def _page(outcome: str, page: Page) -> Answer:
    """Something other than a reply; nobody pays for it."""
    delivery = Delivery(
        parts=(page.body,),
        status=page.status,
        content_type=page.content_type,
        headers=page.headers,
        length=len(page.body),
    )
    return Answer(outcome=outcome, delivery=delivery)


def _reply(simulation: Simulation, ask: Ask, fault: FaultKind | None, wait: float) -> Answer:
    profile = simulation.profile
    reply = generate(simulation, ask, fault)
    outcome = fault or _outcome(reply)
    if reply.finish == "filtered" and not ask.stream and profile.refuses_filtered:
        return _page(outcome, profile.refusal("filtered_output", ask.id))
    delivery = _streamed(simulation, ask, reply, fault) if ask.stream else _whole(profile, ask, reply, fault)
    if fault == "hang":
        delivery = Delivery(status=None, ending="hang")
    elif fault == "slow-drip":
        delivery = replace(delivery, parts=_drips(b"".join(delivery.parts)), pause=simulation.drip)
    return Answer(
        outcome=outcome,
        delivery=replace(delivery, wait=wait),
        prompt_tokens=reply.prompt_tokens,
        completion_tokens=reply.completion_tokens,
        usage_told=fault in _WHOLE and reply.telling == "right" and profile.tells_usage(ask, reply),
    )


def _outcome(reply: Reply) -> str:
    return {"filtered": "moderated", "length": "truncated"}.get(reply.finish or "", "answered")


def _whole(profile: Profile, ask: Ask, reply: Reply, fault: FaultKind | None) -> Delivery:
    if fault == "no-choice":
        body = encoded(profile.without_choice(ask))
    elif fault == "stream-error":
        body = encoded(profile.stream_error(ask))
    else:
        body = encoded(profile.whole(ask, reply))
    length = len(body)
    if fault == "truncated-json":
        body = body[: length * 2 // 3]
        length = len(body)
    if fault == "cut":
        return Delivery(parts=(body[: length // 2],), length=length, ending="reset")
    return Delivery(parts=(body,), length=length)


def _streamed(simulation: Simulation, ask: Ask, reply: Reply, fault: FaultKind | None) -> Delivery:
    profile = simulation.profile
    chunks = [profile.without_choice(ask)] if fault == "no-choice" else list(profile.events(ask, reply))
    if fault == "stream-error":
        chunks.append(profile.stream_error(ask))
    events = [b"data: " + encoded(chunk) + b"\n\n" for chunk in chunks]
    if reply.finish is not None:
        events.append(DONE)
    half = len(events) // 2
    ending: Ending = "whole"
    if fault == "truncated-json":
        broken = events[half]
        events = [*events[:half], broken[: len(broken) * 2 // 3] + b"\n\n"]
    elif fault == "cut":
        events, ending = events[:half], "reset"
    return Delivery(
        parts=tuple(events),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache"},
        ending=ending,
        pause=simulation.pace,
    )


def _drips(content: bytes) -> tuple[bytes, ...]:
    """Pieces that are cut anywhere, within a character too."""
    size = max(1, -(-len(content) // DRIPS))
    return tuple(content[start : start + size] for start in range(0, len(content), size))
