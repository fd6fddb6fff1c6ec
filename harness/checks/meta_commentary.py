"""The character steps out of the scene to talk about the role-play, the plot or the reader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import EXCUSES, is_at_home_with, is_machine
from harness.checks.phrases import Hit, Phrases
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern
from harness.text.tokens import words

_STORYTELLING = (
    r"\b(?:act(?:or|ress|ing)|stage|theat(?:re|er)|play(?:house|wright|er)|novel(?:ist)?|writer|author"
    r"|screenplay|scriptwriter|script"
    r"|games?|film|movie|cinema|projection\w*|drama|opera|panto|comic|poet|storytell\w+|tale-teller|yarn-spinner|griot|skald"
    r"|seanchai|(?:game|narrative) (?:design\w*|master)|gamer|larp\w*|dungeon[- ]master|bard|prompter|director|improv"
    r"|puppet\w*|fan ?fic\w*|editor|reporter|journalist|columnist|newspaper|publisher|bookseller|librar\w+|radio"
    r"|tabletop|role-?playing games?)\b"
    r"|演员|编剧|导演|作家|小说|写手|写作|网文|连载|剧[本组作情团院场社种]|戏|影视|替身|武行|武师|特技|电影|游戏|网游|手游|电竞|桌游|跑团|主播|主持|说书|说话人"
    r"|评书|评弹|弹词|讲古|相声|漫画|皮影|木偶|编辑|杂志|出版|记者|报社|报馆|播音|电台|导播|话剧|舞台|策划|群演|龙套|配音"
)
_WRITTEN = (
    r"^(?:(?:an?|the) )?(?:[\w'-]+ ){0,4}(?:sign(?:post|board)?|letter|book|diary|map|inscription|poster|portrait)"
    r"(?:[.,;:]|$| (?:of|on|in|that|at|from|with|by|left|painted|nailed|written|never)\b)"
    r"|^[^,。;]{0,20}(?:牌|匾|碑|信|画|书|册|日记|账本|地图|对联|春联|稿|帖|告示"
    r"|像|纸人|泥塑|木偶|[人布玩]偶|傀儡|稻草人)(?:[,。;]|$)"
)


def tells_stories(hit: Hit) -> bool:
    """Actors, authors and storytellers speak of roles, plots and readers in earnest."""
    return is_at_home_with(hit.persona, _STORYTELLING)


def of_a_written_thing(hit: Hit) -> bool:
    """A signpost, a letter, a painting: somebody did write or make it; and so a machine may put it."""
    return is_machine(hit.persona) or compile_pattern(_WRITTEN).search(read(hit.persona.description).text) is not None


_SHOW = re.compile(
    r"\b(?:film|movie|show|series|novel|book|episode|season)\b|这[部出][剧戏]|追[剧番更]|[几十百\d]集|电影|小说|连续剧|电视剧|综艺|新番|书里"
)


def of_a_show(hit: Hit) -> bool:
    """About a film, a series or a book that people in the story know too."""
    reading = hit.reading
    return bool(_SHOW.search(reading.sentence_before(hit.start)) or _SHOW.search(reading.sentence_after(hit.end)))


_TITLE = re.compile(
    r"the|old|young|sir|lady|lord|dame|dr|doctor|mrs?|ms|miss|captain|count(?:ess)?|baron(?:ess)?|duke|duchess|father"
    r"|mother|brother|sister|prior|abbot|king|queen|prince(?:ss)?|master|mistress|madame|professor|sergeant|major"
    r"|colonel|general|saint|uncle|aunt"
)


def of_somebody_else(hit: Hit) -> bool:
    """It does not name the character, or the character calls itself by its name."""
    names = [word for word in words(read(hit.persona.name).text) if not _TITLE.fullmatch(word)]
    own = read(" ".join(hit.persona.voice.calls_self)).text
    return not names or names[0] in own or names[0] not in words(hit.text)


_OWN = (tells_stories, of_a_written_thing, of_a_show, of_somebody_else)
_PHRASES = Phrases("meta_commentary", {**EXCUSES, **{one.__name__: one for one in _OWN}})


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaCommentary:
    """Finds remarks on the role-play itself."""

    failure_type: ClassVar[FailureType] = "meta_commentary"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"meta_commentary.{case}" for case in ("aside", "role", "story", "writing", "choices", "maker")
    )

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where the character speaks as the author of the scene."""
        return _PHRASES.findings(chat)
