"""What a provider refuses, and what it does silently to a conversation that is too long."""

from collections.abc import Iterator
from functools import lru_cache

from harness.simulator.profiles.base import Ask, Breach, Rules, Said
from harness.text.estimate import estimate_tokens

MAY_BE_NULL = frozenset({"stop", "stream_options"})
"""Parameters whose null nobody was seen to fail on."""


def first_breach(ask: Ask, rules: Rules) -> Breach | None:
    """The first rule that a request breaks."""
    return next((breach for check in (_parameters, _messages, _order) for breach in check(ask, rules)), None)


def _parameters(ask: Ask, rules: Rules) -> Iterator[Breach]:
    for name, given in ask.body.items():
        if given is None and rules.null_refused and name not in MAY_BE_NULL:
            yield Breach("null", f"{name} must not be null")
        if given is None or name not in rules.ranges:
            continue
        low, high = rules.ranges[name]
        label = name.capitalize()
        if isinstance(given, bool) or not isinstance(given, int | float):
            yield Breach("parameter", f"{label} must be a number")
        elif given > high:
            yield Breach("parameter", f"{label} must be {high:g} or less")
        elif given < low:
            yield Breach("parameter", f"{label} must be {low:g} or more")
        elif given == low and name in rules.above_zero:
            yield Breach("parameter", f"{label} must be above {low:g}")


def _messages(ask: Ask, rules: Rules) -> Iterator[Breach]:
    if rules.max_messages is not None and len(ask.messages) > rules.max_messages:
        yield Breach("too_many", f"messages must have {rules.max_messages} or fewer entries")
    for place, message in enumerate(ask.messages):
        if message.role not in rules.roles:
            yield Breach("roles", f"unknown role {message.role!r}")
        if rules.content_required and not message.content:
            yield Breach("content", "content must not be empty")
        if rules.one_system and message.role == "system" and place > 0:
            yield Breach("system", "one system message is allowed, and only as the first")


def _order(ask: Ask, rules: Rules) -> Iterator[Breach]:
    roles = ["user" if message.role == "tool" else message.role for message in ask.messages]
    spoken = roles[1:] if roles[0] == "system" else roles
    if rules.user_last and (not spoken or spoken[-1] != "user"):
        yield Breach("user_last", "the last message must be the user's")
    expected = ("user", "assistant")
    if rules.alternate and any(role != expected[place % 2] for place, role in enumerate(spoken)):
        yield Breach("alternate", "user and assistant must alternate, the user first")


@lru_cache(maxsize=8192)
def tokens(text: str) -> int:
    """What a text counts as. A chat's earlier messages come again with each request, hence the memory."""
    return estimate_tokens(text)


def seen(messages: tuple[Said, ...], limit: int | None) -> tuple[Said, ...]:
    """What the model gets to see: of a conversation beyond the limit, its tail.

    A system message that lost its beginning says nothing any more about who the model should be, and is gone.
    """
    if limit is None or sum(tokens(message.content) for message in messages) <= limit:
        return messages
    kept: list[Said] = []
    left = limit
    for message in reversed(messages):
        if tokens(message.content) > left:
            rest = "" if message.role == "system" else last_tokens(message.content, left)
            return tuple(([Said(message.role, rest)] if rest else []) + kept[::-1])
        kept.append(message)
        left -= tokens(message.content)
    return tuple(kept[::-1])


def first_tokens(text: str, limit: int) -> str:
    """The longest beginning of a text that counts as no more than so many tokens."""
    return text[: _longest(text, limit)]


def last_tokens(text: str, limit: int) -> str:
    """The longest end of a text that counts as no more than so many tokens."""
    return text[len(text) - _longest(text[::-1], limit) :]


def _longest(text: str, limit: int) -> int:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if estimate_tokens(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low
