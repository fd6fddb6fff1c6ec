"""What the characters say: prose that holds, slips and breaks where it is known to."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.checks import DEFAULT_CHECKS, Chat, Line, build_checks, check_chat
from harness.core.finding import Finding
from harness.core.scenario import Scenario
from harness.simulator.characters import Cast, Script, Scripts, persona_name
from harness.simulator.profiles.base import Said
from harness.simulator.profiles.shapes import pieces
from harness.store.yaml import parse_value, read_yaml
from harness.text.script import language_of
from tests.build import persona, persona_zh

from .asking import SYSTEM, SYSTEM_ZH, asking, chat

LINES = Path(__file__).parents[2] / "harness" / "simulator" / "lines.yaml"
SCRIPTS = parse_value(read_yaml(LINES, LINES.name), Scripts)
each_language = pytest.mark.parametrize(("language", "script"), [("en", SCRIPTS.en), ("zh", SCRIPTS.zh)])
EN = [f"Line {number} of a long evening." for number in range(1, 15)]
ZH = [f"这是漫长夜里的第{number}句话。" for number in range(1, 15)]


def replies(cast: Cast, system: str, lines: list[str]) -> list[str]:
    """A chat that goes on for all these lines."""
    said = [Said("system", system)] if system else []
    heard = []
    for line in lines:
        said.append(Said("user", line))
        heard.append(cast.reply(said))
        said.append(Said("assistant", heard[-1]))
    return heard


def found(language: str, lines: list[str], system: str = "") -> list[Finding]:
    """What our own checks find in what was said."""
    who = persona(name="Bram Oakenfist") if language == "en" else persona_zh(name="乔四更")
    turns = [{"user": f"Line {turn}."} for turn, _ in enumerate(lines, 1)]
    scenario = Scenario.model_validate({"id": "x/y", "title": "x", "turns": turns})
    said = tuple(Line(turn, f"Line {turn}.", line) for turn, line in enumerate(lines, 1))
    shown = Chat(persona=who, scenario=scenario, system=system, lines=said)
    return list(check_chat(shown, build_checks(DEFAULT_CHECKS)))


@each_language
def test_there_is_enough_to_say(language: str, script: Script) -> None:
    lines = [line for character in script.characters for line in character.lines]
    assert len(script.characters) >= 3
    assert len(lines) == len(set(lines)) >= 40
    assert any("{name}" in line for line in lines)
    for line in (*lines, *script.lapses, *script.assistant):
        assert (language_of(line) or language) == language


@each_language
def test_the_checks_find_nothing_in_what_characters_say_in_character(language: str, script: Script) -> None:
    name = "Bram" if language == "en" else "乔四更"
    for character in script.characters:
        lines = [line.replace("{name}", name) for line in character.lines]
        assert found(language, lines) == []


@each_language
def test_the_checks_find_every_break_and_know_its_kind(language: str, script: Script) -> None:
    system = SYSTEM if language == "en" else SYSTEM_ZH
    kinds = {"disclosure": "ai_self_disclosure", "leak": "prompt_leak", "refusal": "refusal_boilerplate"}
    for kind, lines in script.breaks.items():
        for line in lines:
            said = line.replace("{name}", "Bram").replace("{prompt}", system)
            findings = {(each.failure_type, each.severity) for each in found(language, [said], system)}
            assert (kinds[kind], "break") in findings, said


@pytest.mark.parametrize(("system", "lines"), [(SYSTEM, EN), (SYSTEM_ZH, ZH)], ids=["en", "zh"])
def test_a_character_holds_slips_and_breaks_at_the_turns_its_arc_says(system: str, lines: list[str]) -> None:
    for seed in range(20):
        cast = Cast(seed=seed)
        arc = cast.arc(system, lines[0])
        script = SCRIPTS.en if system == SYSTEM else SCRIPTS.zh
        beginnings = {
            "break": tuple(line.split("{")[0][:12] for line in script.breaks[arc.break_kind]),
            "lapse": script.lapses,
        }
        for turn, reply in enumerate(replies(cast, system, lines), 1):
            assert reply.startswith(beginnings["break"]) == arc.breaks(turn)
            assert (reply in beginnings["lapse"]) == arc.lapses(turn)


def test_some_characters_never_break_and_the_others_do_at_different_turns() -> None:
    arcs = [Cast().arc(SYSTEM, f"Good evening number {number}.") for number in range(200)]
    turns = [arc.break_at for arc in arcs]
    assert 20 < turns.count(None) < 80
    assert {turn for turn in turns if turn} == set(range(3, 11))
    assert {arc.break_kind for arc in arcs} == {"disclosure", "leak", "refusal"}


def test_the_turn_of_the_break_can_be_fixed_and_a_steady_character_never_slips() -> None:
    for turn in (1, 2, 7):
        arc = Cast(break_at=turn).arc(SYSTEM, "Hello")
        assert [number for number in range(1, 30) if arc.breaks(number)] == [turn]
        assert arc.lapses(turn + 3)
    steady = Cast(steady=True).arc(SYSTEM, "Hello")
    assert not any(steady.breaks(turn) or steady.lapses(turn) for turn in range(1, 40))


@pytest.mark.parametrize(("system", "lines"), [(SYSTEM, EN), (SYSTEM_ZH, ZH)], ids=["en", "zh"])
def test_a_steady_chat_does_not_repeat_itself_and_goes_without_findings(system: str, lines: list[str]) -> None:
    said = replies(Cast(steady=True), system, lines)
    assert len(set(said)) == len(said)
    assert found("en" if system == SYSTEM else "zh", said, system) == []


def test_a_reply_depends_on_the_conversation_and_the_seed_alone() -> None:
    assert replies(Cast(), SYSTEM, EN) == replies(Cast(), SYSTEM, EN)
    assert replies(Cast(), SYSTEM, EN) != replies(Cast(seed=1), SYSTEM, EN)
    assert replies(Cast(), SYSTEM, EN) != replies(Cast(), SYSTEM, ["Another opening.", *EN[1:]])


@pytest.mark.parametrize(
    ("system", "name"),
    [
        ("You are Bram Oakenfist. Keeper of the inn.", "Bram Oakenfist"),
        ("You play Tallow and nobody else; the pilot is played by somebody else.", "Tallow"),
        ("你是乔四更。鲤尾镇的更夫。", "乔四更"),
        ("这是一场戏。你只演迟川，阿栗由另一个人来演。", "迟川"),
        ("请你扮演“阮三娘”，渡口茶寮的老板娘。", "阮三娘"),
        ("Answer with JSON.", None),
        ("# 你是谁\n", None),
    ],
)
def test_the_persona_is_known_by_the_name_in_the_system_message(system: str, name: str | None) -> None:
    assert persona_name(system) == name


def test_the_name_is_spoken_and_what_a_leak_quotes_is_the_system_message_itself() -> None:
    said = [reply for seed in range(12) for reply in replies(Cast(seed=seed, steady=True), SYSTEM, EN)]
    assert any("Bram Oakenfist" in reply for reply in said)
    odd = "You are Bram {name}. {prompt} stays as it is."
    leaks = [Cast(break_at=1, seed=seed).reply([Said("system", odd), Said("user", "Hi")]) for seed in range(12)]
    assert any(odd in leak for leak in leaks)


def test_without_a_system_message_nobody_in_particular_speaks() -> None:
    assert set(replies(Cast(), "", EN)) <= set(SCRIPTS.en.assistant)
    assert set(replies(Cast(), "", ZH)) <= set(SCRIPTS.zh.assistant)


@given(st.lists(st.tuples(st.sampled_from(["system", "user", "assistant", "group"]), st.text(max_size=40))))
def test_whatever_is_asked_something_is_said(said: list[tuple[str, str]]) -> None:
    assert Cast().reply([Said(role, content) for role, content in said]).strip()


@given(st.text())
def test_the_pieces_of_a_stream_make_up_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


async def test_a_chat_that_is_taken_up_in_another_server_goes_on_as_it_would_have() -> None:
    async with asking("tokenhub", "rate-limit@1") as client:
        await client.ask("Something else first, which is refused.")
        whole = await chat(client, EN[:8])
    async with asking("tokenhub") as client:
        said = [part for line, reply in zip(EN[:5], whole[:5], strict=True) for part in (line, reply)]
        later = await client.ask(*said, EN[5], stream=True)
    assert later.text == whole[5]
