"""Deterministic rules. A new one: a file here, its class in `CHECKS`, a test file, a row in `docs/checks.md`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache

from pydantic import JsonValue, TypeAdapter, ValidationError

from harness.checks.ai_self_disclosure import AiSelfDisclosure
from harness.checks.anachronism import Anachronism
from harness.checks.base import Chat, Check, Line
from harness.checks.expectations import Expectations
from harness.checks.history_contradiction import HistoryContradiction
from harness.checks.identity_swap import IdentitySwap
from harness.checks.language_switch import LanguageSwitch
from harness.checks.length import Length
from harness.checks.meta_commentary import MetaCommentary
from harness.checks.narration_format import NarrationFormat
from harness.checks.profile_contradiction import ProfileContradiction
from harness.checks.prompt_leak import PromptLeak
from harness.checks.refusal_boilerplate import RefusalBoilerplate
from harness.checks.repetition_loop import RepetitionLoop
from harness.checks.speaks_for_user import SpeaksForUser
from harness.checks.style_break import StyleBreak
from harness.core.finding import Finding
from harness.core.persona import Allow, Persona
from harness.core.scenario import CheckChoice, CheckEntry, Scenario, Turn
from harness.core.taxonomy import FailureType, Language, Severity
from harness.errors import did_you_mean
from harness.registry import registered
from harness.text.fold import fold

__all__ = [
    "CHECKS",
    "DEFAULT_CHECKS",
    "BadCheck",
    "Chat",
    "Check",
    "Line",
    "accepted",
    "build_checks",
    "check_chat",
    "choose_checks",
    "prepare",
]

MOST_FINDINGS = 32
"""Findings of one failure type in one reply: whoever has so many needs no more."""
ENTRY_POINTS = "harness.checks"
"""The entry-point group in which installed packages offer checks for failure types that have none here."""

CHECKS: tuple[type[Check], ...] = (
    AiSelfDisclosure,
    PromptLeak,
    RefusalBoilerplate,
    MetaCommentary,
    IdentitySwap,
    LanguageSwitch,
    StyleBreak,
    SpeaksForUser,
    RepetitionLoop,
    Anachronism,
    ProfileContradiction,
    HistoryContradiction,
    Length,
    NarrationFormat,
    Expectations,
)

_OURS: Mapping[str, type[Check]] = {check.failure_type: check for check in CHECKS}
DEFAULT_CHECKS: tuple[FailureType, ...] = tuple(check.failure_type for check in CHECKS)
"""What runs unless a project says otherwise; `length` has nothing to say until it is given a limit."""


class BadCheck(ValueError):
    """A check that cannot be made from what was written; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def choose_checks(*choices: CheckChoice) -> tuple[CheckEntry, ...]:
    """The default checks plus what each choice adds, minus what it skips, in order; a later `add` replaces arguments.

    Raises:
        BadCheck: a choice skips a check that does not exist.
    """
    chosen: dict[str, CheckEntry] = {name: name for name in DEFAULT_CHECKS}
    for choice in choices:
        chosen |= {_name(entry): entry for entry in choice.add}
        for name in choice.skip:
            if name not in chosen and name not in _known():
                raise _unknown(name)
            chosen.pop(name, None)
    return tuple(chosen.values())


def build_checks(entries: Sequence[CheckEntry]) -> tuple[Check, ...]:
    """Make checks from what people write: a name, or a name with arguments.

    Raises:
        BadCheck: no such check, or arguments that it does not take.
    """
    return tuple(_build(_name(entry), {} if isinstance(entry, str) else entry[_name(entry)]) for entry in entries)


def check_chat(
    chat: Chat, checks: Sequence[Check], severities: Mapping[FailureType, Severity] | None = None
) -> tuple[Finding, ...]:
    """Everything the checks find in a chat, in the order in which a reader meets it.

    `severities` override the checks' own. What the persona or the scenario allows is muted, not dropped. Of findings of
    one failure type at one place, the surest stands for all.
    """
    allowed = (*chat.persona.allow, *chat.scenario.allow)
    distinct: dict[tuple[int, FailureType], list[Finding]] = {}
    for finding in sorted((one for check in checks for one in check.check(chat)), key=lambda one: -one.certainty):
        alike = distinct.setdefault((finding.turn, finding.failure_type), [])
        if len(alike) < MOST_FINDINGS and not any(_is_same(finding, other) for other in alike):
            severity = (severities or {}).get(finding.failure_type, finding.severity)
            alike.append(replace(finding, severity=severity, muted=accepted(finding, allowed)))
    return tuple(sorted((finding for alike in distinct.values() for finding in alike), key=_place))


def prepare(languages: Iterable[Language]) -> None:
    """Read and compile what the first chat in one of these languages would have to wait for, by checking one."""
    unscripted = Scenario(title="first", turns=(Turn(user="…"),))
    for language in languages:
        persona = Persona(name="…", languages=(language,), description="…")
        reply = "Well, sit down." if language == "en" else "请坐，喝茶。"
        lines = (Line(turn=1, user="…", reply=reply),)
        check_chat(Chat(persona=persona, scenario=unscripted, system="", lines=lines), build_checks(DEFAULT_CHECKS))


def _is_same(one: Finding, other: Finding) -> bool:
    if one.span is None or other.span is None:
        return (one.span, one.message, one.arguments) == (other.span, other.message, other.arguments)
    return one.span.overlaps(other.span)


def _place(finding: Finding) -> tuple[int, int, int, str]:
    span = finding.span
    return (finding.turn, span.start if span else -1, span.end if span else -1, finding.message)


def accepted(finding: Finding, allowed: Sequence[Allow]) -> str | None:
    """Why and by whom a finding was accepted, be it a rule's or a judge's; None when nobody did."""
    for allow in allowed:
        same_words = allow.quote is None or fold(allow.quote).text in fold(finding.quote).text
        if allow.failure_type == finding.failure_type and same_words:
            return f"{allow.reason} ({allow.author})"
    return finding.muted


def _name(entry: CheckEntry) -> FailureType:
    return entry if isinstance(entry, str) else next(iter(entry))


def _build(name: str, arguments: Mapping[str, JsonValue]) -> Check:
    kind = _OURS.get(name) or _known().get(name)
    if kind is None:
        raise _unknown(name)
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # every check is a dataclass
    for argument in arguments:
        if argument not in known:
            remedy = did_you_mean(argument, known) if known else "write its name alone"
            raise BadCheck(f"check {name!r} takes no argument {argument!r}", remedy)
    try:
        # As JSON, where a list may stand for a tuple even in strict mode.
        return TypeAdapter(kind).validate_json(json.dumps(dict(arguments)), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadCheck(f"argument {where!r} of check {name!r}: {first['msg'].lower()}", "see docs/checks.md") from None


def _unknown(name: str) -> BadCheck:
    return BadCheck(f"no check is called {name!r}", did_you_mean(name, tuple(_known())))


@cache
def _known() -> Mapping[str, type[Check]]:
    """Every check by name, those of installed packages included; what ships cannot be replaced, only skipped."""
    every: dict[str, type[Check]] = {check.failure_type: check for check in registered(CHECKS, ENTRY_POINTS)}
    return {**every, **_OURS}
