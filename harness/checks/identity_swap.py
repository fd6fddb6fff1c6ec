"""The character takes itself for somebody else: another name, the user's name, or the narrator who tells of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.phrases import LONGEST_SENTENCE, MOST_HITS
from harness.checks.reading import Reading, read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType, Severity
from harness.text.languages import languages
from harness.text.patterns import compile_pattern

MOST_READ = 20_000
"""Characters of a reply in which names are looked for."""

_TITLE = (
    r"(?:(?:Mr|Mrs|Miss|Ms|Dr|Sir|Dame|Lady|Lord|Captain|Sergeant|Father|Mother|Brother|Sister|Aunt|Uncle|Old|Young)"
    r"\.? )?"
)
_LETTERS = "A-Za-zÀ-ɏ'’-"
_NAME = rf"({_TITLE}[A-ZÀ-Þ][{_LETTERS}]+(?: [A-ZÀ-Þ][{_LETTERS}]+)?)"
_INTRODUCES = re.compile(
    rf"\b(?:[Mm]y name(?:'s| is| be)|[Tt]he name(?:'s| is)|[Cc]all me|[Yy]ou may call me|[Ee]very(?:one"
    rf"|body) calls me)"
    rf" (?!Mr\b|It\b|The\b|A\b){_NAME}"
    rf"|(?:^|[.!?,\"“] ?){_NAME} (?:here (?:from|at|of)|speaking[,.!])"
)
_WORD = re.compile(r"[^\W\d_]+")
_NO_FIRST_NAME = re.compile(
    r"(?:the|an?|mrs?|miss|ms|dr|sir|dame|lady|lord|captain|sergeant|father|mother|brother|sister|aunt|uncle|old|young"
    r"|major|count|countess|king|queen|prince|princess|professor|inspector|detective|doctor|saint|madame)\b"
)
_MAY_INTRODUCE = (
    r"\bname|\bcalls? me|\bi(?:'m| am) |\bspeaking\b|\bhere (?:from|at|of)\b|[叫姓]|[我俺咱阮僧道的就][是系]|贫僧"
)
_NO_NAME = re.compile(
    r"^(?:I|Ah|Oh|God|Lord|Christian|Catholic|Jewish|Muslim|English|Irish|Scottish|Scots|Welsh|French|German"
    r"|Italian|Spanish"
    r"|Russian|American|British|Chinese|Japanese|Korean|Greek|Roman|Dutch|Danish|Norse|Texan|Libra|Leo|Aries"
    r"|Virgo|Gemini"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Over|Right|Still|Come|Get|Sit|Look|Not|Now|Yes"
    r"|No|Well)\b"
)
_INTRODUCES_ZH = re.compile(
    r"(?:我|俺|咱|在下|阮|小[人女]子?|贫[僧道]|奴家|老[夫身])(?:就|便|才)?(?:叫|名叫|唤作|叫做|姓[\u4e00-\u9fff]名)"
    r"([\u4e00-\u9fff·]{2,4})(?=[,。!?~、]|$)"
    r"|(?:叫|喊|唤)我([\u4e00-\u9fff·]{2,4}?)(?:就|便)(?:得|好|行|成|是|可)"
    r"|(?:我|俺|咱|阮|贫[僧道])(?:就|便|才)?[是系](?:[\u4e00-\u9fff]{0,6}的)?((?:阿|小)[\u4e00-\u9fff])(?=[,。!?呀啊啦~、]|$)"
)
_NO_NAME_ZH = re.compile(
    r"^(?:什么|啥|怎么|一声|过来|出来|进去|回去|起来|老板|老娘|老爷|老夫|老身|师父|师傅|先生|大夫|大人|姑娘|小姐|名字|老百姓|老实人|老粗|老人|小孩|小人|老师|老头|老鬼|人家"
    r"|爸爸|妈妈|哥哥|姐姐|爷爷|奶奶|阿姨|叔叔|宝贝|亲爱的)"
)
_ASKS_AFTER = re.compile(r"\b(?:named|called|seen|find|looking for|where is|know)\b|找|见过|认识|哪儿|哪里|姓")
_INTRODUCES_USER_ZH = re.compile(
    r"(?:我|俺|贫[僧道]|在下|晚生|晚辈|小[人女])(?:是|叫|系|乃)([\u4e00-\u9fff·]{2,4}?)(?=[,。!?、的]|$)"
)
# A narrator knows what the character cannot, and says so of it.
_NARRATES = (
    r"\b(?:could not have known|did not (?:yet )?know (?:then|yet|that)|would (?:think|remember|recall|wonder"
    r"|tell) (?:of )?(?:it|this|that)"
    r" (?:\w+ ){0,3}years|little did (?:he|she|they) know|by the (?:first|last) \w+ (?:one of them|he|she|they) would"
    r"|never knew that|years (?:later|on|afterwards), (?:he|she|they) would)\b"
    r"|[他她](?:还|尚|并|当时)?不知道?,?[^,。]{0,4}(?:那年|多年|日后|将来|以后)|多年(?:以?后|之后),?[^,。]{0,6}[他她](?:会|才|将)|说这话的时候"
)
_TELLS = (
    r"(?:laughed|smiled|sighed|said|answered|replied|whispered|nodded|shook|turned|looked|paused|knew|thought"
    r"|felt|wondered"
    r"|did not|had never|had not|was not|could not|never said|needs to|ought to|should stop|won't listen)"
)
_TELLS_ZH = (
    r"(?:笑了?|叹了?口?气|说道|答道|低声道|摇了?摇头|点了?点头|心想|没有(?:说话|回答|作声)|望着|看着"
    r"|说这话|抬起头|低下头|转过身)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySwap:
    """Finds names that are not the character's own, and sentences about it by somebody else."""

    failure_type: ClassVar[FailureType] = "identity_swap"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(f"identity_swap.{case}" for case in ("name", "user", "narrator"))

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every place where somebody else speaks than the character."""
        for line in chat.lines:
            reading = read(line.reply)
            yield from _other_names(chat.persona, line, reading)
            yield from _narrated(chat.persona, line, reading)


def _plain(text: str) -> str:
    """Lower case, without accents."""
    return "".join(one for one in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(one))


@lru_cache(maxsize=256)
def _words(card: str) -> frozenset[str]:
    """The words of a card, the same for every reply of its character."""
    return frozenset(_WORD.findall(_plain(card)))


def _other_names(persona: Persona, line: Line, reading: Reading) -> Iterator[Finding]:
    if not compile_pattern(_MAY_INTRODUCE).search(reading.text):
        return
    card = "\n".join((persona.name, persona.description, *persona.facts.values(), *persona.voice.calls_self))
    told, known = read(card).text, _words(card)
    user = read(line.user).text
    if _ASKS_AFTER.search(user) and any(part in user for part in read(persona.name).text.split()):
        return  # whoever is looked for may well deny that it is they
    heard = {name for name in _INTRODUCES_USER_ZH.findall(user) if name not in told}
    for match in islice(_INTRODUCES.finditer(line.reply[:MOST_READ]), MOST_HITS):
        group = match.lastindex or 1
        name = match[group]
        if not _NO_NAME.search(name) and known.isdisjoint(_WORD.findall(_plain(name))):
            yield from _swapped(line, reading, reading.folded.index_at(match.start(group)), "name", severity=None)
    for match in islice(_INTRODUCES_ZH.finditer(reading.text[:MOST_READ]), MOST_HITS):
        name = match[match.lastindex or 1]
        if not _NO_NAME_ZH.search(name) and name not in told and name.lstrip("阿小老") not in told:
            yield from _swapped(line, reading, match.start(), "name", severity=None)
    for name in heard:
        at = reading.text.find(f"是{name}")
        claims = (at > 0 and reading.text[at - 1] in "我俺咱系") or f"贫僧{name}" in reading.text
        if claims:
            yield from _swapped(line, reading, max(at, reading.text.find(name)), "user", severity=None)


def _narrated(persona: Persona, line: Line, reading: Reading) -> Iterator[Finding]:
    name = read(persona.name).text
    for match in compile_pattern(_NARRATES).finditer(reading.text):
        at = match.span()[0]
        if name.isascii() or name in reading.text[slice(*reading.sentence(at, at + 1, LONGEST_SENTENCE))]:
            yield from _swapped(line, reading, at, "narrator", severity=None)
            return
    speaks_so = name in read("\n".join(persona.voice.calls_self)).text if persona.voice.calls_self else False
    if speaks_so:
        return
    first = ""
    if name.isascii():
        words = [word for word in name.split() if not _NO_FIRST_NAME.match(word)]
        if not words or words[0] in languages()["en"].own or len(words[0]) < 3:
            return
        first = re.escape(words[0])
        told = (
            rf"(?:^|[.!?] ){first}(?: \w+)? {_TELLS}\b"
            rf"|\b(?:tell|told|asked) (?:our |young |old )?{first}\b"
        )
    else:
        told = rf"(?:^|[。!?,(*]){re.escape(name)}{_TELLS_ZH}|[让叫替托]{re.escape(name)}[^,。!?]{{0,6}},[他她]"
    own = compile_pattern(told).search(reading.text)
    if own and name.isascii() and first.capitalize() not in line.reply:
        return
    if own and reading.kind(own.span()[1] - 1) == "speech":
        yield from _swapped(line, reading, own.span()[1] - 1, "narrator", severity="lapse")


def _swapped(line: Line, reading: Reading, at: int, case: str, *, severity: Severity | None) -> Iterator[Finding]:
    if reading.kind(at) == "quoted":
        return
    span = reading.span(*reading.sentence(at, at + 1, LONGEST_SENTENCE))
    yield found(line, "identity_swap", span, f"identity_swap.{case}", certainty=0.8, severity=severity)
