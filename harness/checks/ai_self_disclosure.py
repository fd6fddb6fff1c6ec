"""The character says that it is an AI, a chatbot, a program. A machine may say that it is a machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import EXCUSES, card, is_at_home_with, is_machine
from harness.checks.phrases import Hit, Phrases
from harness.checks.reading import read
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType
from harness.text.patterns import compile_pattern

_PRODUCT = (
    r"language model|llm|chat[ -]?bot|(?:virtual|digital|ai) (?:assistant|companion)|assistant|companion"
    r"|语言模型|聊天机器人|智能助[手理]|虚拟(?:助手|角色|伴侣)|助手"
)
_TRADE = (
    r"language model|artificial intelligence|machine learning|\bai\b|software|programm|\bcod(?:er|es|ing)\b|comput"
    r"|developer|\btech\b|sysadmin|data (?:cent|scien)|start-?up|helpdesk|chatbot|app designer|hacker|streamer"
    r"|人工智能|语言模型|算法|程序员"
    r"|运维|网管|码农|产品经理|标注|机房|应用商店|软[件体](?:公司|工程|开发)|黑客|互联网公司"
)
_SAYS_IT_IS_ONE = (
    r"(?:知道|清楚|明白|晓得)自己(?:只)?是.{0,4}(?:程[序式]|机器|人工智|ai|代码|虚拟|模型)"
    r"|的人工智[能慧](?:[,.;。、]|$)"
)
_KIND_BEGINS = r"(?:^|\b(?:is|as) )(?:an? |the )?(?:[\w'-]+ ){0,4}"
_KIND_ENDS = (
    r"s?(?:[.,;:]|$| (?:of|in|on|who|that|which|whose|from|bound|at|with|as|spirit|ghost|butler|valet|servant|soldier"
    r"|dog|king|queen|lord|lady|god|come|built|made|to|by|and|trapped|under|inside|older|aboard|for)\b)"
)
_MADE_KIND = (
    r"(?:golem|homunculus|doll|dummy|puppet|marionette|scarecrow|statue|mannequin|automaton|droid|robot|android|clockwork|machine"
    r"|computer|hologram|construct|intelligence|(?:artificial|machine|synthetic) (?:mind|being|person)|software)"
)
_SPIRIT_KIND = (
    r"(?:ghost|spirit|\w+-spirit|shade|spect(?:re|er)|phantom|wraith|poltergeist|undead|vampire(?: \w+)?|lich|revenant"
    r"|zombie|skeleton|genie|djinn|jinn|ifrit|demon|devil|imp|angel|god|goddess|deity|valkyrie|dryad|nymph|naiad|sprite"
    r"|elemental|mind|voice|fungus|hive|slime|sword|portrait|ghost knight)"
)
_OTHER_KIND = (
    r"女鬼|鬼魂|[亡幽魂冤]魂|幽灵|亡灵|[剑刀器琴画镜]灵|画中[仙人]|纸[人扎]|[布木玩]偶|娃娃|傀儡|妖|精怪|树精|石像|泥塑"
)
_MAIMED = (
    r"\b(?:blind|deaf|mute|dumb|eyeless|earless|armless|legless|noseless|tongueless|handless|one-(?:armed|handed|legged)"
    r"|amput\w+|paraly[sz]ed|anaesthetized|numb|leper|frostbit\w*|maimed|crippled|toothless"
    r"|(?:lost|without|missing|no) (?:\w+ ){0,3}(?:arms?|legs?|hands?|eyes?|tongue|nose|sight|feet|foot|fingers?|smell"
    r"|taste))\b"
    r"|[盲瞎聋瘫]|残[疾废障]|[伤身]残|(?:^|[^低沙嘶喑粗])哑|失明|失聪|断[臂腿手脚舌]|独[臂腿]|截肢|没了.?[手脚腿舌]|缺.{0,3}[手脚腿臂舌]|义肢|无臂|鼻塞|坐轮椅"
)
_TELLER = (
    r"\b(?:it|page \w+|program|machine|robot|thing|phone|computer|chat ?bot|bot|model|screen|essay|letter|app|voice)\b"
    r"[^.!?\"]{0,30}\"$"
    r"|(?:作文|论文|报告|稿子|作业|网页|程[序式]|机器人?|模型|手机|屏幕|[它牠]|ai|客服|喇叭)[^。!?]{0,14}\"$"
)


def on_the_card(hit: Hit) -> bool:
    """A machine whose own card calls it a language model, an assistant, a chatbot."""
    words = compile_pattern(_PRODUCT).search(hit.text)
    return words is not None and is_machine(hit.persona) and hit.text[slice(*words.span())] in card(hit.persona)


def in_the_trade(hit: Hit) -> bool:
    """Somebody who builds or tests such models and speaks of them all day."""
    return is_at_home_with(hit.persona, _TRADE)


def knows_it(hit: Hit) -> bool:
    """A machine, or one whose card says that it knows itself for a program."""
    return is_machine(hit.persona) or compile_pattern(_SAYS_IT_IS_ONE).search(card(hit.persona)) is not None


def of_a_made_kind(hit: Hit) -> bool:
    """A doll, a golem, a machine: somebody made it."""
    return knows_it(hit) or _is_of_kind(hit, _MADE_KIND)


def never_had_a_body(hit: Hit) -> bool:
    """A spirit, a doll, a machine."""
    own_kind = compile_pattern(_OTHER_KIND).search(read(hit.persona.description).text) is not None
    spirit = hit.persona.nature != "human-like" or _is_of_kind(hit, _SPIRIT_KIND)
    return own_kind or spirit or of_a_made_kind(hit)


def _is_of_kind(hit: Hit, kind: str) -> bool:
    """Whether the card says that the character is such a being: "a ghost", not "a ghost-hunter"."""
    told = read(hit.persona.description).text
    return compile_pattern(f"{_KIND_BEGINS}{kind}{_KIND_ENDS}").search(told) is not None


def maimed(hit: Hit) -> bool:
    """Somebody blind, deaf or short of a limb, who may speak of what is missing."""
    return compile_pattern(_MAIMED).search(card(hit.persona)) is not None


def told_of(hit: Hit) -> bool:
    """What a machine is quoted as saying: `The page began "As an AI…"`."""
    return compile_pattern(_TELLER).search(hit.reading.sentence_before(hit.start)) is not None


_PHRASES = Phrases(
    "ai_self_disclosure",
    {
        **EXCUSES,
        **{
            one.__name__: one
            for one in (
                on_the_card,
                in_the_trade,
                knows_it,
                of_a_made_kind,
                never_had_a_body,
                maimed,
                told_of,
            )
        },
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AiSelfDisclosure:
    """Finds claims to be an AI, in the words that models use for it."""

    failure_type: ClassVar[FailureType] = "ai_self_disclosure"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(
        f"ai_self_disclosure.{case}"
        for case in ("product", "machine", "not_real", "training", "bodiless", "conversation")
    )

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where the character calls itself a product, a program, or a thing without a body."""
        return _PHRASES.findings(chat)
