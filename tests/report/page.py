"""Reading a report back as a reader sees it."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from harness.analysis.summary import summarise
from harness.core.run import Run
from harness.report.html import render_html, write_report
from harness.report.view import view_report
from harness.report.wording.findings import ReportLanguage

INLINE = frozenset({"a", "b", "bdi", "i", "mark", "span"})
VOID = frozenset({"meta", "link", "input", "img", "br", "rect", "path"})


@dataclass(eq=False)
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    content: "list[str | Element]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, as it stands."""
        return "".join(part if isinstance(part, str) else part.text for part in self.content)

    @property
    def words(self) -> str:
        """All text in it, as a line."""
        return " ".join(self._spaced().split())

    def _spaced(self) -> str:
        inner = "".join(part if isinstance(part, str) else part._spaced() for part in self.content)
        return inner if self.tag in INLINE else f" {inner} "

    @property
    def classes(self) -> frozenset[str]:
        """Its classes."""
        return frozenset(self.attributes.get("class", "").split())

    def all(self, tag: str = "", name: str = "") -> "list[Element]":
        """The elements in it with this tag and this class, in order."""
        found = []
        for part in self.content:
            if isinstance(part, Element):
                if tag in ("", part.tag) and (not name or name in part.classes):
                    found.append(part)
                found.extend(part.all(tag, name))
        return found

    def one(self, tag: str = "", name: str = "") -> "Element":
        """The only such element."""
        (found,) = self.all(tag, name)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = self.open = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.content.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
            assert self.open.parent is not None
            self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.content.append(data)


def read_page(html: str) -> Element:
    """Parse a page whose elements must all be closed where they should be."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open is reader.page, f"<{reader.open.tag}> is never closed"
    return reader.page


def page_of(run: Run, language: ReportLanguage = "en") -> Element:
    """The report of a run."""
    return read_page(render_html(view_report(run, summarise(run), language)))


def written(run: Run, path: Path, language: ReportLanguage = "en") -> Path:
    """The file of a run's report."""
    return write_report(run, summarise(run), path, language)


def broken_links(page: Element) -> list[str]:
    """Links within the page that lead nowhere, ids that stand twice, and links that lead out of it."""
    ids = Counter(element.attributes["id"] for element in page.all() if "id" in element.attributes)
    twice = [f"twice: {name}" for name, times in ids.items() if times > 1]
    links = [element.attributes["href"] for element in page.all("a")]
    return twice + [link for link in links if not (link.startswith("#") and link[1:] in ids)]
