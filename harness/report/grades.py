"""What the judges made of a sample: every grade with its reason, and every missing one with why it is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from harness.core.rating import Rating, Verdict
from harness.core.rubric import Rubric
from harness.core.run import Run, Sample
from harness.core.scenario import Scenario
from harness.report import numbers
from harness.report.cards import judge_trust
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage

EXPECTED = "expect-"
"""How criteria begin that a scenario wrote: `expect-2` is the second statement of its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeView:
    """One grade."""

    dimension: str
    question: str
    turn: int | None
    """None when the whole chat was graded."""
    value: str
    spread: str
    """How far apart several answers of the judge lay; empty when it was asked once, or always said the same."""
    scored: bool
    reason: str
    """The judge's, or why there is no value."""
    citation: str
    cited_turn: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictView:
    """One judge's answer."""

    judge: str
    rubric: str
    tally: str
    """How many grades are scored and unscored."""
    trust: str
    dropped: str
    """How many violations were left out because their quote is not there; empty when none."""
    grades: tuple[GradeView, ...]


def verdict_views(sample: Sample, run: Run, language: ReportLanguage) -> tuple[VerdictView, ...]:
    """The verdicts on a sample."""
    scenario = run.snapshot.scenarios[sample.key.scenario]
    return tuple(
        _verdict_view(
            verdict,
            scenario,
            run.snapshot.rubrics,
            judge_trust(run, verdict.judge, language, sample.key.scenario),
            language,
        )
        for verdict in sample.verdicts
    )


def _verdict_view(
    verdict: Verdict, scenario: Scenario, rubrics: Mapping[str, Rubric], trust: str, language: ReportLanguage
) -> VerdictView:
    scored = sum(rating.value is not None for rating in verdict.ratings)
    rubric = rubrics.get(verdict.rubric.partition("@")[0])
    return VerdictView(
        judge=verdict.judge,
        rubric=verdict.rubric,
        tally=word("scored", language, scored=scored, unscored=len(verdict.ratings) - scored),
        trust=trust,
        dropped=word("dropped", language, n=verdict.unfound_quotes) if verdict.unfound_quotes else "",
        grades=tuple(_grade_view(rating, scenario, rubric, language) for rating in verdict.ratings),
    )


def _grade_view(rating: Rating, scenario: Scenario, rubric: Rubric | None, language: ReportLanguage) -> GradeView:
    unscored = rating.unscored
    return GradeView(
        dimension=word(f"dimension.{rating.dimension}", language),
        question=_question(rating, scenario, rubric, language),
        turn=rating.turn,
        value=numbers.grade(rating.value),
        spread=word("spread", language, range=numbers.grade(rating.spread)) if rating.spread else "",
        scored=unscored is None,
        reason=rating.reason if unscored is None else word(f"unscored.{unscored}", language),
        citation=rating.citation,
        cited_turn=rating.cited_turn,
    )


def _question(rating: Rating, scenario: Scenario, rubric: Rubric | None, language: ReportLanguage) -> str:
    """What was asked; the criterion's id when the run kept no sheet that has it."""
    if rating.criterion.startswith(EXPECTED) and rating.turn is not None:
        expected = [each.judge for each in scenario.turns[rating.turn - 1].expect if each.judge]
        number = rating.criterion.removeprefix(EXPECTED)
        if number.isdecimal() and 1 <= int(number) <= len(expected):
            return expected[int(number) - 1]
    criteria = rubric.criteria if rubric else ()
    return next((each.question[language] for each in criteria if each.id == rating.criterion), rating.criterion)
