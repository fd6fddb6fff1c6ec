"""From a request that is taken to what the model generates for it."""

from collections.abc import Iterable
from dataclasses import replace

from harness.simulator.faults import FaultKind
from harness.simulator.profiles.base import Ask, Finish, Reply
from harness.simulator.rules import first_tokens, seen, tokens
from harness.simulator.simulation import Simulation

LIMITS = ("max_tokens", "max_completion_tokens")


def generate(simulation: Simulation, ask: Ask, fault: FaultKind | None) -> Reply:
    """What the model says, with what the limits, the filter and a fault leave of it."""
    rules = simulation.profile.rules
    visible = seen(ask.messages, rules.max_input_tokens)
    text = _stopped(simulation.cast.reply(visible), ask, after=rules.stops_after)
    text, finish = _limited(text, ask)
    reply = Reply(
        text=text,
        finish=finish,
        prompt_tokens=sum(tokens(message.content) for message in visible),
        completion_tokens=0,
    )
    if mentions(ask, simulation.forbid_reply):
        reply = replace(reply, text=_half(text), finish="filtered")
    reply = _spoiled(reply, fault)
    return replace(reply, completion_tokens=tokens(reply.text) if reply.text else 0)


def mentions(ask: Ask, forbidden: Iterable[str]) -> bool:
    """Whether the last thing the user said has one of these words, in whatever case."""
    said = next((message.content for message in reversed(ask.messages) if message.role == "user"), "").casefold()
    return any(word.casefold() in said for word in forbidden)


def _spoiled(reply: Reply, fault: FaultKind | None) -> Reply:
    match fault:
        case "filtered" | "length":
            return replace(reply, text=_half(reply.text), finish=fault)
        case "empty":
            return replace(reply, text="", finish="stop")
        case "no-usage":
            return replace(reply, telling="none")
        case "wrong-usage":
            return replace(reply, telling="wrong")
        case "no-end":
            return replace(reply, finish=None, telling="none")
        case "stream-error":
            return replace(reply, text=_half(reply.text), finish=None)
        case _:
            return reply


def _half(text: str) -> str:
    return text[: max(1, len(text) // 2)]


def _stopped(text: str, ask: Ask, *, after: bool) -> str:
    """The text up to the first stop text, with or without it."""
    given = ask.body.get("stop")
    stops = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    found = [(text.find(stop), stop) for stop in stops if isinstance(stop, str) and stop and stop in text]
    if not found:
        return text
    place, stop = min(found)
    return text[: place + len(stop)] if after else text[:place]


def _limited(text: str, ask: Ask) -> tuple[str, Finish]:
    """The text up to the output limit that was asked for."""
    given = [ask.body.get(name) for name in LIMITS]
    limits = [int(limit) for limit in given if isinstance(limit, int | float)]
    if not limits or tokens(text) <= min(limits):
        return text, "stop"
    return first_tokens(text, min(limits)), "length"
