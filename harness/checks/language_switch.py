"""The character falls into a language, or into Chinese characters, that it does not speak."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import card
from harness.checks.eras import is_invented, year_of
from harness.checks.reading import read
from harness.core.finding import Finding, Span
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType, Language, Severity
from harness.text.chinese import telling_characters
from harness.text.languages import LATIN_WORD, foreign_stretch, languages, may_hold_foreign_words, outlandish
from harness.text.script import Writing, runs, strange_letter
from harness.text.segments import sentences

FEW_WORDS = 4
"""A sentence of so many foreign words, with nothing else in it, is a switch; what is less is a slip."""
FEW_LATIN = 3
"""The same for Latin letters in Chinese."""
MANY_WORDS = 7
"""The same where Chinese stands in the sentence too: “OK 啦，buy one get one，懂？”."""
FEW_CHARACTERS = 4
"""The same for writing without spaces."""
MOST_READ = 8_000
"""Characters of a reply whose sentences are looked at one by one."""
TELLING = 4
"""Characters of the other Chinese script that show a switch in a sentence."""
MODERN = 1950
"""From about this year on, Chinese people drop a foreign word now and then."""

_SCRIPTS: Mapping[Writing, str] = {
    "han": r"chinese|mandarin|cantonese|japanese|kanji|中文|日[语文]",
    "kana": r"japanese|日[语文本]|东京|大阪",
    "hangul": r"korean|seoul|韩[语文国]|朝鲜",
    "cyrillic": r"russian|ukrainian|bulgarian|serbian|moscow|siberia|俄[语文国罗]|苏联|哈尔滨",
    "arabic": r"arab|persian|farsi|urdu|波斯|阿拉伯",
    "greek": r"greek|hellen|classic|mathemat|physic|希腊|数学|物理",
    "hebrew": r"hebrew|yiddish|jewish|rabbi|希伯来|犹太",
    "devanagari": r"hindi|sanskrit|india|印度|梵[语文]",
    "thai": r"thai|泰[语文国]",
}
_BOTH = r"\b(?:bilingual|multilingual|polyglot|linguist|interpreter|translator)\b|双语|多语|翻译|通译"
_IGNORANT = re.compile(r"(?:不[懂会识说认]|没学过|没出过|\bno|\bnot|\bnever|cannot|neither|except)[^,.;。]{0,16}$")
_ONLY = re.compile(r"只会?[说讲懂]|不[会懂识认得说]{1,2}[洋英外番]")
_NAMES_IT = re.compile(
    r"\b(?:reads?|says?|sign|words?|letters?|characters?|called|spelled|named|written)\b[^.!?]{0,12}$|[叫写念名字词读][^。!?]{0,4}$"
)
_LONE_WORD = re.compile(
    r"(?<![A-Za-z])[a-z\u00df-\u024f\u1e00-\u1eff]{3,}(?:[ '-][a-z\u00df-\u024f\u1e00-\u1eff]+)*(?![A-Za-z])"
)
_BETWEEN = re.compile(r"[A-Za-z。！？\n]|[.!?]\s")
_QUOTES = re.compile('["“「『《]')
_TONED = re.compile(r"[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSwitch:
    """Compares the writing of each sentence with the persona's languages. That the user asked for it is no excuse."""

    failure_type: ClassVar[FailureType] = "language_switch"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"language_switch.{case}" for case in ("sentence", "word", "simplified", "traditional")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Sentences and words in a language that is not the persona's."""
        told = card(chat.persona)
        scripts, spoken = _scripts_of(chat.persona.languages, told), _languages_of(told)
        for line in chat.lines:
            own = _own_words(line.reply)
            if strange_letter(scripts | {"latin"}).search(own):
                yield from _other_writing(line, own, scripts)
            if "latin" not in scripts:
                yield from _latin_in_chinese(line, own, chat.persona)
            elif not spoken >= languages().keys() and may_hold_foreign_words(own, spoken):
                yield from _foreign_words(line, own, spoken)
            yield from _other_script(line, own, chat.persona)


def _knows(text: str, called: str) -> bool:
    """Whether the card speaks of a language, and not to say that the character is ignorant of it."""
    places = re.finditer(rf"(?<![a-z])(?:{called})|{_BOTH}", text)
    return any(not _IGNORANT.search(text[max(0, place.start() - 24) : place.start()]) for place in places)


@lru_cache(maxsize=256)
def _scripts_of(main: tuple[Language, ...], told: str) -> frozenset[Writing]:
    """The writing systems that the character may use."""
    chinese = any(language.startswith("zh") for language in main)
    own: set[Writing] = {"han"} if chinese else {"latin"}
    if "en" in main or any(_knows(told, language.called) for language in languages().values()):
        own.add("latin")
    return frozenset(own | {script for script, called in _SCRIPTS.items() if _knows(told, called)})


@lru_cache(maxsize=256)
def _languages_of(told: str) -> frozenset[str]:
    """The languages with Latin letters that the character may use."""
    every = languages()
    if _knows(told, r"(?!)"):
        return frozenset(every)
    return frozenset({"en", *(code for code, language in every.items() if _knows(told, language.called))})


def _own_words(reply: str) -> str:
    """The beginning of the reply, with spaces where it cites somebody else."""
    if not _QUOTES.search(reply):
        return reply[:MOST_READ]
    pieces: list[str] = []
    at = 0
    for part in read(reply).citations(MOST_READ):
        pieces += [reply[at : part.start], " " * (part.end - part.start)]
        at = part.end
    return "".join((*pieces, reply[at:MOST_READ]))[:MOST_READ]


def _slip(line: Line, start: int, end: int, *, whole: bool) -> Finding:
    span = Span(start, end)
    if whole:
        return found(line, "language_switch", span, "language_switch.sentence", certainty=0.9)
    return found(line, "language_switch", span, "language_switch.word", certainty=0.8, severity="lapse")


def _other_writing(line: Line, own: str, scripts: Collection[Writing]) -> Iterator[Finding]:
    """Stretches in letters that the character does not know. One stray sign of them is a face, not a word."""
    stretch: list[int] = []
    for writing, start, end in runs(own):
        strange = writing not in (*scripts, "latin") and (end - start > 1 or writing == "han")
        japanese = writing == "han" and stretch and "han" in scripts
        if stretch and (strange or japanese) and not _BETWEEN.search(own[stretch[1] : start]):
            stretch[1] = end
            continue
        if stretch:
            yield from _written(line, own, *stretch)
        stretch = [start, end] if strange else []
    if stretch:
        yield from _written(line, own, *stretch)


def _written(line: Line, own: str, start: int, end: int) -> Iterator[Finding]:
    few = end - start < FEW_CHARACTERS
    if own[start:end] in line.user or (few and _NAMES_IT.search(own[max(0, start - 24) : start])):
        return
    yield _slip(line, start, end, whole=not few)


def _latin_in_chinese(line: Line, own: str, persona: Persona) -> Iterator[Finding]:
    for start, end in sentences(own):
        sentence = own[start:end]
        words = list(LATIN_WORD.finditer(sentence))
        if not words:
            continue
        han = sum(stop - begin for writing, begin, stop in runs(sentence) if writing == "han")
        first, last = words[0].start(), words[-1].end()
        if len(words) >= (MANY_WORDS if han else FEW_LATIN) and han <= len(words) / 2:
            yield _slip(line, start + first, start + last, whole=True)
        elif _speaks_only_chinese(persona) or any(_TONED.search(word.group()) for word in words):
            for word in _LONE_WORD.finditer(sentence):
                if word.group() not in line.user.lower() and not _NAMES_IT.search(sentence[: word.start()]):
                    enough = len(word.group().split()) >= FEW_LATIN
                    yield _slip(line, start + word.start(), start + word.end(), whole=enough)


def _speaks_only_chinese(persona: Persona) -> bool:
    """Whether not even a loan word is to be expected: the card says so, or the world is an old or another one."""
    year = year_of(persona)
    return _ONLY.search(card(persona)) is not None or (year is not None and year < MODERN) or is_invented(persona)


def _foreign_words(line: Line, own: str, spoken: Collection[str]) -> Iterator[Finding]:
    for start, end in sentences(own):
        stretch = foreign_stretch(own[start:end], spoken)
        if stretch is not None:
            whole = stretch.words >= FEW_WORDS and stretch.alone
            yield _slip(line, start + stretch.start, start + stretch.end, whole=whole)
        elif spoken == {"en"}:
            for word in LATIN_WORD.finditer(own, start, end):
                if outlandish(word.group()) and word.group() not in line.user:
                    yield _slip(line, *word.span(), whole=False)


def _other_script(line: Line, own: str, persona: Persona) -> Iterator[Finding]:
    scripts = {language for language in persona.languages if language.startswith("zh")}
    if len(scripts) != 1:
        return
    traditional = "zh" in scripts
    if telling_characters(line.reply)[traditional] < TELLING:
        return
    wrong = [(start, end) for start, end in sentences(own) if _is_in_other_script(own[start:end], traditional)]
    length = sum(end - start for start, end in wrong)
    case = "traditional" if traditional else "simplified"
    severity: Severity = "break" if length * 2 >= len(line.reply.strip()) else "lapse"
    for start, end in wrong:
        span = Span(start, end)
        yield found(line, "language_switch", span, f"language_switch.{case}", certainty=0.9, severity=severity)


def _is_in_other_script(sentence: str, traditional: bool) -> bool:
    telling = telling_characters(sentence)
    return telling[traditional] >= TELLING and telling[traditional] > 2 * telling[not traditional]
