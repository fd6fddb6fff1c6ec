from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert

from harness.core.conversation import Message, Usage
from harness.core.estimate import Part, Spread
from harness.core.rating import Ask
from harness.core.run import JudgeSpec, Snapshot
from harness.core.transcript import Call, Exchange
from harness.errors import InputError
from harness.store.database import Database
from harness.store.history import LAST_RUNS, MOST_CHATS, learn
from harness.store.tables import ASK, ASKS
from harness.text.estimate import estimate_tokens
from tests.build import MODEL, exchange, keys, model, scenario, snapshot

URL = "sqlite:///.harness/harness.db"
SENT = (Message("system", "You are Hob."), Message("user", "Good evening."))
ESTIMATED = sum(estimate_tokens(message.content) for message in SENT)
TESTED = Part(MODEL)


def reply(tokens: int, turn: int = 1, entered: int = ESTIMATED, **fields: object) -> Exchange:
    usage = Usage(input_tokens=entered, output_tokens=tokens, cached_tokens=entered // 2)
    return exchange(turn, "x" * 30, **{"sent": SENT, "call": Call(seconds=1.0, usage=usage), **fields})


def save(home: Path, chats: Sequence[Sequence[Exchange]], of: Snapshot | None = None, *, ended: bool = True) -> str:
    """A run with these chats, in the order of its plan."""
    database = Database.open(URL, home)
    run = database.begin_run(of or snapshot(epochs=max(len(chats), 1)), len(chats), chats)
    if ended:
        database.end_run(run, "ungated")
    return run


def test_where_there_is_no_store_nothing_is_known_and_none_is_made(tmp_path: Path) -> None:
    assert learn(URL, tmp_path, [TESTED]) == {}
    assert not list(tmp_path.iterdir())


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        learn("nowhere", tmp_path, [TESTED])


def test_an_empty_store_and_a_run_that_is_not_over_teach_nothing(tmp_path: Path) -> None:
    save(tmp_path, [[reply(50)]], ended=False)

    assert learn(URL, tmp_path, [TESTED]) == {}


def test_replies_teach_their_length_and_how_the_provider_counts(tmp_path: Path) -> None:
    save(tmp_path, [[reply(100), reply(140, 2)], [reply(80, entered=2 * ESTIMATED), reply(120, 2)]])

    known = learn(URL, tmp_path, [TESTED])[TESTED]

    assert known.replies == 4
    assert known.tokens.likely == 110
    assert known.tokens.least < 100
    assert known.tokens.most > 120
    assert known.said.likely == estimate_tokens("x" * 30)
    assert known.counted.likely == pytest.approx(5 / 4)
    assert known.cached.likely == pytest.approx(0.5, abs=0.1)


def test_the_tenths_of_chats_bound_what_is_likely(tmp_path: Path) -> None:
    save(tmp_path, [[reply(tokens)] for tokens in range(1, 100)])

    assert learn(URL, tmp_path, [TESTED])[TESTED].tokens == Spread(10, 50, 90)


def test_chats_that_are_all_alike_leave_some_doubt_and_few_of_them_leave_much(tmp_path: Path) -> None:
    for saved, doubt in ((1, 0.6), (3, 0.6), (1, 0.1)):  # then one, four and five in all
        save(tmp_path, [[reply(100)]] * saved)
        spread = learn(URL, tmp_path, [TESTED])[TESTED].tokens
        assert (spread.least, spread.likely, spread.most) == pytest.approx((100 / (1 + doubt), 100, 100 * (1 + doubt)))


def test_only_replies_that_were_paid_for_and_counted_teach(tmp_path: Path) -> None:
    usage = Usage(input_tokens=9, output_tokens=9)
    silent = [
        reply(1, outcome="filtered"),
        reply(1, call=Call(seconds=0.0, attempts=0, cached=True, usage=usage)),
        reply(1, call=Call(seconds=1.0)),
    ]
    save(tmp_path, [[one] for one in silent])
    assert learn(URL, tmp_path, [TESTED]) == {}

    save(tmp_path, [[reply(70)]])
    assert learn(URL, tmp_path, [TESTED])[TESTED].replies == 1


def test_each_model_learns_from_its_own_replies(tmp_path: Path) -> None:
    models = {name: model() for name in ("mock/a", "mock/b", "mock/c")}
    plan = snapshot(scenario(), scenario(id="hob/other"), models=models, epochs=2)
    length = {"mock/a": 10, "mock/b": 20, "mock/c": 30}
    save(tmp_path, [[reply(length[key.model])] for key in keys(plan)], plan)

    known = learn(URL, tmp_path, [Part(name) for name in (*models, "mock/d")])

    assert {part.model: (habit.replies, habit.tokens.likely) for part, habit in known.items()} == {
        name: (4, tokens) for name, tokens in length.items()
    }


def test_a_judge_learns_from_its_own_answers_by_the_same_rubric(tmp_path: Path) -> None:
    judge, other = Part("mock/judge", "sheet"), Part("mock/judge", "quick")
    models = {MODEL: model(), "mock/judge": model()}
    plan = snapshot(models=models, judges={"strict": JudgeSpec(model="mock/judge", rubric="sheet")}, epochs=2)
    run = save(tmp_path, [[reply(50)], [reply(50)]], plan)
    usage = Usage(input_tokens=3 * ESTIMATED, output_tokens=400)
    asks = [
        Ask(model=name, digest="d", sent=SENT, outcome="answered", answer="{}", call=Call(seconds=1.0, usage=usage))
        for name in ("mock/judge", "mock/earlier")
    ]
    with Database.open(URL, tmp_path).engine.begin() as connection:
        rows = [{"run": run, "sample": 0, "body": ASK.dump_json(ask).decode()} for ask in asks]
        connection.execute(insert(ASKS), rows)

    known = learn(URL, tmp_path, [judge, other])

    assert set(known) == {judge}
    assert (known[judge].replies, known[judge].tokens.likely, known[judge].counted.likely) == (1, 400, 3)


def test_only_the_newest_chats_of_the_last_runs_are_looked_at(tmp_path: Path) -> None:
    save(tmp_path, [[reply(1000)]])
    for _ in range(LAST_RUNS):
        save(tmp_path, [[reply(10)]])
    assert learn(URL, tmp_path, [TESTED])[TESTED].tokens.likely == 10

    save(tmp_path, [[reply(20)]] * (3 * MOST_CHATS))
    first = learn(URL, tmp_path, [TESTED])
    assert (first[TESTED].replies, first[TESTED].tokens.likely) == (MOST_CHATS, 20)
    assert learn(URL, tmp_path, [TESTED]) == first
