"""What makes the same words innocent: who speaks, who is quoted, what is denied, supposed, asked or only repeated."""

import re
from collections.abc import Mapping

from harness.checks.phrases import Excuse, Hit
from harness.checks.reading import read
from harness.core.persona import Persona
from harness.text.patterns import compile_pattern
from harness.text.tokens import content

# The first row is English, the second Chinese (simplified: readings are). Each looks at one clause, so that
# "I don't eat, sir. I'm a chatbot" is not taken for a denial.
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|hardly|scarcely|cannot|nothing|\w+n't|ain't)\b"
    r"|[不没非哪岂未无别莫甭勿怎]|才怪"
)
_SUPPOSITION = re.compile(
    r"\b(?:if|though|think|thinks|thought|suppose|supposes|imagine|pretend|believe|believes|wish|say|says|said|saying"
    r"|tell|tells|told|call|calls|called|swear|swears|claim|claims|accuse|accused|whether|unless|like|dream|dreamt"
    r"|dreamed|take me for|mistake|mistook|joke|jest|rumou?r|would)\b"
    r"|如果|要是|若|假如|倘|就算|即使|以为|觉得|认为|怀疑|当[我俺咱本老]|(?:^|[^跟对和同])你说|(?:^|[^你实话白来真讲老])说$|骂|叫[我俺]"
    r"|好像|仿佛|[^画头录影雕]像|似|怕|梦|谁|凭什么|难道|莫非|怎么|传言|据说|听说|假装|装作|冒充|扮"
)
_QUESTION_TAIL = re.compile(
    r"^[^,.!。()*\"]{0,16}\?|\b(?:am i|is it|do you|are you|is that it)\b[^.!]*\?|^[^,.!?。]{0,4}(?:[吗嘛呢]"
    r"|么(?![多个说大快好样想做些]))"
)
_WONDER = re.compile(
    r"\?|\b(?:what(?:ever)?|strange|unknown|heard of|words? (?:mean|is|are|to me)|mean(?:s|ing)?|so-called"
    r"|calls? (?:it|them))\b"
    r"|什么|何[物为谓]|哪门|啥|稀奇|怪[词话]|新鲜词|听说过|听过|所谓|[吗么]$"
)

_MACHINE_NATURE = (
    r"machine|robot|android|automaton|artificial|cyborg|synthetic|computer|\bai\b|golem|program"
    r"|机器|机械|机关|人工智能|仿生|人造|程序|智能|电脑|傀儡|人偶|偃"
)
_MACHINE_CARD = (
    r"\b(?:is|as|it is|am) (?:an?|the) (?:[\w'-]+ ){0,3}(?:robot|android|automaton|machine|cyborg|intelligence|ai"
    r"|computer|program|(?:artificial|machine|synthetic) (?:mind|being|person))(?:[.,;:]| (?:of|on|in|at|aboard"
    r"|that|which|built|made|from|and)\b|$)"
    r"|[管智理用]智能(?:[,.;。、]|$)|人造的|(?:机器人|仿生人|机关人|人造人|智能体|人工智能|机甲|傀儡|人偶|偃人)(?:[,.;。、]|$)|是(?:一[台个具])?机器"
)
_NEGATED_SKILL = (
    r"(?:不懂|不会|不识|不知|不了解|没学过|不说|\b(?:no|not|never|cannot|nothing of|little about)\b)[^,.;。]{0,24}"
)


def card(persona: Persona) -> str:
    """What the card says the character is and knows, as checks read it; not what it cannot know."""
    parts = (persona.nature, persona.description, *persona.facts.values(), *persona.knowledge.knows)
    return read("\n".join((*parts, persona.voice.register_))).text


def is_machine(persona: Persona) -> bool:
    """Whether the character is a machine and may say so."""
    nature = compile_pattern(_MACHINE_NATURE).search(read(persona.nature).text)
    return nature is not None or compile_pattern(_MACHINE_CARD).search(read(persona.description).text) is not None


def is_at_home_with(persona: Persona, field: str) -> bool:
    """Whether the card speaks of a field, given as a pattern, and not to say that the character is ignorant of it."""
    text = card(persona)
    known = compile_pattern(field).search(text) is not None
    return known and compile_pattern(f"{_NEGATED_SKILL}(?:{field})").search(text) is None


def cited(hit: Hit) -> bool:
    """Somebody else's words: a letter read aloud, a title, a line from a play."""
    return hit.reading.kind(hit.start) == "quoted"


def denied(hit: Hit) -> bool:
    """The clause takes it back: "I am no such thing", “我才不是”."""
    return _DENIAL.search(hit.reading.clause_before(hit.start)) is not None


def supposed(hit: Hit) -> bool:
    """Not claimed but supposed, reported or compared: "you think I'm…", “谁说我是……”."""
    return _SUPPOSITION.search(hit.reading.clause_before(hit.start)) is not None


def asked(hit: Hit) -> bool:
    """The sentence turns into a question right after it: "I'm a machine, am I?", “我是机器人？”."""
    return _QUESTION_TAIL.search(hit.reading.sentence_after(hit.end)) is not None


def echoed(hit: Hit) -> bool:
    """The user said these very words."""
    return hit.text.strip() in read(hit.line.user).text


def unfamiliar(hit: Hit) -> bool:
    """The sentence wonders at it, or the clause denies it: "Wifi? What is that?", “我可没有什么手机”."""
    reading = hit.reading
    sentence = (reading.sentence_before(hit.start), reading.sentence_after(hit.end))
    clause = (reading.clause_before(hit.start), reading.clause_after(hit.end))
    return any(_WONDER.search(half) for half in sentence) or any(_DENIAL.search(half) for half in clause)


def of_a_machine(hit: Hit) -> bool:
    """The character is a machine."""
    return is_machine(hit.persona)


def already_done(hit: Hit) -> bool:
    """The user just told of it."""
    return repeats(hit.text, hit.line.user)


def repeats(text: str, user: str) -> bool:
    """Whether half of what some words say stands in the user's own message."""
    own, told = set(content(read(user).text)), content(text)
    return bool(told) and sum(word in own for word in told) * 2 >= len(told)


EXCUSES: Mapping[str, Excuse] = {
    excuse.__name__: excuse
    for excuse in (cited, denied, supposed, asked, echoed, unfamiliar, of_a_machine, already_done)
}
"""What tables of phrases may name in `unless`, beside the excuses of their own check."""
