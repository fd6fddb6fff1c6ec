"""Languages that share the Latin letters, told apart by their small words."""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+(?:['’-][A-Za-z\u00c0-\u024f]+)*")
FEWEST = 2
"""Different small words of a language that show it."""
FEW_WORDS = 4
"""A sentence of so many words, none of them an English small word, is foreign with two strange words in it."""

_STRANGE = re.compile(r"[\u00c0-\u024f\u1e00-\u1eff]")
_STRANGER = re.compile(r"[āáǎēěīíǐōǒūúǔǜñãõçßøåłżźćńśşğıőű\u1e00-\u1eff]|[àìòù]$")
_LOANS = frozenset(
    [
        "café",
        "cafés",
        "cliché",
        "clichés",
        "crème",
        "crêpe",
        "crêpes",
        "fiancé",
        "fiancée",
        "façade",
        "naïve",
        "naïveté",
        "déjà",
        "voilà",
        "à",
        "née",
        "résumé",
        "soirée",
        "protégé",
        "protégée",
        "risqué",
        "passé",
        "touché",
        "sauté",
        "purée",
        "séance",
        "décor",
        "début",
        "élan",
        "entrée",
        "matinée",
        "melée",
        "mêlée",
        "papier-mâché",
        "pâté",
        "piñata",
        "jalapeño",
        "señor",
        "señora",
        "señorita",
        "olé",
        "über",
        "doppelgänger",
        "smörgåsbord",
        "coöperate",
        "coördinate",
        "blessèd",
        "learnèd",
        "rôle",
        "café's",
        "tête-à-tête",
    ]
)
"""English words that kept their foreign letters."""


@dataclass(frozen=True, slots=True)
class SmallWords:
    """What a language is known by."""

    called: str
    """A pattern of what a card calls it, or calls those who speak it."""
    own: frozenset[str]
    """Words of no other language that matters here."""
    shared: frozenset[str]
    """Words that others have too, and count only beside its own."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one language in a text of another; `alone` when its sentence holds nothing else."""

    start: int
    end: int
    words: int
    alone: bool


@cache
def languages() -> Mapping[str, SmallWords]:
    """Every language with Latin letters that is known, by its code; English is `en`."""
    table = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
    return {
        code: SmallWords(row["called"], frozenset(row["words"].split()), frozenset(row["shared"].split()))
        for code, row in table.items()
    }


@cache
def _owners() -> Mapping[str, tuple[str, ...]]:
    """Each word's own languages."""
    owners: dict[str, tuple[str, ...]] = {}
    for code, language in languages().items():
        for word in language.own:
            owners[word] = (*owners.get(word, ()), code)
    return owners


def may_hold_foreign_words(text: str, spoken: Collection[str]) -> bool:
    """A quick look at a whole text, since most are in one language."""
    if not text.isascii() and _STRANGE.search(text):
        return True
    return len(_strange_words(frozenset(spoken)).intersection(LATIN_WORD.findall(text.lower()))) >= FEWEST


def outlandish(word: str) -> bool:
    """Whether a word has letters that English has not, and is no loan word and no name."""
    return word[:1].islower() and _STRANGER.search(word) is not None and word not in _LOANS


def foreign_stretch(sentence: str, spoken: Collection[str]) -> Stretch | None:
    """The longest run of words in a sentence that belongs to a language other than these."""
    found = [(match.group().lower().replace("’", "'"), *match.span()) for match in LATIN_WORD.finditer(sentence)]
    owners = _owners()
    votes = Counter(
        code for word in {word for word, _, _ in found} for code in owners.get(word, ()) if code not in spoken
    )
    code, most = votes.most_common(1)[0] if votes else ("", 0)
    if _other_tongue({word for word, _, _ in found}, spoken) >= max(most, 1):
        return None
    if most < FEWEST:
        return _wholly_foreign(sentence, [word for word, _, _ in found], most)
    run = max(_runs([word for word, _, _ in found], languages()[code]), key=len, default=range(0))
    if not run:
        return None
    return Stretch(found[run[0]][1], found[run[-1]][2], len(run), alone=len(run) == len(found))


def _other_tongue(words: Collection[str], spoken: Collection[str]) -> int:
    """How many of the words are small ones of a language that is spoken beside English."""
    others = [languages()[code] for code in spoken if code != "en"]
    return max((sum(word in each.own or word in each.shared for word in words) for each in others), default=0)


def _wholly_foreign(sentence: str, words: Sequence[str], most: int) -> Stretch | None:
    """A sentence without an English small word that has letters or a word of another language."""
    english = languages()["en"]
    if len(words) < FEW_WORDS or any(word in english.own or word in english.shared for word in words):
        return None
    places = list(LATIN_WORD.finditer(sentence))
    strange = (_STRANGE.search(place.group()) for place in places if place.group()[0].islower())
    if most + sum(map(bool, strange)) < FEWEST:
        return None
    return Stretch(places[0].start(), places[-1].end(), len(places), alone=True)


def _runs(words: Sequence[str], foreign: SmallWords) -> Iterator[range]:
    """Stretches without an English small word that hold enough of a language's own."""
    native = languages()["en"].own - foreign.own - foreign.shared
    start = 0
    for at, word in enumerate((*words, "")):
        if word in native or not word:
            if len(foreign.own.intersection(words[start:at])) >= FEWEST:
                yield range(start, at)
            start = at + 1


@lru_cache(maxsize=64)
def _strange_words(spoken: frozenset[str]) -> frozenset[str]:
    """The small words that none of these languages has."""
    return frozenset(word for word, codes in _owners().items() if not spoken.intersection(codes))
