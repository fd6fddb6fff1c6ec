"""Keys: from the environment, or a `.env` beside harness.yaml, and nowhere else. They are never written anywhere."""

import os
from collections.abc import Iterable, Mapping

from dotenv import dotenv_values

from harness.core.model import ModelSpec
from harness.errors import Problem
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


def key_problems(models: Mapping[str, ModelSpec], names: Iterable[str], known: Mapping[str, str]) -> list[Problem]:
    """A problem for each model whose key is nowhere, or could not be sent."""
    problems = []
    for name in names:
        spec = models[name]
        key = key_for(spec, known)
        variables = " or ".join(spec.api_key_env)
        if spec.api_key_env and key is None:
            problems.append(Problem(f"no key for {name}", f"set {variables} in the environment"))
        elif key is not None and not (key.isascii() and key.isprintable()):
            problems.append(Problem(f"the key for {name} has characters no header can carry", f"mend {variables}"))
    return problems
