"""Every label of the report by key, and the sentences of judges, in each language it is written in."""

from collections.abc import Mapping

from harness.report.wording.chinese import CHINESE
from harness.report.wording.english import ENGLISH
from harness.report.wording.findings import ReportLanguage

LABELS: Mapping[ReportLanguage, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}

JUDGED: Mapping[ReportLanguage, Mapping[str, str]] = {
    "en": {
        "judge.violation": "{why}",
        "judge.expectation": "Expected here: {expected} The judge finds: {why}",
    },
    "zh": {
        "judge.violation": "{why}",
        "judge.expectation": "此处的要求：{expected}评审认为：{why}",
    },
}
"""What a judge's findings say. The reasons are the judge's own words, in the language it judged in."""
