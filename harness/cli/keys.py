"""Keys: from the environment, or a `.env` beside harness.yaml, and nowhere else. They are never written anywhere."""

import os
from collections.abc import Iterable, Mapping

from dotenv import dotenv_values

from harness.core.model import VARIABLE, ModelSpec
from harness.errors import Problem
from harness.providers import Access
from harness.store.project import ProjectFolder


def environment(folder: ProjectFolder) -> Mapping[str, str]:
    """What the environment says, and where it is silent, the project's `.env`."""
    written = dotenv_values(folder.home / ".env", interpolate=False)
    return {name: content for name, content in {**written, **_said(os.environ)}.items() if content}


def _said(variables: Mapping[str, str]) -> Mapping[str, str]:
    """Those that are not empty: an empty variable is how shells and CI systems say nothing."""
    return {name: content for name, content in variables.items() if content}


def key_for(spec: ModelSpec, known: Mapping[str, str]) -> str | None:
    """The key of the first variable that holds one."""
    return next((key for name in spec.api_key_env if (key := known.get(name, "").strip())), None)


def access_to(spec: ModelSpec, known: Mapping[str, str]) -> Access:
    """The key, and the row's headers and proxy with their variables filled in; `key_problems` tells of unset ones."""

    def filled(text: str) -> str:
        return VARIABLE.sub(lambda found: known.get(found[1], ""), text)

    return Access(
        key=key_for(spec, known),
        headers={name: filled(text) for name, text in spec.headers.items()},
        proxy=filled(spec.proxy) if spec.proxy else None,
        secrets=tuple(known[name] for name in spec.variables() if name in known),
    )


def key_problems(models: Mapping[str, ModelSpec], names: Iterable[str], known: Mapping[str, str]) -> list[Problem]:
    """A problem for each model whose key or other secret is nowhere, or could not be sent."""
    problems = []
    for name in names:
        spec = models[name]
        key = key_for(spec, known)
        variables = " or ".join(spec.api_key_env)
        if spec.api_key_env and key is None:
            problems.append(Problem(f"no key for {name}", f"set {variables} in the environment"))
        elif key is not None and not _sendable(key):
            problems.append(Problem(f"the key for {name} has characters no header can carry", f"mend {variables}"))
        for variable in dict.fromkeys(spec.variables()):
            if not _sendable(known.get(variable, "")):
                what = f"{name} needs the variable {variable}, which is not set or which no header can carry"
                problems.append(Problem(what, f"set {variable} in the environment"))
    return problems


def _sendable(content: str) -> bool:
    return bool(content) and content.isascii() and content.isprintable()
