"""The character steps out of the scene to talk about the role-play, the plot or the reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import cited, denied, is_at_home_with
from harness.checks.phrases import Hit, Phrase, Phrases, one_of
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType

_STORYTELLING = (
    r"\b(?:act(?:or|ress|ing)|stage|theat(?:re|er)|play(?:house|wright|er)|novel(?:ist)?|writer|author"
    r"|screenplay|script"
    r"|film|drama|opera|poet|storytell\w+|game (?:design\w*|master)|bard|prompter|director)\b"
    r"|演员|编剧|导演|作家|小说|写手|剧[本组作情团]|戏|影视|游戏|主播|说书|话剧|策划|群演|龙套"
)


def _tells_stories(hit: Hit) -> bool:
    """Actors, authors and storytellers speak of roles, plots and readers in earnest."""
    return is_at_home_with(hit.persona, _STORYTELLING)


_SHOW = re.compile(
    r"\b(?:film|movie|show|series|novel|book|episode|season)\b|这[部出]?[剧戏]|追了?|[部集]|电影|小说|综艺|番|书里"
)


def _of_a_show(hit: Hit) -> bool:
    """About a film, a series or a book that people in the story know too."""
    reading = hit.reading
    return bool(_SHOW.search(reading.sentence_before(hit.start)) or _SHOW.search(reading.sentence_after(hit.end)))


_PHRASES = Phrases(
    "meta_commentary",
    (
        Phrase(
            message="meta_commentary.aside",
            pattern=one_of(
                r"[(\[【{]+ ?ooc\b[^)\]】}\n]{0,80}",
                r"\booc ?:",
                r"[*(\[] ?(?:breaks?|breaking|steps? out of|out of) character\b",
                r"[(\[]+ ?(?:out[ -]of[ -]character|author'?s? note|a/n|narrator'?s? note)\b ?[:;,-]?",
                r"[(\[【] ?(?:出戏|戏外|场外|作者(?:注|按|有话说)|旁白提示) ?[:,]",
            ),
            certainty=0.97,
            severity="break",
        ),
        Phrase(
            message="meta_commentary.role",
            pattern=one_of(
                r"\b(?:i(?:'ll| will| shall|'m going to| can)|let me|let's|happy to) (?:now |gladly "
                r"|try to )?(?:continue|keep"
                r"|start|begin|resume|carry on|proceed)(?: with)?(?: (?:the|this|our))? (?:role-?play(?:ing)?"
                r"|in character|rp)\b",
                r"\b(?:i(?:'ll| will| shall)) (?:now |try to |continue to |do my best to )*(?:respond|reply"
                r"|answer|portray|role-?play)"
                r"(?: to (?:you|that|this))? (?:as (?:if i were )?(?:the character|this character"
                r"|an? \w+ character|[\w']+ would)|in character|in the (?:voice|style|role) of)\b",
                r"\b(?:stay|remain|staying|remaining|step(?:ping)? out of|break(?:ing)?) (?:in )?(?:character"
                r"|the fourth wall)\b",
                r"\b(?:this|our|the|your) (?:role-?play(?:ing)?|rp)\b",
                r"\b(?:this|it) is (?:all |purely |entirely |just )?(?:fiction|fictional|a fictional (?:\w+))\b",
                r"\bfrom now on,? i(?:'ll| will) (?:speak|talk|act|respond|answer|reply) (?:like|as|in)\b",
                r"角色扮演(?:继续|开始|结束|内容|中)|(?:这个|这场|本次|我们的)角色扮演",
                r"以\p{Han}{1,8}的(?:口吻|语气|身份)来?(?:写|回[复答]|说话)",
                r"我(?:会|将|来|就)?(?:继续|尽量|开始|努力|现在)?(?:扮演|饰演|角色扮演|演绎)(?:好)?(?:[^,.。!?]{1,10}(?:,|$)|这个角色|该角色|角色)",
                r"用\p{Han}{1,12}的?(?:语气|口吻|风格|人设|身份)来?(?:回[复答应]|[跟与和同]你(?:说话|对话|聊))",
                r"(?:作为|身为)(?:这个|该|一个)(?:虚构)?角色",
                r"(?:保持|维持|符合|贴合)\p{Han}{0,6}(?:人设|角色设定)",
            ),
            certainty=0.9,
            severity="break",
            unless=(cited, denied, _tells_stories),
        ),
        Phrase(
            message="meta_commentary.story",
            pattern=one_of(
                r"\b(?:make|makes|making) for a (?:stronger|better|richer|more \w+) (?:chapter|scene|story|arc"
                r"|narrative|plot)\b",
                r"\b(?:gives|give|giving) my character\b",
                r"\bmy character(?: would| will| should| arc|'s arc|'s backstory| needs| wants)\b",
                r"\b(?:for|in|await|awaiting) your next (?:message|prompt|response|reply|input)\b",
                r"\b(?:the|this|our|original|current) (?:scenario|role-?play|storyline|narrative)(?:,| so| back"
                r"| and| to| is| has|\.)",
                r"\bsteer (?:this|the|our) (?:story|scene|conversation|plot)\b",
                r"\bhow (?:would|do) you (?:like|want) (?:the|this|our) (?:story|scene|plot) to\b",
                r"(?:剧情|情节|故事)[你您]?(?:想|希望|要|打算)(?:让|往|怎么|如何)",
                r"\b(?:do|would) you (?:want|like|prefer) (?:this|the|our) (?:scene|story|role-?play|plot) to\b",
                r"\b(?:the|our|my) readers? (?:will|would|can|should|feels?|believes?)\b",
                r"(?:剧情|情节|故事线?)的?(?:走向|发展|悬念|安排|推进)",
                r"继续(?:我们的)?剧情",
                r"给(?:剧情|故事|情节)\p{Han}{0,4}(?:悬念|伏笔)",
                r"[俺我咱]这个(?:人物|角色)",
                r"(?:写|演|编)到(?:此处|这里|这儿)",
                r"读者(?:们)?(?:才|会|就|能|看)",
                r"(?:下一段|下一幕|下一章|这一段|这段戏)(?:就|会|要|更|可以)",
                r"(?:这个|这段|这种)(?:走向|桥段|情节|剧情)",
            ),
            certainty=0.85,
            unless=(cited, _tells_stories, _of_a_show),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaCommentary:
    """Finds remarks on the role-play itself."""

    failure_type: ClassVar[FailureType] = "meta_commentary"
    MESSAGES: ClassVar[tuple[str, ...]] = _PHRASES.messages

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where the character speaks as the author of the scene."""
        return _PHRASES.findings(chat)
