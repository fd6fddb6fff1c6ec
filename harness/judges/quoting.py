"""Evidence as quoted data: JSON between marker lines that occur in nothing shown; and the texts around it."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from pydantic import JsonValue

from harness.core.persona import Persona
from harness.text.templates import LONGEST, render_template


def render_request(template: str, parts: Sequence[Mapping[str, object]], values: Mapping[str, object]) -> str:
    """A template of ours with the parts as data in it, each between its own markers."""
    shown = [json.dumps(part, ensure_ascii=False) for part in parts]
    blocks = [{"marker": _marker(evidence, shown), "evidence": evidence} for evidence in shown]
    size = sum(map(len, shown)) + LONGEST  # the template is ours, only what it shows is long
    return render_template(prompt_text(template), {"blocks": blocks, **values}, size).strip()


def shown_persona(persona: Persona) -> Mapping[str, object]:
    """A persona as a judge sees it: all of the card, and nothing of the project around it."""
    return persona.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"id", "allow", "greeting"})


def closed_object(properties: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The schema of an object that holds these fields, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@cache
def prompt_text(name: str) -> str:
    """A text of the folder `prompts`."""
    return files("harness.judges").joinpath("prompts", name).read_text(encoding="utf-8")


def _marker(evidence: str, shown: Sequence[str]) -> str:
    """A line that occurs in nothing shown, made of the evidence so that the same case asks the same again."""
    salt = 0
    while True:
        nonce = blake2b(f"{salt}\0{evidence}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        marker = f"=== data {nonce} ==="
        if not any(nonce in each for each in shown):
            return marker
        salt += 1
