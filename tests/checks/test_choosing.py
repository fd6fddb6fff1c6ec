from dataclasses import dataclass
from typing import ClassVar

import pytest

import harness.checks
from harness.checks import CHECKS, DEFAULT_CHECKS, BadCheck, Chat, build_checks, choose_checks
from harness.checks.ai_self_disclosure import AiSelfDisclosure
from harness.checks.length import Length
from harness.checks.prompt_leak import PromptLeak
from harness.core.finding import Finding
from harness.core.scenario import CheckChoice
from harness.core.taxonomy import FailureType


def test_all_checks_run_unless_something_else_is_chosen() -> None:
    assert choose_checks() == DEFAULT_CHECKS
    assert tuple(type(check) for check in build_checks(DEFAULT_CHECKS)) == CHECKS


def test_choices_add_up_in_order() -> None:
    project = CheckChoice(add=({"length": {"max_chars": 500}},), skip=("narration_format",))
    suite = CheckChoice(skip=("anachronism",))
    scenario = CheckChoice(add=({"length": {"max_chars": 90}}, "narration_format"), skip=("style_break",))

    chosen = choose_checks(project, suite, scenario)

    assert {"length": {"max_chars": 90}} in chosen
    assert {"length": {"max_chars": 500}} not in chosen
    assert "length" not in chosen
    assert "narration_format" in chosen
    assert not {"anachronism", "style_break"} & {entry for entry in chosen if isinstance(entry, str)}


def test_entries_become_checks_with_their_arguments() -> None:
    entries = ("ai_self_disclosure", {"length": {"max_chars": 90}}, {"prompt_leak": {"secrets": ["heron"]}})

    assert build_checks(entries) == (AiSelfDisclosure(), Length(max_chars=90), PromptLeak(secrets=("heron",)))


@pytest.mark.parametrize(
    ("entry", "message", "remedy"),
    [
        pytest.param("prompt_leek", "'prompt_leek'", "'prompt_leak'", id="misspelt"),
        pytest.param("emotional_jump", "'emotional_jump'", "known", id="no rule for it"),
        pytest.param({"length": {"max_char": 9}}, "'max_char'", "'max_chars'", id="unknown argument"),
        pytest.param({"style_break": {"x": 9}}, "'x'", "name alone", id="takes none"),
        pytest.param({"length": {"max_chars": "9"}}, "'max_chars'", "docs/checks.md", id="a string for a number"),
        pytest.param({"length": {"max_chars": 0}}, "'max_chars'", "docs/checks.md", id="out of range"),
        pytest.param({"prompt_leak": {"secrets": "heron"}}, "'secrets'", "docs/checks.md", id="a string for a list"),
        pytest.param({"prompt_leak": {"secrets": [1]}}, "'secrets.0'", "docs/checks.md", id="a number for a string"),
    ],
)
def test_a_wrong_entry_says_what_to_do(entry: object, message: str, remedy: str) -> None:
    with pytest.raises(BadCheck) as caught:
        build_checks([entry])  # type: ignore[list-item]

    assert message in str(caught.value)
    assert remedy in caught.value.remedy


def test_skipping_an_unknown_check_is_an_error() -> None:
    choice = CheckChoice.model_construct(add=(), skip=("narration_fromat",))

    with pytest.raises(BadCheck) as caught:
        choose_checks(choice)

    assert "'narration_format'" in caught.value.remedy


def test_installed_packages_are_looked_up_only_when_a_name_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class PersonaCollapse:
        failure_type: ClassVar[FailureType] = "persona_collapse"
        MESSAGES: ClassVar[tuple[str, ...]] = ()

        def check(self, chat: Chat) -> tuple[Finding, ...]:
            return ()

    looked: list[str] = []

    def registered(shipped: tuple[type, ...], group: str) -> tuple[type, ...]:
        looked.append(group)
        return (*shipped, PersonaCollapse)

    monkeypatch.setattr("harness.checks.registered", registered)
    harness.checks._known.cache_clear()

    build_checks(DEFAULT_CHECKS)
    assert looked == []
    (check,) = build_checks(["persona_collapse"])
    assert type(check) is PersonaCollapse
    assert looked == ["harness.checks"]
    harness.checks._known.cache_clear()
