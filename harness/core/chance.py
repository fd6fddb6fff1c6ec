"""Chance that comes out the same each time: drawn from what it is about, never from what was drawn before."""

from hashlib import blake2b

_SIDES = 1 << 64


def draw(seed: int, *about: object) -> float:
    """A number from 0 up to 1, without 1."""
    written = "\x1f".join(map(str, (seed, *about))).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=8).digest()) / _SIDES


def pick(sides: int, seed: int, *about: object) -> int:
    """A number from 0 up to `sides`, without it."""
    return int(draw(seed, *about) * sides)
