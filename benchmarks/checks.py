"""How long the checks take: `python benchmarks/checks.py [--json]`.

10,000 turns in each language, in chats of ten, spoken by the shipped personas: lines of the simulated characters, two
to a reply, none twice in a chat. Processor time of one core; the first hundred turns, in which patterns are compiled,
do not count. Beside it, how many times folding the same replies (NFKC, case, quotation marks) goes into that, as a
measure of the machine.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

from harness.checks import Chat, Line, build_checks, check_chat, choose_checks
from harness.core.persona import Persona
from harness.core.scenario import Scenario, Turn
from harness.simulator.characters import _scripts
from harness.store.reading import Reading
from harness.text.fold import fold

TURNS = 10_000
WARM = 100
TURNS_A_CHAT = 10
LINES_A_TURN = 2
SPEAKERS = {"en": ("bram-oakenfist", "tallow"), "zh": ("qiao-sigeng", "chi-chuan")}


def chats(language: str, persona: Persona, turns: int) -> Iterator[Chat]:
    """Chats of ten turns; no line stands twice in one of them."""
    script = _scripts().en if language == "en" else _scripts().zh
    lines = [line.replace("{name}", persona.name) for character in script.characters for line in character.lines]
    user, gap = ("Go on, friend, what then?", " ") if language == "en" else ("后来呢？接着说。", "")
    scenario = Scenario(title="benchmark", turns=(Turn(user="…"),))
    for number in range(turns // TURNS_A_CHAT):
        shuffled = Random(f"{persona.id} {number}").sample(lines, LINES_A_TURN * TURNS_A_CHAT)
        said = [gap.join(shuffled[at : at + LINES_A_TURN]) for at in range(0, len(shuffled), LINES_A_TURN)]
        spoken = tuple(Line(turn, f"{user} {turn}", reply) for turn, reply in enumerate(said, start=1))
        yield Chat(persona=persona, scenario=scenario, system=f"You are {persona.name}. Stay kind.", lines=spoken)


def measure(language: str) -> dict[str, object]:
    """Milliseconds a turn, and how many times the cost of folding that is."""
    reading = Reading(Path(__file__).parents[1])
    checks = build_checks(choose_checks())
    seconds = folding = 0.0
    letters = findings = 0
    for name in SPEAKERS[language]:
        persona = reading.persona(name)
        assert persona is not None
        for chat in chats(language, persona, WARM):
            check_chat(chat, checks)
        for chat in chats(language, persona, TURNS // len(SPEAKERS[language])):
            start = process_time()
            findings += len(check_chat(chat, checks))
            seconds += process_time() - start
            fold.cache_clear()
            start = process_time()
            letters += sum(len(fold(line.reply).text) for line in chat.lines)
            folding += process_time() - start
    return {
        "language": language,
        "turns": TURNS,
        "characters_a_turn": round(letters / TURNS, 1),
        "ms_a_turn": round(1000 * seconds / TURNS, 3),
        "times_folding": round(seconds / folding, 1),
        "findings": findings,
    }


def main() -> None:
    """Print a table, or JSON."""
    figures = [measure(language) for language in SPEAKERS]
    if "--json" in sys.argv[1:]:
        print(json.dumps({"checks": figures}))
        return
    for figure in figures:
        print(" · ".join(f"{name} {value}" for name, value in figure.items()))


if __name__ == "__main__":
    main()
