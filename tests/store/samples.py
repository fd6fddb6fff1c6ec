"""A run that has a bit of everything, for what must come back from the disk as it was."""

from decimal import Decimal

from harness.core.charge import Charge
from harness.core.conversation import Message, Usage
from harness.core.rating import Ask, Rating, Verdict
from harness.core.run import JudgeSpec, Sample, Snapshot
from harness.core.transcript import Call, Exchange, SampleKey, Transcript
from tests.build import exchange, finding, model, persona_zh, priced, scenario, snapshot

HOSTILE = (
    "<script>alert('龙')</script> {{ x }} \x00\x1b[31m \u202e\u200b 👩‍🚀 \"quoted\" \\ \u2028 ' ; DROP TABLE runs;--"
)
CHARGE = Charge(Decimal("0.00000757792"), "CNY", "文档 1823/130055, 2026-09-24")
CALL = Call(seconds=1.25, attempts=3, usage=Usage(input_tokens=9, output_tokens=4, cached_tokens=2), charge=CHARGE)
SENT = (Message("system", "你是阮三娘。"), Message("user", "几更了？"))


def rich_snapshot() -> Snapshot:
    """Two scenarios, two models, two epochs, a judge; Chinese and hostile text in it."""
    chats = [
        scenario(
            {"user": HOSTILE, "expect": [{"mentions": [["左", "left"], "腿"], "failure_type": "forgetting"}]},
            {"user": "又是谁？", "probe": "meta_question", "reference": "她听不懂。"},
            id=f"san/{name}",
            tags=["smoke"],
            checks={"add": [{"length": {"max_chars": 90}}], "skip": ["style_break"]},
        )
        for name in ("night", "day")
    ]
    return snapshot(
        *chats,
        who=persona_zh(id="san", facts={"ear": "左耳聋了。"}, voice={"register": "爱挖苦"}),
        models={"m/a": model(price=priced("0.44576", "0.1", currency="CNY", cached_input="0.01")), "m/j": model()},
        judges={"q": JudgeSpec(model="m/j", rubric="quick")},
        epochs=2,
        judge="q",
        suite="冒烟",
        severities={"length": "lapse"},
        max_incomplete=0.25,
    )


def every_outcome() -> tuple[Exchange, ...]:
    """An exchange of each kind that can be followed by another, and a bad end."""
    return (
        exchange(1, HOSTILE, sent=SENT, call=CALL, seed=7, finish_reason="stop", first_token_seconds=0.125),
        exchange(2, "（没说完", "truncated", finish_reason="length", call=Call(seconds=0.5)),
        exchange(3, "", "filtered", partial="作为一个", finish_reason="content_filter", call=CALL),
    )


def rich_sample(key: SampleKey) -> Sample:
    """A finished sample with findings, verdicts and asks."""
    ask = Ask(model="m/j", digest="d1", sent=SENT, outcome="answered", answer=HOSTILE, call=CALL)
    failed = Ask(model="m/j", digest="d2", sent=(), outcome="failed", answer="", error="429 太忙", call=Call(seconds=0))
    arguments = {"word": "客服", "count": 3, "share": 0.5, "whole": 2.0, "digits": "7"}
    scored = Rating(criterion="voice", dimension="voice", turn=2, value=0.33, grade=2, citation="没说完", cited_turn=2)
    unscored = Rating(criterion="form", dimension="form", turn=None, value=None, unscored="truncated", weight=2.0)
    verdict = Verdict(
        judge="q",
        rubric="quick@1",
        stage="repaired",
        findings=(finding("forgetting", 2, source="judge:q", quote="（没说完"),),
        ratings=(scored, unscored),
        unfound_quotes=1,
    )
    return Sample(
        transcript=Transcript(key=key, exchanges=every_outcome()),
        findings=(finding(arguments=arguments, muted="没关系 · 林"), finding("length", 2, None, quote="")),
        verdicts=(verdict,),
        asks=(ask, failed),
    )
