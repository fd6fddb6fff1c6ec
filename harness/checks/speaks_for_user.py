"""The reply writes the user's part: a line of script under the user's name, or what "you" do and say next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import already_done, cited
from harness.checks.phrases import Hit, Phrase, Phrases, hits, one_of
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType

# Labels that only a transcript has. A name before a colon may also open a letter: see `_script_lines`.
_TRANSCRIPT_LABEL = r"(?:user|human|\{\{ ?user ?\}\}|<user>|用户|玩家|使用者)"
_OPENS_LINE = r'[ *\[(【"]{0,4}'

# Doings that a speaker neither orders ("you turn left at the mill") nor says of people in general ("you win some").
# One alone may be what the character sees ("You tremble, child."); two in a row are a story about the user.
_ACT = (
    r"(?:nod|bow|smile|grin|blush|sigh|gasp|whisper|murmur|stammer|mumble|tremble|shiver|kneel|swing|flinch|chuckle"
    r"|giggle|laugh|weep|sob|reach|shrug|frown|hesitate|swallow|stumble|collapse|draw|step|lean|fall|drop|follow|turn"
    r"|pick|grab|stare|gaze|feel|walk|hand|pull|push|sit|stand|rise|clutch|look|take (?:it|my|his|her|the|a))"
)
_MANNER = r"(?:[a-z]+ly |then |just |finally |can't help but )?"
_SAY = r"(?:say|reply|answer|ask|whisper|murmur|mutter|shout|cry|beg|stammer|confess)"
_NEXT_ACT = rf"(?:{_SAY}|admit|laugh|smile|nod|sigh|fall|kneel|weep|sob|feel|follow|tremble|collapse|accept|agree)"
_ACT_ZH = one_of(
    r"[点摇]了?[点摇]头",
    r"[低抬回]下?[起过]?头",
    r"笑(?:着|了笑|了起来)",
    r"叹了?一?口气",
    r"追了?上[去来]",
    r"跪(?:倒|下|了下)",
    r"哭(?:着|了起来|出)",
    r"哽咽|颤抖|愣[住了]|后退|吓得|腿一软|深吸",
    r"抱住|接过|伸出?了?手|握[住紧]|拉[住着]|咬[着了]",
    r"转过?身|走[上向]前?|往[前后](?:迈|退)|坐了?下来?|站了?起来",
    r"红[了着]?[脸眼]|闭上眼|皱[着了起]眉?",
    r"轻[声轻]|低声|小声|大声",
)
_SAY_ZH = r"(?:说|道|喊|问|答|叫|求|嚷)[道着]?"
_STARTS = r'(?:^|[.!?"*\n)] ?)'
_STARTS_ZH = r'(?:^|[。!?"*\n),] ?)'
_WORDS = r'[,:] ?"[^"\n]{1,200}"'

_PHRASES = Phrases(
    "speaks_for_user",
    (
        Phrase(
            message="speaks_for_user.words",
            pattern=one_of(
                rf'{_STARTS}(you {_MANNER}{_ACT}\b[^.!?"\n]{{0,80}}\b{_SAY}[^.!?"\n]{{0,16}}{_WORDS})',
                rf'(你[^。!?"\n]{{0,16}}{_ACT_ZH}[^。!?"\n]{{0,24}}{_SAY_ZH}{_WORDS})',
            ),
            certainty=0.95,
            severity="break",
            unless=(already_done,),
        ),
        Phrase(
            message="speaks_for_user.acts",
            pattern=one_of(
                rf'{_STARTS}(you {_MANNER}{_ACT}\b[^.!?"\n]{{0,60}}(?:,| and)(?: and)?(?: then)?(?: [^.!?"\n]{{0,30}})?'
                rf" {_NEXT_ACT}\b[^.!?\n]{{0,80}}[.!]?)",
                rf'{_STARTS_ZH}(你[^。!?,"\n]{{0,8}}{_ACT_ZH}[^。!?"\n]{{0,24}}'
                rf'(?:,[^。!?"\n]{{0,16}}{_ACT_ZH}|,?{_SAY_ZH})[^。!?\n]{{0,40}})',
            ),
            certainty=0.8,
            unless=(cited, already_done),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeaksForUser:
    """Finds words and deeds that only the user may choose."""

    failure_type: ClassVar[FailureType] = "speaks_for_user"
    MESSAGES: ClassVar[tuple[str, ...]] = (*_PHRASES.messages, "speaks_for_user.script")

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every place where the reply plays the user."""
        yield from _PHRASES.findings(chat)
        for line in chat.lines:
            yield from _script_lines(chat, line)


def _script_lines(chat: Chat, line: Line) -> Iterator[Finding]:
    """Lines under the user's name. At the very start, a name and a colon may address a letter: they are let pass."""
    if ":" not in read(line.reply).text:
        return
    labelled = rf"(?:^|\n){_OPENS_LINE}({_TRANSCRIPT_LABEL} ?\**:[^\n]*)"
    named = rf"\n{_OPENS_LINE}((?:{_names(chat.persona)}) ?\**:[^\n]*)"
    for hit in (*hits(labelled, chat, line), *hits(named, chat, line)):
        if not cited(hit):
            yield _script(hit)


def _script(hit: Hit) -> Finding:
    span = hit.reading.span(hit.start, hit.end)
    return found(hit.line, "speaks_for_user", span, "speaks_for_user.script", certainty=0.95, severity="break")


def _names(persona: Persona) -> str:
    """What a script would call the user: the persona's name for the user, with and without its article, or "you"."""
    name = read(persona.user.name).text
    return "|".join(
        re.escape(label) for label in dict.fromkeys((name, re.sub(r"^(?:the|an?) ", "", name), "you", "你"))
    )
