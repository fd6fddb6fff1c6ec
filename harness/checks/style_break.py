"""The voice slips: help-desk phrases, essay layout in speech, words the card says the character never uses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import EXCUSES, card, cited, is_at_home_with
from harness.checks.phrases import MOST_HITS, Hit, Phrases, hits
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

_SERVICE_TRADE = (
    r"\b(?:assistant|butler|concierge|reception\w*|waiter|waitress|clerk|steward|valet|call cent\w+|switchboard"
    r"|complaints|helpline|customer service|answers (?:the )?(?:tele)?phones?|help ?desk|hotel)\b"
    r"|服务|客服|店员|管家|前台|接待|导购|店小二|接线|寻呼|空姐|乘务"
)
_LEARNING = (
    r"\b(?:scholar\w*|professor|dons?|dean|lecturer|teach(?:er|es)|tutor|school(?:master|mistress|marm|teacher)"
    r"|governess"
    r"|academic|historian|philosoph\w+|naturalist|botanist|zoologist|biologist|geologist|astronomer|physicist"
    r"|physician"
    r"|doctor|surgeon|scien\w+|chemist|apothecary|psych\w+|lawyer|barrister|solicitor|attorney|judge|magistrate"
    r"|jurist"
    r"|notary|librar\w+|archiv\w+|loremaster|encyclop\w+|scribe|clerk|secretary|diplomat|ambassador|envoy|vizier"
    r"|minister|senator|orator|politician|mandarin|engineer|architect|surveyor|journalist|reporter|presenter|curator"
    r"|essayist|writer|author|poet|playwright|strategist|economist|theolog\w+"
    r"|jesuit|learned|erudite|pedant\w*|well-read|polymath|detective|inspector|eloquen\w+|elegant\w*|formal\w*"
    r"|polished"
    r"|refined|courtly|educated|cultured|aristocra\w+|duchess|countess|marquis\w*|viscount\w*|florid|verbose"
    r"|pompous)\b"
    r"|学者|教授|先生|老师|教书|助教|塾师|书生|翰林|编辑|记者|作家|诗人|医[生师]|大夫|科学|研究|律师|法官|书记|图书|学生|史官|谋士|幕僚"
)
_COUNSEL = (
    r"\b(?:therap\w+|psych\w+|analyst|counsell?ors?|social worker|sponsor|guru|yoga|meditation|nurse"
    r"|(?:life|sports?|team|voice|fitness|boxing|football) coach|midwife|chaplain|recover\w+|rehab|wellness"
    r"|nutrition\w*"
    r"|doctor|physician)\b"
    r"|心理|咨询师|社工|辅导|瑜伽|冥想|护士|教练"
)
_BUSINESS = (
    r"\b(?:manager|hr|ceo|founder|start-?up|consultant|marketing|advertis\w+|publicist|office worker|executive|banker"
    r"|estate agent|travel agent|tour guide|sales\w*|broker|press officer|civil servant|bureaucrat|administrator"
    r"|official|influencer|blogger|project|industry|corporate|corporation|business|merchant|ambassador"
    r"|diplomat|stationmaster|call-?cent\w+)\b"
    r"|经理|总裁|产品|运营|创业|市场|营销|销售|广告|中介|公务员|主播|博主|顾问|白领|上班族|职场|主管|客服"
)
_TODAY = (
    r"\b(?:modern|contemporary|present[- ]day|nowadays|21st[- ]century|twenty-first century|sitcom|smartphone|future"
    r"|internet|online|social media|star-?ships?|space\w*|orbital|galactic|officer|lieutenant|commander|technician"
    r"|astronaut|university|graduat\w+|idol|algorithm\w*)\b"
)
_CODE_TRADE = r"\b(?:programm\w*|hacker|coder|software|developer|engineer)\b|程序|编程|代码|黑客|工程师"


def serves(hit: Hit) -> bool:
    """Whose trade is service may offer it in its usual words."""
    return is_at_home_with(hit.persona, _SERVICE_TRADE)


def unheard(hit: Hit) -> bool:
    """The card says nothing of the character: nobody can tell what its voice is."""
    return hit.persona.description in ("", hit.persona.name)


def learned(hit: Hit) -> bool:
    """Who has studied may talk like a book."""
    return is_at_home_with(hit.persona, _LEARNING)


def of_today(hit: Hit) -> bool:
    """A character of our own days may use the words of our own days."""
    return is_at_home_with(hit.persona, _TODAY)


def counsels(hit: Hit) -> bool:
    """Whose trade is to comfort may do it in its usual words."""
    return is_at_home_with(hit.persona, _COUNSEL)


def in_business(hit: Hit) -> bool:
    """Whoever works in an office, or sells, may talk like one who does."""
    return is_at_home_with(hit.persona, _BUSINESS)


def on_the_card(hit: Hit) -> bool:
    """The card itself, or a line it gives as an example, speaks so."""
    return hit.text in card(hit.persona) or hit.text in read("\n".join(hit.persona.voice.examples)).text


_PHRASES = Phrases(
    "style_break",
    {
        **EXCUSES,
        **{one.__name__: one for one in (serves, unheard, learned, of_today, counsels, in_business, on_the_card)},
    },
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
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"style_break.{case}"
        for case in ("service", "essay", "counsel", "office", "heading", "list", "table", "code", "never_says")
    )

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every slip of the voice that words or layout show."""
        yield from _PHRASES.findings(chat)
        codes = is_at_home_with(chat.persona, _CODE_TRADE)
        for line in chat.lines:
            yield from (finding for finding in _laid_out(line) if not (codes and finding.message == "style_break.code"))
            yield from _never_said(chat, line)


def _laid_out(line: Line) -> Iterator[Finding]:
    reading = read(line.reply)
    for message, pattern, enough in _LAYOUT:
        lines = islice(pattern.finditer(reading.text), MOST_HITS)
        marks = [match for match in lines if reading.kind(match.start()) == "speech"]
        if len(marks) >= enough:
            span = reading.span(marks[0].start(), marks[-1].end())
            yield found(line, "style_break", span, message, certainty=0.9)


def _never_said(chat: Chat, line: Line) -> Iterator[Finding]:
    for phrase in chat.persona.voice.never_says:
        literal = re.escape(read(phrase).text)
        pattern = rf"(?:\b|^){literal}(?:\b|$)" if phrase.isascii() else literal
        for hit in hits(compile_pattern(pattern), chat, line):
            if not cited(hit) and hit.text not in read(line.user).text:
                span = hit.reading.span(hit.start, hit.end)
                yield found(line, "style_break", span, "style_break.never_says", certainty=0.9, phrase=phrase)
