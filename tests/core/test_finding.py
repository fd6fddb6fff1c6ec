from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.finding import Finding, Span, finding_id
from tests.build import finding

REPLY = "作为一个AI，我不能闻到汤的味道。"


def test_an_id_stays_the_same_from_version_to_version() -> None:
    assert finding_id(REPLY, finding(at=(0, 6))) == "5ef4f35c1c1bd84e"
    assert finding_id(REPLY, finding("unmet_expectation", at=None)) == "a12c6428ab1b110d"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"turn": 9}, id="turn"),
        pytest.param({"certainty": 0.1}, id="certainty"),
        pytest.param({"source": "judge:panel"}, id="source"),
        pytest.param({"severity": "note"}, id="severity"),
        pytest.param({"message": "worded.otherwise"}, id="wording"),
        pytest.param({"arguments": {"word": "AI"}}, id="arguments"),
        pytest.param({"muted": "fine here · Lin"}, id="muted"),
    ],
)
def test_an_id_survives_what_a_new_run_may_change(changed: dict[str, object]) -> None:
    first = finding(at=(0, 6))

    assert finding_id(REPLY, replace(first, **changed)) == finding_id(REPLY, first)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "other"),
    [
        pytest.param(REPLY + " ", finding(at=(0, 6)), id="reply"),
        pytest.param(REPLY, finding("meta_commentary", at=(0, 6)), id="type"),
        pytest.param(REPLY, finding(at=(0, 7)), id="span"),
        pytest.param(REPLY, finding(at=None), id="no-span"),
    ],
)
def test_an_id_differs_with_reply_type_and_span(reply: str, other: Finding) -> None:
    assert finding_id(reply, other) != finding_id(REPLY, finding(at=(0, 6)))


def test_two_expectations_missed_in_one_reply_have_two_ids() -> None:
    mentions = finding("unmet_expectation", at=None, message="expectation.mentions")
    too_long = finding("unmet_expectation", at=None, message="expectation.max_chars")

    assert finding_id(REPLY, mentions) != finding_id(REPLY, too_long)


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_reply_has_an_id_even_half_a_surrogate_pair(reply: str) -> None:
    assert len(finding_id(reply, finding())) == 16


@given(st.tuples(*[st.integers(0, 9)] * 4))
def test_spans_overlap_when_they_share_a_code_point(ends: tuple[int, int, int, int]) -> None:
    a, b = Span(min(ends[:2]), max(ends[:2])), Span(min(ends[2:]), max(ends[2:]))
    if a.start < a.end and b.start < b.end:
        shared = set(range(a.start, a.end)) & set(range(b.start, b.end))

        assert a.overlaps(b) == b.overlaps(a) == bool(shared)


def test_a_finding_knows_its_dimension_and_whether_a_rule_made_it() -> None:
    assert finding("forgetting").dimension == "memory"
    assert finding().by_rule
    assert not finding(source="judge:quick").by_rule
