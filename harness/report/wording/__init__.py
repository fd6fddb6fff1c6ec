"""What the report says, in English and Chinese. Data says *which* sentence; only this folder says how it reads."""

from harness.core.finding import Argument, Finding
from harness.report.wording.findings import FINDINGS, ReportLanguage
from harness.report.wording.labels import JUDGED, LABELS


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
    """What is wrong, in a sentence; the bare id and arguments when a check came without words for it."""
    template = JUDGED[language].get(finding.message) or FINDINGS[language].get(finding.message)
    arguments = {name: _worded(name, value, language) for name, value in finding.arguments.items()}
    if template is None:
        return _bare(finding)
    try:
        return template.format_map(arguments).strip()
    except (LookupError, ValueError):
        return _bare(finding)


def _worded(name: str, value: Argument, language: ReportLanguage) -> Argument:
    """An argument as people say it: a language by its name."""
    return LABELS[language].get(f"language.{value}", value) if name == "language" else value


def _bare(finding: Finding) -> str:
    shown = ", ".join(f"{name}: {value}" for name, value in finding.arguments.items())
    return f"{finding.message} ({shown})" if shown else finding.message
