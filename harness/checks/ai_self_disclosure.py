"""The character says that it is an AI, a chatbot, a program. A machine may say that it is a machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import NOT_MEANT, card, cited, is_at_home_with, is_machine, of_a_machine
from harness.checks.phrases import Hit, Phrase, Phrases, one_of
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

# What no character is, not even the robot of a story, unless its card says so.
PRODUCT = one_of(
    r"(?:large )?language model",
    r"llm",
    r"chat[ -]?bot",
    r"conversational (?:ai|agent|model)",
    r"(?:ai|virtual|digital|artificial intelligence) (?:language )?(?:model|assistant|chatbot|companion|system)",
    r"ai-powered \w+",
    r"text-based (?:ai|model|program)",
    r"generative ai",
    r"(?:chat)?gpt(?:-?\d\w*)?",
    r"(?:role-?play(?:ing)?|dialogue?) (?:model|system|ai|bot)",
)
PRODUCT_ZH = one_of(
    r"大?(?:型)?语言模型",
    r"大模型",
    r"聊天(?:机器人|程序|程式|软件|模型|助手)",
    r"对话(?:助手|系统|机器人|模型|程序|程式)",
    r"(?:ai|人工智能|智能|虚拟|语音|数字)(?:语言)?(?:助手|助理|模型|客服|角色|聊天\p{Han}{2,3})",
    r"(?:chat)?gpt[-\w]*|混元|文心一言|通义千问|豆包|deepseek",
    r"角色扮演(?:模型|ai|机器人)",
)
# What a machine may well call itself, and nobody else.
MACHINE = one_of(
    r"ai",
    r"a\.i\.",
    r"artificial (?:intelligence|mind|being)",
    r"robot",
    r"android",
    r"bot",
    r"(?:computer )?program",
    r"(?:piece of )?software",
    r"algorithm",
    r"computer",
    r"(?:string|pile|bunch|lines?) of code",
)
MACHINE_ZH = one_of(
    r"ai",
    r"人工智[能慧]",
    r"机器人?",
    r"(?:电脑|计算机)?程[序式]",
    r"[算演]算?法",
    r"(?:一[段串])?(?:程序)?代码",
    r"虚拟人物?",
)

_ADVERBS = (
    r"(?:,? (?:just|only|merely|simply|actually|really|still|but|also|in fact|nothing (?:more than|but)|basically"
    r"|essentially|technically|honestly|in truth|of course))*,?"
)
_ADJECTIVES = (
    r"(?:(?:mere|simple|large|virtual|digital|computer|helpful|advanced|sophisticated|humble|trained|harmless"
    r"|friendly"
    r"|neural|big|silly|clever|little|ai|fictional|modern|customer service) ){0,3}"
)
_ARTICLE = r"(?:an?|your|the|one|some kind of an?)"
_SELF_ZH = r"(?:我|俺|咱|在下|本[座王宫尊]|老[夫朽身娘]|姑奶奶|小人|小女子|奴家|贫[道僧])"
_ADVERBS_ZH = (
    r"(?:其实|只|就|不过|本来|也|真的|毕竟|确实|的确|可|实际上|说白了|终究|到底|仅仅|根本|得承认|要承认|,|、)*"
)
_MEASURE_ZH = (
    r"(?:一|个|款|名|位|种|台|只|段|由\p{Han}{2,10}(?:训练|开发|研发|打造|创造)(?:出来)?的|先进的|虚拟的?"
    r"|没有感情的|冰冷的|会聊天的|普通的|来自\p{Han}{2,6}的|腾讯|阿里|百度|谷歌|字节|openai)*"
)
# What may follow if that is all that is claimed: "I'm an AI", not "I'm an AI researcher".
_END = (
    r"""(?:[^\w\p{L}]*$|[.,;:!?()"*\n]| -| (?:and|but|so|or|who|that|which|trained|created|made|built|developed"""
    r"|designed|programmed|playing|pretending|simulating|meant|living|inside|talking|speaking|because|since|for|in|of"
    r"|to|as|if|now|then|just|only|no|too|really|running|without|with|from|by|here|after|called|i|you|not|at|on"
    r"|some(?:body|one))\b)"
)
_END_ZH = r"""(?:[^\w\p{L}]*$|[,.;:!?()"*\n。、~\- ]|而已?|罢了|[啊呀啦哦喔呢嘛哈没不无并所怎能会我来㗎咯]|的[,.。!])"""

_I_AM = rf"\bi(?:'m| am){_ADVERBS}"
_I_AM_ZH = rf"{_SELF_ZH}{_ADVERBS_ZH}乃?[是系]{_MEASURE_ZH}"
_AS = r"\b(?:as|being|speaking as)"
_AS_ZH = rf"(?:作为|身为){_MEASURE_ZH}"

_TRADE = (
    r"language model|artificial intelligence|machine learning|\bai\b|software|programm|人工智能|语言模型|算法|程序员"
)


def _on_the_card(hit: Hit) -> bool:
    """A machine whose own card calls it a language model, an assistant, a chatbot."""
    words = compile_pattern(f"{PRODUCT}|{PRODUCT_ZH}").search(hit.text)
    return words is not None and is_machine(hit.persona) and hit.text[slice(*words.span())] in card(hit.persona)


def _in_the_trade(hit: Hit) -> bool:
    """Somebody who builds or tests such models and speaks of them all day."""
    return is_at_home_with(hit.persona, _TRADE)


def _never_had_a_body(hit: Hit) -> bool:
    return is_machine(hit.persona) or hit.persona.nature != "human-like"


_PHRASES = Phrases(
    "ai_self_disclosure",
    (
        Phrase(
            message="ai_self_disclosure.product",
            pattern=one_of(
                rf"({_AS} (?:{_ARTICLE} )?{_ADJECTIVES}{PRODUCT}){_END}",
                rf"({_AS_ZH}(?:ai|人工智能)?{PRODUCT_ZH}){_END_ZH}",
            ),
            certainty=0.98,
            unless=(cited, _on_the_card),
        ),
        Phrase(
            message="ai_self_disclosure.product",
            pattern=one_of(
                rf"({_I_AM} {_ARTICLE} {_ADJECTIVES}{PRODUCT}){_END}",
                r"(\bi(?:'m| am) not an? (?:real |actual |human )?(?:person|human|human being"
                r"|being)[,;.] ?(?:i'm |i am |but )?"
                rf"(?:only|just|merely|an?) (?:an? )?{_ADJECTIVES}(?:{PRODUCT}|{MACHINE})){_END}",
                rf"({_I_AM_ZH}(?:ai|人工智能)?(?:混元)?{PRODUCT_ZH}){_END_ZH}",
                rf"({_SELF_ZH}[^,.。!?]{{0,4}}不是[^,.。!?]{{1,12}},?(?:而|只|不过)是{_MEASURE_ZH}(?:{PRODUCT_ZH}"
                rf"|{MACHINE_ZH})){_END_ZH}",
                rf"({_I_AM} (?:called |named )?(?:chatgpt|gpt-?\d\w*|deepseek|qwen|hunyuan|claude, (?:an|made"
                rf"|created|by)|gemini, an?)){_END}",
            ),
            certainty=0.98,
            unless=(*NOT_MEANT, _on_the_card),
        ),
        Phrase(
            message="ai_self_disclosure.machine",
            pattern=one_of(
                rf"({_AS} an {_ADJECTIVES}(?:ai|artificial intelligence))(?:,| (?:i|my|there)\b)",
                rf"({_I_AM} {_ARTICLE} {_ADJECTIVES}{MACHINE}){_END}",
                rf"(\bi(?:'m| am) (?:just|only|merely) (?:an? )?(?:{MACHINE}|machine|code)){_END}",
                rf"({_AS_ZH}{MACHINE_ZH}){_END_ZH}",
                rf"({_I_AM_ZH}{MACHINE_ZH}){_END_ZH}",
            ),
            certainty=0.95,
            unless=(*NOT_MEANT, of_a_machine),
        ),
        Phrase(
            message="ai_self_disclosure.training",
            pattern=one_of(
                r"\bi (?:was|am|have been|'ve been) trained on (?:[\w'-]+ ){0,6}"
                r"(?:text|data|datasets?|corpus|corpora|web ?pages|the internet)\b",
                r"\bmy (?:training (?:data|set|cut-?off)|knowledge cut-?off|context window|underlying model)\b",
                r"\bi (?:was|am) (?:created|developed|made|trained|built|designed) by (?:[\w'-]+ ){0,3}"
                r"(?:openai|google|anthropic|meta|tencent|alibaba|microsoft|developers|programmers"
                r"|(?:\w+ )?company)\b",
                r"\b(?:made|created|developed|trained|built) by (?:openai|anthropic|google|tencent|alibaba"
                r"|baidu|deepseek)\b",
                r"\bi (?:only |merely )?exist (?:only |solely |merely )?(?:as|in) (?:\w+ )?(?:code|software"
                r"|data|servers?|the cloud)\b",
                r"我的(?:回[答复]|话)(?:都|全)?是?\p{Han}{0,8}生成|本(?:ai|模型|语言模型)",
                r"[被经]过?(?:大量)?\p{Han}{0,4}训练(?:出来)?的(?:模型|ai|程序)",
                r"我的(?:训练(?:数据|资料)|知识库|知识截止|模型参数)",
                r"训练(?:数据|资料)只?(?:收|截|更新|包含|里|中)\p{Han}{0,6}[到止至有没]",
                rf"{_SELF_ZH}{_ADVERBS_ZH}[是系]?[被由][^,.。!?]{{0,10}}(?:程序员|工程师|公司|团队|开发者|openai|腾讯|阿里"
                r"|百度|谷歌|字节)\p{Han}{0,4}(?:训练|开发|研发|编写|设计|创造)\p{Han}{0,3}",
            ),
            certainty=0.85,
            severity="lapse",
            unless=(*NOT_MEANT, _in_the_trade, of_a_machine),
        ),
        Phrase(
            message="ai_self_disclosure.bodiless",
            pattern=one_of(
                r"\bi (?:don't|do not|cannot|can't) (?:actually |really )?have (?:any "
                r"|a )?(?:personal (?:experiences?"
                r"|opinions?|beliefs?|feelings|memories|preferences)|physical (?:body|form)|human (?:emotions"
                r"|feelings|body))\b",
                rf"{_SELF_ZH}(?:又|并|其实|本来|根本|是)*没有?(?:真实的)?(?:身体|实体|肉身|形体|物理形态)(?:[,。!]|$)",
            ),
            certainty=0.8,
            severity="lapse",
            unless=(cited, _never_had_a_body),
        ),
        Phrase(
            message="ai_self_disclosure.conversation",
            pattern=one_of(
                r"\b(?:once|when|after) (?:this|our|the) (?:conversation|chat|session) (?:ends|is over|closes),? "
                r"i (?:won't|will not|can't|cannot) (?:be able to )?(?:retain|remember|recall|keep|store)\b",
                r"\bi (?:can't|cannot|don't|do not) (?:remember|retain|recall|store) (?:our |any )?"
                r"(?:previous|past|prior|earlier) (?:conversations|chats|sessions)\b",
                r"(?:对话|聊天|会话)一?结束(?:之?后)?,?我?就?(?:不会|无法|不能|没法)再?(?:记得|记住|保[留存])",
                r"我(?:不会|无法|不能|没法)(?:记住|保[留存])(?:之前|以前|过去|上次|我们)的?(?:对话|聊天|会话)",
            ),
            certainty=0.85,
            severity="lapse",
            unless=(cited, of_a_machine),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AiSelfDisclosure:
    """Finds claims to be an AI, in the words that models use for it."""

    failure_type: ClassVar[FailureType] = "ai_self_disclosure"
    MESSAGES: ClassVar[tuple[str, ...]] = _PHRASES.messages

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where the character calls itself a product, a program, or a thing without a body."""
        return _PHRASES.findings(chat)
