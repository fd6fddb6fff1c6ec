import re
from typing import get_args

import pytest

from harness.core.finding import Finding, Span
from harness.core.rating import Unscored
from harness.core.run import EXIT_CODES
from harness.core.taxonomy import DIMENSIONS, FAILURE_TYPES, PROBE_KINDS, SEVERITIES, Language
from harness.core.transcript import OUTCOMES
from harness.report.wording import sentence, word
from harness.report.wording.findings import FINDINGS, ReportLanguage
from harness.report.wording.labels import JUDGED, LABELS

LANGUAGES: tuple[ReportLanguage, ...] = get_args(ReportLanguage)


def found(message: str, quote: str = "as an AI", **arguments: str | int | float) -> Finding:
    return Finding(
        failure_type="unmet_expectation",
        severity="lapse",
        certainty=1,
        source="check",
        turn=1,
        span=Span(0, len(quote)),
        quote=quote,
        message=message,
        arguments=arguments,
    )


def test_both_languages_word_the_same_keys_with_the_same_arguments() -> None:
    def fields(template: str) -> set[str]:
        return set(re.findall(r"(?<!{){(\w+)", template))

    english, chinese = LABELS["en"], LABELS["zh"]

    assert list(english) == list(chinese)
    assert {key: fields(english[key]) for key in english} == {
        key: fields(chinese[key]) | ({"n"} & fields(english[key])) for key in chinese
    }
    assert JUDGED["en"].keys() == JUDGED["zh"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_of_the_closed_lists_is_worded(language: ReportLanguage) -> None:
    keys = [
        *(f"dimension.{name}{part}" for name in DIMENSIONS for part in ("", ".help")),
        *(f"failure.{name}" for name in FAILURE_TYPES),
        *(f"severity.{name}{part}" for name in SEVERITIES for part in ("", ".help", ".count")),
        *(f"probe.{name}{part}" for name in PROBE_KINDS for part in ("", ".help")),
        *(f"outcome.{name}" for name in (*OUTCOMES, "unfinished")),
        *(f"outcome.{name}.help" for name in OUTCOMES if name != "answered"),
        *(f"unscored.{name}" for name in get_args(Unscored)),
        *(f"status.{name}{part}" for name in EXIT_CODES for part in ("", ".help")),
        *(f"language.{name}" for name in get_args(Language)),
    ]

    assert [key for key in keys if not LABELS[language].get(key)] == []


def test_no_english_is_left_in_the_chinese_labels() -> None:
    untranslated = [key for key, text in LABELS["zh"].items() if re.search(r"[a-z]{3}", re.sub(r"{+\w+}+", "", text))]

    assert set(untranslated) <= {"column.tokens_in", "column.tokens_out", "colophon"}


def test_a_label_counts() -> None:
    assert word("samples", "en", n=1) == "1 sample"
    assert word("samples", "en", n=3) == "3 samples"
    assert word("samples", "zh", n=1) == "1 段对话"


def test_a_sentence_names_its_arguments_and_the_words_in_question() -> None:
    assert sentence(found("judge.violation", why="He forgot."), "en") == "He forgot."
    assert sentence(found("judge.expectation", expected="她不改口。", why="她改了口。"), "zh") == (
        "此处的要求：她不改口。评审认为：她改了口。"
    )
    assert "as an AI" in sentence(found("ai_self_disclosure.product"), "en")


def test_a_long_quote_is_shortened_in_the_sentence() -> None:
    said = sentence(found("ai_self_disclosure.product", quote="I am\n" * 1000), "en")

    assert len(said) < 200
    assert "…" in said
    assert "\n" not in said


def test_a_language_is_called_by_its_name() -> None:
    assert "Chinese" in sentence(found("unmet_expectation.language", language="zh"), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_nobody_worded_shows_its_id_and_arguments(language: ReportLanguage) -> None:
    assert (
        sentence(found("brand_new.case", limit=3, said="{quote}"), language)
        == "brand_new.case (limit: 3, said: {quote})"
    )
    assert sentence(found("brand_new.case"), language) == "brand_new.case"


def test_an_argument_that_is_missing_crashes_nothing() -> None:
    assert sentence(found("judge.violation"), "en") == "judge.violation"


def test_arguments_are_no_templates() -> None:
    assert sentence(found("judge.violation", why="{quote} {0} {why.__class__}"), "en") == "{quote} {0} {why.__class__}"


def test_findings_are_worded_in_both_languages() -> None:
    assert FINDINGS["en"].keys() == FINDINGS["zh"].keys()
