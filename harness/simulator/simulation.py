"""What is simulated: a provider, its mood, and its characters."""

from dataclasses import dataclass, field
from math import exp
from statistics import NormalDist

from harness.core.chance import draw
from harness.simulator.characters import Cast
from harness.simulator.faults import FaultPlan
from harness.simulator.profiles import Profile
from harness.simulator.profiles.cometapi import CometAPI

_LEAST = 1e-9
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """Everything that decides how requests are answered."""

    profile: Profile = field(default_factory=CometAPI)
    faults: FaultPlan = field(default_factory=FaultPlan)
    seed: int = 0
    """Another seed, another rehearsal: it turns every chance, and what the characters say."""
    break_at: int | None = None
    """The turn at which every character breaks."""
    steady: bool = False
    """No character ever slips or breaks."""
    key: str | None = None
    """The one key that is accepted; any, when None."""
    forbid: tuple[str, ...] = ()
    """A user message with one of these words is stopped by the provider's filter."""
    forbid_reply: tuple[str, ...] = ()
    """The reply to a user message with one of these words is stopped half-way."""
    rpm: int | None = None
    """Requests that are taken within a minute."""
    concurrent: int | None = None
    """Requests that are taken at once."""
    latency: float = 0.0
    """Seconds before a reply: the median."""
    spread: float = 0.0
    """Sigma of the log-normal distribution around that median; 0 makes every wait the same."""
    pace: float = 0.0
    """Seconds between the pieces of a stream."""
    drip: float = 0.05
    """Seconds between the pieces of a `slow-drip`."""

    @property
    def cast(self) -> Cast:
        """Who speaks."""
        return Cast(seed=self.seed, break_at=self.break_at, steady=self.steady)

    def wait(self, digest: str, attempt: int) -> float:
        """Seconds before a reply to the `attempt`th request with that body."""
        if not self.latency or not self.spread:
            return self.latency
        drawn = max(_LEAST, draw(self.seed, "latency", digest, attempt))
        return self.latency * exp(self.spread * _NORMAL.inv_cdf(drawn))
