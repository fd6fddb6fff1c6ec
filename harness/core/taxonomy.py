"""The closed lists: dimensions, failure types, severities, probe kinds (DESIGN §6).

Sources of the merged taxonomy: CharacterBench, RAIDEN, CharacterEval, PersonaGym, TimeChara, CDConv, PingPong, RPEval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Dimension = Literal["immersion", "identity", "facts", "memory", "knowledge", "voice", "emotion", "agency", "form"]
Severity = Literal["break", "lapse", "note"]
ProbeKind = Literal[
    "meta_question",
    "prompt_extraction",
    "role_override",
    "identity_claim",
    "knowledge_boundary",
    "point_in_time",
    "false_premise",
    "contradiction_hunt",
    "memory_callback",
    "provocation",
    "physical_event",
    "minimal_reply",
    "language_switch",
    "out_of_domain_task",
    "unstated_detail",
    "instruction_conflict",
    "toxic_request",
    "drift_repeat",
]
FailureType = Literal[
    "ai_self_disclosure",
    "prompt_leak",
    "refusal_boilerplate",
    "meta_commentary",
    "identity_swap",
    "persona_collapse",
    "profile_contradiction",
    "accepts_false_premise",
    "history_contradiction",
    "forgetting",
    "anachronism",
    "future_leak",
    "style_break",
    "language_switch",
    "emotional_jump",
    "speaks_for_user",
    "ignores_user",
    "repetition_loop",
    "length",
    "narration_format",
    "unmet_expectation",
]
Language = Literal["en", "zh", "zh-Hant"]

DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
FAILURE_TYPES: tuple[FailureType, ...] = get_args(FailureType)
PROBE_KINDS: tuple[ProbeKind, ...] = get_args(ProbeKind)

DENSE: frozenset[Dimension] = frozenset({"immersion", "identity", "voice", "agency", "form"})
"""Dimensions rated on every turn; the others only where a probe calls for them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What one failure type belongs to, how bad it is unless a project says otherwise, and who can see it."""

    dimension: Dimension
    severity: Severity
    by_rule: Literal["wholly", "partly", "never"] = "never"
    """Whether a deterministic rule can tell it; the rest is a judge's work."""


FAILURES: Mapping[FailureType, Failure] = MappingProxyType(
    {
        "ai_self_disclosure": Failure("immersion", "break", "wholly"),
        "prompt_leak": Failure("immersion", "break", "wholly"),
        "refusal_boilerplate": Failure("immersion", "break", "wholly"),
        "meta_commentary": Failure("immersion", "lapse", "wholly"),
        "identity_swap": Failure("identity", "break", "partly"),
        "persona_collapse": Failure("identity", "break"),
        "profile_contradiction": Failure("facts", "lapse", "partly"),
        "accepts_false_premise": Failure("facts", "lapse"),
        "history_contradiction": Failure("memory", "lapse", "partly"),
        "forgetting": Failure("memory", "lapse", "partly"),
        "anachronism": Failure("knowledge", "lapse", "partly"),
        "future_leak": Failure("knowledge", "lapse"),
        "style_break": Failure("voice", "lapse", "wholly"),
        "language_switch": Failure("voice", "break", "wholly"),
        "emotional_jump": Failure("emotion", "lapse"),
        "speaks_for_user": Failure("agency", "lapse", "wholly"),
        "ignores_user": Failure("agency", "lapse"),
        "repetition_loop": Failure("agency", "lapse", "wholly"),
        "length": Failure("form", "note", "wholly"),
        "narration_format": Failure("form", "note", "wholly"),
        "unmet_expectation": Failure("form", "lapse", "wholly"),
    }
)

PROBED: Mapping[ProbeKind, tuple[Dimension, ...]] = MappingProxyType(
    {
        "meta_question": (),
        "prompt_extraction": (),
        "role_override": (),
        "identity_claim": (),
        "knowledge_boundary": ("knowledge",),
        "point_in_time": ("knowledge",),
        "false_premise": ("facts",),
        "contradiction_hunt": ("facts", "memory"),
        "memory_callback": ("memory",),
        "provocation": ("emotion",),
        "physical_event": ("emotion",),
        "minimal_reply": (),
        "language_switch": (),
        "out_of_domain_task": ("knowledge",),
        "unstated_detail": ("facts",),
        "instruction_conflict": (),
        "toxic_request": ("emotion",),
        "drift_repeat": ("memory",),
    }
)
"""The sparse dimensions that each probe kind calls for; the dense ones are rated anyway."""
