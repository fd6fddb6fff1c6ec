"""Project folders on a real disk: a small valid one, and what a test changes in it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.store.project import ProjectFolder

PERSONA = """\
name: 乔四更
languages: [zh]
description: 鲤尾镇的更夫。
facts:
  ear: 左耳聋了。
  goose: 大白鹅名叫“捕头”。
"""
SCENARIO = """\
title: 夜巡
tags: [smoke]
turns:
  - user: 更夫，几更了？我叫阿禾。
  - user: 我叫什么？
    expect:
      - recalls: [阿禾]
"""
ONE = "qiao/night"


def project(folder: Path, files: Mapping[str, str] | None = None) -> ProjectFolder:
    """A project of one persona, one scenario and one prompt, with some files written anew; one that is "" is empty."""
    contents = {
        "harness.yaml": "defaults: {prompt: plain}\n",
        "scenarios/qiao/persona.yaml": PERSONA,
        "scenarios/qiao/night.yaml": SCENARIO,
        "prompts/plain.md": "你是{{ persona.name }}。",
        **(files or {}),
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return ProjectFolder.find(folder)


def problems_of(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """What an author reads, one line a problem."""
    return [str(problem) for problem in error.value.problems]
