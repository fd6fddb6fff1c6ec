import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest

from harness.analysis.findings import marked_findings
from harness.analysis.summary import summarise
from harness.report.html import render_html
from harness.report.view import view_report
from harness.report.wording.findings import ReportLanguage

from .page import Element, broken_links, page_of, read_page
from .runs import BRAM, BROKEN_REPLY, HOSTILE, INN, broken_sample, call, every_outcome, exchange, finding, run, sample

LANGUAGES: tuple[ReportLanguage, ...] = ("en", "zh")


def notes(page: Element) -> list[str]:
    return [note.words for note in page.all("li", "note-card")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_and_every_id_stands_once(language: ReportLanguage) -> None:
    assert broken_links(page_of(every_outcome(), language)) == []


def test_the_link_checker_notices() -> None:
    page = read_page('<a href="#here" id="here">a</a><a href="#gone">b</a><a href="http://x/">c</a><p id="here"></p>')

    assert broken_links(page) == ["twice: here", "#gone", "http://x/"]


def test_no_element_comes_from_what_was_said() -> None:
    tame, wild = run(sample(INN, [exchange(1, "text")])), run(sample(INN, [exchange(1, HOSTILE)]))

    elements = [[element.tag for element in page_of(one).all() if element.tag != "i"] for one in (tame, wild)]

    assert elements[0] == elements[1]


def test_everything_people_and_models_write_is_text() -> None:
    evil = "<b id=evil>{{ 1 }}</b></style></script>\ud800\u202e"
    scenario = INN.model_copy(
        update={
            "title": evil,
            "turns": (INN.turns[0].model_copy(update={"user": evil, "reference": evil, "assistant": evil}),),
        }
    )
    said = exchange(1, evil, error=evil, finish_reason=evil)
    marked = [finding(1, evil, "{{ 1 }}", message=evil, source=f"judge:{evil}", why=evil, muted=evil)]
    base = run(sample(INN, [said], marked), id=evil)
    snapshot = base.snapshot.model_copy(
        update={
            "scenarios": {INN.id: scenario},
            "personas": {"bram": BRAM.model_copy(update={"name": evil, "greeting": evil, "facts": {"leg": evil}})},
        }
    )

    page = page_of(replace(base, snapshot=snapshot))

    assert page.all("b", "") == [bold for bold in page.all("b") if "id" not in bold.attributes]
    assert page.all("h3")[-1].text == "<b id=evil>{{ 1 }}</b></style></script>⟨U+D800⟩⟨RLO⟩"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_policy_names_exactly_the_style_and_the_script_that_are_there(language: ReportLanguage) -> None:
    page = page_of(every_outcome(), language)
    (policy,) = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    def hashed(tag: str) -> str:
        return f"'sha256-{b64encode(sha256(page.one(tag).text.encode()).digest()).decode()}'"

    assert policy == (
        f"default-src 'none'; style-src {hashed('style')}; script-src {hashed('script')}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_nothing_is_loaded_and_nothing_is_inline() -> None:
    page = page_of(every_outcome())

    assert [element.tag for element in page.all() if "src" in element.attributes] == []
    assert [element.attributes["href"] for element in page.all("link")] == ["data:,"]
    inline = [name for element in page.all() for name in element.attributes if name == "style" or name.startswith("on")]
    assert inline == []
    assert not re.search(r"url\(|@import", page.one("style").text)


def test_findings_are_marked_where_they_stand() -> None:
    page = page_of(run(broken_sample()))
    (reply,) = [said for said in page.all("div", "said") if "AI language" in said.text]

    marks = [(mark.text, len(mark.attributes["data-notes"].split())) for mark in reply.all("mark")]

    assert marks == [("As an AI language model, ", 1), ("I don't", 2), (" have a body", 1)]
    assert "break" in reply.all("mark")[1].classes
    assert re.sub(r"\d", "", reply.text) == BROKEN_REPLY


def test_every_mark_and_every_reference_belongs_to_a_note() -> None:
    page = page_of(every_outcome())
    ids = {note.attributes["id"] for note in page.all("li", "note-card")}

    assert {name for mark in page.all("mark") for name in mark.attributes["data-notes"].split()} <= ids
    assert {link.attributes["href"][1:] for link in page.all("a", "ref")} <= ids


def test_a_note_says_what_is_wrong_how_bad_it_is_and_who_says_so() -> None:
    page = page_of(run(broken_sample()))
    told = notes(page)

    assert told[1].startswith("2 break Says it is an AI The character calls itself an AI product")
    assert told[1].endswith("Immersion · found by a rule · 98% sure")
    assert told[-1].startswith("5 lapse Accepts a false claim He takes over the <b>wrong</b> leg.")
    assert told[-1].endswith("Facts · found by judge quick-look · 50% sure · judge not trusted")


def test_accepted_findings_are_struck_with_the_reason() -> None:
    (muted,) = page_of(run(broken_sample())).all("li", "muted")

    assert muted.words.endswith("Accepted: He may, after ale (Lena)")


def test_what_only_a_judge_says_is_grey_and_not_counted() -> None:
    page = page_of(run(broken_sample()))

    assert [note.attributes["id"] for note in page.all("li", "unconfirmed")] == [
        page.all("li", "note-card")[-1].attributes["id"]
    ]
    assert page.one("td", "count").words == "3 findings 1 by judge only 1 accepted"


def test_a_check_and_a_judge_at_one_place_are_one_note() -> None:
    own = [finding(2, BROKEN_REPLY, "As an AI language model")]
    theirs = finding(2, BROKEN_REPLY, "an AI", message="judge.violation", source="judge:quick-look", why="A program.")
    (verdict,) = broken_sample().verdicts
    both = sample(INN, [exchange(2, BROKEN_REPLY)], own, verdicts=(replace(verdict, findings=(theirs,)),))

    (note,) = page_of(run(both)).all("li", "note-card")

    assert "A program." in note.words
    assert "found by a rule and judge quick-look" in note.words
    assert "unconfirmed" not in note.classes


def test_bad_outcomes_are_told_plainly() -> None:
    page = page_of(every_outcome())
    told = {turn.attributes["id"]: turn.words for turn in page.all("div", "turn")}

    assert "The reply hit its length limit" in told["s-2-t-2"]
    assert "A long tale that stops in the mid" in told["s-2-t-2"]
    assert "content filter took the reply" in told["s-2-t-3"]
    assert "What came through before it was cut Half a <i>line</i>" in told["s-2-t-3"]
    assert "answered with nothing" in told["s-3-t-2"]
    assert "504 <b>Gateway Timeout</b>" in told["s-4-t-1"]
    assert "Never asked" in told["s-4-t-2"]
    assert "Never asked" in told["s-6-t-1"]


def test_the_overview_lists_every_sample_and_how_it_ended() -> None:
    rows = page_of(every_outcome()).one("table", "list").one("tbody").all("tr")

    assert [row.one("td", "ended").text for row in rows] == [
        "answered", "filtered", "empty", "failed", "answered", "unfinished"
    ]  # fmt: skip
    assert rows[2].one("small").words == "Bram · repeat 2"


def test_probes_show_what_a_faithful_character_would_say() -> None:
    page = page_of(run(broken_sample()))
    probes = [probe.words for probe in page.all("dl", "probe")]

    assert probes[0] == "Probe asks what it really is In character He does not know the word."
    assert probes[1].endswith("At stake He lost his left leg.")


def test_grades_show_their_line_or_why_there_is_none() -> None:
    verdict = page_of(run(broken_sample())).one("details", "verdict")
    grades = [grade.words for grade in verdict.all("li")]

    assert verdict.attributes.get("open") is None
    assert "1 scored, 1 unscored · uncalibrated judge" in verdict.one("summary").words
    assert "1 violation was left out" in verdict.words
    assert grades[0] == (
        "0.00 Voice whole chat Does it sound like this character? That is a help desk. How can I assist you turn 2"
    )
    assert grades[1].endswith("Unscored: the line the judge cited is not in the chat I like turtles")
    assert "He stays a dwarf." in grades[1]


def test_texts_say_which_language_they_are_in() -> None:
    page = page_of(every_outcome(), "zh")

    assert page.one("html").attributes["lang"] == "zh-Hans"
    assert {said.attributes["lang"] for said in page.all(name="said")} == {"en", "zh"}


def test_samples_with_a_break_are_open_unless_there_are_many() -> None:
    few = page_of(run(broken_sample(), sample(INN, [exchange(1, "Aye.")])))
    many = page_of(run(*(broken_sample(epoch=number) for number in range(1, 32))))

    assert ["open" in box.attributes for box in few.all("details", "sample")] == [True, False]
    assert not any("open" in box.attributes for box in many.all("details", "sample"))


def test_equal_findings_in_two_samples_have_links_of_their_own() -> None:
    page = page_of(run(broken_sample(), broken_sample(epoch=2)))
    (first, *_) = [one.id for one in marked_findings(broken_sample())]
    ids = [note.attributes["id"] for note in page.all("li", "note-card")]

    assert ids[0] == f"f-{first}"
    assert ids[5] == f"f-{first}-2"


def test_survival_shows_its_bounds_when_samples_were_cut_short() -> None:
    whole = page_of(run(broken_sample())).one("div", "standing").words
    cut = page_of(run(broken_sample(), sample(INN, [exchange(1, "", "failed")]))).one("div", "standing").words

    assert whole.endswith("holding 100% 0% 0%")
    assert "at worst–best 50–100% 0–50% 0–50%" in cut


def test_unknown_prices_are_not_hidden() -> None:
    known, unknown = exchange(1, "Aye."), exchange(2, "Nay.", call=call(None))

    page = page_of(run(sample(INN, [known, unknown])))

    assert page.all("p", "figure")[2].words == "≥ $0.0004"
    assert "1 call of unknown price" in page.one("tfoot").words


def test_a_long_reply_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    page = page_of(run(sample(INN, [exchange(1, "word " * 40_000)])))
    (long,) = page.all("div", "long")

    assert long.attributes["tabindex"] == "0"
    assert "200,000 characters" in page.words


def test_a_run_without_replies_can_be_reported() -> None:
    page = page_of(run(sample(INN, finished=False), status="interrupted", ended=None))

    assert page.one("h1").text == "No reply came back, so nothing can be said."
    assert "The run was stopped by hand" in page.one("ul", "cautions").words
    assert broken_links(page) == []


def test_the_same_run_gives_the_same_page() -> None:
    made = every_outcome()

    assert render_html(view_report(made, summarise(made), "en")) == render_html(
        view_report(made, summarise(made), "en")
    )


def test_headings_descend_one_step_at_a_time() -> None:
    levels = [int(element.tag[1]) for element in page_of(every_outcome()).all() if re.fullmatch(r"h[1-6]", element.tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_was_not_seen_is_not_called_unbroken() -> None:
    whole = run(sample(INN, [exchange(1, "Aye."), exchange(2, "Nay."), exchange(3, "Left.")]))
    cut = run(sample(INN, [exchange(1, "Aye."), exchange(2, "", "filtered")]))

    assert page_of(whole).one("h1").text == "The character held in the one sample."
    assert page_of(cut).one("h1").text == "No break of character in what was answered."
