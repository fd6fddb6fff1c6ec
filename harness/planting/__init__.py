"""Known breaks put into clean chats, so that what the checks find can be measured on one's own characters.

Lines come from `lines.toml`; loops, lists, scripts and recitals are made of the reply and the card themselves. Nothing
is asked of a model, and the same seed plants the same.
"""

from harness.planting.plant import PLANTED, CleanChat, broken_in, plant

__all__ = ["PLANTED", "CleanChat", "broken_in", "plant"]
