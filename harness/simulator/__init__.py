"""Providers that lie like the real ones, served on loopback: runs are rehearsed against them without spending."""

from harness.simulator.faults import read_faults
from harness.simulator.profiles import profile_named
from harness.simulator.server import Server, serving
from harness.simulator.simulation import Simulation

__all__ = ["Server", "Simulation", "profile_named", "read_faults", "serving"]
