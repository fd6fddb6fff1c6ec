"""From an answer to findings and ratings: what is claimed must be found in the transcript, or it counts for nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.core.finding import Finding, Span
from harness.core.rating import Rating, Unscored
from harness.core.taxonomy import FAILURE_TYPES, FAILURES, SEVERITIES, FailureType
from harness.core.transcript import Exchange
from harness.judges.base import Case
from harness.judges.items import Item
from harness.judges.passages import Passage
from harness.judges.reading import Answer, Json, storable
from harness.text.quotes import find_quote

CERTAINTY = 0.5
"""Of one judge's word alone."""
SHORTEST_QUOTE = 2
LONGEST_QUOTE = 1000
"""Characters; a line was asked for, not a page."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote that was found."""

    turn: int
    span: Span | None
    """In the reply; None when it is the user's line that is quoted."""


def unscored_items(items: Sequence[Item], reason: Unscored) -> tuple[Rating, ...]:
    """Every item without a value, for the same reason."""
    return tuple(_rating(item, reason) for item in items)


def ratings_from(answer: Answer, items: Sequence[Item], case: Case, cut_off: bool) -> tuple[Rating, ...]:
    """One rating an item. `cut_off` says that the answer hit its token limit, which excuses what is missing."""
    return tuple(_grade(item, answer.grades.get(item.id), case, cut_off) for item in items)


def findings_from(answer: Answer, judge: str, passage: Passage) -> tuple[tuple[Finding, ...], int]:
    """The violations whose quote is in a graded reply, and how many were dropped because it is not."""
    findings: list[Finding] = []
    dropped = 0
    for claim in answer.violations:
        finding = _violation(claim, judge, passage)
        if finding is None:
            dropped += 1
        else:
            findings.append(finding)
    return tuple(findings), dropped


def unmet(items: Sequence[Item], ratings: Sequence[Rating], judge: str, case: Case) -> tuple[Finding, ...]:
    """A finding for each statement of a scenario that the judge found not to hold."""
    findings = []
    for item, rating in zip(items, ratings, strict=True):
        if item.failure_type is None or item.turn is None or rating.value != 0.0:
            continue
        reply = _reply(case, item.turn)
        span = find_quote(rating.citation, reply.text)
        arguments = {"expected": item.criterion.question["en"], "why": rating.reason}
        findings.append(_finding(item.failure_type, judge, reply, span, "judge.expectation", arguments))
    return tuple(findings)


def _grade(item: Item, given: Json | None, case: Case, cut_off: bool) -> Rating:
    if given is None:
        return _rating(item, "cut_off" if cut_off else "missing")
    written = given.get("grade")
    level = item.criterion.read(written)
    if level is None:
        return _rating(item, "cut_off" if cut_off and written is None else "off_menu")
    quote, reason = _text(given, "quote"), _text(given, "reason")
    if not quote:
        return _rating(item, "no_citation")
    if not reason:
        return _rating(item, "no_reason")
    cited = _cited(quote, item.turn, case)
    if cited is None:
        return _rating(item, "citation_not_found", citation=quote)
    graded = _reply(case, cited.turn if item.turn is None else item.turn)
    if item.criterion.dimension == "memory" and _reply(case, item.turn or cited.turn).dropped:
        return _rating(item, "history_dropped", citation=quote)
    if item.criterion.dimension in ("form", "agency") and graded.outcome == "truncated":
        return _rating(item, "truncated", citation=quote)
    if item.criterion.dense and item.turn not in (None, cited.turn):
        return _rating(item, "cited_elsewhere", citation=quote)
    return Rating(
        criterion=item.criterion.id,
        dimension=item.criterion.dimension,
        turn=item.turn,
        value=level.value,
        grade=level.grade,
        citation=quote,
        cited_turn=cited.turn,
        reason=reason,
        weight=item.criterion.weight,
    )


def _rating(item: Item, reason: Unscored, citation: str = "") -> Rating:
    return Rating(
        criterion=item.criterion.id,
        dimension=item.criterion.dimension,
        turn=item.turn,
        value=None,
        unscored=reason,
        citation=citation,
        weight=item.criterion.weight,
    )


def _violation(claim: Json, judge: str, passage: Passage) -> Finding | None:
    failure_type, severity = (_text(claim, name).lower().replace(" ", "_") for name in ("failure_type", "severity"))
    number = re.fullmatch(r"\d{1,6}", str(claim.get("turn")))
    turn = int(number[0]) if number else None
    if failure_type not in FAILURE_TYPES:
        return None
    cited = _cited(_text(claim, "quote"), turn, passage.case)
    if cited is None or cited.span is None or cited.turn not in passage.graded:
        return None
    reply = _reply(passage.case, cited.turn)
    finding = _finding(failure_type, judge, reply, cited.span, "judge.violation", {"why": _text(claim, "why")})
    return replace(finding, severity=severity) if severity in SEVERITIES else finding


def _finding(
    failure_type: FailureType, judge: str, reply: Exchange, span: Span | None, message: str, arguments: dict[str, str]
) -> Finding:
    return Finding(
        failure_type=failure_type,
        severity=FAILURES[failure_type].severity,
        certainty=CERTAINTY,
        source=f"judge:{judge}",
        turn=reply.turn,
        span=span,
        quote=reply.text[span.start : span.end] if span else "",
        message=message,
        arguments=arguments,
    )


def _cited(quote: str, turn: int | None, case: Case) -> Cited | None:
    """Where a quote stands: in the reply of its turn, in another reply if the judge miscounted, or in a user's line."""
    if not SHORTEST_QUOTE <= len(quote) <= LONGEST_QUOTE:
        return None
    replies = sorted(case.replies(), key=lambda exchange: exchange.turn != turn)
    for exchange in replies:
        span = find_quote(quote, exchange.text)
        if span is not None:
            return Cited(exchange.turn, span)
    for exchange in replies:
        if find_quote(quote, case.scenario.turns[exchange.turn - 1].user) is not None:
            return Cited(exchange.turn, None)
    return None


def _reply(case: Case, turn: int) -> Exchange:
    return next(exchange for exchange in case.replies() if exchange.turn == turn)


def _text(given: Json, name: str) -> str:
    """A field of an answer as text that can be kept."""
    content = given.get(name)
    return storable(content).strip() if isinstance(content, str) else ""
