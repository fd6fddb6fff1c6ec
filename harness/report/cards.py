"""What is known of the judges of a run: their cards, worded."""

from collections.abc import Iterator
from dataclasses import dataclass

from harness.core.card import CardRow, Interval
from harness.core.run import Run
from harness.core.taxonomy import DIMENSIONS, Dimension
from harness.report import numbers
from harness.report.wording import word
from harness.report.wording.findings import ReportLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """A judge in one dimension and language."""

    dimension: str
    language: str
    labels: str
    trust: str
    trusted: bool
    auroc: str
    pearson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """One judge."""

    title: str
    measured: str
    """When, and on what."""
    lines: tuple[CardLine, ...]


def card_views(run: Run, language: ReportLanguage) -> Iterator[CardView]:
    """The card of each judge that has one."""
    for name, card in run.snapshot.cards.items():
        yield CardView(
            title=word("card.title", language, name=name, model=card.model, rubric=card.rubric),
            measured=word("card.measured", language, date=card.measured.isoformat(), files=", ".join(card.labels)),
            lines=tuple(
                _line(row, card.trust(row.dimension, row.language) == "trusted", language) for row in card.rows
            ),
        )


def judge_trust(run: Run, judge: str, language: ReportLanguage, scenario: str | None = None) -> str:
    """How far a judge is believed, in a few words: with the character of one scenario, or with any of the run."""
    if judge not in run.snapshot.cards:
        return word("trust.uncalibrated", language)
    if run.doubted(judge):
        return word("judge.doubted", language)
    trusted = trusted_dimensions(run, judge, scenario)
    if not trusted:
        return word("judge.none_trusted", language)
    names = word("and", language).join(word(f"dimension.{each}", language) for each in trusted)
    return word("trust.trusted", language, dimensions=names)


def trusted_dimensions(run: Run, judge: str, scenario: str | None = None) -> tuple[Dimension, ...]:
    """Those in which a judge is trusted for the character of one scenario, or for some character of the run."""
    scenarios = [scenario] if scenario else list(run.snapshot.scenarios)
    return tuple(each for each in DIMENSIONS if any(run.trust(judge, each, one) == "trusted" for one in scenarios))


def _line(row: CardRow, trusted: bool, language: ReportLanguage) -> CardLine:
    return CardLine(
        dimension=word(f"dimension.{row.dimension}", language),
        language=word(f"language.{row.language}", language),
        labels=word(f"card.labels.{row.labels}", language, n=row.rows),
        trust=word("card.trusted" if trusted else "card.untrusted", language),
        trusted=trusted,
        auroc=_figure(row.auroc),
        pearson=_figure(row.pearson),
    )


def _figure(one: Interval) -> str:
    if one.value is None:
        return numbers.NOTHING
    if one.low is None or one.high is None:
        return f"{one.value:.2f}"
    return f"{one.value:.2f} ({one.low:.2f}–{one.high:.2f})"
