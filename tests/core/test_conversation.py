import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.conversation import AnswerForm, Cast, Conversation, Message
from harness.core.model import ModelSpec, Params
from tests.build import model

HELLO = Conversation(messages=(Message("system", "你是阮三娘。"), Message("user", "Hello 👋")))


def with_messages(*messages: tuple[str, str]) -> Conversation:
    return Conversation(messages=tuple(Message(role, content) for role, content in messages))  # type: ignore[arg-type]


HERE = model()


@pytest.mark.parametrize(
    ("other", "spec", "epoch"),
    [
        pytest.param(HELLO, model(id="echo-2"), 1, id="model"),
        pytest.param(HELLO, model(base_url="http://127.0.0.1:10/v1"), 1, id="endpoint"),
        pytest.param(HELLO, model(extra_body={"thinking": {"type": "disabled"}}), 1, id="extra-body"),
        pytest.param(HELLO, model(headers={"X-Model-Version": "2"}), 1, id="header"),
        pytest.param(HELLO, HERE, 2, id="epoch"),
        pytest.param(Conversation(messages=HELLO.messages[1:]), HERE, 1, id="fewer-messages"),
        pytest.param(Conversation(messages=HELLO.messages[::-1]), HERE, 1, id="order"),
        pytest.param(with_messages(("user", "你是阮三娘。"), ("user", "Hello 👋")), HERE, 1, id="role"),
        pytest.param(Conversation(messages=HELLO.messages, params=Params(seed=1)), HERE, 1, id="seed"),
        pytest.param(Conversation(messages=HELLO.messages, params=Params(temperature=0)), HERE, 1, id="zero-is-set"),
        pytest.param(Conversation(messages=HELLO.messages, cast=Cast(character="a", user="b")), HERE, 1, id="cast"),
        pytest.param(
            Conversation(messages=HELLO.messages, form=AnswerForm(name="f", schema={"type": "object"})),
            HERE,
            1,
            id="form",
        ),
    ],
)
def test_a_digest_differs_with_anything_that_is_asked(other: Conversation, spec: ModelSpec, epoch: int) -> None:
    assert other.digest(spec, epoch) != HELLO.digest(HERE, 1)


def test_equal_requests_have_equal_digests() -> None:
    again = Conversation(messages=tuple(Message(each.role, each.content) for each in HELLO.messages), params=Params())

    assert again.digest(HERE, 1) == HELLO.digest(HERE, 1)


def test_a_digest_stays_the_same_from_version_to_version() -> None:
    assert HELLO.digest(HERE, 1) == "5a027207fb20efcd770968902f76db95"


def test_the_border_between_messages_counts() -> None:
    one = with_messages(("user", "a"), ("user", "b"))
    two = with_messages(("user", 'a"},{"role":"user","content":"b'))

    assert one.digest(HERE, 1) != two.digest(HERE, 1)


def test_no_key_and_no_proxy_takes_part_in_a_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = HELLO.digest(HERE, 1)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")

    keyed = model(api_key_env=["OPENAI_API_KEY"], proxy="http://127.0.0.1:1")
    assert HELLO.digest(keyed, 1) == before


@given(st.text(), st.text())
def test_different_texts_have_different_digests(first: str, second: str) -> None:
    same = with_messages(("user", first)).digest(HERE, 1) == with_messages(("user", second)).digest(HERE, 1)

    assert same == (first == second)
