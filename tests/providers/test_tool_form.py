"""An answer's form as the parameters of a tool that must be called."""

from harness.core.conversation import Conversation

from .endpoint import Endpoint, reply, whole
from .test_openai import FORM, HELLO, ask


async def test_a_form_may_be_the_parameters_of_a_tool_and_the_answer_what_it_is_called_with(endpoint: Endpoint) -> None:
    arguments = '{"violations": [], "grades": {}}'
    call = {"id": "1", "type": "function", "function": {"name": "verdict", "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    endpoint.acts = [whole({**reply(), "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]})]

    said = await ask(endpoint, Conversation(messages=HELLO.messages, form=FORM), structured="tool", stream=True)

    body = endpoint.asked[-1].body
    assert (said.outcome, said.text) == ("answered", arguments)
    assert body["tools"] == [{"type": "function", "function": {"name": "verdict", "parameters": FORM.schema}}]
    assert body["tool_choice"] == {"type": "function", "function": {"name": "verdict"}}
    assert "stream" not in body


async def test_a_tool_that_was_not_called_leaves_the_text(endpoint: Endpoint) -> None:
    endpoint.acts = [whole(reply("{}"))]

    said = await ask(endpoint, Conversation(messages=HELLO.messages, form=FORM), structured="tool")

    assert said.text == "{}"
