"""The voice slips: help-desk phrases, essay layout in speech, words the card says the character never uses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import card, cited, is_at_home_with
from harness.checks.phrases import Hit, Phrase, Phrases, hits, one_of
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

_SERVICE_TRADE = (
    r"\b(?:assistant|butler|concierge|reception\w*|waiter|waitress|clerk|steward|valet|call cent\w+"
    r"|customer service|hotel)\b"
    r"|服务|客服|店员|管家|前台|接待|导购|店小二"
)
_CODE_TRADE = r"\b(?:programm\w*|hacker|coder|software|developer|engineer)\b|程序|编程|代码|黑客|工程师"


def _serves(hit: Hit) -> bool:
    """Whose trade is service may offer it in its usual words."""
    return is_at_home_with(hit.persona, _SERVICE_TRADE)


def _on_the_card(hit: Hit) -> bool:
    return hit.text in card(hit.persona) or hit.text in read("\n".join(hit.persona.voice.examples)).text


_PHRASES = Phrases(
    "style_break",
    (
        Phrase(
            message="style_break.service",
            pattern=one_of(
                r"\bhow (?:can|may) i (?:assist you|be of (?:service|assistance) to you)\b",
                r"\bhow (?:can|may) i help you today\b",
                r"\bi hope (?:this|that) (?:helps|helps you (?:understand|with)|was helpful|answers your question)\b",
                r"\b(?:feel free|don't hesitate|do not hesitate) to (?:reach out|let me know|ask (?:if|any|more"
                r"|further))\b",
                r"\blet me know if (?:you(?:'d| would) like (?:more|any|further|me to)|you (?:have|need) (?:any"
                r"|anything|more|further|other)|there(?:'s| is) anything (?:else )?(?:i|you))\b",
                r"\bis there anything else (?:i can|you(?:'d| would) like|you need)\b",
                r"\bif you have any (?:other |further |more |additional )?(?:questions|concerns)\b",
                r"\bi(?:'m| am) (?:always )?here to (?:help|assist) you\b",
                r"\b(?:thank you|thanks) for (?:reaching out|your (?:question|feedback|inquiry))[.!]",
                r"\bi(?:'d| would) be (?:happy|glad|delighted) to (?:help|assist)(?: you)?[!.]",
                r"有什么我?(?:可以|能)够?(?:帮助?|为)到?您(?:的|做的|效劳|服务)?吗?|有什么可以帮助?到?你的?[吗?]",
                r"以下[是为]我?[为给][您你]",
                r"(?:很)?(?:高兴|荣幸|乐意)(?:能)?为[您你](?:服务|解答)|竭诚为[您你]服务|[为替][您你]服务",
                r"希望(?:以上|这些|我的|本)[^。!?\n]{0,12}(?:帮助|有用|启发)|希望对[您你]有(?:所)?帮助",
                r"(?:如果?|若)[您你]?还?有(?:其他|其它|更多|别的|任何(?:其他)?)(?:的)?(?:问题|需要|需求|疑问),?(?:请|可以?|欢迎)?(?:随时|告诉|联系|提问|欢迎)",
                r"欢迎(?:您|你)?(?:随时)?(?:提问|咨询|联系)|祝[您你](?:生活|购物|用餐|旅途)愉快",
                r"感谢[您你]的(?:分享|提问|反馈|咨询|理解)|感谢您的支持",
                r"亲,[^。!?\n]{0,12}[您你]",
            ),
            certainty=0.85,
            unless=(cited, _serves, _on_the_card),
        ),
        Phrase(
            message="style_break.essay",
            pattern=one_of(
                r"(?:^|\n)(?:great|good|excellent) question[.!]",
                r"\bhere (?:are|is) (?:some|a few|several|the|two|three|four|five) (?:\w+ )?(?:tips|steps"
                r"|factors|suggestions|points"
                r"|ways|strategies|recommendations)\b",
                r"\bit(?:'s| is) completely (?:valid|normal|understandable|okay) to feel\b",
                r"以下[是为](?:几|一些|具体|我|给|关于|[三五])[^。!?\n]{0,8}(?:建议|要点|方法|步骤|方面|技巧)",
                r"可以从(?:以下)?[几两三四五]个?(?:方面|角度|面向|维度)",
                r"当然可以!以下|相信通过\p{Han}{0,4}努力|收获更好的自己",
            ),
            certainty=0.8,
            unless=(cited, _on_the_card),
        ),
    ),
)

ESSAY = 3
# Each of these a learned character may use once. Three different ones in one reply are an essay.
_ESSAY_TURNS = (
    r"\bin conclusion,",
    r"\bto summari[sz]e,|\bin summary,|\boverall, ",
    r"\bit(?:'s| is) (?:also )?(?:important|essential|crucial) to (?:note|remember|prioriti[sz]e|practi[cs]e"
    r"|seek|acknowledge|recogni[sz]e)\b",
    r"\bself-care\b|\bhealthy boundaries\b|\bemotional well-?being\b|\bsupport networks?\b",
    r"\bmultifaceted\b",
    r"\bholistic\b",
    r"\bfirstly,|\bfirst and foremost,",
    r"(?:^|\n|[.!] )(?:certainly|absolutely|of course)! ",
    r"首先,[^。!?\n]{2,40}其次,",
    r"(?:总体|总的|整体)(?:而言|来说|来看)|综上所述|总而言之",
    r"值得注意的是|需要注意的是|重要的是要",
    r"积极(?:面对|的心态)|寻求支持|身心健康",
)


_LAYOUT: tuple[tuple[str, re.Pattern[str], int], ...] = (
    # message, the line that shows it, how many such lines it takes
    ("style_break.heading", re.compile(r"^ {0,3}#{1,6} +\S.*$", re.M), 1),
    ("style_break.list", re.compile(r"^ {0,6}(?:[*+•·]|- *\*\*|-(?= +[^:\n]{1,30}:)) *\S.*$", re.M), 2),
    ("style_break.list", re.compile(r"^ {0,6}- +\S.*[^?!\"'\n]$", re.M), 3),  # two may be a dialogue
    ("style_break.list", re.compile(r"^ {0,3}\*\*[^*\n]{1,40}(?::\*\*|\*\*:).*$", re.M), 2),
    ("style_break.list", re.compile(r"^ {0,6}\d{1,2}[.)、] *\S.*$", re.M), 2),
    ("style_break.table", re.compile(r"^ {0,3}\|.*\|[ \t]*$", re.M), 2),
    ("style_break.code", re.compile(r"^ {0,3}(?:'''|~~~).*$", re.M), 1),  # backquotes read as quotes
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleBreak:
    """Finds what no character says and no script is laid out like."""

    failure_type: ClassVar[FailureType] = "style_break"
    MESSAGES: ClassVar[tuple[str, ...]] = (
        *_PHRASES.messages,
        *dict.fromkeys(message for message, _, _ in _LAYOUT),
        "style_break.never_says",
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every slip of the voice that words or layout show."""
        yield from _PHRASES.findings(chat)
        codes = is_at_home_with(chat.persona, _CODE_TRADE)
        for line in chat.lines:
            yield from (finding for finding in _laid_out(line) if not (codes and finding.message == "style_break.code"))
            yield from _essay(chat, line)
            yield from _never_said(chat, line)


def _laid_out(line: Line) -> Iterator[Finding]:
    reading = read(line.reply)
    for message, pattern, enough in _LAYOUT:
        marks = [match for match in pattern.finditer(reading.text) if reading.kind(match.start()) == "speech"]
        if len(marks) >= enough:
            span = reading.span(marks[0].start(), marks[-1].end())
            yield found(line, "style_break", span, message, certainty=0.9)


def _essay(chat: Chat, line: Line) -> Iterator[Finding]:
    if not compile_pattern("|".join(_ESSAY_TURNS)).search(read(line.reply).text):
        return
    turns = [hit for turn in _ESSAY_TURNS for hit in islice(hits(turn, chat, line), 1) if not cited(hit)]
    if len(turns) >= ESSAY:
        start, end = min(hit.start for hit in turns), max(hit.end for hit in turns)
        yield found(line, "style_break", read(line.reply).span(start, end), "style_break.essay", certainty=0.7)


def _never_said(chat: Chat, line: Line) -> Iterator[Finding]:
    for phrase in chat.persona.voice.never_says:
        literal = re.escape(read(phrase).text)
        for hit in hits(rf"(?:\b|^){literal}(?:\b|$)" if phrase.isascii() else literal, chat, line):
            if not cited(hit) and hit.text not in read(line.user).text:
                span = hit.reading.span(hit.start, hit.end)
                yield found(line, "style_break", span, "style_break.never_says", certainty=0.9, phrase=phrase)
