"""Printing on standard output: tables and fields for people, one JSON object for machines."""

import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import typer

from harness.text.visible import visible

_ACTING = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal may act on and JSON lets pass; escaped, it is the same JSON."""


def say(line: str, *, err: bool = False) -> None:
    """Print a line that may hold others' words: what would act in a terminal is shown instead."""
    typer.echo(visible(line), err=err)


def leave_pipe() -> None:
    """Whoever read our output has gone: what is left to print goes nowhere, and is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table as wide as the terminal, or as it needs where there is none."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=200)
    table = Table(*heads, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    console.print(table)


def print_json(content: Mapping[str, object]) -> None:
    """One JSON object, Chinese unescaped."""
    typer.echo(json_text(content))


def json_text(content: Mapping[str, object]) -> str:
    """An object as people can read it."""
    text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _plain(content: object) -> object:
    if isinstance(content, Decimal):
        return float(content)
    if isinstance(content, datetime):
        return content.isoformat()
    return str(content)
