"""The character speaks as one who knows a thing that its card, or its year, says it cannot know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat, found
from harness.checks.context import cited, is_at_home_with, unfamiliar
from harness.checks.eras import too_late_for
from harness.checks.phrases import LONGEST_SENTENCE, Hit, hits
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.persona import Persona
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

# Cards list unknown things as people write lists. An entry that states something ("English, long since forgotten",
# “京城和朝廷里的事”) names no single thing and is left to the judge.
_CLAUSES = re.compile(r"[,;:，；：。]")
_JOINTS = re.compile(r"[/、()（）]|\b(?:and|or)\b|和|与|及|或者?|以及")
_ARTICLES = re.compile(r"^(?:the planet|the|an?|any|all|modern) ", re.I)
_PROSE = re.compile(
    r"[的了是有没在会怎么吗谁哪后世一切这那类写看开做挑]|\b(?:what|who|how|why|whether|where|when|that|of|to|is|are)\b",
    re.I,
)
_ABOUT = re.compile("的(?:事|事情|道理|门道|规矩)$")
_LONGEST_WORDS = 3
_SHORTEST_WORD = 3
_HAN_TERM = range(2, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anachronism:
    """Looks for things that the card calls unknown, or that came after the character's time, used as if known."""

    failure_type: ClassVar[FailureType] = "anachronism"
    MESSAGES: ClassVar[tuple[str, ...]] = ("anachronism.unknown", "anachronism.too_late")

    def check(self, chat: Chat) -> Iterator[Finding]:
        """Every such thing that the character brings up by itself and does not wonder at."""
        terms = unknown_terms(chat.persona)
        unknown = "|".join(_spelled(term) for term in terms)
        names = frozenset(read(term).text for term in terms if term[0].isupper())
        late = too_late_for(chat.persona)
        heard = ""
        for line in chat.lines:
            heard = f"{heard}\n{read(line.user).text}"
            told: dict[tuple[int, int], tuple[str, str]] = {}
            for pattern, message in ((unknown, "anachronism.unknown"), (late, "anachronism.too_late")):
                for hit in hits(compile_pattern(pattern), chat, line) if pattern else ():
                    # The soil is no planet: what the card writes with a capital letter must have one in the reply.
                    common = hit.text in names and not line.reply[hit.reading.span(hit.start, hit.end).start].isupper()
                    if _is_known(hit, heard) and not common and not is_at_home_with(chat.persona, _spelled(hit.text)):
                        told.setdefault(hit.reading.sentence(hit.start, hit.end, LONGEST_SENTENCE), (message, hit.text))
            for (start, end), (message, thing) in told.items():
                span = read(line.reply).span(start, end)
                yield found(line, "anachronism", span, message, certainty=0.8, thing=thing)


def _is_known(hit: Hit, heard: str) -> bool:
    return hit.text.rstrip("s") not in heard and not cited(hit) and not unfamiliar(hit)


def unknown_terms(persona: Persona) -> tuple[str, ...]:
    """The names of things among what the card calls unknown, as the card spells them."""
    terms: dict[str, None] = {}
    for entry in persona.knowledge.unknown:
        clauses = [clause for clause in _CLAUSES.split(entry) if clause.strip()]
        if _ABOUT.search(entry) or (len(clauses) > 1 and any(_PROSE.search(clause) for clause in clauses)):
            continue
        names = (_ARTICLES.sub("", piece.strip()) for clause in clauses for piece in _JOINTS.split(clause))
        terms |= dict.fromkeys(name for name in names if _is_a_name(name))
    return tuple(terms)


def _is_a_name(term: str) -> bool:
    if not term or _PROSE.search(term):
        return False
    if term.isascii():
        return len(term.split()) <= _LONGEST_WORDS and len(term) >= _SHORTEST_WORD
    return len(term) in _HAN_TERM


def _spelled(term: str) -> str:
    """A pattern for a term of the card, whatever its number."""
    folded = read(term).text
    if not folded.isascii():
        return re.escape(folded)
    singular = folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded
    return rf"\b{re.escape(singular)}(?:s|es)?\b"
