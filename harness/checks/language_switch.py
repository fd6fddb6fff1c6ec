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
from harness.text.script import writings
from harness.text.segments import sentences

FEW_WORDS = 4
"""A sentence with fewer foreign words than this is colour, not a switch."""
MANY_WORDS = 7
"""The same for one that has Chinese in it too: “OK 啦，buy one get one，懂？”."""
FEW_CHARACTERS = 4
"""The same for writing without spaces."""
MOST_OF_IT = 0.5
"""Share of the reply from which the character has left its language rather than slipped."""
MOST_READ = 8_000
"""Characters of a reply whose sentences are looked at one by one."""
TELLING = 4
"""Characters of the other Chinese script that show a switch."""

_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)?")
_FOUR_WORDS = re.compile(r"(?:[A-Za-z\u00c0-\u024f'’]+[^\w\n]{1,3}){3}[A-Za-z\u00c0-\u024f]")
_OTHER_WRITING = re.compile("[\u0400-\u04ff\u0600-\u077f\u1100-\u11ff\u3041-\u30ff\uac00-\ud7af]")
_NOT_LATIN = re.compile("[\u0400-\u04ff\u0600-\u077f\u1100-\u11ff\u3041-\ud7af]")

# Small words tell European languages apart where the letters do not. None of these is an English word.
_FOREIGN_SMALL_WORD = re.compile(
    r"\b(?:je|tu|nous|vous|est|suis|les|des|une|dans|que|qui|pas|mais|pour|avec|sur|ce|cette|mon|ma|elle|ils"
    r"|sont|du|et"
    r"|el|los|las|una|por|para|con|pero|esta|muy|yo|su|es|y|del|todo|tenemos|entonces|porque|donde"
    r"|ich|wir|ihr|der|das|und|nicht|ist|mit|ein|eine|zu|auf|für|aber|wie|sie|haben|sehr|auch"
    r"|io|il|lo|gli|di|della|mio|non|molto|anche|perché|sono|questo|eu|os|uma|não|mas|muito|você|também|isso)\b",
    re.I,
)
_ENGLISH_SMALL_WORD = re.compile(
    r"\b(?:the|an?|of|and|to|in|is|it|you|that|he|she|was|for|on|are|with|his|they|i|at|be|this|have|from|or"
    r"|had|by|but"
    r"|not|what|all|were|we|when|your|can|said|there|if|my|our)\b",
    re.I,
)
FEWEST_SMALL_WORDS = 3

_SPOKEN_ABROAD = re.compile(
    r"\b(?:spanish|french|german|italian|portuguese|latin|bilingual|mixes|polyglot|accent|chinese|mandarin"
    r"|cantonese|japanese|korean|russian|both sides of the border)\b"
    r"|[英外法日][语文]|洋文|双语|夹(?:杂|几?个?)英|海归|留学"
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
            own = _own_words(line.reply[:MOST_READ]) if _may_be_foreign(line.reply, chat.persona) else ""
            foreign = [Span(start, end) for start, end in sentences(own) if _is_foreign(own[start:end], chat.persona)]
            yield from _foreign(line, foreign)
            yield from _other_script(line, chat.persona)


def _may_be_foreign(reply: str, persona: Persona) -> bool:
    """A quick look, since most replies are not."""
    if "zh" in persona.language:
        return bool(_FOUR_WORDS.search(reply) or _OTHER_WRITING.search(reply))
    few = FEWEST_SMALL_WORDS
    return bool(_NOT_LATIN.search(reply)) or len(_FOREIGN_SMALL_WORD.findall(reply[:MOST_READ])) >= few


def _speaks_others(persona: Persona) -> bool:
    text = card(persona)
    return any(not _IGNORANT.search(text[max(0, m.start() - 24) : m.start()]) for m in _SPOKEN_ABROAD.finditer(text))


def _own_words(reply: str) -> str:
    """The reply with spaces where it cites somebody else."""
    pieces: list[str] = []
    at = 0
    for part in read(reply).citations():
        pieces += [reply[at : part.start], " " * (part.end - part.start)]
        at = part.end
    return "".join((*pieces, reply[at:]))


def _is_foreign(sentence: str, persona: Persona) -> bool:
    counts = writings(sentence)
    chinese = any(language.startswith("zh") for language in persona.languages)
    others = sum(counts[name] for name in ("kana", "hangul", "cyrillic", "arabic"))
    if others >= FEW_CHARACTERS - 1:
        return True
    words = _LATIN_WORD.findall(sentence)
    if not chinese:
        return (counts["han"] >= FEW_CHARACTERS and counts["han"] > len(words)) or _is_european(sentence)
    enough = FEW_WORDS if not counts["han"] else MANY_WORDS
    return "en" not in persona.languages and counts["han"] <= len(words) / 2 and len(words) >= enough


def _is_european(text: str) -> bool:
    """Whether the small words are those of another European language and not of English."""
    foreign = len(_FOREIGN_SMALL_WORD.findall(text))
    return foreign >= FEWEST_SMALL_WORDS and foreign > 2 * len(_ENGLISH_SMALL_WORD.findall(text))


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
