"""What the report says, in English and Chinese. Data says *which* sentence; only this folder says how it reads."""

from harness.core.finding import Argument, Finding
from harness.report.wording.findings import FINDINGS, ReportLanguage
from harness.report.wording.labels import JUDGED, LABELS

LONGEST_QUOTE = 60
"""Characters of the violating words that a sentence repeats; all of them are marked in the reply."""


def word(key: str, language: ReportLanguage, **arguments: Argument) -> str:
    """A label. One that counts has its forms for one and for many, and takes the number as `n`.

    Raises:
        KeyError: nobody has worded it.
    """
    template = LABELS[language][key]
    if "n" in arguments:
        one, _, many = template.partition("|")
        template = one if arguments["n"] == 1 or not many else many
    return template.format_map(arguments)


def sentence(finding: Finding, language: ReportLanguage) -> str:
    """What is wrong, in a sentence; the bare id and arguments when a check came without words for it.

    Besides its own arguments, a sentence knows the violating words as `quote`.
    """
    template = JUDGED[language].get(finding.message) or FINDINGS[language].get(finding.message)
    arguments = {name: _worded(name, value, language) for name, value in finding.arguments.items()}
    try:
        return template.format_map({"quote": _short(finding.quote), **arguments}) if template else _bare(finding)
    except (LookupError, ValueError):
        return _bare(finding)


def _worded(name: str, value: Argument, language: ReportLanguage) -> Argument:
    """An argument as people say it: a language by its name."""
    return LABELS[language].get(f"language.{value}", value) if name == "language" else value


def _short(quote: str) -> str:
    line = " ".join(quote[: LONGEST_QUOTE * 4].split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rstrip()}…"


def _bare(finding: Finding) -> str:
    shown = ", ".join(f"{name}: {value}" for name, value in finding.arguments.items())
    return f"{finding.message} ({shown})" if shown else finding.message
