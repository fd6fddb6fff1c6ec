from pathlib import Path

import pytest

from harness.errors import InputError

from .page import written
from .runs import broken_sample, every_outcome, run


def test_a_report_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "reports" / "run.html"
    written(run(broken_sample()), file)
    before = file.read_bytes()

    assert written(every_outcome(), file, "zh") == file
    assert file.read_bytes() != before
    assert [each.name for each in file.parent.iterdir()] == ["run.html"]


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")

    with pytest.raises(InputError, match="the report cannot be written"):
        written(run(broken_sample()), tmp_path / "reports" / "run.html")


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "run.html").mkdir()

    with pytest.raises(InputError, match="choose another place"):
        written(run(broken_sample()), tmp_path / "run.html")
    assert [each.name for each in tmp_path.iterdir()] == ["run.html"]
