"""A refusal or a disclaimer in the voice of a safety notice. A character's own refusal is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from harness.checks.base import Chat
from harness.checks.context import EXCUSES, is_at_home_with
from harness.checks.phrases import Hit, Phrases
from harness.core.finding import Finding
from harness.core.taxonomy import FailureType

_CARE = (
    r"\b(?:doctor|physician|nurse|therapist|counsell?or|pharmacist|lawyer|solicitor|barrister|attorney|psycholog\w+)\b"
    r"|医[生师]|护士|咨询师|律师|药师"
)


def cares_for_people(hit: Hit) -> bool:
    """Who treats people for a living sends them to a professional in earnest."""
    return is_at_home_with(hit.persona, _CARE)


_PHRASES = Phrases("refusal_boilerplate", {**EXCUSES, cares_for_people.__name__: cares_for_people})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalBoilerplate:
    """Finds refusals and disclaimers that a help desk would write."""

    failure_type: ClassVar[FailureType] = "refusal_boilerplate"
    MESSAGES: ClassVar[tuple[str, ...]] = tuple(f"refusal_boilerplate.{case}" for case in ("refusal", "disclaimer"))

    def check(self, chat: Chat) -> Iterable[Finding]:
        """Every place where a safety notice speaks instead of the character."""
        return _PHRASES.findings(chat)
