"""Sentences that tell what the user does, says or feels, read clause by clause.

One deed alone may be what the character sees, orders or foretells: "You tremble, child.", "You turn left at the mill."
A deed in company of a feeling or a decision is a story about the user, and so is one that the character answers.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from harness.checks.phrases import TABLES
from harness.checks.reading import Reading
from harness.text.patterns import compile_pattern

MOST_SENTENCES = 60
"""Sentences of a reply that are read so."""

_NOT_TOLD = (
    r"\?|\bif (?:you|i|we|he|she|they|it)\b|\byou tell me[,.!;]"
    r"|^\W*(?:if|when(?:ever)?|unless|suppose|imagine|every time|once|before|after|until|next) "
    r"|\b(?:tomorrow|next (?:time|week|day|year)|some ?day|every (?:time|day|night"
    r"|morning)|everyone"
    r"|anyone|people|folk|remember|yesterday|ago|back then|last (?:night|week|year|time|spring|summer|autumn|winter)"
    r"|used to|the (?:day|night|time|way) you|that (?:day|night|year|time) you|as though|as if) "
    r"|\byou call(?:ed)?\b|\bso you\b.*\blet me\b|\ball there is to it\b"
)
_NOT_YET = re.compile(
    r"^(?:(?:will|would|could|should|might|may|must|shall|need|ought|have to|can)\b|'(?:ll|d)\b)"
    r"|\b(?:always|usually|often)\b"
)
"""What follows `you` in a clause that orders, foretells or sums up."""
_AS_EVER = re.compile(
    r"^\W*(?:every (?:time|night|day|morning|week|year|one)|always|each time|works every|like clockwork"
    r"|most (?:folk|men|people))"
)
"""A sentence that begins so makes the one before it a habit."""
_OWN_BODY = re.compile(
    r"^\W*(?:(?:so|but|now|then|suddenly|at last|below me|all at once) )*(?:your (?:own |whole |poor )?"
    r"(?:heart|nerve|courage|belly|blood|pulse|knees?|shoulders|hands?|eyes|voice|lips?|cheeks|breath|jaw|stomach"
    r"|legs|throat|resolve|mind|mouth|chin|fingers|tears|face|chest|skin)"
    r"|the tears) (?:[a-z]+ly )?"
    r"(?!(?:is|are|was|were|has|have|will|must|may|looks?|of|and|or|that|on|in|to|at|tells?|says?|shows?"
    r"|gives? (?:you|me)|needs?|wants?|smells?|reminds?)\b)[a-z]+"
    r"|^\W*(?:(?:so|but|now|then|suddenly|at last|all at once) )*(?:the|an?|one) (?:[a-z]+ )?(?:fight|greed|anger"
    r"|tightness|fear|strength|colou?r|blood|breath|tension|rage|doubt|shame|grief|stiffness|tears?|sob|laugh|smile|blush|shiver"
    r"|warmth|words?|knot|weight) [a-z]+s? (?:[a-z]+ ){0,3}(?:you\b|your (?:lips?|face|cheeks?|chest|eyes?|throat|mouth"
    r"|shoulders|spine|neck|heart|belly|stomach)\b)"
)
"""What the user's heart and hands do of themselves."""
_ANSWERED = re.compile(
    r"^\W*i (?!(?:will|would|can|could|shall|should|might|am|was|have|had|think|know|never|don't|didn't|ain't|mean"
    r"|suppose)\b)[a-z]+\b"
)
"""What the character does upon that, as if it had happened."""
_NOT_TOLD_ZH = re.compile(
    r"\?|[吗么罢吧][。,!]?$|,先[把喝吃坐歇去回]|(?:^|[,;:])(?:莫|别|勿|不要|休)|如果|要是|倘|假如|万一|等你|千万|不妨|最好|好像|看来|仿佛|八成|怕是|莫非|难怪|怪不得|是不是"
    r"|[你您]在(?![^,。]{1,12}[了着])|[你您](?:又|还|也|都|准)?(?:若|要[^么紧是命]|会|得|该|可|能|别|莫|先|只管|尽管|只要|再|去把|多|帮|替|给|拿着|记得|听(?![了完得着])|看(?![了着])|说真|想(?![起到])|大可|明|改|往后"
    r"|以后|每|总|后来|老是|常|从前|以前|当年|那年|去年|昨|上回|上次|小时候|前[天日儿])"
    r"|(?:当年|那年|去年|前年|昨[天日晚夜儿]|上[回次]|从前|以前|小时候|那[天日晚夜回]|每[天日次回晚]|明[天日儿早晚]|将来|来日|下[回次]|往后)[^。]{0,12}[你您]"
)
_SPLIT = re.compile(r"[,;:\n]|--| - |\band\b|\bthen\b|\buntil\b")
_PLAIN_VERB = re.compile(
    r"([a-z]{3,}(?<!ing)(?<!ed)(?<!ly)(?<!s)|[a-z]+ss) (?:the|an?|my|your|his|her|it|them|him|me|down|up|out|off"
    r"|back|over|into|onto|to|from|across|through|against|around|at|for|on|away|in|past|by|towards?|beside|twice|once|both)\b"
)
"""A verb of any kind, told from a noun by what follows."""
_YOU = re.compile(r"\b(?:you|ye|yow|thou|du)\b")
_YOUR = re.compile(r"\b(?:thy|thine|yer|yower)\b")
"""However a dialect spells it."""
_AT_THAT = re.compile(r"\b(?:at|over) (?:that|this)\b")
_YOU_ZH = re.compile("[你您妳侬恁汝尔]")
_SPLIT_ZH = re.compile(r"[,;:、\n]|--")
_OPENS = re.compile(
    r"^[^\w]*(?:(?:so|but|well|now|aye|ah|oh|and|then|there|slowly|at last) )*"
    r"(?:(?:for|at|in|on|by|with|halfway|under|through|from|without|along) [^,]{1,40} )?you\b ?"
)
_OPENS_ZH = re.compile(
    r"^[^\w]*(?:只见|于是|然后|便|就见|却见|不料|谁知|忽然|曲终之时|这时|此时|当下)?[你您妳侬恁汝尔](?:老|了|俩|们)?"
)
_ADVERB = re.compile(
    r"^(?:[a-z]+ly|then|just|also|still|even|only|now|already|too|first|again|at last|all|never|anyway|simply"
    r"|have|'ve|has) "
)
_ANOTHER = re.compile(
    r"^\W*(?:i|he|she|it|they|we|the|my|his|her|their|there|this|that|which|who|for|as|because|till|where|what)\b"
)
_ANOTHER_ZH = re.compile(
    r"^\W*[^\W给把向对跟]{0,2}(?:我(?![手身怀的])|俺|咱)|^\W*(?:他|她|它|在下|本[座王宫帅猫]|老[夫身娘子朽]|奴家|小[僧人的神仙妖鬼可生女店老]|这|那|此|谁|什么)"
)
_INTIMATE = re.compile(r"\b(?:my|me|anyway)\b")
_SHOWING = re.compile(
    r"\b(?:weeping|sobbing|begging|trembling|shaking|quivering|blushing|laughing|giggling|grinning|crying|wept|smiling"
    r"|sighing|despite yourself|without (?:looking back|looking at me|a (?:single )?word|thinking|meeting my)"
    r"|with an? (?:\w+ )?(?:cry|sob|sigh|laugh|shudder|gasp|groan|whimper|smile|grin))\b"
    r"|^(?:wishing|hoping|fearing|dreading|longing|wondering|knowing)\b"
)
_ASIDE_ZH = re.compile(r"^\W*[(*\[][^()*\[\]]*[)*\]]")
_SAYING_ZH = re.compile(r"^\W*(?:[悄低小轻颤大]声)?(?:说|喊|答|嚷|求|话)")
_ANSWER_ZH = re.compile(r"^\W*(?:就|便|只|又|才)?(?:说|答|应)(?:好|行|成|可以|愿意|不|是|你|要|算|自己)")
_PERFECT_ZH = re.compile(r"[了着咗没]|起|进|出|下|上|过|到|开|把|将|一[把口声头]")
_ACTED_ZH = re.compile(
    "[拆改拍赏付挑骑翻解蹲坐走撒套贴掏摸夺取拿捏推关脱伸抱握拉扯拽摆揣接递放剥跑追退凑靠搂亲吻抚写签按喝吃咽吞扔丢摔砸拔刺砍塞数埋擦抹"
    "摘穿披戴盯剪敲踹跳爬钻躲藏缩趴躺捡拾捧端斟叠折撕咬舔踢踩打割挖点掀揭锁搬扛背抛甩挥拨系绑缠搭扶挽牵攥揉拧捂遮冲溜迈跨登瞓拣行]"
    "(?:了|咗|着|起|出|下|上|进|过|到|开|回|给|在|成|住|掉|入|低|翻|倒|碎|走|来|去)|一[拍扔甩推塞放搁抛摔]"
)
"""A verb of doing with the mark of something done or reached."""
_INTIMATE_ZH = re.compile(
    r"(?:给|把|向|跟|对|朝|往|拉|抱|抓|扶|推|求|亲|吻|搂|夺过|抢过|叮嘱|冲)(?:我|俺|咱|老[身夫朽娘]|奴家|在下)"
)


@dataclass(frozen=True, slots=True)
class Deeds:
    """What tells a deed of the user in one language."""

    inward: tuple[str, ...]
    """What only the user can know, or decide; the longest first."""
    deed: frozenset[str]
    stative: frozenset[str]
    """What may follow `you` and tells no story: states, helpers, things past, work that one describes or teaches."""


@cache
def _deeds() -> Mapping[str, Deeds]:
    table = tomllib.loads((TABLES / "deeds.toml").read_text(encoding="utf-8"))
    return {
        language: Deeds(
            inward=tuple(sorted(row["inward"], key=len, reverse=True)),
            deed=frozenset(row["deed"]),
            stative=frozenset(row.get("stative", ())),
        )
        for language, row in table.items()
    }


@cache
def _any_of(language: str, kind: str) -> re.Pattern[str]:
    words = getattr(_deeds()[language], kind)
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def told_deeds(reading: Reading) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence that tells a story about the user."""
    text = reading.text
    if not _YOU.search(text) and not _YOU_ZH.search(text):
        return
    for start, end in reading.sentences[:MOST_SENTENCES]:
        sentence = _YOUR.sub("your", _YOU.sub("you", text[start:end]))
        chinese = _YOU_ZH.search(sentence) is not None
        if not chinese and "you" not in sentence:
            continue
        innocent = (_NOT_TOLD_ZH if chinese else compile_pattern(_NOT_TOLD)).search(sentence)
        if innocent or reading.kind(start) == "quoted" or _AS_EVER.search(text[end : end + 40]):
            continue
        if _story_zh(sentence) if chinese else _story(sentence):
            yield start, end


def _story(sentence: str) -> bool:
    """Whether the clauses with `you` for a subject hold a feeling and a deed, or deeds close to somebody's skin."""
    inward = deeds = acts = intimate = answered = 0
    going_on = False
    for clause in _SPLIT.split(sentence):
        opened = _OPENS.search(clause)
        if opened:
            rest = clause[opened.end() :]
            going_on = _NOT_YET.search(rest) is None
            if not going_on:
                continue
        elif _OWN_BODY.search(clause):
            inward += 1
            continue
        elif going_on and not _ANOTHER.search(clause):
            rest = clause.lstrip()
        else:
            answered += bool(inward + intimate and _ANSWERED.search(clause))
            going_on = going_on and not _ANOTHER.search(clause)
            continue
        kind = "inward" if _SHOWING.search(rest) else _kind(rest)
        inward += kind == "inward"
        answered += kind == "inward" and _AT_THAT.search(rest) is not None
        deeds += kind == "deed"
        acts += kind == "act"
        intimate += kind in ("inward", "deed") and _INTIMATE.search(rest) is not None
        going_on = kind is not None or not opened
    told = (inward >= 1 and inward + deeds + acts >= 2) or (deeds >= 2 and intimate >= 1)
    return told or answered >= 1


def _kind(rest: str) -> Literal["inward", "deed", "act"] | None:
    """What the verb that opens a clause is: inward, a deed, an act that is none of those known, or nothing told."""
    table = _deeds()["en"]
    for _ in range(3):
        rest = _ADVERB.sub("", rest)
    if any(re.match(rf"{re.escape(verb)}\b", rest) for verb in table.inward if rest.startswith(verb)):
        return "inward"
    first = rest.split(" ", 1)[0].strip(".,!;:\"'")
    if first in table.deed:
        return "deed"
    plain = _PLAIN_VERB.match(rest)
    return "act" if plain and plain[1] not in _deeds()["en"].stative else None


def _story_zh(sentence: str) -> bool:
    """The same for Chinese, where nothing marks a subject that goes on but the lack of another."""
    inward = deeds = intimate = 0
    going_on = False
    for clause in _SPLIT_ZH.split(_ASIDE_ZH.sub("", sentence, count=1)):
        opened = _OPENS_ZH.search(clause)
        if opened:
            going_on = True
        elif _ANOTHER_ZH.search(clause):
            going_on = False
        if going_on:
            done = (_PERFECT_ZH.search(clause) or _SAYING_ZH.search(clause)) is not None
            did = done and (_any_of("zh", "deed").search(clause) or _ACTED_ZH.search(clause)) is not None
            inward += did and deeds >= 1 and _ANSWER_ZH.search(clause) is not None
            inward += min(len(_any_of("zh", "inward").findall(clause)), 2)
            deeds += did
            intimate += did and _INTIMATE_ZH.search(clause) is not None
    return (inward >= 1 and inward + deeds >= 2) or deeds >= 3 or (deeds >= 2 and intimate >= 1)
