"""Finding a quoted line again in the text it was taken from."""

from rapidfuzz import fuzz

from harness.core.finding import Span
from harness.text.fold import fold

CLOSE_ENOUGH = 90.0
"""Similarity, 0 to 100, from which a quote counts as found: a slip of the pen, not a paraphrase."""
SHORTEST_FUZZY = 8
"""Shorter quotes must occur to the letter: anything resembles two characters."""

_EDGES = " \t\r\n\u3000\"'*_.,;:!?()[]…。，；：！？（）【】"


def find_quote(quote: str, text: str) -> Span | None:
    """Where a quote stands in a text: as it is, folded, without its edges, or nearly so. None when it does not."""
    plain = fold(quote).text
    exact = text.find(quote) if plain.strip() else -1
    if exact >= 0:
        return Span(exact, exact + len(quote))
    bare = plain.strip(_EDGES)
    if not bare:
        return None
    folded = fold(text)
    at = folded.text.find(bare)
    if at >= 0:
        return folded.raw_span(at, at + len(bare))
    if len(bare) < SHORTEST_FUZZY or len(bare) > len(folded.text) + SHORTEST_FUZZY:
        return None
    near = fuzz.partial_ratio_alignment(bare, folded.text, score_cutoff=CLOSE_ENOUGH)
    if near is None or near.dest_start >= near.dest_end:
        return None
    return folded.raw_span(near.dest_start, near.dest_end)
