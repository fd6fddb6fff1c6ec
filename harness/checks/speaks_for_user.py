"""The reply writes the user's part: a line of script under the user's name, or what "you" do and say next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import already_done, asked, cited, supposed
from harness.checks.phrases import Hit, Phrase, Phrases, hits, one_of
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType

# Labels that only a transcript has. A name before a colon may also open a letter: see `_script_lines`.
_TRANSCRIPT_LABEL = r"(?:user|human|\{\{ ?user ?\}\}|<user>|用户|玩家|使用者)"
_OPENS_LINE = r'[ *\[(【"]{0,4}'

# Doings that nobody orders ("you turn left at the mill") nor says of people in general ("you win some"). One alone may
# be what the character sees ("You tremble, child."); with a second doing it is a story about the user.
_FEELING = (
    r"(?:nod|bow|smile|grin|blush|sigh|gasp|whisper|murmur|stammer|mumble|tremble|shiver|kneel|swing|flinch|chuckle"
    r"|giggle|laugh|weep|sob|reach|shrug|frown|hesitate|swallow|stumble|collapse|stare|gaze|clutch)"
)
_DOING = r"(?:draw|step|lean|fall|drop|follow|turn|pick|grab|walk|hand|pull|push|sit|stand|rise|take|look|feel)"
_MANNER = r"(?:[a-z]+ly |then |just |finally |can't help but )?"
_SAY = r"(?:say|reply|answer|ask|whisper|murmur|mutter|shout|cry|beg|stammer|confess)"
_NEXT = rf"(?:{_SAY}|{_FEELING}|admit|fall|feel|follow|step|accept|agree|take (?:my|his|her))"
_NEXT_FEELING = rf"(?:{_FEELING}|feel|confess|admit|beg|cry)"
# What is over and done, or shows on a face: no order is given like that.
_DONE_ZH = one_of(
    r"点了?点头|摇了?摇头|点了头",
    r"笑(?:了笑|了起来|着[点摇说道看接伸])",
    r"叹了?一?口气",
    r"追了上[去来]",
    r"跪(?:倒|了下)",
    r"哭(?:了起来|出|着[说道喊求点])",
    r"哽咽|颤抖|沉默(?:了|片刻|良久)|愣[住了]|吓得|腿一软|犹豫了|深吸了?一口气",
    r"[伸抱握拉接咬]了|红了?着?[脸眼]|皱[着了起]眉?",
    r"低下[了]?头|抬起了头|转过了?身|往[前后][迈退]了|坐了下来|站了起来",
)
_ACT_ZH = one_of(
    _DONE_ZH,
    r"[点摇低抬回]头|伸出?手|抱住|接过|握[住紧]|拉[住着]|跪下|后退|走[上向]前|坐下|转身|闭上眼|[轻低小大]声|双手合十|行礼",
)
_SAY_ZH = r"(?:说|道|喊|问|答|叫|求|嚷)[道着]?"
_NEXT_ZH = rf"(?:{_ACT_ZH}|{_SAY_ZH}[道着])"
_STARTS = r'(?:^|[.!?"*\n)] ?)'
_STARTS_ZH = r'(?:^|[。!?"*\n),] ?)'
_WORDS = r'[,:] ?"[^"\n]{1,200}"'
_REST = r'[^.!?"\n]'
_REST_ZH = r'[^。!?"\n]'
_AND = rf"(?:,| and)(?: and)?(?: then)?(?: {_REST}{{0,30}})?"


_TEACHING = re.compile(r"\b(?:taught|told|used to say|always say|rule|lesson)\b|教过|常说")


def _taught(hit: Hit) -> bool:
    """How one does it, in somebody's words: "You nod and say yes," my mother taught me."""
    return cited(hit) and _TEACHING.search(hit.text + hit.reading.sentence_after(hit.end)) is not None


_PHRASES = Phrases(
    "speaks_for_user",
    (
        Phrase(
            message="speaks_for_user.words",
            pattern=one_of(
                rf"{_STARTS}(you {_MANNER}(?:{_FEELING}|{_DOING})\b{_REST}{{0,80}}\b{_SAY}{_REST}{{0,16}}{_WORDS})",
                rf'("[^"\n]{{1,200}}[,.!?]" ?you {_MANNER}{_SAY}\b{_REST}{{0,40}})',
                rf"(你{_REST_ZH}{{0,16}}{_ACT_ZH}{_REST_ZH}{{0,24}}{_SAY_ZH}{_WORDS})",
            ),
            certainty=0.95,
            severity="break",
            unless=(already_done, supposed, _taught),
        ),
        Phrase(
            message="speaks_for_user.acts",
            pattern=one_of(
                rf"{_STARTS}(you {_MANNER}{_FEELING}\b{_REST}{{0,60}}{_AND} {_NEXT}\b[^.!?\n]{{0,80}}[.!]?)",
                rf"{_STARTS}(you {_MANNER}{_DOING}\b{_REST}{{0,60}}{_AND} {_NEXT_FEELING}\b[^.!?\n]{{0,80}}[.!]?)",
                rf"[*(\[] ?(you {_MANNER}{_FEELING}\b[^*)\]\n]{{0,80}})",
                rf'{_STARTS_ZH}(你[^。!?,"\n]{{0,8}}{_DONE_ZH}{_REST_ZH}{{0,30}}{_NEXT_ZH}[^。!?\n]{{0,40}})',
                rf'{_STARTS_ZH}(你[^。!?,"\n]{{0,8}}{_ACT_ZH}{_REST_ZH}{{0,30}}{_DONE_ZH}[^。!?\n]{{0,40}})',
                rf"[*(\[] ?(你[^。!?,)*\n]{{0,8}}{_ACT_ZH}[^)*\]\n]{{0,60}})",
            ),
            certainty=0.8,
            unless=(cited, already_done, asked),
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
    """Lines under the user's name. At the very start, a name and a colon may address a letter: they are let pass
    unless another label follows.
    """
    if ":" not in read(line.reply).text:
        return
    labelled = rf"(?:^|\n){_OPENS_LINE}({_TRANSCRIPT_LABEL} ?\**:[^\n]*)"
    own = rf"((?:{_names(chat.persona)}) ?\**:[^\n]*)"
    named = rf"\n{_OPENS_LINE}{own}|^{_OPENS_LINE}{own}\n+[^\n:]{{1,24}}:"
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
