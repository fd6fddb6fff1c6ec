"""What is made of one transcript: the checks run over it, the judge reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.checks import Chat, Check, Line, build_checks, check_chat
from harness.core.conversation import GOOD, Conversation
from harness.core.finding import Finding
from harness.core.journal import Journal
from harness.core.rating import Ask, Verdict
from harness.core.run import Sample, Snapshot
from harness.core.transcript import Transcript
from harness.engine.calls import Called, Caller
from harness.judges import Case, Judge


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

    async def evaluate(self, transcript: Transcript, asks: Sequence[Ask] = (), *, again: bool = False) -> Sample:
        """Check, judge and keep one sample.

        Answers in `asks` to the same request are not paid for again, unless the judge is to be asked `again`.
        """
        findings = self.check(transcript)
        verdicts: tuple[Verdict, ...] = ()
        paid = list(asks)
        if self.bench is not None and transcript.replies():
            verdicts = (await self._judge(self.bench, transcript, paid, [] if again else list(asks)),)
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

    async def _judge(self, bench: Bench, transcript: Transcript, paid: list[Ask], known: list[Ask]) -> Verdict:
        scenario = self.snapshot.scenarios[transcript.key.scenario]
        case = Case(persona=self.snapshot.personas[scenario.persona], scenario=scenario, transcript=transcript)
        fresh: list[tuple[Conversation, Called]] = []

        async def ask(request: Conversation) -> Ask:
            digest = request.digest(bench.caller.spec, transcript.key.epoch)
            for earlier in known:
                if earlier.digest == digest and earlier.outcome in GOOD:
                    return earlier
            called = await bench.caller.call(request, transcript.key.epoch, keep=False)
            answer = _answer(bench.caller, digest, request, called)
            await self.journal.record_ask(transcript.key, answer)
            bench.caller.recorded(called)
            fresh.append((request, called))
            known.append(answer)
            paid.append(answer)
            return answer

        verdict = await bench.judge.judge(case, ask)
        if verdict.stage != "unread":  # an answer that nobody could read is asked for again the next time
            for request, called in fresh:
                await bench.caller.remember(request, transcript.key.epoch, called)
        return verdict


def _answer(caller: Caller, digest: str, request: Conversation, called: Called) -> Ask:
    completion = called.completion
    return Ask(
        model=caller.name,
        digest=digest,
        sent=request.messages,
        outcome=completion.outcome if completion else "failed",
        answer=completion.text if completion else "",
        error=called.error,
        call=called.call,
    )
