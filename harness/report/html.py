"""The report as one inert HTML file: no request leaves it, and what a model said is text in it, whatever it says."""

from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from secrets import token_hex

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.analysis.summary import Summary
from harness.core.run import Run
from harness.errors import InputError, Problem
from harness.report.view import ReportView, view_report
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage
from harness.text.visible import visible

PAGE_LANGUAGES: Mapping[ReportLanguage, str] = {"en": "en", "zh": "zh-Hans"}


def write_report(run: Run, summary: Summary, path: Path, language: ReportLanguage) -> Path:
    """Write the report of a run; a reader finds the old file or the new one, never half of one.

    Raises:
        InputError: nothing can be written there.
    """
    return write_whole(path, render_html(view_report(run, summary, language)))


def write_whole(path: Path, text: str) -> Path:
    """Write a file in one step.

    Raises:
        InputError: nothing can be written there.
    """
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        what = f"the report cannot be written: {error.strerror or error}"
        raise InputError(Problem(what, "choose another place with -o", str(path))) from None
    return path


def render_html(view: ReportView) -> str:
    """The page of a report."""
    style, script = _static("report.css"), _static("report.js")
    return (
        _environment()
        .get_template("report.html")
        .render(
            view=view,
            word=partial(word, language=view.language),
            lang=PAGE_LANGUAGES[view.language],
            policy=_policy(style, script),
            style=style,
            script=script,
        )
    )


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded or sent, and no other style or script than ours may apply."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


@cache
def _static(name: str) -> Markup:
    """A file of ours, to stand in the page as it is."""
    return Markup(files("harness.report").joinpath("static", name).read_text(encoding="utf-8"))  # noqa: S704


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inert(value: object) -> object:
    """The last gate before the page: whatever text reaches it shows what it is made of."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
