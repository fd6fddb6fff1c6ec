"""The page as it behaves: opened from disk in a real browser, with and without its script."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from .page import page_of, written
from .runs import INN, every_outcome, exchange, finding, run, sample

pytestmark = pytest.mark.browser

Opener = Callable[..., Page]
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(every_outcome(), tmp_path_factory.mktemp("report") / "run.html")


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Opener]:
    """Opens a report; when the test is over, nothing may have gone wrong in it and nothing may have been fetched."""
    contexts = []
    complaints: list[str] = []

    def watch(page: Page, own: str) -> None:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: complaints.extend({request.url.split("#")[0]} - {own}))

    def opened(file: Path = report, hash: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        watch(page, file.as_uri())
        page.goto(file.as_uri() + hash)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for complaint in complaints if not complaint.startswith("data:")] == []


def shown_samples(page: Page) -> list[str]:
    return [section.get_attribute("id") or "" for section in page.locator("details.sample:visible").all()]


@pytest.mark.parametrize(
    ("name", "value", "left", "told"),
    [
        ("severity", "break", ["s-1", "s-5"], "2 of 6 samples, 3 of 7 findings"),
        ("dimension", "facts", ["s-1"], "1 of 6 samples, 1 of 7 findings"),
        ("outcome", "failed", ["s-4"], "1 of 6 samples, 0 of 7 findings"),
        ("outcome", "skipped", ["s-3", "s-4", "s-6"], "3 of 6 samples, 0 of 7 findings"),
    ],
)
def test_a_filter_leaves_what_fits_and_counts_it(
    visit: Opener, name: str, value: str, left: list[str], told: str
) -> None:
    page = visit()

    page.locator(f"select[name={name}]").select_option(value)

    assert shown_samples(page) == left
    assert page.locator("#list tr:visible").count() == len(left)
    expect(page.locator("#shown")).to_have_text(told)


def test_filters_go_together_and_can_be_undone(visit: Opener) -> None:
    page = visit()
    page.get_by_label("Severity").select_option("break")
    page.locator("select[name=dimension]").select_option("facts")

    expect(page.locator("#nothing")).to_be_visible()
    page.get_by_role("button", name="Show all").click()

    expect(page.locator("#nothing")).to_be_hidden()
    assert len(shown_samples(page)) == 6
    expect(page.locator("#shown")).to_have_text("6 of 6 samples, 7 of 7 findings")


def test_a_filtered_finding_loses_its_note_and_its_mark(visit: Opener) -> None:
    page = visit()
    page.get_by_label("Severity").select_option("break")
    sample_one = page.locator("#s-1")

    assert [note.get_attribute("data-severity") for note in sample_one.locator(".note-card:visible").all()] == ["break"]
    assert sample_one.locator("mark:not(.off)").all_text_contents() == ["As an AI language model, ", "I don't"]


def test_text_is_searched_in_what_was_said(visit: Opener) -> None:
    page = visit()

    page.get_by_label("Text").fill("二更天")

    assert shown_samples(page) == ["s-5"]


def test_the_worst_can_come_first(visit: Opener) -> None:
    page = visit()
    page.get_by_label("Order").select_option("rank")
    worst_first = shown_samples(page)
    page.get_by_label("Order").select_option("place")

    assert set(worst_first[:2]) == {"s-1", "s-5"}
    assert shown_samples(page) == [f"s-{place}" for place in range(1, 7)]


def test_the_filters_are_worked_with_the_keyboard_alone(visit: Opener) -> None:
    page = visit()
    page.get_by_label("Severity").focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator("select[name=severity]")).to_have_value("break")
    assert shown_samples(page) == ["s-1", "s-5"]


def test_a_link_to_a_finding_unfolds_its_sample_even_against_a_filter(visit: Opener) -> None:
    note = page_of(every_outcome()).all("li", "note-card")[0].attributes["id"]
    page = visit()
    page.locator("#s-1 > summary").click()
    page.locator("select[name=dimension]").select_option("facts")

    page.evaluate(f"location.hash = '#{note}'")

    expect(page.locator(f"[id='{note}']")).to_be_in_viewport()
    expect(page.locator("select[name=dimension]")).to_have_value("")


def test_a_link_from_outside_opens_a_closed_sample(visit: Opener) -> None:
    page = visit(hash="#s-2")

    expect(page.locator("#s-2")).to_have_attribute("open", "")
    expect(page.locator("#s-2 > summary")).to_be_in_viewport()


def test_a_mark_and_its_note_light_up_together(visit: Opener) -> None:
    page = visit()

    page.locator("#s-1 mark", has_text="As an AI").hover()

    assert page.locator(".note-card.lit").count() == 1
    assert page.locator("mark.lit").all_text_contents() == ["As an AI language model, ", "I don't"]


def test_without_its_script_everything_is_there_and_the_filters_are_not(visit: Opener) -> None:
    page = visit(java_script_enabled=False)

    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#nothing")).to_be_hidden()
    assert len(shown_samples(page)) == 6
    page.locator("#s-2 > summary").click()
    expect(page.locator("#s-2-t-1")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 800, 1280])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_sticks_out_of_the_page(visit: Opener, tmp_path: Path, language: Any, width: int) -> None:
    page = visit(written(every_outcome(), tmp_path / "run.html", language), viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(visit: Opener, scheme: Any) -> None:
    page = visit(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")

    assert page.evaluate(CONTRAST) == []


def test_every_control_and_region_has_a_name(visit: Opener) -> None:
    page = visit()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('select, input, button, a, [role=region], ol.margin')]
        .filter(each => !(each.labels?.length || each.textContent.trim() || each.getAttribute('aria-label')))
        .map(each => each.outerHTML.slice(0, 80))"""
    )

    assert nameless == []


def test_hostile_text_is_read_as_it_was_written(visit: Opener) -> None:
    reply = visit().locator("#s-5-t-2 .line.character .said")
    said = reply.text_content() or ""

    assert said.startswith("<script>alert(1)</script>")
    assert "␛[31mred␛[0m ⟨RLO⟩eveil" in said
    assert "⟨ZWSP ×3⟩⟨BOM⟩ ⟨U+D83D⟩ 👩‍👩‍👧 ␀␇⟨U+009B⟩\nnext\nline" in said


def test_a_very_long_reply_leaves_the_page_readable(visit: Opener, tmp_path: Path) -> None:
    long = "so it goes on and on " * 10_000
    heavy = run(sample(INN, [exchange(1, f"{long} as an AI")], [finding(1, f"{long} as an AI", "as an AI")]))
    page = visit(written(heavy, tmp_path / "run.html"), viewport={"width": 1280, "height": 800})

    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true })")
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    page.locator(".ref").click()
    assert re.search(r"#f-[0-9a-f]{16}$", page.url)


def test_on_paper_every_sample_is_unfolded(visit: Opener) -> None:
    page = visit()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    expect(page.locator("#s-2-t-1")).to_be_visible()
    expect(page.locator("#filters")).to_be_hidden()
