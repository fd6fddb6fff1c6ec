"""One grade of a judge, or the reason there is none."""

from dataclasses import dataclass
from typing import Literal, get_args

from harness.core.conversation import Message, Outcome
from harness.core.finding import Finding
from harness.core.taxonomy import Dimension
from harness.core.transcript import Call

Unscored = Literal[
    "unreadable",  # no JSON object of the right form, even after one re-ask
    "cut_off",  # the answer hit its token limit
    "empty",  # the judge said nothing
    "filtered",  # the judge's provider filtered the answer
    "failed",  # the call failed
    "missing",  # the answer leaves this criterion out
    "off_menu",  # a grade that the rubric does not offer
    "no_citation",  # a grade without a cited line
    "citation_not_found",  # a cited line that is not in the transcript
    "cited_elsewhere",  # a grade of one turn that cites the line of another
    "no_reason",  # a grade without a reason
    "history_dropped",  # a question of memory, when the model was not shown the start of the chat any more
    "truncated",  # form and agency of a reply that hit its own token limit
]
"""Why a rating has no value."""

Stage = Literal["strict", "repaired", "re-asked", "unread"]
"""Which way of reading the judge's answer succeeded."""
STAGES: tuple[Stage, ...] = get_args(Stage)
"""From the best to the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One grade: a value from 0 to 1, or unscored with a reason. Never both, never neither."""

    criterion: str
    dimension: Dimension
    turn: int | None
    """None when the whole chat was graded."""
    value: float | None
    unscored: Unscored | None = None
    grade: int | None = None
    """What the judge wrote."""
    citation: str = ""
    """The line of the transcript that it points at."""
    cited_turn: int | None = None
    reason: str = ""
    weight: float = 1.0
    spread: float | None = None
    """How far apart the values lay, when the judge was asked several times; `value` is their median."""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.unscored is None):
            raise ValueError("a rating is either scored or unscored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call to the judge's model: what it was asked and what it answered, to the letter."""

    model: str
    digest: str
    """Of the whole request; an equal request is answered from here instead of being paid for again."""
    sent: tuple[Message, ...]
    outcome: Outcome
    answer: str
    error: str | None = None
    call: Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one judge made of one transcript, read from its answers."""

    judge: str
    rubric: str
    """`<id>@<version>`."""
    stage: Stage
    findings: tuple[Finding, ...] = ()
    ratings: tuple[Rating, ...] = ()
    votes: int = 1
    """How often the judge was asked."""
    unfound_quotes: int = 0
    """Violations that were dropped: their quote is not in the transcript, or their failure type is none of ours."""
