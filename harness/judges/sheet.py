"""The judge behind a rubric: asks about each passage, once more where an answer cannot be read, and votes on breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.core.conversation import GOOD
from harness.core.model import ModelSpec
from harness.core.rating import STAGES, Ask, Unscored, Verdict
from harness.core.rubric import Rubric
from harness.judges.asking import reminder, request_for, wording_for
from harness.judges.base import Asker, Case
from harness.judges.evidence import findings_from, ratings_from, unmet, unscored_items
from harness.judges.passages import Passage, passages_for
from harness.judges.reading import Answer, Unreadable, read_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetJudge:
    """A model behind a rubric."""

    name: str
    rubric: Rubric
    spec: ModelSpec
    """Of the model behind it."""
    samples: int = 1
    """How often it is asked about each case."""

    async def vote(self, case: Case, ask: Asker, number: int = 1) -> Verdict:
        """Ask once about every passage, read, and hold every claim against the transcript."""
        parts: list[Verdict] = []
        claims: tuple[str, ...] = ()
        for passage in passages_for(self.rubric, case):
            before = claims if passage.part else ()  # whoever reads the whole has read it all
            verdict, claims = await self._read_passage(passage, before, ask, number)
            parts.append(verdict)
        return self._joined(parts)

    async def _read_passage(
        self, passage: Passage, claims: Sequence[str], ask: Asker, number: int
    ) -> tuple[Verdict, tuple[str, ...]]:
        request = request_for(self.rubric, passage, self.spec, claims=claims, vote=number)
        said = await ask(request)
        read = _read(said, passage)
        if isinstance(read, Unreadable) and said.outcome == "answered":
            said = await ask(reminder(request, said.answer, str(read), wording_for(passage.case)))
            read = _read(said, passage)
            if isinstance(read, Answer):
                read = replace(read, stage="re-asked")
        if isinstance(read, Unreadable):
            ratings = unscored_items(passage.items, _why_unread(said))
            return Verdict(judge=self.name, rubric=self.rubric.edition, stage="unread", ratings=ratings), tuple(claims)
        ratings = ratings_from(read, passage.items, passage.case, cut_off=said.outcome == "truncated")
        findings, dropped = findings_from(read, self.name, passage)
        verdict = Verdict(
            judge=self.name,
            rubric=self.rubric.edition,
            stage=read.stage,
            findings=(*findings, *unmet(passage.items, ratings, self.name, passage.case)),
            ratings=ratings,
            unfound_quotes=dropped,
        )
        return verdict, read.claims or tuple(claims)

    def _joined(self, parts: Sequence[Verdict]) -> Verdict:
        """The passages' verdicts as one, read as badly as the worst of them."""
        return Verdict(
            judge=self.name,
            rubric=self.rubric.edition,
            stage=max((part.stage for part in parts), key=STAGES.index, default="strict"),
            findings=tuple(finding for part in parts for finding in part.findings),
            ratings=tuple(rating for part in parts for rating in part.ratings),
            unfound_quotes=sum(part.unfound_quotes for part in parts),
        )


def _read(said: Ask, passage: Passage) -> Answer | Unreadable:
    if said.outcome not in GOOD:
        return Unreadable(said.outcome)
    try:
        return read_answer(said.answer, graded=bool(passage.items))
    except Unreadable as fault:
        return fault


def _why_unread(said: Ask) -> Unscored:
    if said.outcome == "truncated":
        return "cut_off"
    return "unreadable" if said.outcome == "answered" else said.outcome
