"""The house (DESIGN §4) as a test: sizes, homes of libraries, no cycles, no lazy door to a forbidden room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "harness"
MODULES = sorted(PACKAGE.rglob("*.py"))

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 45
MOST_PARAMETERS = 6

HOMES = {
    "openai": ["providers/openai.py", "providers/faults.py"],
    "aiohttp": ["providers/openai.py", "providers/streams.py", "simulator"],
    "anyio": ["engine/limits.py"],
    "aiolimiter": ["engine/limits.py"],
    "httpx2": ["providers/openai.py", "providers/streams.py"],
    "pandas": ["analysis", "__init__.py"],
    "scipy": ["analysis"],
    "jinja2": ["text/templates.py", "report/html.py"],
    "markupsafe": ["report"],
    "sqlalchemy": ["store"],
    "yaml": ["store/yaml.py"],
    "typer": ["cli"],
    "rich": ["cli"],
    "xllamacpp": ["providers/engine.py"],
    "re2": ["text/patterns.py"],
    "opencc": ["text"],
    "rapidfuzz": ["text/quotes.py", "checks/repetition_loop.py"],
    "json_repair": ["judges/reading.py"],
    "tenacity": ["engine/calls.py"],
    "filelock": ["store/database.py"],
    "dotenv": ["cli/keys.py"],
    "platformdirs": ["providers/weights.py"],
}
"""Where each third-party library may be imported."""

FORBIDDEN_WORDS = {"process", "handle", "manage", "do", "utils", "helpers", "common", "misc", "data", "info"}
"""Never a module's or a function's whole name: they say nothing."""


def module_id(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def internal_imports_at_top(path: Path) -> set[Path]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("harness"):
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            candidate = ROOT / Path(*name.split("."))
            if candidate.with_suffix(".py").is_file():
                found.add(candidate.with_suffix(".py"))
            elif (candidate / "__init__.py").is_file():
                found.add(candidate / "__init__.py")
    return found - {path}


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_a_module_is_short_says_what_it_is_for_and_has_a_name_that_means_something(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_FILE_LINES
    assert ast.get_docstring(ast.parse(source)), "a module opens with one sentence: what it is for"
    assert path.stem not in FORBIDDEN_WORDS


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_functions_are_short_and_take_few_parameters(path: Path) -> None:
    for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
        # The signature of a command is its table of options: as long and as wide as it must be.
        command = path.parent.name == "cli" and is_command(function)
        length = (function.end_lineno or 0) - (function.body[0].lineno if command else function.lineno) + 1
        arguments = function.args
        count = len(arguments.posonlyargs) + len(arguments.args) + len(arguments.kwonlyargs)
        count -= bool(arguments.args and arguments.args[0].arg in ("self", "cls"))
        assert length <= MOST_FUNCTION_LINES, f"{function.name} has {length} lines"
        assert count <= MOST_PARAMETERS or command, f"{function.name} takes {count}"
        assert function.name not in FORBIDDEN_WORDS


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return "Example:" in (ast.get_docstring(function) or "")


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_each_library_is_imported_from_its_home_alone(path: Path) -> None:
    place = module_id(path)
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or any(place == home or place.startswith(f"{home}/") for home in homes), (
            f"{name} is imported outside {homes}"
        )


def test_no_two_modules_import_each_other_however_far_round() -> None:
    graph = {path: internal_imports_at_top(path) for path in MODULES}
    done: set[Path] = set()

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        assert path not in above, " → ".join(module_id(one) for one in (*above, path))
        if path not in done:
            for lower in graph.get(path, ()):
                visit(lower, (*above, path))
            done.add(path)

    for path in MODULES:
        visit(path, ())


def test_public_functions_and_classes_say_what_they_mean() -> None:
    silent = []
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and ast.get_docstring(node) is None:
                silent.append(f"{module_id(path)}: {node.name}")
    assert not silent
