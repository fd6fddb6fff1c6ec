"""The commands that only read: lists, shows, reports, checks."""

import json
from pathlib import Path

import pytest

from tests.command import Endpoint, harness, said, serving, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with serving(lambda body: said("As an AI language model, I have no inn.")) as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1, turns=2)
        assert harness(tmp_path, "run").returncode == 0
    return tmp_path


def test_runs_are_listed_shown_and_deleted(project: Path) -> None:
    (listed,) = json.loads(harness(project, "runs", "list", "--json").stdout)["runs"]
    assert (listed["status"], listed["samples"], listed["finished"]) == ("ungated", 1, 1)
    assert listed["id"] in harness(project, "runs", "list").stdout
    assert "ai_self_disclosure" in harness(project, "runs", "show").stdout
    assert json.loads(harness(project, "runs", "show", listed["id"][:12], "--json").stdout)["run"] == listed["id"]
    assert harness(project, "runs", "delete", listed["id"]).returncode == 0
    gone = harness(project, "runs", "show")
    assert (gone.returncode, gone.stderr) == (2, "Error: no runs here yet · start one with `harness run`\n")


def test_prune_keeps_the_newest(project: Path) -> None:
    assert harness(project, "rescore", "last").returncode == 0
    assert harness(project, "runs", "prune", "--keep", "0").stdout.startswith("deleted ")
    assert json.loads(harness(project, "runs", "list", "--json").stdout) == {"runs": []}


def test_one_sample_reads_like_a_script_with_its_findings(project: Path) -> None:
    shown = harness(project, "runs", "show", "last", "--sample", "1").stdout
    assert "1. user: Line 1 of the script." in shown
    assert "Bram [answered]: As an AI language model" in shown
    assert "^ break ai_self_disclosure" in shown


def test_a_saved_run_is_reported_again_in_either_language(project: Path) -> None:
    for language, word in (("en", "broke character"), ("zh", "出戏")):
        done = harness(project, "report", "last", "--lang", language, "-o", f"{language}.html")
        assert done.returncode == 0, done.stderr
        assert word in (project / f"{language}.html").read_text(encoding="utf-8")
    done = harness(project, "report", "last", "--format", "json")
    assert json.loads(Path(done.stdout.strip()).read_text(encoding="utf-8"))["findings"]["break"] == 2


def test_scenarios_are_listed_checked_and_shown(project: Path) -> None:
    (row,) = json.loads(harness(project, "scenarios", "list", "--json").stdout)["scenarios"]
    assert (row["id"], row["turns"]) == ("bram/chat-1", 2)
    assert harness(project, "scenarios", "check").stdout == "1 scenario is fine\n"
    assert "1. Line 1 of the script." in harness(project, "scenarios", "show", "bram/chat-1").stdout


def test_files_that_are_wrong_are_told_all_at_once_and_nothing_is_called(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url)
        (tmp_path / "scenarios/bram/chat-1.yaml").write_text("titel: x\nturns: []\n", encoding="utf-8")
        (tmp_path / "scenarios/bram/chat-2.yaml").write_text(
            "title: x\nturns:\n  - user: hi\nchecks: {add: [{length: {longest: 3}}]}\n", encoding="utf-8"
        )
        (tmp_path / "prompts/short.md").write_text("You are\n{{ persona.nme }}", encoding="utf-8")
        told = harness(tmp_path, "run")
        assert told.returncode == 2
        assert told.stderr.splitlines() == [
            "Error: scenarios/bram/chat-1.yaml:1: title: missing · add it",
            "Error: scenarios/bram/chat-1.yaml:2: turns: 0 entries, at least 1 needed · add one",
            "Error: scenarios/bram/chat-1.yaml:1: titel: unknown field · did you mean 'title'?",
            "Error: prompts/short.md:2: 'nme' is not defined · did you mean 'name'?",
        ]
        assert nothing_happened(tmp_path, endpoint)


def test_a_check_with_a_wrong_argument_is_told_with_file_and_line(tmp_path: Path) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1)
        with (tmp_path / "scenarios/bram/chat-1.yaml").open("a", encoding="utf-8") as file:
            file.write("checks: {add: [{length: {longest: 3}}]}\n")
        told = harness(tmp_path, "run")
        assert told.stderr.startswith("Error: scenarios/bram/chat-1.yaml:6: checks: ")
        assert nothing_happened(tmp_path, endpoint)


def test_a_megabyte_in_one_line_is_refused_where_the_model_has_a_limit_and_sent_where_it_has_none(
    tmp_path: Path,
) -> None:
    with serving() as endpoint:
        write_project(tmp_path, endpoint.url, scenarios=1, turns=1)
        line = "很长" * 250_000
        (tmp_path / "scenarios/bram/chat-1.yaml").write_text(f"title: x\nturns: [{{user: {line}}}]\n", encoding="utf-8")
        assert harness(tmp_path, "run").returncode == 0
        assert endpoint.requests[-1]["messages"][-1]["content"] == line
        settings = tmp_path / "harness.yaml"
        settings.write_text(settings.read_text(encoding="utf-8") + "    rules: {max_input_tokens: 28000}\n", "utf-8")
        told = harness(tmp_path, "run")
    assert told.returncode == 2
    assert "scenarios/bram/chat-1.yaml:2: turns[1].user: about 450," in told.stderr
    assert len(endpoint.requests) == 1


def nothing_happened(folder: Path, endpoint: Endpoint) -> bool:
    return not endpoint.requests and not (folder / ".harness").exists() and not (folder / "reports").exists()


def test_files_where_no_scenario_is_looked_for_are_told(project: Path) -> None:
    for name in ("scenarios/top.yaml", "scenarios/bram/two.yml", "scenarios/deep/x/y.yaml"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("title: x\n", encoding="utf-8")
    told = harness(project, "scenarios", "check")
    assert told.returncode == 2
    assert told.stderr.count("stands where no scenario is looked for · move it to") == 3


def test_names_that_leave_the_project_are_no_names(project: Path) -> None:
    (project.parent / "secret.md").write_text("a key", encoding="utf-8")
    told = harness(project, "run", "-p", "../../secret")
    assert (told.returncode, "no prompt '../../secret'" in told.stderr) == (2, True), told.stderr


def test_a_report_of_one_format_under_the_name_of_another_is_refused(project: Path) -> None:
    for options in (("--format", "json", "-o", "x.html"), ("-o", "x.pdf"), ("--lang", "fr")):
        assert harness(project, "report", "last", *options).returncode == 2
    assert not list(project.glob("x.*"))
