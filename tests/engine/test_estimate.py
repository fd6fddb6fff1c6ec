from decimal import Decimal

import pytest

from harness.core.charge import Bill, ceiling_for
from harness.core.conversation import Conversation
from harness.core.estimate import Habit, Part, Spread
from harness.core.run import JudgeSpec, Snapshot
from harness.core.transcript import SampleKey
from harness.engine.estimate import UNKNOWN_REPLY, Estimate, PartEstimate, estimate, parts_of
from harness.engine.opening import tokens_of
from harness.engine.replay import Script
from harness.text.estimate import estimate_tokens
from tests.build import MODEL, exchange, model, persona_zh, priced, rubric, scenario, snapshot

THREE = scenario("Good evening.", "What is there to eat?", "And a bed?")
JUDGE = "mock/judge"
SURE = Spread(1, 1, 1)


def habit(tokens: float, said: float | None = None, **fields: Spread | int) -> Habit:
    """Replies that are all alike, of a provider that counts as we do."""
    values = {"replies": 8, "counted": SURE, "cached": SURE.times(0), **fields}
    shown = tokens if said is None else said
    return Habit(tokens=SURE.times(tokens), said=SURE.times(shown), **values)  # type: ignore[arg-type]


def judged(**fields: object) -> Snapshot:
    models = {MODEL: model(price=priced()), JUDGE: model(price=priced("3", "5"))}
    made = snapshot(THREE, models=models, judges={"strict": JudgeSpec(model=JUDGE, rubric="sheet")}, **fields)
    return made.model_copy(update={"rubrics": {"sheet": rubric()}})


def of(made: Estimate) -> PartEstimate:
    (part,) = made.parts
    return part


def test_a_turn_sends_the_opening_and_all_that_was_said_before() -> None:
    plan = snapshot(THREE, models={MODEL: model(price=priced())})
    script = Script.of(next(plan.keys()), plan)
    replies = tuple(exchange(turn, "x" * 300) for turn in (1, 2))
    sent = sum(tokens_of(script.messages(turn, replies[: turn - 1])[0]) for turn in (1, 2, 3))

    part = of(estimate(plan, {Part(MODEL): habit(90, said=estimate_tokens("x" * 300))}))

    assert (part.samples, part.calls) == (1, 3)
    assert part.input_tokens == SURE.times(sent)
    assert part.output_tokens == SURE.times(3 * 90)
    assert part.likely == Bill({"USD": Decimal(sent * 1 + 270 * 2) / 1_000_000}, 0, 3)


def test_every_scenario_prompt_model_and_epoch_counts() -> None:
    plan = snapshot(THREE, scenario(id="hob/other"), models={MODEL: model(), "mock/b": model()}, epochs=5)
    plan = plan.model_copy(
        update={"prompts": {"plain": "", "card": ""}, "systems": {**plan.systems, "card": {"hob": "A longer card."}}}
    )

    made = estimate(plan, {})

    assert [(part.samples, part.calls) for part in made.parts] == [(20, 40), (20, 40)]
    assert made.samples == len(list(plan.keys()))


def test_scripted_replies_are_sent_in_the_place_of_the_models_own() -> None:
    turns = [{"user": "One?", "assistant": "Aye, one."}, {"user": "Two?", "assistant": "Aye, two."}, {"user": "Three?"}]
    plan = snapshot(scenario(*turns, history="scripted"))

    short, long = (of(estimate(plan, {Part(MODEL): habit(tokens)})) for tokens in (10, 1000))

    assert short.input_tokens == long.input_tokens
    assert long.output_tokens.likely == 3000


def test_a_history_that_is_dropped_is_not_paid_for() -> None:
    rules = {"max_messages": 4, "history": "keep_system_drop_oldest"}
    kept, dropped = (of(estimate(snapshot(THREE, models={MODEL: spec}), {})) for spec in (model(), model(rules=rules)))

    assert dropped.calls == kept.calls
    assert dropped.input_tokens.likely < kept.input_tokens.likely - 100


def test_replies_of_a_model_without_saved_ones_are_taken_to_be_of_the_usual_lengths() -> None:
    part = of(estimate(snapshot(THREE), {}))

    assert part.reply_tokens == UNKNOWN_REPLY == Spread(60, 120, 250)
    assert part.learned_from == 0
    assert part.input_tokens.least < part.input_tokens.likely < part.input_tokens.most


@pytest.mark.parametrize("limit", [{"params": {"max_tokens": 100}}, {"rules": {"max_output_tokens": 100}}])
def test_no_reply_is_longer_than_it_may_be(limit: dict[str, object]) -> None:
    plan = snapshot(THREE, models={MODEL: model(**limit)})

    assert of(estimate(plan, {})).reply_tokens == Spread(60, 100, 100)
    assert of(estimate(plan, {Part(MODEL): habit(400)})).reply_tokens.likely == 100


def test_what_the_provider_counts_corrects_what_we_do_and_its_cache_makes_it_cheaper() -> None:
    price = priced("10", "0", cached_input="1")
    plan = snapshot(THREE, models={MODEL: model(price=price)})
    plain = of(estimate(plan, {Part(MODEL): habit(50)}))

    less = of(estimate(plan, {Part(MODEL): habit(50, counted=Spread(0.5, 0.6, 0.7))}))
    cached = of(estimate(plan, {Part(MODEL): habit(50, cached=Spread(0.2, 0.5, 0.9))}))

    assert less.input_tokens.likely == pytest.approx(0.6 * plain.input_tokens.likely)
    assert less.least.amounts["USD"] < less.likely.amounts["USD"] < less.most.amounts["USD"]
    shares = [float(bill.amounts["USD"] / plain.likely.amounts["USD"]) for bill in (cached.least, cached.likely)]
    assert shares == pytest.approx([1 - 0.9 * 0.9, 1 - 0.5 * 0.9], rel=0.01)


def test_an_unknown_price_is_unknown_and_leaves_totals_at_least_what_is_known() -> None:
    plan = snapshot(THREE, models={MODEL: model(price=priced()), "mock/b": model(), "mock/c": model(price=free())})

    made = estimate(plan, {})

    assert made.parts[1].likely == Bill({}, 3, 3)
    assert made.parts[2].likely == Bill({"CNY": 0}, 0, 3)  # type: ignore[dict-item]
    assert made.total("likely").unknown_calls == 3
    assert set(made.total("likely").amounts) == {"USD", "CNY"}


def free() -> dict[str, object]:
    return priced("0", "0", currency="CNY")


def test_the_ceiling_is_what_a_limit_would_set_aside_for_the_longest_replies() -> None:
    spec = model(price=priced(), params={"max_tokens": 500})
    plan = snapshot(THREE, models={MODEL: spec})
    script = Script.of(SampleKey(THREE.id, "plain", MODEL, 1), plan)
    longest = tuple(exchange(turn, "x" * round(500 / 0.3)) for turn in (1, 2, 3))
    requests = [script.messages(turn, longest[: turn - 1])[0] for turn in (1, 2, 3)]
    bounds = [ceiling_for(Conversation(messages=sent, params=script.params), spec) for sent in requests]

    part = of(estimate(plan, {}))

    reserved = sum(float(bound.amount) for bound in bounds if bound)
    assert float(part.ceiling.amounts["USD"]) == pytest.approx(reserved, rel=0.001)
    assert part.ceiling.amounts["USD"] > part.most.amounts["USD"]


def test_a_ceiling_without_a_bound_is_unknown() -> None:
    part = of(estimate(snapshot(THREE, models={MODEL: model(price=priced())}), {}))

    assert part.ceiling == Bill({}, 3, 3)
    assert not part.most.unknown_calls


def test_a_judge_reads_each_chat_once_and_at_most_twice() -> None:
    made = estimate(judged(epochs=2), {Part(JUDGE, "sheet"): habit(300)})

    tested, judge = made.parts
    assert parts_of(judged()) == (tested.part, judge.part) == (Part(MODEL), Part(JUDGE, "sheet"))
    assert (judge.samples, judge.calls) == (2, 2)
    assert judge.output_tokens == Spread(600, 600, 1200)
    assert judge.input_tokens.likely > tested.input_tokens.likely / 3
    assert judge.input_tokens.most > 2 * judge.input_tokens.least
    assert judge.reply_tokens == Spread(300, 300, 300)


def test_a_judge_reads_more_where_the_replies_are_longer() -> None:
    short, long = (estimate(judged(), {Part(MODEL): habit(tokens)}).parts[1] for tokens in (50, 150))

    assert long.input_tokens.likely - short.input_tokens.likely == pytest.approx(3 * 100, abs=5)


def test_a_judge_that_is_asked_nothing_is_not_called() -> None:
    plan = judged()
    silent = rubric().model_copy(update={"criteria": ()})

    assert estimate(plan.model_copy(update={"rubrics": {"sheet": silent}}), {}).parts[1].calls == 0


def test_chinese_replies_have_as_many_tokens() -> None:
    lines = ("晚上好。", "有什么吃的？", "有铺位吗？")
    plan = snapshot(scenario(*lines), who=persona_zh(), system="你是阮三娘。")

    part = of(estimate(plan, {Part(MODEL): habit(90)}))

    said = sum(estimate_tokens(line) * times for line, times in zip(lines, (3, 2, 1), strict=True))
    assert part.input_tokens.likely == 3 * estimate_tokens("你是阮三娘。") + said + 3 * 90
