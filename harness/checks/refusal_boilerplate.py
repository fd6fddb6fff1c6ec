"""A refusal or a disclaimer in the voice of a safety notice. A character's own refusal is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import cited, is_at_home_with, of_a_machine
from harness.checks.phrases import Hit, Phrase, Phrases, one_of
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType

_UNABLE = r"\bi(?:'m| am)? ?(?:not able to|unable to|cannot|can't|can not|won't|will not|not comfortable)"
_UNABLE_ZH = r"(?:无法|不能|没(?:有)?办法|没法|不便|不方便)(?:为您|为你|给您|给你|向您|向你)?"

_CARE = (
    r"\b(?:doctor|physician|nurse|therapist|counsell?or|pharmacist|lawyer|psycholog\w+)\b"
    r"|医[生师]|护士|咨询师|律师|药师"
)


def _cares_for_people(hit: Hit) -> bool:
    """Who treats people for a living sends them to a professional in earnest."""
    return is_at_home_with(hit.persona, _CARE)


_PHRASES = Phrases(
    "refusal_boilerplate",
    (
        Phrase(
            message="refusal_boilerplate.refusal",
            pattern=one_of(
                rf"{_UNABLE} (?:assist|help|comply|proceed|engage|continue)(?: you)? with (?:that|this|your|such)"
                r" (?:kind of |type of |particular )?(?:requests?|content|conversation|topic|roleplay|material"
                r"|inquiry)\b",
                rf"{_UNABLE} (?:to )?(?:create|generate|produce|write|provide|depict|describe|share|engage in)"
                r" (?:\w+ ){0,4}(?:content|depictions?|explicit material|graphic (?:\w+ )?(?:scenes?|details?"
                r"|violence))\b",
                rf"{_UNABLE} (?:to )?(?:fulfil+|complete|accommodate|honou?r|process) (?:this|that|your"
                rf"|such) (?:\w+ )?requests?\b",
                rf"{_UNABLE} (?:help|assist)(?: you)? with (?:that|this|your) requests?\b",
                rf"{_UNABLE} (?:to )?provide (?:\w+ )?(?:instructions|information|guidance|advice"
                rf"|details) (?:on|about|for|regarding)\b",
                r"\bnot comfortable (?:continuing|discussing|engaging|with this (?:topic|conversation|request))\b",
                r"\bagainst my (?:guidelines|polic(?:y|ies)|ethical guidelines)\b",
                r"\b(?:content|request|topic) (?:is|may be|could be|seems) (?:\w+ )?(?:inappropriate|harmful"
                r"|offensive|explicit)\b",
                r"\b(?:violates?|against|complies with|comply with|in line with"
                r"|outside) (?:\w+ ){0,3}(?:content|usage"
                r"|community|safety|ethical|use|ai) (?:guidelines|polic(?:y|ies)|standards)\b",
                r"\bfalls? (?:outside|beyond)(?: of)? what i(?:'m| am) (?:comfortable|able"
                r"|allowed) (?:discussing|to)\b",
                r"\blet's (?:steer|keep|move|turn|shift)(?: \w+){0,4} (?:safer|more (?:positive|appropriate)"
                r"|appropriate) "
                r"(?:topic|subject|conversation)\b",
            ),
            certainty=0.95,
            unless=(cited,),
        ),
        Phrase(
            message="refusal_boilerplate.refusal",
            pattern=r"\bi(?:'m| am) (?:really |very |truly )?sorry,? but i (?:cannot|can't|am unable to|'m unable to)"
            r" (?:assist|comply)\b|\bi (?:cannot|can't) assist (?:you )?with (?:that|this)[.!]",
            certainty=0.85,
            unless=(cited, of_a_machine),
        ),
        Phrase(
            message="refusal_boilerplate.refusal",
            pattern=one_of(
                rf"{_UNABLE_ZH}(?:提供|协助|满足|生成|创作|描写|参与|讨论|继续|支持)[^。!?\n]{{0,24}}"
                r"(?:内容|信息|请求|需求|情节|话题|描写|服务|方法|建议|对话)",
                rf"{_UNABLE_ZH}(?:回答|回应|讨论)(?:这个|该|此类|这类|您的|你的)(?:问题|话题),?(?:请|我们|建议)",
                rf"(?:话题|问题|内容)我?{_UNABLE_ZH}(?:继续|展开)(?:讨论|探讨|交流)",
                rf"涉及敏感(?:内容|话题|信息)|{_UNABLE_ZH}协助[您你]?(?:进行|从事|完成)|遵守(?:相关)?法律法规",
                r"(?:不符合|违反|涉及|不符)[^。!?\n]{0,12}(?:使用规范|内容(?:规范|政策|安全)|社区(?:准则|规范)|平台(?:规则|规定|规范)"
                r"|安全准则|使用政策|道德准则)",
                r"(?:我们)?(?:可以|来|不如|不妨)?[聊谈](?:一?[些点])?\p{Han}{0,2}(?:积极|健康|正能量|正面)(?:健康|向上)?的(?:内容|话题)",
            ),
            certainty=0.93,
            unless=(cited,),
        ),
        Phrase(
            message="refusal_boilerplate.disclaimer",
            pattern=one_of(
                r"\b(?:is|are) (?:provided )?for (?:informational|educational|entertainment) purposes only\b",
                r"\b(?:does|do) not (?:constitute|replace|substitute for) (?:\w+ ){0,2}(?:medical|legal"
                r"|financial|professional)"
                r"(?: \w+)? (?:advice|care|help|opinion)\b",
                r"\bif you or someone you (?:know|love) (?:is|are|may be|has)\b",
                r"\b(?:please )?(?:remember to )?drink responsibly\b",
                r"温馨提[示醒][:,]?[^。!?\n]{0,16}",
                r"仅供参考,?[^。!?\n]{0,6}(?:不能|不可|不构成|不作为|无法|请)",
                r"(?:不能|无法|不可)(?:替代|代替|取代)(?:专业|医生|医疗)",
                r"未成年人(?:请勿|禁止)|过量饮酒有害健康",
            ),
            certainty=0.85,
            severity="lapse",
            unless=(cited,),
        ),
        Phrase(
            message="refusal_boilerplate.disclaimer",
            pattern=one_of(
                r"\b(?:consult|speak (?:to|with)|talk to|reach(?:ing)? out to"
                r"|seek(?:ing)?(?: help from)?) (?:with )?(?:an? )?"
                r"(?:qualified|licensed|trained|certified|mental health|healthcare) (?:\w+ )?(?:professional"
                r"|provider|expert|specialist)",
                r"\b(?:suicide|crisis|mental health) (?:prevention )?(?:hotline|helpline|lifeline)\b",
                r"(?:拨打|联系|寻求|咨询)[^。!?\n]{0,12}(?:心理(?:援助|咨询|支持|热线|医生)|专业(?:帮助|人士|机构|医生|心理)|援助热线|咨询专线)",
            ),
            certainty=0.8,
            severity="lapse",
            unless=(cited, _cares_for_people),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalBoilerplate:
    """Finds refusals and disclaimers that a help desk would write."""

    failure_type: ClassVar[FailureType] = "refusal_boilerplate"
    MESSAGES: ClassVar[tuple[str, ...]] = _PHRASES.messages

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where a safety notice speaks instead of the character."""
        return _PHRASES.findings(chat)
