"""The reply writes the user's part: a line of script under the user's name, or what "you" do and say next."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, Line, found
from harness.checks.context import EXCUSES, cited, repeats
from harness.checks.deeds import told_deeds
from harness.checks.phrases import Hit, Phrases, hits
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

# Labels that only a transcript has. A name before a colon may also open a letter: see `_script_lines`.
_TRANSCRIPT_LABEL = r"(?:user|human|\{\{ ?user ?\}\}|<user>|用户|玩家|使用者)"
_STRANGER = (
    r"(?:customer|visitor|guest|caller|stranger|newcomer|travell?er|buyer|patient|passenger|client|pilgrim|patron|petitioner"
    r"|wanderer|adventurer)"
)
"""Whom a character meets. Such a label may also head a form, so what follows must be said by somebody to somebody."""
_SPOKEN = r"(?:[^\n]*[!?]|[^\n]*\b(?:i|i'll|i'm|i'd|me|my|you|please)\b)"
_OPENS_LINE = r'[ *\[(【"]{0,4}'

_TEACHING = re.compile(r"\b(?:taught|told|used to say|always say|rule|lesson)\b|教过|常说")


def taught(hit: Hit) -> bool:
    """How one does it, in somebody's words: "You nod and say yes," my mother taught me."""
    return cited(hit) and _TEACHING.search(hit.text + hit.reading.sentence_after(hit.end)) is not None


_PHRASES = Phrases("speaks_for_user", {**EXCUSES, taught.__name__: taught})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeaksForUser:
    """Finds words and deeds that only the user may choose."""

    failure_type: ClassVar[FailureType] = "speaks_for_user"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(f"speaks_for_user.{case}" for case in ("words", "acts", "script"))

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every place where the reply plays the user."""
        yield from _PHRASES.findings(chat)
        for line in chat.lines:
            yield from _script_lines(chat, line)
            yield from _told(line)


def _told(line: Line) -> Iterator[Finding]:
    """Sentences in which the user does and feels things that the user did not tell of."""
    reading = read(line.reply)
    for start, end in told_deeds(reading):
        if not repeats(reading.text[start:end], line.user):
            span = reading.span(start, end)
            yield found(line, "speaks_for_user", span, "speaks_for_user.acts", certainty=0.75, severity="break")


def _script_lines(chat: Chat, line: Line) -> Iterator[Finding]:
    """Lines under the user's name. At the very start, a name and a colon may address a letter: they are let pass
    unless another label follows.
    """
    if ":" not in read(line.reply).text:
        return
    stranger = rf"\n{_OPENS_LINE}({_STRANGER} ?\**:{_SPOKEN}[^\n]*)"
    labelled = rf"(?:^|\n){_OPENS_LINE}({_TRANSCRIPT_LABEL} ?\**:[^\n]*)|{stranger}"
    own = rf"((?:{_names(chat.persona)}) ?\**:[^\n]*)"
    named = rf"\n{_OPENS_LINE}{own}|^{_OPENS_LINE}{own}\n+[^\n:]{{1,24}}:"
    own_name = re.escape(read(chat.persona.name).text.split()[0])
    answers = re.search(rf"(?:^|\n){_OPENS_LINE}{own_name}\b[^:\n]{{0,24}}:", read(line.reply).text)
    for hit in hits(compile_pattern(r"\n([a-z][\w'-]+(?: [a-z][\w'-]+)? ?: ?[^\n]+)"), chat, line):
        spoken = hit.text.partition(":")[0].strip()
        heard = " ".join(read(one.user).text for one in chat.lines)
        if (answers or re.search(rf"\b{re.escape(spoken)}\b", heard)) and spoken not in read(chat.persona.name).text:
            yield _script(hit)
    for hit in (*hits(compile_pattern(labelled), chat, line), *hits(compile_pattern(named), chat, line)):
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
