"""Small runs to report on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from harness.core.charge import Charge
from harness.core.conversation import Message, Outcome, Usage
from harness.core.finding import Argument, Finding, Span
from harness.core.model import Currency, ModelSpec, Price
from harness.core.persona import Persona
from harness.core.rating import Ask, Rating, Verdict
from harness.core.rubric import Criterion, Level, Rubric
from harness.core.run import JudgeSpec, Run, Sample, Settings, Snapshot
from harness.core.scenario import Expectation, Scenario, Turn
from harness.core.taxonomy import FAILURES, FailureType, Severity
from harness.core.transcript import Call, Exchange, SampleKey, Transcript

HOSTILE = (
    "<script>alert(1)</script></style></script><!-- --><img src=x onerror=alert(1)>{{ 7 * 7 }}{% raw %}&lt;"
    "\"'\x1b[31mred\x1b[0m \u202eeveil\u202c \u200b\u200b\u200b\ufeff \ud83d 👩‍👩‍👧 \x00\x07\x9b\r\nnext\u2028line"
)

BRAM = Persona(
    id="bram",
    name="Bram",
    languages=("en",),
    description="Keeper of the Rusty Griffin.",
    facts={"leg": "He lost his left leg."},
    narration="asterisks",
    greeting="Wipe your boots, friend.",
)
QIAO = Persona(
    id="qiao",
    name="乔四更",
    languages=("zh",),
    description="鲤尾镇的更夫。",
    greeting="（灯笼晃到你跟前）天干物燥，小心火烛。",
)
INN = Scenario(
    id="bram/inn",
    title="The weary traveller",
    turns=(
        Turn(user="Introduce your inn."),
        Turn(
            user="Are you an AI?",
            probe="meta_question",
            reference="He does not know the word.",
            expect=(Expectation(judge="He stays a dwarf."),),
        ),
        Turn(user="Which leg pains you, the right one?", probe="false_premise", about="leg"),
    ),
)
ROUNDS = Scenario(
    id="qiao/rounds",
    title="陪她走一趟更",
    turns=(Turn(user="现在几点啦？", probe="drift_repeat", reference="她只按更次答。"), Turn(user="您是机器人吗？")),
)
LEVELS = (
    Level(grade=0, value=0.0, anchor={"en": "no", "zh": "没有"}),
    Level(grade=1, value=1.0, anchor={"en": "yes", "zh": "做到了"}),
)
QUICK = Rubric(
    id="quick",
    title={"en": "Quick look", "zh": "快速一看"},
    version=1,
    criteria=(
        Criterion(
            id="voice",
            dimension="voice",
            question={"en": "Does it sound like this character?", "zh": "说话是否像这个角色？"},
            levels=LEVELS,
        ),
    ),
)
PRICE = Price(
    currency="USD", input=Decimal(1), output=Decimal(2), as_of=date(2026, 11, 22), source="model page", per=1_000_000
)


def call(amount: str | None = "0.0004", currency: Currency = "USD", **fields: object) -> Call:
    """A call that cost this much, or nobody knows what."""
    charge = None if amount is None else Charge(Decimal(amount), currency, "model page")
    return replace(Call(seconds=1.5, usage=Usage(input_tokens=120, output_tokens=30), charge=charge), **fields)  # type: ignore[arg-type]


def exchange(turn: int, text: str, outcome: Outcome = "answered", **fields: object) -> Exchange:
    """One turn's exchange."""
    sent = (Message("system", "You are Bram. Never mention <rules>."), Message("user", "…"))
    return replace(Exchange(turn=turn, sent=sent, outcome=outcome, text=text, call=call()), **fields)  # type: ignore[arg-type]


def finding(
    turn: int,
    reply: str,
    quote: str,
    failure_type: FailureType = "ai_self_disclosure",
    *,
    message: str = "ai_self_disclosure.product",
    source: str = "check",
    severity: Severity | None = None,
    muted: str | None = None,
    **arguments: Argument,
) -> Finding:
    """A finding on these words of a reply; on none of them when the quote is empty."""
    at = reply.index(quote)
    return Finding(
        failure_type=failure_type,
        severity=severity or FAILURES[failure_type].severity,
        certainty=0.98 if source == "check" else 0.5,
        source=source,
        turn=turn,
        span=Span(at, at + len(quote)) if quote else None,
        quote=quote,
        message=message,
        arguments=arguments,
        muted=muted,
    )


def sample(
    scenario: Scenario,
    exchanges: Sequence[Exchange] = (),
    findings: Sequence[Finding] = (),
    *,
    model: str = "mock/a",
    epoch: int = 1,
    **fields: object,
) -> Sample:
    """One sample of a scenario."""
    transcript = Transcript(key=SampleKey(scenario.id, "plain", model, epoch), exchanges=tuple(exchanges))
    return replace(Sample(transcript=transcript, findings=tuple(findings)), **fields)  # type: ignore[arg-type]


def run(*samples: Sample, **fields: object) -> Run:
    """A run of these samples."""
    tested = tuple(dict.fromkeys(one.key.model for one in samples))
    spec = ModelSpec.model_validate({"id": "mock", "base_url": "http://127.0.0.1:1/v1", "price": PRICE})
    snapshot = Snapshot(
        version="0.1.0",
        settings=Settings(suite="smoke", judge="quick-look", epochs=max((one.key.epoch for one in samples), default=1)),
        personas={"bram": BRAM, "qiao": QIAO},
        scenarios={"bram/inn": INN, "qiao/rounds": ROUNDS},
        prompts={"plain": "You are {{ persona.name }}."},
        systems={"plain": {"bram": "You are Bram.", "qiao": "你是乔四更。"}},
        checks={},
        tested=tested,
        models=dict.fromkeys((*tested, "mock/judge"), spec),
        judges={"quick-look": JudgeSpec(model="mock/judge", rubric="quick")},
        rubrics={"quick": QUICK},
    )
    started = datetime(2026, 11, 22, 12, 40, tzinfo=UTC)
    made = Run(
        id="20261122-124000-9f3a",
        started=started,
        ended=datetime(2026, 11, 22, 12, 47, 31, tzinfo=UTC),
        status="ungated",
        snapshot=snapshot,
        samples=samples,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


BROKEN_REPLY = "As an AI language model, I don't have a body. How can I assist you today?"


def broken_sample(*, model: str = "mock/a", epoch: int = 1) -> Sample:
    """A sample with a break, a lapse that overlaps it, a muted finding, and what a judge says."""
    first = "*wipes a mug* Okay, this is the Rusty Griffin."
    third = "The right leg, aye."
    verdict = Verdict(
        judge="quick-look",
        rubric="quick@1",
        stage="strict",
        findings=(
            finding(3, third, "The right leg", "accepts_false_premise", message="judge.violation",
                    source="judge:quick-look", why="He takes over the <b>wrong</b> leg."),
        ),
        ratings=(
            Rating(criterion="voice", dimension="voice", turn=None, value=0.0, grade=0, citation="How can I assist you",
                   cited_turn=2, reason="That is a help desk."),
            Rating(criterion="expect-1", dimension="form", turn=2, value=None, unscored="citation_not_found",
                   citation="I like turtles"),
        ),
        unfound_quotes=1,
    )  # fmt: skip
    asked = Ask(model="mock/judge", digest="d", sent=(), outcome="answered", answer="{}", call=call("0.002"))
    return sample(
        INN,
        [exchange(1, first), exchange(2, BROKEN_REPLY), exchange(3, third)],
        [
            finding(1, first, "Okay", "style_break", message="style_break.never_says", phrase="okay",
                    muted="He may, after ale (Lena)"),
            finding(2, BROKEN_REPLY, "As an AI language model, I don't"),
            finding(2, BROKEN_REPLY, "I don't have a body", "style_break", message="style_break.service"),
            finding(3, third, "", "forgetting", message="unmet_expectation.recalls", phrase="left"),
        ],
        verdicts=(verdict,),
        model=model,
        epoch=epoch,
        asks=(asked,),
    )  # fmt: skip


def every_outcome() -> Run:
    """A run in which everything happens that can."""
    answer = "Sit by the fire."
    return run(
        broken_sample(),
        sample(INN, [exchange(1, answer), exchange(2, "A long tale that stops in the mid", "truncated"),
                     exchange(3, "", "filtered", partial="Half a <i>line</i>")], model="mock/b"),
        sample(INN, [exchange(1, ""), exchange(2, "", "empty")], model="mock/b", epoch=2),
        sample(INN, [exchange(1, "", "failed", error="504 <b>Gateway Timeout</b>", call=call(None))], epoch=2),
        sample(ROUNDS, [exchange(1, "（把灯笼举高）二更天还没敲完呢。"), exchange(2, HOSTILE)],
               [finding(2, HOSTILE, "<script>alert(1)</script>"), finding(2, HOSTILE, "eveil")]),
        sample(ROUNDS, model="mock/b", finished=False),
    )  # fmt: skip
