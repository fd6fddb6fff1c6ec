from decimal import Decimal
from pathlib import Path

import pytest

from harness.core.model import Catalog
from harness.errors import InputError
from harness.store.catalog import ALIASES, model_named, shipped_catalog
from tests.store.files import problems_of, project

ROLE = "cometapi/hunyuan-role"


def catalog(folder: Path, written: str) -> Catalog:
    return project(folder, {"harness.yaml": f"models:\n{written}\n"}).catalog


def test_every_shipped_price_says_where_and_when_it_was_read() -> None:
    shipped = shipped_catalog()

    assert {spec.provider for spec in shipped.values()} == {"openai", "local"}
    assert all(spec.price and spec.price.source and spec.price.as_of for spec in shipped.values())


def test_only_a_model_on_ones_own_machine_is_free_and_needs_no_key() -> None:
    own = {"local/smollm2", "ollama/local", "llamacpp/local", "vllm/local"}

    assert {name for name, spec in shipped_catalog().items() if not spec.api_key_env} == own
    assert {name for name, spec in shipped_catalog().items() if spec.price and not spec.price.input} == own


def test_a_project_adds_a_model(tmp_path: Path) -> None:
    row = "  mock/mock: {base_url: 'http://127.0.0.1:8399/v1', id: mock, price: {currency: CNY, input: 0.44576,"
    made = catalog(tmp_path, row + " output: '2', as_of: 2026-11-22, source: page}}")

    assert made["mock/mock"].id == "mock"
    assert made["mock/mock"].price is not None
    assert made["mock/mock"].price.input == Decimal("0.44576")
    assert {name: made[name] for name in shipped_catalog()} == shipped_catalog()


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        pytest.param("{rules: {max_messages: 10}}", "rules", {"max_messages": 10}, id="rules"),
        pytest.param("{params: {temperature: 0}}", "params", {"temperature": 0.0}, id="params"),
        pytest.param("{concurrency: 2}", "concurrency", 2, id="top-level"),
        pytest.param("{base_url: null, provider: local}", "provider", "local", id="adapter"),
    ],
)
def test_a_project_changes_one_field_of_a_shipped_model_and_keeps_the_rest(
    tmp_path: Path, written: str, field: str, value: object
) -> None:
    before = shipped_catalog()[ROLE].model_dump()
    after = catalog(tmp_path, f"  {ROLE}: {written}")[ROLE].model_dump()

    if isinstance(value, dict):
        assert after[field] == {**before[field], **value}
    else:
        assert after[field] == value
    untouched = set(before) - {field, "base_url"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_a_price_is_replaced_whole_because_its_source_speaks_for_all_of_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        catalog(tmp_path, f"  {ROLE}:\n    price: {{input: 1}}")

    assert problems_of(caught) == [
        f"harness.yaml:3: models.{ROLE}.price.{name}: missing · add it"
        for name in ("currency", "output", "as_of", "source")
    ]


def test_a_price_may_be_made_unknown(tmp_path: Path) -> None:
    assert catalog(tmp_path, f"  {ROLE}: {{price: null}}")[ROLE].price is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("  a/b:\n    base_url: http://x", "harness.yaml:2: models.a/b.id: missing · add it"),
        ("  a/b:\n    id: x", "harness.yaml:2: models.a/b: `base_url` is missing · mend the entry"),
        (f"  {ROLE}:\n    rules: {{greting: omit}}", f"harness.yaml:3: models.{ROLE}.rules.greting: unknown field"),
        (
            f"  {ROLE}:\n    streem: true",
            f"harness.yaml:3: models.{ROLE}.streem: unknown field · did you mean 'stream'",
        ),
        (f"  {ROLE}:\n    base_url: ftp://x", f"harness.yaml:3: models.{ROLE}.base_url: "),
        (f"  {ROLE}:\n    params:\n      top_p: 2", f"harness.yaml:4: models.{ROLE}.params.top_p: "),
        (f"  {ROLE}:\n    params: 3", f"harness.yaml:3: models.{ROLE}.params: expected fields, found 3"),
        (f"  {ROLE}: 3", f"harness.yaml:2: models.{ROLE}: expected fields, found 3"),
        ("  Mock: {id: x}", "harness.yaml:2: models.Mock: 'Mock' is no name · write provider/id"),
    ],
)
def test_a_wrong_row_is_told_at_its_line(tmp_path: Path, written: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        catalog(tmp_path, written)

    assert str(caught.value).startswith(expected)


def test_an_alias_stands_for_a_row() -> None:
    shipped = shipped_catalog()

    assert model_named("hunyuan-role", shipped) == (ROLE, shipped[ROLE])
    assert model_named(ROLE, shipped) == (ROLE, shipped[ROLE])
    assert set(ALIASES.values()) <= set(shipped)


def test_an_unknown_model_is_told_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        model_named("hunyuan-rol", shipped_catalog())

    assert problems_of(caught)[0].startswith("no model 'hunyuan-rol' · did you mean 'hunyuan-role'")
