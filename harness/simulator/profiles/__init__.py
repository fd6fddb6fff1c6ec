"""Providers that can be simulated. A new one: a file here, its class in `PROFILES`, a row in `docs/simulator.md`."""

from harness.errors import InputError, Problem, did_you_mean
from harness.simulator.profiles.base import Profile
from harness.simulator.profiles.cometapi import CometAPI
from harness.simulator.profiles.hunyuan_legacy import HunyuanLegacy
from harness.simulator.profiles.minimax import MiniMax
from harness.simulator.profiles.openai import OpenAI
from harness.simulator.profiles.tokenhub import TokenHub

__all__ = ["PROFILES", "Profile", "profile_named"]

PROFILES: tuple[type[Profile], ...] = (CometAPI, TokenHub, HunyuanLegacy, MiniMax, OpenAI)


def profile_named(name: str) -> Profile:
    """The profile that is called so.

    Raises:
        InputError: there is none.
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile()
    remedy = did_you_mean(name, [profile.name for profile in PROFILES])
    raise InputError(Problem(f"no profile is called {name!r}", remedy, "--profile"))
