"""What each provider refuses, and what it does to a conversation without a word."""

from typing import Any

import pytest

from .asking import PROFILES, SYSTEM, SYSTEM_ZH, Client, Messages, asking, messages

HUNYUAN = ("cometapi", "tokenhub", "hunyuan-legacy")
on_hunyuan = pytest.mark.parametrize("profile", HUNYUAN)
USER = {"role": "user", "content": "Is there a bed?"}
KEEPER = {"role": "assistant", "content": "There is."}
PERSONA = {"role": "system", "content": SYSTEM}


async def refused(client: Client, said: Messages, **body: Any) -> bool:
    await client.post(messages=said, **body)
    return client.last.outcome == "refused"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([PERSONA, KEEPER, USER], id="the character speaks first"),
        pytest.param([PERSONA, USER, USER], id="twice the user"),
        pytest.param([PERSONA, USER, KEEPER, KEEPER, USER], id="twice the character"),
        pytest.param([PERSONA, USER, KEEPER], id="the character speaks last"),
        pytest.param([PERSONA], id="nobody speaks"),
        pytest.param([USER, PERSONA, USER], id="system in the middle"),
        pytest.param([PERSONA, {"role": "user", "content": ""}], id="empty content"),
        pytest.param([PERSONA, {"role": "user", "content": None}], id="no content"),
        pytest.param([PERSONA, *[USER, KEEPER] * 19, USER, KEEPER, USER], id="42 messages"),
    ],
)
async def test_hunyuan_wants_turns_in_order_words_in_each_and_forty_at_most(said: Messages) -> None:
    for profile in HUNYUAN:
        async with asking(profile) as client:
            assert await refused(client, said), profile
    async with asking("openai") as client:
        assert not await refused(client, said)


@on_hunyuan
async def test_forty_messages_are_not_too_many(profile: str) -> None:
    async with asking(profile) as client:
        assert not await refused(client, [PERSONA, *[USER, KEEPER] * 19, USER])
        assert await refused(client, [USER, KEEPER] * 20 + [USER])


async def test_former_hunyuan_says_in_its_own_words_that_turns_must_alternate() -> None:
    async with asking("hunyuan-legacy") as client:
        heard = await client.post(messages=[USER, USER])

    assert (heard.status, heard.json["error"]["code"]) == (400, "1001")
    assert "messages 中 user（tool） 和 assistant 角色需交替出现" in heard.json["error"]["message"]


async def test_minimax_takes_one_system_message_and_fails_on_its_own_roles() -> None:
    async with asking("minimax") as client:
        second = await client.post(messages=[PERSONA, PERSONA, USER])
        own = await client.post(messages=[PERSONA, {"role": "user_system", "content": "A traveller."}, USER])
        twice = await client.post(messages=[PERSONA, USER, USER, KEEPER])

    assert (second.status, second.json["base_resp"]["status_code"], second.json["choices"]) == (400, 2013, None)
    assert "(2013)" in second.json["error"]["message"]
    assert (own.status, own.json["error"]["message"]) == (500, "unknown error, 999 (1000)")
    assert twice.text


@pytest.mark.parametrize(
    ("profile", "name", "good", "bad"),
    [
        *((profile, "temperature", (0, 0.7, 2), (-0.1, 2.1, "hot", True)) for profile in (*HUNYUAN, "openai")),
        ("minimax", "temperature", (0.01, 1), (0, 1.01)),
        *((profile, "top_p", (0.5, 1), (1.1, -1)) for profile in PROFILES),
        *((profile, "seed", (1, 10_000), (0, 10_001, -1)) for profile in HUNYUAN),
        ("openai", "seed", (0, 10_001, -1), ()),
        *((profile, "max_tokens", (1, 4096), (0, 4097)) for profile in HUNYUAN),
        ("minimax", "max_completion_tokens", (1, 2048), (0, 2049)),
        ("openai", "presence_penalty", (-2, 2), (-2.1, 2.1)),
    ],
)
async def test_a_parameter_out_of_its_range_is_refused(
    profile: str, name: str, good: tuple[object, ...], bad: tuple[object, ...]
) -> None:
    async with asking(profile) as client:
        assert [await refused(client, messages("Hello"), **{name: given}) for given in good] == [False] * len(good)
        assert [await refused(client, messages("Hello"), **{name: given}) for given in bad] == [True] * len(bad)


@pytest.mark.parametrize("name", ["temperature", "top_p", "seed"])
async def test_a_parameter_that_is_null_fails_where_it_is_known_to(name: str) -> None:
    outcomes = {}
    for profile in PROFILES:
        async with asking(profile) as client:
            outcomes[profile] = await refused(client, messages("Hello"), **{name: None})

    assert [profile for profile in PROFILES if outcomes[profile]] == ["tokenhub", "hunyuan-legacy"]


@on_hunyuan
@pytest.mark.parametrize(
    ("system", "line", "bare"),
    [(SYSTEM, "I walked a long way. ", "assist|help|AI|context|points"), (SYSTEM_ZH, "我走了很远的路。", "您|AI|建议")],
    ids=["en", "zh"],
)
async def test_an_input_over_the_limit_silently_loses_the_persona(
    profile: str, system: str, line: str, bare: str
) -> None:
    long = line * 5000
    async with asking(profile) as client:
        within = await client.ask(line, system=system)
        beyond = await client.ask(long, system=system)

    assert beyond.status == 200
    assert beyond.finish == "stop"
    assert beyond.json["usage"]["prompt_tokens"] <= 28_000
    assert within.text != beyond.text
    assert any(word in beyond.text for word in bare.split("|"))


@pytest.mark.parametrize("profile", ["minimax", "openai"])
async def test_elsewhere_a_long_input_keeps_its_persona(profile: str) -> None:
    async with asking(profile, steady=True) as client:
        long = await client.ask("I walked a long way. " * 5000)

    assert long.json["usage"]["prompt_tokens"] > 28_000


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
@pytest.mark.parametrize("system", [SYSTEM, SYSTEM_ZH], ids=["en", "zh"])
async def test_a_reply_ends_at_the_output_limit(profile: str, name: str, system: str) -> None:
    async with asking(profile) as client:
        whole = await client.ask("Hello", system=system)
        short = await client.ask("Hello", system=system, **{name: 6})
        stream = await client.ask("Hello", system=system, stream=True, **{name: 6})

    assert (short.finish, stream.finish) == ("length", "length")
    assert whole.text.startswith(short.text)
    assert 0 < len(short.text) < len(whole.text)
    assert stream.text == short.text
    assert client.last.completion_tokens <= 6
    assert client.last.outcome == "truncated"


@pytest.mark.parametrize("profile", PROFILES)
async def test_a_stop_text_ends_the_reply_before_it_or_on_hunyuan_after_it(profile: str) -> None:
    async with asking(profile) as client:
        whole = (await client.ask("Hello")).text
        stop = whole.split()[2]
        as_text = await client.ask("Hello", stop=stop)
        as_list = await client.ask("Hello", stop=["never said at all", stop])

    before = whole[: whole.index(stop)]
    assert as_text.text == as_list.text == (before + stop if profile in HUNYUAN else before)
    assert as_text.finish == "stop"
