"""The page on providers is held to the catalog and to the table of faults."""

import re

from harness.engine.calls import LONGEST_WAIT, MOST_ATTEMPTS
from harness.providers.faults import CODES, FILTERED, GIVE_UP, RETRY, STATUSES, STOP, WAIT, Fault, reaction_to_status
from harness.store.catalog import ALIASES, shipped_catalog
from harness.text.estimate import TOKENS_A_HAN, TOKENS_OTHERWISE, USUAL_REPLY
from tests.pages import rows, text_of


def test_every_shipped_model_is_listed_with_its_endpoint_its_key_and_its_price() -> None:
    """And no other: the rows of the table are the rows of the catalog, in its order."""
    listed = [row for row in rows("docs/providers.md") if re.match(r"`[a-z-]+/\S+`", row[0])]
    shipped = shipped_catalog()
    assert [re.findall(r"`([^`]+)`", row[0])[0] for row in listed] == list(shipped)
    for (name, spec), (first, endpoint, key, cost, read) in zip(shipped.items(), listed, strict=True):
        aliases = [alias for alias, full in ALIASES.items() if full == name]
        assert all(f"alias `{alias}`" in first for alias in aliases)
        assert (f"retired {spec.retired}" in first) == (spec.retired is not None)
        if spec.base_url is not None:
            assert endpoint == "`" + str(spec.base_url).partition("://")[2].rstrip("/") + "`"
        assert key == (", ".join(f"`{variable}`" for variable in spec.api_key_env) or "none")
        price = spec.price
        assert price is not None
        if price.input or price.output:
            cached = f", cached input {price.cached_input}" if price.cached_input is not None else ""
            assert cost == f"{price.input} / {price.output} {price.currency}{cached}"
            assert read == f"{price.as_of}, {price.source}"
        else:
            assert (cost, read) == ("0", "")


REACTIONS = {
    "tried again": RETRY,
    "left alone, then tried again": WAIT,
    "given up": GIVE_UP,
    "stops the run": STOP,
    "the filter": FILTERED,
}


def test_every_status_of_the_fault_table_is_told_with_what_it_calls_for() -> None:
    told = {
        int(number): row[1]
        for row in rows("docs/providers.md")
        if re.match(r"\d{3}\b", row[0]) and len(row) == 2
        for number in re.findall(r"\b\d{3}\b", row[0])
    }
    assert STATUSES.keys() <= told.keys()
    fault = Fault((), "")
    words = {**REACTIONS, "a reason to stop the run": STOP}
    for status, said in told.items():
        assert words[said.partition(":")[0]] is reaction_to_status(status, fault)
    rest = {row[0]: row[1].partition(":")[0] for row in rows("docs/providers.md") if "any other" in row[0]}
    assert any("5xx" in first and said == "tried again" for first, said in rest.items())
    assert any("4xx" in first and said == "given up" for first, said in rest.items())


def test_every_code_of_the_fault_table_is_told_with_what_it_calls_for() -> None:
    table = rows("docs/providers.md")
    start = next(place for place, row in enumerate(table) if row[0] == "said by")
    reactions = [REACTIONS[head] for head in table[start][1:]]
    told = {
        code.lower(): reaction
        for row in table[start + 2 :]
        if len(row) == 5
        for cell, reaction in zip(row[1:], reactions, strict=True)
        for code in re.findall(r"`([^`]+)`", cell)
    }
    waiting = {code for code, reaction in CODES.items() if reaction is WAIT}
    assert told == {code.lower(): RETRY if code in waiting else reaction for code, reaction in CODES.items()}
    left_alone = text_of("docs/providers.md").partition("is left alone")[0].rpartition("\n\n")[2]
    assert waiting == {code.lower() for code in re.findall(r"`([^`]+)`", left_alone)} - {"retry-after"}


def test_the_numbers_of_the_page_on_providers_are_those_of_the_code() -> None:
    page = " ".join(text_of("docs/providers.md").split())
    assert LONGEST_WAIT == 120
    for said in (
        f"tried again, up to {MOST_ATTEMPTS} times",
        "honoured, up to two minutes",
        f"counts as {USUAL_REPLY} tokens",
        f"{TOKENS_A_HAN:g} tokens a Chinese character, {TOKENS_OTHERWISE:g} any other",
    ):
        assert said in page
