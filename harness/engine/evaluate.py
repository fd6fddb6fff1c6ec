"""What is made of one transcript: the checks run over it, the judge reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.checks import Chat, Check, Line, build_checks, check_chat
from harness.core.conversation import Conversation
from harness.core.finding import Finding
from harness.core.journal import Journal
from harness.core.rating import Ask, Verdict
from harness.core.run import Sample, Snapshot
from harness.core.transcript import SampleKey, Transcript
from harness.engine.calls import Caller
from harness.judges import Asker, Case, Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A judge and the model behind it."""

    judge: Judge
    caller: Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """Turns transcripts into finished samples, and keeps them."""

    snapshot: Snapshot
    journal: Journal
    checks: Mapping[str, tuple[Check, ...]]
    """The checks of each scenario."""
    bench: Bench | None = None

    @classmethod
    def of(cls, snapshot: Snapshot, journal: Journal, bench: Bench | None = None) -> "Evaluator":
        """An evaluator for a run; scenarios with the same checks share them."""
        built: dict[str, tuple[Check, ...]] = {}
        checks = {}
        for scenario, entries in snapshot.checks.items():
            spelling = repr(entries)
            if spelling not in built:
                built[spelling] = build_checks(entries)
            checks[scenario] = built[spelling]
        return cls(snapshot=snapshot, journal=journal, checks=checks, bench=bench)

    @property
    def hands(self) -> int:
        """How many samples its judge can be busy with at once."""
        return self.bench.caller.throttle.limits.concurrency if self.bench else 0

    async def evaluate(self, transcript: Transcript, asks: Sequence[Ask] = ()) -> Sample:
        """Check, judge and keep one sample. Answers in `asks` to the same request are not paid for again."""
        findings = self.check(transcript)
        verdicts: tuple[Verdict, ...] = ()
        paid = list(asks)
        if self.bench is not None and transcript.replies():
            verdicts = (await self._judge(self.bench, transcript, paid),)
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

    async def _judge(self, bench: Bench, transcript: Transcript, paid: list[Ask]) -> Verdict:
        scenario = self.snapshot.scenarios[transcript.key.scenario]
        case = Case(persona=self.snapshot.personas[scenario.persona], scenario=scenario, transcript=transcript)
        return await bench.judge.judge(case, self._asker(bench.caller, transcript.key, paid))

    def _asker(self, caller: Caller, key: SampleKey, paid: list[Ask]) -> Asker:
        async def ask(request: Conversation) -> Ask:
            digest = request.digest(caller.spec, key.epoch)
            for earlier in paid:
                if earlier.digest == digest and earlier.outcome in ("answered", "truncated"):
                    return earlier
            called = await caller.call(request, key.epoch)
            completion = called.completion
            answer = Ask(
                model=caller.name,
                digest=digest,
                sent=request.messages,
                outcome=completion.outcome if completion else "failed",
                answer=completion.text if completion else "",
                error=called.error,
                call=called.call,
            )
            await self.journal.record_ask(key, answer)
            caller.recorded(called)
            paid.append(answer)
            return answer

        return ask
