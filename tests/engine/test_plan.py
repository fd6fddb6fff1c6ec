from collections.abc import Mapping
from dataclasses import replace

import pytest

from harness.core.model import ModelSpec
from harness.core.persona import Persona
from harness.core.project import Project, ProjectFile
from harness.core.run import JudgeSpec, Settings
from harness.core.scenario import CheckChoice, Scenario
from harness.engine.plan import Request, plan
from harness.errors import InputError
from harness.store.catalog import shipped_catalog
from tests.build import MODEL, SYSTEM, keys, model, persona, persona_zh, scenario


def project(
    *scenarios: Scenario, who: Persona | None = None, file: ProjectFile | None = None, **catalog: ModelSpec
) -> Project:
    who = who or persona()
    named = {name.replace("__", "/"): spec for name, spec in catalog.items()}
    return Project(
        file=file or ProjectFile(),
        catalog=named or {MODEL: model(), "mock/judge": model()},
        personas={who.id: who},
        scenarios={each.id: each for each in scenarios or (scenario(),)},
        prompts={"plain": "You are {{ persona.name }}."},
        systems={"plain": {who.id: SYSTEM}},
        rubrics={},
    )


def limited(**rules: object) -> ModelSpec:
    return model(rules=rules)


def wrong(of: Project, request: Request | None = None) -> list[str]:
    with pytest.raises(InputError) as raised:
        plan(of, request or Request(tested=tuple(of.catalog)))
    return [str(problem) for problem in raised.value.problems]


def test_a_plan_holds_the_models_that_will_be_called_and_no_others() -> None:
    of = project(mock__echo=model(), mock__judge=model(), mock__other=model())

    snapshot = plan(of, Request(tested=(MODEL,), judges={"strict": JudgeSpec(model="mock/judge")}))

    assert list(snapshot.models) == [MODEL, "mock/judge"]
    assert snapshot.tested == (MODEL,)
    assert [key.epoch for key in keys(snapshot)] == [1]


def test_settings_and_the_checks_of_each_scenario_are_written_down() -> None:
    quiet = scenario(id="hob/quiet", checks={"skip": ["repetition_loop"], "add": [{"length": {"max_chars": 9}}]})
    loud = scenario(id="hob/loud")
    request = Request(tested=(MODEL,), settings=Settings(epochs=3), checks=CheckChoice(skip=("anachronism",)))

    snapshot = plan(project(quiet, loud), request)

    assert len(keys(snapshot)) == 6
    assert {"length": {"max_chars": 9}} in snapshot.checks["hob/quiet"]
    assert "repetition_loop" not in snapshot.checks["hob/quiet"]
    assert "repetition_loop" in snapshot.checks["hob/loud"]
    assert not {"anachronism"} & {*map(str, snapshot.checks["hob/quiet"]), *map(str, snapshot.checks["hob/loud"])}


def test_a_chat_with_more_messages_than_a_model_takes_is_refused_before_any_call() -> None:
    of = project(scenario("a", "b", "c"), who=persona(greeting="Hello."), mock__echo=limited(max_messages=6))

    (problem,) = wrong(of)

    assert problem == (
        "scenarios/hob/rainy-night.yaml: turns[3]: message 7 of the chat, and mock/echo takes 6 · "
        "split the scenario, or set models.mock/echo.rules.history: keep_system_drop_oldest"
    )


@pytest.mark.parametrize("greeting", ["omit", "in_system"])
def test_a_greeting_that_is_no_message_counts_for_none(greeting: str) -> None:
    spec = limited(max_messages=6, greeting=greeting)

    plan(project(scenario("a", "b", "c"), who=persona(greeting="Hello."), mock__echo=spec), Request(tested=(MODEL,)))


def test_a_long_chat_is_fine_where_its_oldest_turns_may_be_dropped() -> None:
    spec = limited(max_messages=4, max_input_tokens=50, history="keep_system_drop_oldest")

    plan(project(scenario("a" * 500, "b", "c"), mock__echo=spec), Request(tested=(MODEL,)))


def test_a_chat_that_is_too_long_is_refused_at_the_turn_where_it_becomes_so() -> None:
    of = project(
        scenario("hi", "茶" * 3000, "and on", id="hob/long"),
        who=persona_zh(),
        mock__echo=limited(max_input_tokens=500),
    )

    (problem,) = wrong(of)

    assert problem.startswith("scenarios/hob/long.yaml: turns[2].user: about ")
    assert " and mock/echo takes 500 · split the scenario" in problem


@pytest.mark.parametrize(("longest", "fits"), [(None, False), (20, True)])
def test_replies_that_are_still_to_come_count_with_their_usual_length(longest: int | None, fits: bool) -> None:
    spec = model(rules={"max_input_tokens": 600}, params={"max_tokens": longest})
    of = project(scenario("a", "b", "c", "d"), mock__echo=spec)

    if fits:
        plan(of, Request(tested=(MODEL,)))
    else:
        (problem,) = wrong(of)
        assert "turns[4].user: about" in problem


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"temperature": 0.0}, "temperature: 0.0, and the provider takes above 0, at most 1"),
        ({"temperature": 1.2}, "temperature: 1.2, and the provider takes above 0, at most 1"),
        ({"max_tokens": 4001}, "max_tokens: 4001, and the provider takes at most 4,000"),
    ],
)
def test_a_parameter_out_of_the_providers_range_is_refused_before_any_call(
    params: Mapping[str, object], told: str
) -> None:
    ranges = {"temperature": {"above": 0, "most": 1}}
    spec = model(ranges=ranges, rules={"max_output_tokens": 4000}, params=params)

    (problem,) = wrong(project(scenario("a"), mock__echo=spec))

    assert problem == f"harness.yaml: models.mock/echo.params.{told} · change it"


def test_scripted_replies_count_towards_the_length_of_a_chat() -> None:
    turns: list[Mapping[str, object]] = [{"user": "hi", "assistant": "word " * 2000}, {"user": "hi"}]
    of = project(scenario(*turns, history="scripted"), mock__echo=limited(max_input_tokens=500))

    (problem,) = wrong(of)

    assert "turns[2].user" in problem


def test_all_that_is_wrong_is_told_at_once_by_scenario_and_model() -> None:
    bad = scenario("a", id="hob/bad", checks={"add": [{"length": {"max_chars": 0}}]})
    worse = scenario("a", id="hob/worse", checks={"add": [{"length": {"longest": 3}}, "unmet_expectation"]})
    long = scenario("a", "b", "c", id="hob/long")
    of = project(bad, worse, long, mock__echo=limited(max_messages=4), mock__tiny=limited(max_input_tokens=1))

    problems = wrong(of)

    assert [problem.split(":")[0] for problem in problems] == [
        "scenarios/hob/bad.yaml", "scenarios/hob/worse.yaml",
        "scenarios/hob/long.yaml",
        "scenarios/hob/bad.yaml", "scenarios/hob/worse.yaml", "scenarios/hob/long.yaml",
    ]  # fmt: skip
    assert "check 'length'" in problems[0]
    assert "no argument 'longest'" in problems[1]
    assert all("mock/tiny" in problem for problem in problems[3:])


def test_a_check_that_is_wrong_in_the_project_file_is_told_too() -> None:
    file = ProjectFile.model_validate({"checks": {"add": [{"length": {"max_chars": "many"}}]}})

    (problem,) = wrong(project(file=file))

    assert "argument 'max_chars' of check 'length'" in problem


def test_the_longest_prompt_decides() -> None:
    of = project(scenario("hi"), mock__echo=limited(max_input_tokens=100))
    both = replace(of, prompts={**of.prompts, "card": "x"}, systems={**of.systems, "card": {"hob": "word " * 500}})

    plan(of, Request(tested=(MODEL,)))
    (problem,) = wrong(both)
    assert "turns[1].user" in problem


def test_a_greeting_that_would_speak_before_the_user_is_refused_where_the_user_must_be_first() -> None:
    of = project(who=persona(greeting="Hello."), mock__echo=limited(alternate=True))

    assert wrong(of) == [
        "harness.yaml: mock/echo wants the user to speak first, and a chat would open with the persona's greeting"
        " · set `greeting: in_system` in its `rules`"
    ]


@pytest.mark.parametrize(
    ("greeting", "rules"),
    [
        pytest.param("", {"alternate": True}, id="nothing-to-say"),
        pytest.param("Hello.", {"alternate": True, "greeting": "in_system"}, id="in-system"),
        pytest.param("Hello.", {"alternate": False}, id="any-order"),
    ],
)
def test_other_openings_are_fine(greeting: str, rules: Mapping[str, object]) -> None:
    plan(project(who=persona(greeting=greeting), mock__echo=limited(**rules)), Request(tested=(MODEL,)))


def test_every_shipped_model_takes_a_persona_with_a_greeting() -> None:
    rows = shipped_catalog()
    of = replace(project(who=persona(greeting="Hello.")), catalog=rows)

    assert plan(of, Request(tested=tuple(rows))).tested == tuple(rows)
