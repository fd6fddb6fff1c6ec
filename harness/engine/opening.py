"""How a conversation opens: the system message, and the persona's greeting where the model's rules want it."""

from collections.abc import Sequence

from harness.core.conversation import Message
from harness.core.model import MessageRules
from harness.core.persona import Persona
from harness.text.estimate import estimate_tokens, most_tokens

GREETED = {
    "en": "The chat has already begun: you have just greeted {user} with these words: {greeting}",
    "zh": "对话已经开始：你刚刚对{user}说了这句开场白：{greeting}",
}


def fits(messages: Sequence[Message], rules: MessageRules) -> bool:
    """Whether a model takes so many messages of this length; tokens are estimated, cautiously."""
    if rules.max_messages is not None and len(messages) > rules.max_messages:
        return False
    room = rules.max_input_tokens
    if room is None or sum(most_tokens(message.content) for message in messages) <= room:
        return True  # far from the limit, where most chats stay, nothing need be looked at closely
    return tokens_of(messages) <= room


def tokens_of(messages: Sequence[Message]) -> int:
    """A cautious estimate of the input tokens of some messages."""
    return sum(estimate_tokens(message.content) for message in messages)


def opening_messages(system: str, persona: Persona, rules: MessageRules) -> tuple[Message, ...]:
    """What stands before the first user message."""
    greeting = persona.greeting.strip()
    if greeting and rules.greeting == "in_system":
        wording = GREETED["en" if persona.language == "en" else "zh"]
        system = f"{system}\n\n{wording.format(user=persona.user.name, greeting=greeting)}"
    messages = [Message("system", system)]
    if greeting and rules.greeting == "assistant":
        messages.append(Message("assistant", greeting))
    return tuple(messages)
