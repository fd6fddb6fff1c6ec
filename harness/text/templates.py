"""Templates that people write, rendered where they can reach nothing but the values they are given."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, UndefinedError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_QUOTED = re.compile(r"'([^']*)'(?= is undefined|$)")

LONGEST = 2_000_000
"""Characters a rendered template may have."""


class BadTemplate(ValueError):
    """A template that cannot be rendered.

    `line` is where, counted from 1, when that is known; `unknown` the name that is not defined, if that is the fault.
    """

    def __init__(self, message: str, line: int | None = None, unknown: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.unknown = unknown


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset(["*", "**"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"`{operator}` on these values could fill the memory")
        return super().call_binop(context, operator, left, right)


_ENVIRONMENT = _Sandbox(undefined=StrictUndefined, keep_trailing_newline=False, trim_blocks=True, lstrip_blocks=True)


def render_template(source: str, values: Mapping[str, object], longest: int = LONGEST) -> str:
    """Render a template with these values and nothing else, to at most `longest` characters.

    Raises:
        BadTemplate: a syntax error, an undefined name, a reach for Python's internals, or too long a result.
    """
    if "{" not in source:
        return source
    try:
        return _bounded(_compiled(source).generate(**values), longest)
    except TemplateSyntaxError as error:
        raise BadTemplate(error.message or "syntax error", error.lineno) from None
    except UndefinedError as error:
        quoted = _QUOTED.findall(error.message or "")
        unknown = quoted[-1] if quoted else None
        what = f"{unknown!r} is not defined" if unknown else error.message or "an undefined name"
        raise BadTemplate(what, _line_in_template(error), unknown) from None
    except SecurityError as error:
        raise BadTemplate(f"not allowed in a template: {error.message}", _line_in_template(error)) from None
    except BadTemplate:
        raise
    except Exception as error:  # a template is a program, and whatever it raises is its author's to mend
        raise BadTemplate(str(error) or type(error).__name__, _line_in_template(error)) from None


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    """The same few templates are rendered for every request of a judge."""
    return _ENVIRONMENT.from_string(source)


def _bounded(pieces: Any, longest: int) -> str:
    kept: list[str] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > longest:
            raise BadTemplate(f"the result has more than {longest:,} characters")
        kept.append(piece)
    return "".join(kept)


def _line_in_template(error: BaseException) -> int | None:
    trace = error.__traceback__
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
