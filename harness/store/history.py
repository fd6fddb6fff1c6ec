"""What saved replies teach about replies to come: the newest chats of the last runs are looked at, and no others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from json import loads
from pathlib import Path
from random import Random
from statistics import quantiles

from sqlalchemy import Connection, func, make_url, select
from sqlalchemy.exc import ArgumentError

from harness.core.conversation import GOOD
from harness.core.estimate import Habit, Part, Spread
from harness.core.rating import Ask
from harness.core.run import JudgeSpec
from harness.core.transcript import Exchange
from harness.store.connection import store_errors
from harness.store.database import Database
from harness.store.tables import ASK, ASKS, EXCHANGE, EXCHANGES, RUNS
from harness.text.estimate import estimate_tokens

LAST_RUNS = 20
MOST_CHATS = 200
"""Looked at for each model, of its newest runs: the mean of so many is known to a few percent."""
LEAST_DOUBT = 0.1
"""No spread is narrower than this share to either side: other scenarios are to be estimated than those saved."""
FEW_CHATS = 5
DOUBT_OF_FEW = 0.6
"""The same for fewer chats than that, which may all be long ones, or all short."""


def learn(url: str, home: Path, parts: Iterable[Part]) -> Mapping[Part, Habit]:
    """What replies were like, for each model and role that has some; nothing when there is no store, which makes none.

    Raises:
        InputError: the URL is wrong.
        StoreError: the store is damaged, or of a newer version.
    """
    file = _file(url, home)
    if file is not None and not file.is_file():
        return {}
    database = Database.open(url, home)
    with store_errors(), database.engine.connect() as connection:
        runs = _last_runs(connection)
        found = ((part, list(_chats(connection, runs, part))) for part in parts)
        return {part: _habit(chats) for part, chats in found if chats}


def _file(url: str, home: Path) -> Path | None:
    """The file of a store; None when the URL names none, which opening it will tell."""
    with suppress(ArgumentError, ValueError):
        name = make_url(url).database
        return home / name if name else None
    return None


@dataclass(frozen=True, slots=True)
class _Past:
    """What must be known of a run to find a model's samples in it."""

    id: str
    samples: int
    tested: Sequence[str]
    epochs: int
    judges: frozenset[Part]

    def places(self, part: Part) -> range | list[int]:
        """Where the samples of a model, or those that a judge graded, stand in the plan; see `Snapshot.keys`."""
        if part.rubric is not None:
            return range(self.samples if part in self.judges else 0)
        if part.model not in self.tested:
            return []
        round_of_all = len(self.tested) * self.epochs
        first = self.tested.index(part.model) * self.epochs
        starts = range(first, self.samples, round_of_all)
        return [start + epoch for start in starts for epoch in range(self.epochs)]


def _last_runs(connection: Connection) -> list[_Past]:
    fields = [func.json_extract(RUNS.c.snapshot, path) for path in ("$.tested", "$.settings.epochs", "$.judges")]
    query = select(RUNS.c.id, RUNS.c.samples, *fields).where(RUNS.c.ended.is_not(None))
    rows = connection.execute(query.order_by(RUNS.c.started.desc(), RUNS.c.id.desc()).limit(LAST_RUNS))
    return [
        _Past(run, samples, loads(tested), epochs, frozenset(_judge(spec) for spec in loads(judges).values()))
        for run, samples, tested, epochs, judges in rows
    ]


def _judge(written: Mapping[str, object]) -> Part:
    judge = JudgeSpec.model_validate(written)
    return Part(judge.model, judge.rubric)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A saved reply, or several in sum."""

    replies: int
    tokens: int
    said: int
    entered: int
    """Input tokens as the provider counted them."""
    sent: int
    """The same as we estimate them."""
    cached: int


def _chats(connection: Connection, runs: Iterable[_Past], part: Part) -> Iterator[_Seen]:
    """The newest chats of a model in a role, at most so many; those of a run that has more are drawn by lot."""
    left = MOST_CHATS
    estimated = _Estimated()
    table, adapter = (EXCHANGES, EXCHANGE) if part.rubric is None else (ASKS, ASK)
    for run in runs:
        places = run.places(part)
        if len(places) > left:
            places = Random(run.id).sample(places, left)  # noqa: S311 - a fair draw is no secret
        query = select(table.c.sample, table.c.body).where(table.c.run == run.id, table.c.sample.in_(places))
        rows = connection.execute(query.order_by(table.c.sample))
        for _, bodies in groupby(rows, key=lambda row: row.sample):
            kept = [adapter.validate_json(row.body) for row in bodies]
            seen = [one for each in kept if (one := _seen(each, part, estimated)) is not None]
            if seen:
                left -= 1
                yield _sum(seen)
        if left <= 0:
            return


class _Estimated(dict[str, int]):
    """Our estimate of each text, made once: a chat sends the same texts again at each turn."""

    def __missing__(self, text: str) -> int:
        self[text] = estimate_tokens(text)
        return self[text]


def _seen(kept: Exchange | Ask, part: Part, estimated: _Estimated) -> _Seen | None:
    """One reply that was paid for and counted; None when there is none."""
    usage = kept.call.usage
    if kept.outcome not in GOOD or usage is None or not kept.call.attempts:
        return None
    if isinstance(kept, Ask) and kept.model != part.model:
        return None
    return _Seen(
        replies=1,
        tokens=usage.output_tokens,
        said=estimated[kept.answer if isinstance(kept, Ask) else kept.text],
        entered=usage.input_tokens,
        sent=sum(estimated[message.content] for message in kept.sent),
        cached=usage.cached_tokens,
    )


def _sum(seen: Sequence[_Seen]) -> _Seen:
    return _Seen(
        replies=sum(each.replies for each in seen),
        tokens=sum(each.tokens for each in seen),
        said=sum(each.said for each in seen),
        entered=sum(each.entered for each in seen),
        sent=sum(each.sent for each in seen),
        cached=sum(each.cached for each in seen),
    )


def _habit(chats: Sequence[_Seen]) -> Habit:
    every = _sum(chats)
    return Habit(
        replies=every.replies,
        tokens=_spread(every.tokens / every.replies, [chat.tokens / chat.replies for chat in chats]),
        said=_spread(every.said / every.replies, [chat.said / chat.replies for chat in chats]),
        counted=_spread(every.entered / every.sent, [chat.entered / chat.sent for chat in chats]),
        cached=_spread(every.cached / max(every.entered, 1), [chat.cached / max(chat.entered, 1) for chat in chats]),
    )


def _spread(mean: float, of_chats: Sequence[float]) -> Spread:
    """What lies between the first and the last tenth of chats: a run of many has its mean well within.

    The fewer chats there are, the further beyond what they show are the tenths taken to lie.
    """
    doubt = LEAST_DOUBT if len(of_chats) >= FEW_CHATS else DOUBT_OF_FEW
    tenths = quantiles(of_chats, n=10) if len(of_chats) > 1 else [mean]
    return Spread(max(0.0, min(tenths[0], mean / (1 + doubt))), mean, max(tenths[-1], mean * (1 + doubt)))
