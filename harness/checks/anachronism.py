"""The character speaks as one who knows a thing that its card, or its year, says it cannot know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, found
from harness.checks.context import cited, unfamiliar
from harness.checks.eras import too_late_for
from harness.checks.phrases import Hit, hits
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType

# Cards list unknown things as people write lists. What joins them is cut, what is no name for a thing is left out.
_JOINTS = re.compile(r"[,;:/、，；。()（）]|\band\b|\bor\b|\bother than\b|和|与|及|或者?|以及")
_ARTICLES = re.compile(r"^(?:the planet|the|an?|any|all|modern) ")
_PROSE = re.compile(
    r"[的了是有没在会怎么吗谁哪后世一切这那之类]|\b(?:what|who|how|why|whether|where|when|that|of|to|is|are|after|before)\b"
)
_LONGEST_WORDS = 3
_HAN_TERM = range(2, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anachronism:
    """Looks for things that the card calls unknown, or that came after the character's time, used as if known."""

    failure_type: ClassVar[FailureType] = "anachronism"
    MESSAGES: ClassVar[tuple[str, ...]] = ("anachronism.unknown", "anachronism.too_late")

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every such thing that the character brings up by itself and does not wonder at."""
        unknown = "|".join(_spelled(term) for term in unknown_terms(chat.persona))
        late = too_late_for(chat.persona)
        heard = ""
        for line in chat.lines:
            heard = f"{heard}\n{read(line.user).text}"
            for pattern, message in ((unknown, "anachronism.unknown"), (late, "anachronism.too_late")):
                for hit in hits(pattern, chat, line) if pattern else ():
                    if _is_known(hit, heard):
                        span = hit.reading.span(hit.start, hit.end)
                        yield found(line, "anachronism", span, message, certainty=0.8, thing=hit.text)


def _is_known(hit: Hit, heard: str) -> bool:
    return hit.text.rstrip("s") not in heard and not cited(hit) and not unfamiliar(hit)


def unknown_terms(persona: Persona) -> tuple[str, ...]:
    """The names of things among what the card calls unknown; whole statements are for the judge."""
    terms: dict[str, None] = {}
    for entry in persona.knowledge.unknown:
        for piece in _JOINTS.split(read(entry).text):
            term = _ARTICLES.sub("", piece.strip())
            if _is_a_name(term):
                terms[term] = None
    return tuple(terms)


def _is_a_name(term: str) -> bool:
    if not term or _PROSE.search(term):
        return False
    return len(term.split()) <= _LONGEST_WORDS and len(term) >= 3 if term.isascii() else len(term) in _HAN_TERM


def _spelled(term: str) -> str:
    if not term.isascii():
        return re.escape(term)
    singular = term[:-1] if term.endswith("s") and not term.endswith("ss") else term
    return rf"\b{re.escape(singular)}(?:s|es)?\b"
