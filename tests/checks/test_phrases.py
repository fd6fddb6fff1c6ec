"""The tables of phrases: every one can be read, compiled and worded, and excused only by what exists."""

import re
from importlib import import_module

import pytest

from harness.checks import CHECKS
from harness.checks.phrases import TABLES, Phrases, Table, _apart, hits
from harness.text.patterns import compile_pattern

from .chats import chat

WITH_TABLES = sorted({path.name.split(".")[0] for path in TABLES.glob("*.*.toml")})


def phrases_of(failure_type: str) -> Phrases:
    found = import_module(f"harness.checks.{failure_type}")._PHRASES
    assert isinstance(found, Phrases)
    return found


@pytest.mark.parametrize("failure_type", WITH_TABLES)
def test_every_pattern_compiles_and_every_phrase_is_worded_and_excused_by_what_exists(failure_type: str) -> None:
    phrases = phrases_of(failure_type)
    check = next(check for check in CHECKS if check.failure_type == failure_type)
    for table in phrases.tables:
        for phrase in table.phrases:
            assert f"{failure_type}.{phrase.message}" in check.MESSAGES
            assert set(phrase.unless) <= set(phrases.excuses)
            assert phrase.enough <= len(phrase.patterns)
            for pattern in (*phrase.patterns, *phrase.not_with):
                assert compile_pattern(pattern)


@pytest.mark.parametrize("failure_type", WITH_TABLES)
def test_every_excuse_of_a_check_is_named_by_one_of_its_tables(failure_type: str) -> None:
    phrases = phrases_of(failure_type)
    named = {name for table in phrases.tables for phrase in table.phrases for name in phrase.unless}
    module = f"harness.checks.{failure_type}"

    assert {name for name, excuse in phrases.excuses.items() if excuse.__module__ == module} <= named


def test_words_stand_for_any_of_their_list_however_deep() -> None:
    table = Table.model_validate(
        {
            "words": {"drink": ["ale", "{hot}"], "hot": "tea"},
            "phrase": [{"message": "x", "certainty": 1, "patterns": ["a {drink} {0,2}now"]}],
        }
    )

    assert next(table.spelled()).patterns == ("a (?:ale|tea) {0,2}now",)


@pytest.mark.parametrize("failure_type", WITH_TABLES)
def test_no_pattern_asks_for_a_capital_which_folded_text_never_holds(failure_type: str) -> None:
    capital = re.compile(r"(?<![\\{])[A-Z]")
    for table in phrases_of(failure_type).tables:
        for phrase in table.phrases:
            for pattern in phrase.patterns:
                assert not capital.search(re.sub(r"\\[pP](?:\{\w+\}|\w)", "", pattern))


def test_two_patterns_that_read_the_same_words_are_one_sign() -> None:
    look = chat("I dropped the engine.").lines[0]
    several = [
        list(hits(compile_pattern(pattern), chat("I dropped the engine."), look))
        for pattern in ("the engine", "engine")
    ]

    assert _apart(several) == 1
    assert _apart([*several, list(hits(compile_pattern("dropped"), chat(""), look))]) == 2
