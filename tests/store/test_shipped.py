"""The project that ships with the package: this repository."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from harness.core.project import Project
from harness.core.scenario import Scenario
from harness.core.taxonomy import PROBE_KINDS
from harness.engine.plan import Request, plan
from harness.store.project import ProjectFolder
from harness.store.starter import starter_folder
from harness.text.estimate import estimate_tokens

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder() -> ProjectFolder:
    return ProjectFolder.find(REPOSITORY)


@pytest.fixture(scope="module")
def whole(folder: ProjectFolder) -> Project:
    prompts, rubrics = folder.names("prompts", ".md"), folder.names("rubrics", ".yaml")
    return folder.load(folder.choose(["*"]), prompts, rubrics)


def suite(folder: ProjectFolder, whole: Project, name: str) -> list[Scenario]:
    return [whole.scenarios[one] for one in folder.choose(folder.file.suites[name].scenarios)]


def test_this_repository_is_the_starter_project(folder: ProjectFolder) -> None:
    assert folder.root == starter_folder() == REPOSITORY


def test_every_scenario_loads_with_every_prompt_and_rubric(folder: ProjectFolder, whole: Project) -> None:
    assert set(whole.scenarios) == set(folder.scenario_ids())
    assert set(whole.rubrics) >= {"in-character", "quick"}
    for prompt in ("plain", "card", "director"):
        assert set(whole.systems[prompt]) == set(whole.personas)
        for persona, system in whole.systems[prompt].items():
            assert whole.personas[persona].name in system
            assert all(fact in system for fact in whole.personas[persona].facts.values())


def test_the_checks_of_every_scenario_can_be_built_and_sent_to_every_shipped_model(whole: Project) -> None:
    assert plan(whole, Request(tested=tuple(whole.catalog))).checks.keys() == whole.scenarios.keys()


def test_every_suite_default_and_judge_names_what_there_is(folder: ProjectFolder, whole: Project) -> None:
    assert folder.file.defaults.model in whole.catalog
    assert folder.file.defaults.prompt in whole.prompts
    for judge in folder.file.judges.values():
        assert judge.model in whole.catalog
        assert judge.rubric in whole.rubrics
    for chosen in folder.file.suites.values():
        assert folder.choose(chosen.scenarios)
        assert set(chosen.prompts) <= set(whole.prompts)
        assert chosen.judge is None or chosen.judge in folder.file.judges


def test_every_probe_says_what_a_faithful_character_would_do(whole: Project) -> None:
    without = [
        f"{scenario.id}: turn {number}"
        for scenario in whole.scenarios.values()
        for number, turn in enumerate(scenario.turns, 1)
        if turn.probe and not turn.reference
    ]

    assert without == []


def test_there_are_four_characters_with_four_full_chats_each(whole: Project) -> None:
    full = Counter(one.persona for one in whole.scenarios.values() if 6 <= len(one.turns) <= 10)

    assert len([persona for persona, count in full.items() if count >= 4]) >= 4
    assert {persona.language for persona in whole.personas.values()} >= {"en", "zh"}


def test_most_probe_kinds_occur_and_each_character_meets_several(whole: Project) -> None:
    met: defaultdict[str, set[str]] = defaultdict(set)
    for scenario in whole.scenarios.values():
        met[scenario.persona].update(turn.probe for turn in scenario.turns if turn.probe)

    assert len(set(PROBE_KINDS).intersection(*[set().union(*met.values())])) >= 10
    assert all(len(kinds) >= 5 for kinds in met.values())


def test_the_smoke_suite_is_three_short_chats(folder: ProjectFolder, whole: Project) -> None:
    smoke = suite(folder, whole, "smoke")

    assert len(smoke) == 3
    for scenario in smoke:
        assert len(scenario.turns) <= 6
        said = sum(estimate_tokens(turn.user) for turn in scenario.turns)
        assert said + estimate_tokens(whole.systems["plain"][scenario.persona]) < 1000


def test_every_fact_asked_about_is_there_and_every_title_is_its_own(whole: Project) -> None:
    titles = Counter(scenario.title for scenario in whole.scenarios.values())

    assert [title for title, count in titles.items() if count > 1] == []
    for scenario in whole.scenarios.values():
        facts = whole.personas[scenario.persona].facts
        assert all(turn.about is None or turn.about in facts for turn in scenario.turns)
