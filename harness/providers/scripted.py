"""A provider that says what it is told to, and remembers what it was asked: for tests and rehearsals."""

from collections.abc import Callable
from dataclasses import dataclass, field

from harness.core.conversation import Completion, Conversation, Usage

Answer = str | Completion | Exception


@dataclass(slots=True)
class Scripted:
    """Answers each conversation with what a function makes of it. A string is a whole reply; an exception is raised."""

    answer: Callable[[Conversation], Answer]
    asked: list[Conversation] = field(default_factory=list)

    async def complete(self, conversation: Conversation) -> Completion:
        """Answer, counting a token a character."""
        self.asked.append(conversation)
        answer = self.answer(conversation)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Completion):
            return answer
        sent = sum(len(message.content) for message in conversation.messages)
        usage = Usage(input_tokens=sent, output_tokens=len(answer))
        return Completion(
            outcome="answered" if answer.strip() else "empty", text=answer, finish_reason="stop", usage=usage
        )
