"""The ports through which the engine makes things durable. The command line hands it implementations."""

from dataclasses import dataclass
from typing import Protocol

from harness.core.charge import Charge
from harness.core.conversation import Completion
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


class Flights(Protocol):
    """Which calls have left and are not yet recorded; it survives the death of the process without being waited for."""

    def depart(self, ceiling: Charge | None) -> None:
        """An attempt leaves that can cost so much at most."""
        ...

    def land(self, ceiling: Charge | None) -> None:
        """What became of it is recorded, or it cost nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer that was paid for before, and what it had cost."""

    completion: Completion
    charge: Charge | None


class Cache(Protocol):
    """Answers by the digest of their request; see `Conversation.digest`."""

    async def recall(self, digest: str) -> Remembered | None:
        """The answer to an equal request."""
        ...

    async def remember(self, digest: str, answer: Remembered) -> None:
        """Keep an answer, unless there is one."""
        ...
