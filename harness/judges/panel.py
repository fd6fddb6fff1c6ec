"""A panel: judges that vote on one case, each as often as it is asked to, and what counts of what they say.

The word of one judge is noisy. A break that no check sees counts when two of three votes agree; until there are three,
more are asked for. Ratings of a judge that was asked several times are the median of its votes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from statistics import median

from harness.core.finding import Finding
from harness.core.rating import Rating, Verdict
from harness.judges.base import Asker, Case, Judge

VOTES = 3
"""How many votes decide on a break."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge, and how it asks its model."""

    judge: Judge
    ask: Asker


async def deliberate(case: Case, seats: Sequence[Seat]) -> tuple[Verdict, ...]:
    """The verdict of each judge, its breaks put to the vote of all."""
    votes: list[tuple[Seat, Verdict]] = []
    for seat in seats:
        for number in range(1, seat.judge.samples + 1):
            votes.append((seat, await seat.judge.vote(case, seat.ask, number)))
    for seat in cycle(seats):
        if len(votes) >= VOTES or not _contested([vote for _, vote in votes], case.found):
            break
        number = 1 + sum(each is seat for each, _ in votes)
        votes.append((seat, await seat.judge.vote(case, seat.ask, number)))
    return tuple(
        _verdict([vote for each, vote in votes if each is seat], [vote for _, vote in votes], case) for seat in seats
    )


def _was_read(vote: Verdict) -> bool:
    """Whether there is anything in it: of a long chat, one part may be unread and the others not."""
    return vote.stage != "unread" or bool(vote.findings) or any(each.value is not None for each in vote.ratings)


def _contested(votes: Sequence[Verdict], found: Sequence[Finding]) -> bool:
    """Whether there is a break that only judges see, and judges that can be asked again."""
    read = [vote for vote in votes if _was_read(vote)]
    return any(finding.severity == "break" and not _seen(finding, found) for vote in read for finding in vote.findings)


def _verdict(own: Sequence[Verdict], every: Sequence[Verdict], case: Case) -> Verdict:
    read = [vote for vote in own if _was_read(vote)] or own
    return replace(
        read[0],
        findings=tuple(_weighed(finding, every, case.found) for finding in _distinct(read)),
        ratings=tuple(_middle([vote.ratings[place] for vote in read]) for place in range(len(read[0].ratings))),
        votes=len(own),
        unfound_quotes=sum(vote.unfound_quotes for vote in own),
    )


def _distinct(votes: Sequence[Verdict]) -> list[Finding]:
    """The findings of several votes, each once, as the vote put it that says the worst."""
    kept: list[Finding] = []
    every = [finding for vote in votes for finding in vote.findings]
    for finding in sorted(every, key=lambda one: one.severity != "break"):
        if not _seen(finding, kept):
            kept.append(finding)
    return sorted(kept, key=lambda one: (one.turn, one.span.start if one.span else -1))


def _weighed(finding: Finding, votes: Sequence[Verdict], found: Sequence[Finding]) -> Finding:
    """A finding with the share of votes behind it. A break that fewer than two thirds see as one is a lapse when so
    many see it at all, else worth a look.
    """
    read = [vote for vote in votes if _was_read(vote)]
    if len(read) < 2:
        alone = finding.severity == "break" and not _seen(finding, found) and len(votes) > 1
        return replace(finding, severity="note") if alone else finding
    agreeing = sum(_seen(finding, vote.findings) for vote in read)
    weighed = replace(
        finding,
        certainty=agreeing / len(read),
        arguments={**finding.arguments, "votes": f"{agreeing}/{len(read)}"},
    )
    if finding.severity != "break" or _seen(finding, found):
        return weighed
    as_break = sum(_seen(finding, [one for one in vote.findings if one.severity == "break"]) for vote in read)
    if 3 * as_break >= 2 * len(read):
        return weighed
    return replace(weighed, severity="lapse" if 3 * agreeing >= 2 * len(read) else "note")


def _seen(finding: Finding, others: Sequence[Finding]) -> bool:
    return any(
        other.turn == finding.turn
        and other.failure_type == finding.failure_type
        and (other.span is None or finding.span is None or other.span.overlaps(finding.span))
        for other in others
    )


def _middle(votes: Sequence[Rating]) -> Rating:
    """The median of several grades, with the words of the one nearest to it; unscored when none is scored."""
    values = [vote.value for vote in votes if vote.value is not None]
    if len(votes) == 1 or not values:
        return votes[0]
    middle = median(values)
    nearest = min((vote for vote in votes if vote.value is not None), key=lambda vote: abs((vote.value or 0) - middle))
    return replace(nearest, value=middle, spread=max(values) - min(values))
