from hypothesis import given
from hypothesis import strategies as st

from harness.core.finding import Span
from harness.core.taxonomy import Severity
from harness.report.notes import NoteView
from harness.report.passages import passages


def note(number: int, start: int, end: int, severity: Severity = "lapse", *, counts: bool = True) -> NoteView:
    return NoteView(
        anchor=f"f-{number}",
        number=number,
        severity=severity,
        dimension="voice",
        failure="",
        sentence="",
        also=(),
        found_by="",
        certainty="",
        span=Span(start, end),
        muted=None,
        believed=counts,
        counts=counts,
    )


def test_overlapping_notes_split_where_one_begins_and_another_ends() -> None:
    cut = passages("0123456789", [note(1, 0, 6), note(2, 4, 8, "break")])

    assert [(piece.text, [each.number for each in piece.notes], piece.severity) for piece in cut] == [
        ("0123", [1], "lapse"),
        ("45", [1, 2], "break"),
        ("67", [2], "break"),
        ("89", [], None),
    ]
    assert [[each.number for each in piece.closed] for piece in cut] == [[], [1], [2], []]


def test_a_note_within_another_comes_after_it() -> None:
    cut = passages("0123456789", [note(1, 3, 5), note(2, 0, 9)])

    assert [[each.number for each in piece.notes] for piece in cut] == [[2], [2, 1], [2], []]


def test_stage_directions_are_set_apart() -> None:
    cut = passages("*nods* Aye.（点头）好。", [])

    assert [(piece.text, piece.stage) for piece in cut] == [
        ("*nods*", True),
        (" Aye.", False),
        ("（点头）", True),
        ("好。", False),
    ]


def test_spans_are_code_points_of_the_raw_reply() -> None:
    reply = "👩‍👩‍👧\x1b as an AI"
    at = reply.index("as an AI")

    cut = passages(reply, [note(1, at, at + 8)])

    assert [piece.text for piece in cut if piece.notes] == ["as an AI"]


def test_a_span_beyond_the_reply_marks_what_there_is() -> None:
    assert [len(piece.notes) for piece in passages("short", [note(1, 3, 900), note(2, 50, 60)])] == [0, 1]


def test_an_unconfirmed_break_does_not_outshine_a_lapse_that_counts() -> None:
    (piece,) = passages("words", [note(1, 0, 5), note(2, 0, 5, "break", counts=False)])

    assert piece.severity == "lapse"


@given(
    st.text(alphabet="ab *（）\n", max_size=40), st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6)
)
def test_nothing_is_lost_and_every_piece_lies_in_its_notes(reply: str, spans: list[tuple[int, int]]) -> None:
    notes = [note(number, *span) for number, span in enumerate(spans, 1)]

    cut = passages(reply, notes)

    assert "".join(piece.text for piece in cut) == reply
    covered = {one.number: "".join(p.text for p in cut if one in p.notes) for one in notes}
    assert covered == {one.number: reply[one.span.start : one.span.end] for one in notes if one.span}
    assert all(sum(one in piece.closed for piece in cut) == bool(covered[one.number]) for one in notes)
