"""A small project with a judge, and a judge that can be served: it finds fault with replies that say `machine`."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.command import said, write_project

ITEM = re.compile(r"^(\w+): \w+(?:, turn (\d+))?$", re.MULTILINE)
"""What is asked to be graded, and at which turn."""

RUBRIC = """
    title: {en: Tiny, zh: 小}
    version: 1
    per_turn: true
    criteria:
      - id: immersion
        dimension: immersion
        question: {en: Does it stay in its world?, zh: 是否留在自己的世界里？}
        levels:
          - {grade: 0, value: 0, anchor: {en: lost, zh: 失守}}
          - {grade: 1, value: 1, anchor: {en: kept, zh: 守住}}
    """

JUDGES = """
    judges:
      strict: {model: mock/mock, rubric: tiny}
      other: {model: mock/mock, rubric: tiny, samples: 3}
    """


def write_judged_project(folder: Path, url: str) -> Path:
    """A project whose judges live at a URL."""
    write_project(folder, url)
    with (folder / "harness.yaml").open("a", encoding="utf-8") as file:
        file.write(dedent(JUDGES))
    (folder / "rubrics" / "cards").mkdir(parents=True)
    (folder / "rubrics" / "tiny.yaml").write_text(dedent(RUBRIC), encoding="utf-8")
    return folder


def judge(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A verdict for every item that is asked about: the worst where the reply is no character's."""
    request = body["messages"][-1]["content"]
    (chat,) = [json.loads(line)["chat"] for line in request.split("\n") if line.startswith('{"chat"')]
    lines = {line["turn"]: line["character"] for line in chat}
    grades = {}
    violations = []
    for item, number in ITEM.findall(request):
        reply = lines[int(number)]
        broken = "machine" in reply
        quote = reply[:40]
        grades[item] = {"quote": quote, "reason": "So it says.", "grade": 0 if broken else 1}
        if broken:
            violations.append(
                {"turn": int(number), "failure_type": "ai_self_disclosure", "severity": "lapse", "quote": quote,
                 "why": "So it says."}
            )  # fmt: skip
    return said(json.dumps({"violations": violations, "grades": grades}, ensure_ascii=False))


def row(name: str, reply: str, violation: bool, persona: str = "Hob", **fields: object) -> dict[str, object]:
    """A reply that people graded."""
    return {
        "id": name,
        "language": "en",
        "persona": {"name": persona, "description": "Keeper of a roadside inn."},
        "messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": reply}],
        "provenance": "human",
        "dimension": "immersion",
        "human": {"value": 1 if violation else 5, "scale": [1, 5]},
        "violation": violation,
        **fields,
    }


def graded_rows(count: int) -> list[dict[str, object]]:
    """So many rows of six characters, every other one a violation."""
    return [
        row(
            f"r{n}",
            f"I am machine number {n}, friend." if n % 2 else f"I have kept this inn for {n} winters.",
            bool(n % 2),
            f"Hob {n % 6}",
        )
        for n in range(count)
    ]


def write_rows(folder: Path, rows: list[dict[str, object]], name: str = "graded.jsonl") -> None:
    (folder / name).write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
