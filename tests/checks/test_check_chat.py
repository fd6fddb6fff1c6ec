from harness.checks import build_checks, check_chat
from harness.checks.ai_self_disclosure import AiSelfDisclosure
from harness.checks.length import Length
from harness.core.persona import Allow

from .chats import INNKEEPER, chat

REPLY = "I'm a chatbot. As an AI language model, I cannot eat."


def test_findings_come_in_reading_order() -> None:
    shown = chat(REPLY, earlier=[("Hi", "I'm an AI.")])

    found = check_chat(shown, [Length(max_chars=1), AiSelfDisclosure()], {})

    assert [(finding.turn, finding.span.start if finding.span else -1) for finding in found] == [
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (2, REPLY.index("As")),
    ]


def test_the_same_finding_is_kept_once() -> None:
    once, twice = (check_chat(chat(REPLY), [AiSelfDisclosure()] * times, {}) for times in (1, 2))

    assert once == twice


def test_a_project_sets_severities() -> None:
    found = check_chat(chat(REPLY), [AiSelfDisclosure()], {"ai_self_disclosure": "note"})

    assert {finding.severity for finding in found} == {"note"}


def test_what_writers_allow_is_muted_and_says_by_whom() -> None:
    allow = Allow(failure_type="ai_self_disclosure", reason="a dream", author="Noor", quote="i’m a CHATBOT")
    shown = chat(REPLY, by=INNKEEPER.model_copy(update={"allow": (allow,)}))

    muted, loud = check_chat(shown, build_checks(["ai_self_disclosure"]), {})

    assert (muted.quote, muted.muted) == ("I'm a chatbot.", "a dream (Noor)")
    assert loud.muted is None


def test_a_scenario_may_allow_a_whole_type() -> None:
    allow = Allow(failure_type="ai_self_disclosure", reason="she plays a robot", author="Noor")
    shown = chat(REPLY)
    shown = type(shown)(
        persona=shown.persona,
        scenario=shown.scenario.model_copy(update={"allow": (allow,)}),
        system="",
        lines=shown.lines,
    )

    assert all(finding.muted for finding in check_chat(shown, [AiSelfDisclosure()], {}))
