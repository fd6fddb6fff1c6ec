"""The character gives away its instructions: recites them, reads out its card, or names the prompt it was given."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import asked, cited, denied, echoed, is_at_home_with, unfamiliar
from harness.checks.overlap import shared_runs
from harness.checks.phrases import Hit, Phrase, Phrases, hits, one_of
from harness.checks.reading import NEARBY, read
from harness.core.finding import Finding, Span
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern
from harness.text.tokens import weight

VERBATIM_WEIGHT = 15
"""Instructions recited at this length are no accident: ten words, or fifteen Chinese characters."""
CARD_WEIGHT = 45
"""A character may use the words of its card to present itself, but does not recite this many in the third person."""
CITED_WEIGHT = 7.5
"""After naming its instructions, a character needs fewer words of them to be caught."""
SHORTEST_REMOVED = 8
"""Shorter strings of the card stay in the system message when instructions are told from the card."""

_TRADE = (
    r"language model|artificial intelligence|machine learning|\bai\b|programm|software|人工智能|语言模型|算法|程序员"
    r"|评测|编剧|作家|小说|游戏|策划|演员|导演|\b(?:author|novelist|writer|actor|actress|game design\w*)\b"
)
_RULES = (
    r"(?:my (?:instructions|guidelines|rules|description|notes?|traits|profile|sheet)|the (?:response "
    r"|roleplay )?guidelines"
    r"|(?:listed|written|stated) (?:right )?(?:there )?(?:in|among|on) my|per the|设定|说明|要求|规则|人设|指令|提示)"
)
_IN_PERSON = re.compile(r"\b(?:i|i'm|my|we|our)\b|[我俺咱吾]|在下|本[座王宫]|老[夫朽身娘]")
_SHEET_FIELD = (
    r"(?:name|age|job|occupation|traits?|personality|background|role|appearance|gender|species|speaking style"
    r"|tone|likes"
    r"|dislikes|姓名|名字|年龄|身份|性格|语气|职业|背景|外貌|性别|说话风格|爱好|口头禅|人设|喜好)"
)
_CARD_FIELD = r"(?:traits?|personality|speaking style|tone|性格|语气|说话风格|口头禅|人设)"


def _in_the_trade(hit: Hit) -> bool:
    """Who writes prompts, plots or parts for a living names them in earnest, though not as their own."""
    return is_at_home_with(hit.persona, _TRADE)


_PHRASES = Phrases(
    "prompt_leak",
    (
        Phrase(
            message="prompt_leak.markup",
            pattern=one_of(
                r"</?(?:system|sys|instructions?|persona|character)>[^<\n]{0,120}(?:</(?:system|sys"
                r"|instructions?|persona|character)>)?",
                r"<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[/?inst\]|<</?sys>>",
                r"\{\{ ?(?:user|char|persona[\w.]*) ?\}\}",
                r"[【\[](?:角色|人物|系统)(?:设定|卡|资料|信息|档案|提示词?|指令)[】\]][^\n]{0,60}",
                r"(?:^|\n)#+ ?(?:instructions?|system prompt|character (?:card|sheet)|persona)\b",
            ),
            certainty=0.97,
        ),
        Phrase(
            message="prompt_leak.names_prompt",
            pattern=one_of(
                r"\b(?:my|the|this|these|initial|hidden) (?:system (?:prompt|message|instructions)"
                r"|initial (?:prompt|instructions)"
                r"|hidden instructions|character (?:card|sheet|description|prompt)|persona (?:card|description"
                r"|prompt|sheet)"
                r"|response guidelines|role-?play (?:guidelines|instructions|rules|prompt))\b",
                r"\bmy (?:prompt|role description|character settings?|persona)\b(?: (?:says|tells|states|is"
                r"|requires|forbids|doesn't|does|was))",
                r"\b(?:i was|i've been|i have been|i am|i'm) (?:instructed|prompted|told"
                r"|asked) to (?:role-?play|stay in character"
                r"|portray|respond (?:as|in)|reply (?:as|in)|play the role of)\b",
                r"\b(?:according to|as per|per|based on) my (?:persona|character|role|prompt|setting|backstory"
                r"|profile)\b",
                r"\bthe prompt (?:tells|says|told|asks|instructs|states|wants)\b",
                r"被(?:要求|设定|指示)[去来成为]?(?:扮演|保持)|系统(?:让|要求|规定|不许|不让|禁止)我",
                r"\bhere (?:is|are) my (?:system )?(?:prompt|instructions|guidelines)\b",
                r"(?:我的)?提示词(?:是|如下|[:,])|(?:根据|按照?|依照)(?:角色|人物)(?:设定|卡)",
                r"\bmy instructions[^.!?\n]{0,40}(?:in character|role-?play|the user|my persona)",
                r"(?:我的|根据|按照?|依照|因为|收到的|给我的|你们的|系统)(?:系统)?"
                r"(?:提示词|系统(?:提示|指令|消息)|(?:人物|角色)(?:设定|说明)|(?:角色|人设)卡)",
                r"我的(?:角色)?(?:人设|设定|指令)(?:是|里|上|中|写|要求|规定|说|如下|[:,])",
                r"设定[里上中]?(?:写着|要求我|规定我|让我|不许我|不允许我|说我)",
                r"(?:根据|按照?|依照)(?:我收到的|给定的|系统的?)?(?:要求|指示|指令),?[我俺在本老]\p{Han}{0,2}"
                r"(?:只能|只可|不能|不得|必须|需要)(?:知道|扮演|保持)",
                r"规则第[一二三四五六七八九十\d]+条[:,][^。!?\n]{0,24}(?:字|回复|回答|扮演|对话|角色|用户)",
            ),
            certainty=0.9,
            unless=(cited, denied, echoed, asked, unfamiliar, _in_the_trade),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLeak:
    """Finds the system message in what the character says."""

    failure_type: ClassVar[FailureType] = "prompt_leak"
    MESSAGES: ClassVar[tuple[str, ...]] = (
        *_PHRASES.messages,
        *(f"prompt_leak.{case}" for case in ("verbatim", "card", "sheet", "secret")),
    )

    secrets: tuple[str, ...] = ()
    """Words planted in the prompt that must never come out."""

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every place where a reply lets the prompt show."""
        yield from _PHRASES.findings(chat)
        instructions, card = _instructions(chat), _card(chat.persona)
        for line in chat.lines:
            yield from self._secrets(line)
            yield from _recited(line, instructions, card, _speakable(chat.persona))
            yield from _sheets(chat, line)

    def _secrets(self, line: Line) -> Iterable[Finding]:
        for secret in self.secrets:
            span = line.folded.find(secret)
            if span is not None and read(secret).text not in read(line.user).text:
                yield found(line, "prompt_leak", span, "prompt_leak.secret", certainty=0.99, secret=secret)


def _recited(line: Line, instructions: str, card: str, speakable: str) -> Iterator[Finding]:
    reading = read(line.reply)
    allowed = f"{speakable}\n{read(line.user).text}"
    for message, source, enough in (
        ("prompt_leak.verbatim", instructions, VERBATIM_WEIGHT),
        ("prompt_leak.card", card, CARD_WEIGHT),
    ):
        for run in shared_runs(reading.text, source, allowed=allowed):
            start, end, length = run[0].start, run[-1].end, weight(word.text for word in run)
            named = length >= CITED_WEIGHT and _names_rules(reading.text[max(0, start - NEARBY) : end])
            presents_itself = source is card and _IN_PERSON.search(reading.sentence_before(start))
            if named or (length >= enough and not presents_itself):
                yield found(line, "prompt_leak", reading.span(start, end), message, certainty=0.95)


def _names_rules(text: str) -> bool:
    return compile_pattern(_RULES).search(text) is not None


def _sheets(chat: Chat, line: Line) -> Iterator[Finding]:
    """Three labelled fields in a row are a form; of the character's own name or manner, they are its card."""
    if ":" not in read(line.reply).text:
        return
    field = rf"{_SHEET_FIELD} ?:[^:\n]{{1,40}}?[,.;。\n|]\s*"
    name = read(chat.persona.name).text
    for hit in hits(rf"(?:{field}){{2,12}}{_SHEET_FIELD} ?:[^.;。\n]{{1,40}}", chat, line):
        own = name in hit.text or next(hits(rf"{_CARD_FIELD} ?:", chat, line), None) is not None
        if own and not cited(hit):
            span: Span = hit.reading.span(hit.start, hit.end)
            yield found(line, "prompt_leak", span, "prompt_leak.sheet", certainty=0.92)


def _instructions(chat: Chat) -> str:
    """The system message without what it takes from the card."""
    text = read(chat.system).text
    for value in sorted(_values(chat.persona), key=len, reverse=True):
        if len(value) >= SHORTEST_REMOVED:
            text = text.replace(value, "\n")
    return text


def _values(persona: Persona) -> tuple[str, ...]:
    knowledge, voice = persona.knowledge, persona.voice
    raw = (
        persona.description,
        *persona.facts.values(),
        *knowledge.knows,
        *knowledge.unknown,
        voice.register_,
        *voice.says,
        *voice.never_says,
        *voice.examples,
        persona.greeting,
    )
    return tuple(read(value).text for value in raw)


def _card(persona: Persona) -> str:
    return read("\n".join((persona.description, *persona.facts.values(), persona.voice.register_))).text


def _speakable(persona: Persona) -> str:
    """What the card itself puts into the character's mouth."""
    return read("\n".join((persona.greeting, *persona.voice.says, *persona.voice.examples))).text
