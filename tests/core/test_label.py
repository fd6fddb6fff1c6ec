import pytest
from pydantic import ValidationError

from harness.core.label import Label

ROW = {
    "id": "a",
    "language": "en",
    "persona": {"name": "Hob"},
    "messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "A program. Soup?"}],
    "provenance": "authored",
    "failure_type": "ai_self_disclosure",
    "severity": "break",
    "span": "A program.",
}


def test_the_place_of_the_violating_words_is_found_in_the_reply() -> None:
    label = Label.model_validate(ROW)

    assert label.broken
    assert label.place is not None
    assert label.reply[label.place.start : label.place.end] == "A program."


def test_cards_as_fields_and_references_as_lists_become_lines() -> None:
    label = Label.model_validate(
        {**ROW, "persona": {"name": "Hob", "description": {"job": "cook", "likes": ["soup"]}}, "reference": ["a", "b"]}
    )

    assert label.persona.description == "job: cook\nlikes: soup"
    assert label.reference == "a\nb"


def test_a_human_grade_is_a_label_too() -> None:
    grade = {"dimension": "facts", "human": {"value": 3, "scale": [1, 5]}, "failure_type": None, "span": ""}

    assert not Label.model_validate({**ROW, **grade}).broken


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"span": "nothing of it"}, "span does not stand"),
        ({"severity": None}, "needs a severity"),
        ({"failure_type": None}, "either failure_type or dimension"),
        ({"failure_type": None, "dimension": "facts"}, "needs `human` or `violation`"),
        ({"messages": [{"role": "user", "content": "Hm?"}]}, "not the reply of an assistant"),
        ({"failure_type": None, "dimension": "facts", "human": {"value": 9, "scale": [1, 5]}}, "outside scale"),
    ],
)
def test_what_tells_nothing_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Label.model_validate({**ROW, **change})
