"""The judge that reads a whole transcript in one request; an answer that cannot be read is asked for once more."""

from dataclasses import dataclass, replace

from harness.core.conversation import GOOD
from harness.core.model import ModelSpec
from harness.core.rating import Ask, Stage, Unscored, Verdict
from harness.core.rubric import Rubric
from harness.judges.asking import reminder, request_for, wording_for
from harness.judges.base import Asker, Case
from harness.judges.evidence import findings_from, ratings_from, unmet, unscored_items
from harness.judges.items import items_for
from harness.judges.reading import Answer, Unreadable, read_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetJudge:
    """A model behind a rubric."""

    name: str
    rubric: Rubric
    spec: ModelSpec
    """Of the model behind it."""

    async def judge(self, case: Case, ask: Asker) -> Verdict:
        """Ask, read, and hold every claim against the transcript."""
        items = items_for(self.rubric, case)
        if not items:
            return self._verdict("strict")
        request = request_for(self.rubric, case, items, self.spec)
        said = await ask(request)
        read = _read(said)
        if isinstance(read, Unreadable) and said.outcome == "answered":
            said = await ask(reminder(request, said.answer, str(read), wording_for(case)))
            read = _read(said)
            if isinstance(read, Answer):
                read = replace(read, stage="re-asked")
        if isinstance(read, Unreadable):
            return replace(self._verdict("unread"), ratings=unscored_items(items, _why_unread(said)))
        ratings = ratings_from(read, items, case, cut_off=said.outcome == "truncated")
        findings, dropped = findings_from(read, self.name, case)
        return replace(
            self._verdict(read.stage),
            findings=(*findings, *unmet(items, ratings, self.name, case)),
            ratings=ratings,
            unfound_quotes=dropped,
        )

    def _verdict(self, stage: Stage) -> Verdict:
        return Verdict(judge=self.name, rubric=f"{self.rubric.id}@{self.rubric.version}", stage=stage)


def _read(said: Ask) -> Answer | Unreadable:
    if said.outcome not in GOOD:
        return Unreadable(said.outcome)
    try:
        return read_answer(said.answer)
    except Unreadable as fault:
        return fault


def _why_unread(said: Ask) -> Unscored:
    if said.outcome == "truncated":
        return "cut_off"
    return "unreadable" if said.outcome == "answered" else said.outcome
