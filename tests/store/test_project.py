from pathlib import Path

import pytest

from harness.core.project import ProjectFile
from harness.errors import InputError, Problem
from harness.store.project import ProjectFolder
from harness.store.starter import starter_folder
from tests.store.files import PERSONA, SCENARIO, problems_of, project


@pytest.fixture
def folder(tmp_path: Path) -> ProjectFolder:
    day = SCENARIO.replace("[smoke]", "[slow, must_hold]")
    return project(
        tmp_path,
        {
            "scenarios/qiao/day.yaml": day,
            "scenarios/bram/persona.yaml": PERSONA,
            "scenarios/bram/night.yaml": SCENARIO.replace("[smoke]", "[smoke, must_hold]"),
            "scenarios/notes.yaml": "not a scenario\n",
        },
    )


@pytest.mark.parametrize(
    ("terms", "tags", "chosen"),
    [
        pytest.param(["qiao/day"], [], ["qiao/day"], id="id"),
        pytest.param(["qiao"], [], ["qiao/day", "qiao/night"], id="persona"),
        pytest.param(["tag:smoke"], [], ["bram/night", "qiao/night"], id="tag"),
        pytest.param(["*"], [], ["bram/night", "qiao/day", "qiao/night"], id="all"),
        pytest.param(["*/night"], [], ["bram/night", "qiao/night"], id="pattern"),
        pytest.param(["q*/d?y"], [], ["qiao/day"], id="pattern-of-both"),
        pytest.param(["qiao/night", "bram", "qiao"], [], ["bram/night", "qiao/day", "qiao/night"], id="union"),
        pytest.param(["*"], ["must_hold"], ["bram/night", "qiao/day"], id="and-tag"),
        pytest.param(["*"], ["must_hold", "smoke"], ["bram/night"], id="and-both-tags"),
    ],
)
def test_terms_choose_scenarios_each_once_in_order(
    folder: ProjectFolder, terms: list[str], tags: list[str], chosen: list[str]
) -> None:
    assert list(folder.choose(terms, tags)) == chosen


@pytest.mark.parametrize(
    ("terms", "tags", "expected"),
    [
        (["qaio"], [], ["no suite, scenario or persona 'qaio' · did you mean 'qiao'?"]),
        (["qiao/nigth"], [], ["no suite, scenario or persona 'qiao/nigth' · did you mean 'qiao/night'"]),
        (["tag:smok"], [], ["no scenario has the tag 'smok' · did you mean 'smoke'?"]),
        (["tag:x"], [], ["no scenario has the tag 'x' · known: must_hold, slow, smoke"]),
        (["Q*"], [], ["no suite, scenario or persona 'Q*' · known: "]),
        (["a1", "qiao", "b2"], [], ["no suite, scenario or persona 'a1'", "no suite, scenario or persona 'b2'"]),
        (["qiao"], ["nope"], ["no chosen scenario has the tag nope · see `harness scenarios list`"]),
    ],
)
def test_a_term_that_chooses_nothing_is_told_the_nearest(
    folder: ProjectFolder, terms: list[str], tags: list[str], expected: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        folder.choose(terms, tags)

    assert len(caught.value.problems) == len(expected)
    assert all(told.startswith(start) for told, start in zip(problems_of(caught), expected, strict=True))


def test_choosing_by_tag_tells_of_a_scenario_that_cannot_be_read(tmp_path: Path) -> None:
    folder = project(tmp_path, {"scenarios/qiao/day.yaml": "title: x\ntags: smoke\n"})

    assert folder.choose(["qiao/night"]) == ("qiao/night",)
    with pytest.raises(InputError, match=r"scenarios/qiao/day\.yaml:2: tags: expected a list"):
        folder.choose(["tag:smoke"])


def test_a_project_without_scenarios_says_where_they_go(tmp_path: Path) -> None:
    (tmp_path / "harness.yaml").write_text("")
    with pytest.raises(InputError) as caught:
        ProjectFolder.find(tmp_path).choose(["*"])

    assert problems_of(caught) == ["scenarios/: no scenarios here · write scenarios/<persona>/<name>.yaml"]


def test_the_project_is_found_from_any_folder_inside(folder: ProjectFolder) -> None:
    inside = ProjectFolder.find(folder.root / "scenarios" / "qiao")

    assert (inside.root, inside.home) == (folder.root, folder.root)
    assert not inside.is_starter


def test_the_nearest_project_wins(folder: ProjectFolder) -> None:
    inner = project(folder.root / "inner")

    assert ProjectFolder.find(inner.root / "prompts").root == inner.root


def test_without_a_project_the_starter_is_read_and_the_folder_is_home(tmp_path: Path) -> None:
    found = ProjectFolder.find(tmp_path)

    assert (found.root, found.home) == (starter_folder(), tmp_path)
    assert found.is_starter
    assert found.choose(["tag:smoke"])


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: no such folder · name the folder of a project"):
        ProjectFolder.find(tmp_path / "nowhere")


def test_an_empty_harness_yaml_means_the_package_settings(tmp_path: Path) -> None:
    assert project(tmp_path, {"harness.yaml": "# nothing yet\n"}).file == ProjectFile()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("suite: {}", "suite: unknown field · did you mean 'suites' or 'store'?"),
        ("suites: {a: {}}", "suites.a.scenarios: missing · add it"),
        ("suites: {a: {scenarios: []}}", "suites.a.scenarios: 0 entries, at least 1 needed · add one"),
        ("defaults: {epochs: 0}", "defaults.epochs: input should be greater than or equal to 1, found 0"),
        ("severities: {lenght: note}", "severities.lenght: 'lenght' is not a choice · did you mean 'length'?"),
        ("severities: {length: bad}", "severities.length: 'bad' is not a choice · known: break, lapse, note"),
        ("max_incomplete: 10 %", "max_incomplete: expected a number, found '10 %' · write digits"),
        ("judges: {q: {model: x/y, rubrik: z}}", "judges.q.rubrik: unknown field · did you mean 'rubric'?"),
        ("- a", "expected fields, found a list · write `field: value` lines"),
    ],
)
def test_a_wrong_setting_says_where_what_and_what_to_do(tmp_path: Path, written: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        _ = project(tmp_path, {"harness.yaml": f"{written}\n"}).file

    assert str(caught.value).startswith(f"harness.yaml:1: {expected}")


def test_names_are_the_project_s_own_and_the_shipped_ones(tmp_path: Path) -> None:
    names = project(tmp_path, {"prompts/mine.md": "x"}).names("prompts", ".md")

    assert {"mine", "plain", "card", "director"} <= set(names)
    assert list(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("where", "what", "found"),
    [
        ("scenarios/qiao/night.yaml", "turns[2].user: too long", "scenarios/qiao/night.yaml:5"),
        ("scenarios/qiao/night.yaml", "turns[2].expect[1].recalls: no", "scenarios/qiao/night.yaml:7"),
        ("scenarios/qiao/night.yaml", "checks: no such argument", "scenarios/qiao/night.yaml:1"),
        ("scenarios/qiao/none.yaml", "turns[2].user: too long", "scenarios/qiao/none.yaml"),
        ("prompts/plain.md", "x: y", "prompts/plain.md"),
        ("", "no key", ""),
    ],
)
def test_a_problem_that_names_a_field_is_given_its_line(
    folder: ProjectFolder, where: str, what: str, found: str
) -> None:
    assert folder.located(Problem(what, "mend it", where)).where == found
