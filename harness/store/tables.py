"""The tables of the store, and how values become rows."""

from pydantic import TypeAdapter
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

from harness.core.finding import Finding
from harness.core.journal import Remembered
from harness.core.rating import Ask, Verdict
from harness.core.run import Abandoned, Canary
from harness.core.transcript import Exchange

FORMAT = 3
"""Version of the tables. 2: abandoned calls with what they can have cost; answers to be used again. 3: canaries."""

METADATA = MetaData()
FORMATS = Table("format", METADATA, Column("version", Integer, primary_key=True))
RUNS = Table(
    "runs",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("started", String(40), nullable=False),
    Column("ended", String(40)),
    Column("status", String(20), nullable=False),
    Column("suite", Text, nullable=False),
    Column("samples", Integer, nullable=False),
    Column("abandoned", Text, nullable=False),  # see Run.abandoned
    Column("canaries", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
)
SAMPLES = Table(
    "samples",
    METADATA,
    Column("run", String(40), primary_key=True),
    Column("sample", Integer, primary_key=True),  # its place in the run's plan
    Column("findings", Text, nullable=False),
    Column("verdicts", Text, nullable=False),
)
EXCHANGES = Table(
    "exchanges",
    METADATA,
    Column("id", Integer, primary_key=True),  # of two for the same turn, the later one holds
    Column("run", String(40), nullable=False),
    Column("sample", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
ASKS = Table(
    "asks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("run", String(40), nullable=False),
    Column("sample", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
ANSWERS = Table(
    "answers",
    METADATA,
    Column("digest", String(40), primary_key=True),  # of the request; see Conversation.digest
    Column("body", Text, nullable=False),
)
Index("exchanges_by_sample", EXCHANGES.c.run, EXCHANGES.c.sample)
Index("asks_by_sample", ASKS.c.run, ASKS.c.sample)

ABANDONED = TypeAdapter(Abandoned)
CANARIES = TypeAdapter(tuple[Canary, ...])
ANSWER = TypeAdapter(Remembered)
EXCHANGE = TypeAdapter(Exchange)
ASK = TypeAdapter(Ask)
FINDINGS = TypeAdapter(tuple[Finding, ...])
VERDICTS = TypeAdapter(tuple[Verdict, ...])
