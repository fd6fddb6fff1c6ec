"""The port through which the engine makes things durable. The command line hands it an implementation."""

from typing import Protocol

from harness.core.rating import Ask
from harness.core.run import Sample
from harness.core.transcript import Exchange, SampleKey


class Journal(Protocol):
    """Each `record_` and `finish_` returns once what it was given survives the death of the process."""

    async def stored(self, key: SampleKey) -> Sample:
        """What an earlier process already paid for; an empty, unfinished sample when nothing was."""
        ...

    async def record_exchange(self, key: SampleKey, exchange: Exchange) -> None:
        """Keep one exchange; the next request of its conversation leaves only afterwards."""
        ...

    async def record_ask(self, key: SampleKey, ask: Ask) -> None:
        """Keep one answer of a judge."""
        ...

    async def finish_sample(self, sample: Sample) -> None:
        """Keep what was found in the sample and mark it finished."""
        ...
