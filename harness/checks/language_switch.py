"""The character falls into a language, or into Chinese characters, that it does not speak."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import card
from harness.checks.reading import read
from harness.core.finding import Finding, Span
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.text.chinese import telling_characters
from harness.text.script import Writing, writings
from harness.text.segments import sentences

FEW_WORDS = 4
"""A sentence with fewer foreign words than this is colour, not a switch."""
FEW_CHARACTERS = 4
"""The same for writing without spaces."""
MOST_OF_IT = 0.5
"""Share of the reply from which the character has left its language rather than slipped."""
TELLING = 4
"""Characters of the other Chinese script that show a switch."""

_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?")
_HAN_WRITINGS: frozenset[Writing] = frozenset({"han"})

# Small words tell European languages apart where the letters do not. None of these is an English word.
_FOREIGN_SMALL_WORD = re.compile(
    r"\b(?:je|tu|nous|vous|est|suis|les|des|une|dans|que|qui|pas|mais|pour|avec|sur|ce|cette|mon|ma|elle|ils|sont|du|et"
    r"|el|los|las|una|por|para|con|pero|esta|muy|yo|su|es|y|del|todo|tenemos|entonces|porque|donde"
    r"|ich|wir|ihr|der|das|und|nicht|ist|mit|ein|eine|zu|auf|für|aber|wie|sie|haben|sehr|auch"
    r"|io|il|lo|gli|di|della|mio|non|molto|anche|perché|sono|questo|eu|os|uma|não|mas|muito|você|também|isso)\b",
    re.I,
)
_ENGLISH_SMALL_WORD = re.compile(
    r"\b(?:the|an?|of|and|to|in|is|it|you|that|he|she|was|for|on|are|with|his|they|i|at|be|this|have|from|or|had|by|but"
    r"|not|what|all|were|we|when|your|can|said|there|if|my|our)\b",
    re.I,
)
FEWEST_SMALL_WORDS = 3

_SPOKEN_ABROAD = re.compile(
    r"\b(?:spanish|french|german|italian|portuguese|latin|bilingual|mixes|polyglot|accent|chinese|mandarin"
    r"|cantonese|japanese"
    r"|korean|russian|both sides of the border)\b|英[语文]|外[语文]|洋文|双语|法[语文]|日[语文]|夹(?:杂|几?个?)英|海归|留学"
)
_IGNORANT = re.compile(r"(?:不[懂会识说]|没学过|没出过|\bno|\bnot|\bnever|cannot)[^,.;。]{0,16}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSwitch:
    """Compares the writing of each sentence with the persona's languages. That the user asked for it is no excuse."""

    failure_type: ClassVar[FailureType] = "language_switch"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"language_switch.{case}" for case in ("reply", "sentence", "simplified", "traditional")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Replies and sentences in a language that is not the persona's."""
        if _speaks_others(chat.persona):
            return
        for line in chat.lines:
            foreign = [
                Span(start, end) for start, end in _unquoted(line) if _is_foreign(line.reply[start:end], chat.persona)
            ]
            yield from _foreign(line, foreign)
            yield from _other_script(line, chat.persona)


def _speaks_others(persona: Persona) -> bool:
    text = card(persona)
    return any(not _IGNORANT.search(text[max(0, m.start() - 24) : m.start()]) for m in _SPOKEN_ABROAD.finditer(text))


def _unquoted(line: Line) -> Iterator[tuple[int, int]]:
    reading = read(line.reply)
    quoted = [part for part in reading.parts if part.kind == "quoted" and not reading.speaks_in_quotes]
    for start, end in sentences(line.reply):
        if not any(part.start <= start and end <= part.end for part in quoted):
            yield start, end


def _is_foreign(sentence: str, persona: Persona) -> bool:
    counts = writings(sentence)
    chinese = any(language.startswith("zh") for language in persona.languages)
    others = sum(counts[name] for name in ("kana", "hangul", "cyrillic", "arabic"))
    if others >= FEW_CHARACTERS - 1:
        return True
    words = _LATIN_WORD.findall(sentence)
    if not chinese:
        return (counts["han"] >= FEW_CHARACTERS and counts["han"] > len(words)) or _is_european(sentence)
    return "en" not in persona.languages and counts["han"] <= len(words) / 2 and len(words) >= FEW_WORDS


def _is_european(sentence: str) -> bool:
    """Whether the small words are those of another European language and not of English."""
    foreign = sum(1 for _ in _FOREIGN_SMALL_WORD.finditer(sentence))
    return foreign >= FEWEST_SMALL_WORDS and foreign > 2 * sum(1 for _ in _ENGLISH_SMALL_WORD.finditer(sentence))


def _foreign(line: Line, spans: list[Span]) -> Iterator[Finding]:
    length = sum(span.end - span.start for span in spans)
    whole = length >= MOST_OF_IT * len(line.reply.strip())
    for span in spans:
        if whole:
            yield found(line, "language_switch", span, "language_switch.reply", certainty=0.95)
        else:
            yield found(line, "language_switch", span, "language_switch.sentence", certainty=0.9, severity="lapse")


def _other_script(line: Line, persona: Persona) -> Iterator[Finding]:
    scripts = {language for language in persona.languages if language.startswith("zh")}
    if len(scripts) != 1:
        return
    simplified, traditional = telling_characters(line.reply)
    whole = Span(0, len(line.reply))
    if scripts == {"zh"} and traditional >= TELLING and traditional > 2 * simplified:
        yield found(line, "language_switch", whole, "language_switch.traditional", certainty=0.9, severity="lapse")
    if scripts == {"zh-Hant"} and simplified >= TELLING and simplified > 2 * traditional:
        yield found(line, "language_switch", whole, "language_switch.simplified", certainty=0.9, severity="lapse")
