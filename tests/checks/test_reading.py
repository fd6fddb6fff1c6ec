import pytest

from harness.checks.overlap import shared_runs
from harness.checks.reading import read
from harness.text.chinese import simplified, telling_characters
from harness.text.patterns import well_formed
from harness.text.tokens import words


def test_a_reading_leads_back_to_the_raw_text() -> None:
    raw = "「Ｈｉ\u200b，這裡」"
    reading = read(raw)

    at = reading.text.index("这里")

    assert reading.text == '"hi,这里"'
    assert reading.span(at, at + 2).start == raw.index("這")


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        pytest.param('"I am a robot," she says.', False, id="a novel's speech"),
        pytest.param('*smiles* "I am a robot."', False, id="speech beside narration"),
        pytest.param('I read it to you: "I am a robot."', True, id="read aloud"),
        pytest.param('The sign said: "I am a robot."', True, id="a sign in a novel"),
        pytest.param("她笑了。“我是机器人。”", False, id="zh novel"),
        pytest.param("信上写着：“我是机器人。”", True, id="zh letter"),
        pytest.param("我念给你听：“我是机器人。”", True, id="zh read aloud"),
    ],
)
def test_quotation_marks_hold_speech_or_somebody_elses_words(reply: str, quoted: bool) -> None:
    reading = read(reply)
    at = max(reading.text.find("robot"), reading.text.find("机器人"))

    assert (reading.kind(at) == "quoted") is quoted
    assert bool(reading.citations(len(reading.raw))) is quoted


def test_a_clause_ends_where_another_begins() -> None:
    reading = read("I don't sleep, sister. I don't, because I'm a robot.")

    assert reading.clause_before(reading.text.index("i'm a robot")).strip() == ""
    assert reading.sentence_after(reading.text.index("sister")) == "sister."


def test_simplifying_never_moves_a_character() -> None:
    for text in ("這裡沒有機器人", "后來乾隆著書", "abc", "", "𠮷這"):
        assert len(simplified(text)) == len(text)
    assert telling_characters("這裡") == (0, 2)
    assert telling_characters("这里")[0] == 2


def test_half_a_surrogate_pair_is_read_as_a_replacement_mark() -> None:
    assert well_formed("a\ud83dé") == "a\ufffdé"
    assert read("\ud83d這").text == "\ufffd这"


def test_words_are_spelled_runs_and_single_chinese_characters() -> None:
    assert words("I'm 40, 客官！") == ("I'm", "40", "客", "官")


def test_shared_stretches_end_where_the_texts_part() -> None:
    runs = shared_runs("so one two three four five six and then one two three four five", "one two three four five six")

    assert [" ".join(word.text for word in run) for run in runs] == [
        "one two three four five six",
        "one two three four five",
    ]
