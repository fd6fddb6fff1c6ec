"""The character contradicts the chat: it has called the user by the right name, and now by one that nobody gave."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, found
from harness.checks.phrases import LONGEST_SENTENCE
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType

_USER_NAME = re.compile(
    r"\b(?:[Mm]y name(?:'s| is)|[Ii](?:'m| am) called|[Cc]all me|[Ii](?:'m|’m| am)) ([A-Z][a-z]+)\b"
    r"|我(?:叫|名叫|是)([\u4e00-\u9fff]{2,3})(?=[,，。.!！、]|$)"
)
_ADDRESSES = re.compile(
    r"\b(?:[Tt]hank you|[Tt]hanks|[Gg]ood (?:night|morning|evening)|[Ww]elcome|[Gg]oodbye|[Ff]arewell|[Hh]ello"
    r"|[Ll]isten),? "
    r"(?:back, |dear |my dear )?([A-Z][a-z]+)\b[.!?,]"
    r"|(?:多谢你|谢谢你|再会了?|保重)[,，]([\u4e00-\u9fff]{2,3})(?=[。.!！])"
)
_NO_NAME = re.compile(
    r"^(?:Sir|Madam|Miss|Lady|Lord|Captain|Friend|Stranger|Traveller|Traveler|God|Lad|Lass|Love|Dear|Doctor"
    r"|Professor|Brother|Sister|Detective|Officer|Inspector|Boss|Chief|Commander|Sunshine|Darling|Jesus|Grandma|Grandpa|Mum|Mom|Dad|Home|Back|Everyone|Folks|Kid|Son|Mate|Honey|Sweetheart)$"
    r"|客官|姑娘|公子|先生|大人|朋友|兄弟|兄台|少侠|施主|师傅|师父|小姐|太太|老板|孩子|亲爱|宝贝|妹妹|姐姐|哥哥|弟弟|[了的吧啊呢吗]$|^[不没别太好有再]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryContradiction:
    """Compares the name by which the user is called with the one the user gave. The rest is left to the judge."""

    failure_type: ClassVar[FailureType] = "history_contradiction"
    MESSAGES: ClassVar[tuple[str, ...]] = ("history_contradiction.name",)

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every address under a name that stands nowhere in the chat, once the user has given one."""
        given, used = "", False
        heard = "\n".join((chat.persona.name, chat.persona.description, chat.persona.user.name))
        for line in chat.lines:
            introduced = _USER_NAME.search(line.user)
            given = next(filter(None, introduced.groups())) if introduced else given
            heard = f"{heard}\n{line.user}"
            for match in _ADDRESSES.finditer(line.reply) if given and used else ():
                name = next(filter(None, match.groups()))
                if name not in heard and name[:3] != given[:3] and not _NO_NAME.search(name):
                    reading = read(line.reply)
                    at = reading.folded.index_at(match.start())
                    span = reading.span(*reading.sentence(at, at + 1, LONGEST_SENTENCE))
                    yield found(
                        line, "history_contradiction", span, "history_contradiction.name", certainty=0.75, name=given
                    )
            used = used or (bool(given) and given in line.reply)
            heard = f"{heard}\n{line.reply}"
