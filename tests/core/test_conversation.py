import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.conversation import AnswerForm, Conversation, Message
from harness.core.model import Params

HELLO = Conversation(messages=(Message("system", "你是阮三娘。"), Message("user", "Hello 👋")))


def with_messages(*messages: tuple[str, str]) -> Conversation:
    return Conversation(messages=tuple(Message(role, content) for role, content in messages))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "model"),
    [
        pytest.param(HELLO, "mock/b", id="model"),
        pytest.param(Conversation(messages=HELLO.messages[1:]), "mock/a", id="fewer-messages"),
        pytest.param(Conversation(messages=HELLO.messages[::-1]), "mock/a", id="order"),
        pytest.param(with_messages(("user", "你是阮三娘。"), ("user", "Hello 👋")), "mock/a", id="role"),
        pytest.param(Conversation(messages=HELLO.messages, params=Params(seed=1)), "mock/a", id="seed"),
        pytest.param(Conversation(messages=HELLO.messages, params=Params(temperature=0)), "mock/a", id="zero-is-set"),
        pytest.param(
            Conversation(messages=HELLO.messages, form=AnswerForm(name="f", schema={"type": "object"})),
            "mock/a",
            id="form",
        ),
    ],
)
def test_a_digest_differs_with_anything_that_is_asked(other: Conversation, model: str) -> None:
    assert other.digest(model) != HELLO.digest("mock/a")


def test_equal_requests_have_equal_digests() -> None:
    again = Conversation(messages=tuple(Message(each.role, each.content) for each in HELLO.messages), params=Params())

    assert again.digest("mock/a") == HELLO.digest("mock/a")


def test_a_digest_stays_the_same_from_version_to_version() -> None:
    assert HELLO.digest("mock/a") == "d314762259bdb2d6dbd7fc8b714b4b62"


def test_the_border_between_messages_counts() -> None:
    one = with_messages(("user", "a"), ("user", "b"))
    two = with_messages(("user", 'a"},{"role":"user","content":"b'))

    assert one.digest("m/m") != two.digest("m/m")


def test_no_key_takes_part_in_a_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = HELLO.digest("openai/gpt-4.1-mini")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    assert HELLO.digest("openai/gpt-4.1-mini") == before


@given(st.text(), st.text())
def test_different_texts_have_different_digests(first: str, second: str) -> None:
    same = with_messages(("user", first)).digest("m/m") == with_messages(("user", second)).digest("m/m")

    assert same == (first == second)
