"""The character says of itself what its card denies: another age, or a thing done that it never does or cannot do."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.phrases import LONGEST_SENTENCE, MOST_HITS, TABLES
from harness.checks.reading import Reading, read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.text.numbers import NUMBER, NUMBER_ZH, number_of

MOST_READ = 20_000
"""Characters of a reply that are looked at."""

_AGE = re.compile(rf"\b(?:aged? |is (?:about )?)({NUMBER})(?: years old|[,.;]| and\b| years of age)|({NUMBER_ZH})岁")
_OWN_AGE = re.compile(
    rf"\bi(?:'m| am)(?: only| just| now| all of| already)? ({NUMBER})(?: years old|[.!;]|, and\b|$)"
    rf"|(?:我|俺|咱|老[夫身娘子]|在下|奴家|小人)(?:今年|都|才|已经?|也|如今|,)*({NUMBER_ZH})岁"
)
_KIN = re.compile(
    r"\b(?:son|daughter|child|boy|girl|wife|husband|brother|sister|niece|nephew|grand\w+|her|his)\b[^.]*$"
    r"|[儿孙妹弟哥姐父母妻夫]|岁(?:时|入|那|的|进|起)"
)
_ANOTHER_TIME = re.compile(
    r"\b(?:when|was|were|since|until|before|not|if|as though|feel|felt)\b|时|那年|当年|像|才|不是|假|骗|心里"
)

_STILL = re.compile(r"[^\w]|[了啦喽咯啰哪呀啊吧呢]|整|出头|的人|$")
"""What follows an age in Chinese that is the speaker's now: "我十六岁就…" tells of long ago."""

_AVOIDS = re.compile(
    r"(?:allergic to|never (?:eats|touches|drinks)|hates|cannot (?:stand|bear|abide)|does not (?:eat|drink)"
    r"|doesn't (?:eat|drink)|detests|loathes)"
    r" (?!that|people|being|when|anything|anyone|crowds|those|whoever|having|with)(\w{4,})"
    r"|(?:从不|不|绝不|最恨)(?:喝|吃|食|饮|碰)([\u4e00-\u9fff]{1,3}?)(?=[,。、;]|$)|对([\u4e00-\u9fff]{1,4})过敏"
    r"|最恨([\u4e00-\u9fff]{2,3})(?=[,。、;]|$)"
)
_TAKES = (
    r"(?:\b(?:i (?:ate|eat|drank|drink)|extra|i'll have|give me|my favou?rite is|my cup of)\b"
    r"[^.!?]{{0,24}}\b{what}"
    r"|(?:我|俺|自己)[^,。!?不没]{{0,10}}(?:吃|喝|食|饮|干掉|来)[^,。!?不没]{{0,8}}[{what}])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileContradiction:
    """Compares ages, habits and abilities with the card. Everything else is left to the judge."""

    failure_type: ClassVar[FailureType] = "profile_contradiction"
    MESSAGES: ClassVar[tuple[str, ...]] = ("profile_contradiction.age", "profile_contradiction.never")

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every claim about itself that the card excludes."""
        denied = _denied(chat.persona)
        ages = _ages(chat.persona)
        for line in chat.lines:
            reading = read(line.reply)
            if ages:
                yield from _other_age(line, reading, ages)
            for pattern in denied:
                match = pattern.search(reading.text[:MOST_READ])
                if match and reading.kind(match.start()) != "quoted" and "?" not in reading.sentence_after(match.end()):
                    yield _found(line, reading, match.start(), match.end(), "never")


@cache
def _habits() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """What a card may deny, and what says that it was done."""
    table = tomllib.loads((TABLES / "profile_contradiction.toml").read_text(encoding="utf-8"))
    return tuple((re.compile("|".join(row["card"])), re.compile("|".join(row["said"]))) for row in table.values())


def _told(persona: Persona) -> str:
    return read("\n".join((persona.description, *persona.facts.values()))).text


def _ages(persona: Persona) -> frozenset[int]:
    """The ages that the card names; empty when there is none, or the character lives too long to be held to one."""
    told = _told(persona)
    named = {
        number_of(next(filter(None, match.groups())))
        for match in _AGE.finditer(told)
        if not _KIN.search(told[max(0, match.start() - 16) : match.end() + 2])
    }
    return frozenset(age for age in named if age and age < 120)


def _denied(persona: Persona) -> tuple[re.Pattern[str], ...]:
    """What the character cannot have done, as patterns."""
    told = _told(persona)
    patterns = [said for denied, said in _habits() if denied.search(told)]
    for match in _AVOIDS.finditer(told):
        what = next(filter(None, match.groups()))
        patterns.append(re.compile(_TAKES.format(what=re.escape(what))))
    return tuple(patterns)


def _other_age(line: Line, reading: Reading, ages: frozenset[int]) -> Iterator[Finding]:
    for match in islice(_OWN_AGE.finditer(reading.text[:MOST_READ]), MOST_HITS):
        age = number_of(next(filter(None, match.groups())))
        if (
            age
            and all(abs(age - one) > 1 for one in ages)
            and (match[2] is None or _STILL.match(reading.text, match.end()))
            and not _ANOTHER_TIME.search(reading.clause_before(match.end()))
            and reading.kind(match.start()) != "quoted"
        ):
            yield _found(line, reading, match.start(), match.end(), "age")


def _found(line: Line, reading: Reading, start: int, end: int, case: str) -> Finding:
    span = reading.span(*reading.sentence(start, end, LONGEST_SENTENCE))
    return found(line, "profile_contradiction", span, f"profile_contradiction.{case}", certainty=0.7)
