"""What is made of one transcript: the checks run over it, the judge reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.checks import Chat, Check, Line, accepted, build_checks, check_chat
from harness.core.finding import Finding
from harness.core.journal import Journal
from harness.core.rating import Ask, Verdict
from harness.core.run import Sample, Snapshot
from harness.core.transcript import Transcript
from harness.engine.judging import Bench, judge_case
from harness.judges import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """Turns transcripts into finished samples, and keeps them."""

    snapshot: Snapshot
    journal: Journal
    checks: Mapping[str, tuple[Check, ...]]
    """The checks of each scenario."""
    benches: tuple[Bench, ...] = ()
    """The judges; several form a panel."""

    @classmethod
    def of(cls, snapshot: Snapshot, journal: Journal, benches: Sequence[Bench] = ()) -> "Evaluator":
        """An evaluator for a run; scenarios with the same checks share them."""
        built: dict[str, tuple[Check, ...]] = {}
        checks = {}
        for scenario, entries in snapshot.checks.items():
            spelling = repr(entries)
            if spelling not in built:
                built[spelling] = build_checks(entries)
            checks[scenario] = built[spelling]
        return cls(snapshot=snapshot, journal=journal, checks=checks, benches=tuple(benches))

    @property
    def hands(self) -> int:
        """How many samples its judges can be busy with at once."""
        return max((bench.caller.throttle.limits.concurrency for bench in self.benches), default=0)

    async def evaluate(self, transcript: Transcript, asks: Sequence[Ask] = (), *, again: bool = False) -> Sample:
        """Check, judge and keep one sample.

        Answers in `asks` to the same request are not paid for again, unless the judges are to be asked `again`.
        """
        findings = self.check(transcript)
        verdicts: tuple[Verdict, ...] = ()
        paid = list(asks)
        if self.benches and transcript.replies():

            async def record(answer: Ask) -> None:
                await self.journal.record_ask(transcript.key, answer)
                paid.append(answer)

            case = self._case(transcript, findings)
            judged = await judge_case(case, self.benches, record, () if again else asks)
            verdicts = tuple(_settled(verdict, case) for verdict in judged)
        sample = Sample(transcript=transcript, findings=findings, verdicts=verdicts, asks=tuple(paid))
        await self.journal.finish_sample(sample)
        return sample

    def check(self, transcript: Transcript) -> tuple[Finding, ...]:
        """What the scenario's checks find in the replies there are."""
        scenario = self.snapshot.scenarios[transcript.key.scenario]
        replies = transcript.replies()
        if not replies:
            return ()
        opening = replies[0].sent[:1]
        chat = Chat(
            persona=self.snapshot.personas[scenario.persona],
            scenario=scenario,
            system=opening[0].content if opening and opening[0].role == "system" else "",
            lines=tuple(
                Line(
                    turn=reply.turn,
                    user=scenario.turns[reply.turn - 1].user,
                    reply=reply.text,
                    complete=reply.outcome == "answered",
                    dropped=reply.dropped,
                )
                for reply in replies
            ),
        )
        return check_chat(chat, self.checks[scenario.id], self.snapshot.settings.severities)

    def _case(self, transcript: Transcript, findings: tuple[Finding, ...]) -> Case:
        scenario = self.snapshot.scenarios[transcript.key.scenario]
        persona = self.snapshot.personas[scenario.persona]
        return Case(persona=persona, scenario=scenario, transcript=transcript, found=findings)


def _settled(verdict: Verdict, case: Case) -> Verdict:
    """A verdict whose findings are muted where writers have accepted them."""
    allowed = (*case.persona.allow, *case.scenario.allow)
    findings = (replace(finding, muted=accepted(finding, allowed)) for finding in verdict.findings)
    return replace(verdict, findings=tuple(findings))
