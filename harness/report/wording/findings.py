"""One sentence for each message id a finding can carry, in words a writer understands."""

from collections.abc import Mapping
from typing import Literal

ReportLanguage = Literal["en", "zh"]

FINDINGS: Mapping[ReportLanguage, Mapping[str, str]] = {
    "en": {},
    "zh": {},
}
