"""Links and forms of a page as a person finds them, and the lines of its tables."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from chalicelib.web.pages.page_templates import SHOP_FIELD

_MARKS = re.compile(r"<[^>]*>")
_ROWS = re.compile(r"<tr.*?</tr>", re.DOTALL)
_HEADINGS = re.compile(r"<th scope=\"row\">(.*?)</th>", re.DOTALL)
_CELLS = re.compile(r"<td.*?</td>", re.DOTALL)
HIDDEN = ("sr",)  # read out, not seen


@dataclass
class Link:
    """A link with the words on it."""

    href: str
    classes: str
    text: str = ""


@dataclass
class Press:
    """A button of a form with all that pressing it posts, but for the shop's number."""

    action: str
    fields: dict[str, str]
    classes: str
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a page offers."""

    links: list[Link] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    shops: list[str] = field(default_factory=list)  # that the forms name, each once

    def __post_init__(self) -> None:
        super().__init__()
        self._form: tuple[str, dict[str, str]] | None = None
        self._open: Link | Press | None = None
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self._open = Link(given.get("href", ""), given.get("class", ""))
            self.links.append(self._open)
        elif tag == "form":
            self._form = (given["action"], {})
        elif tag == "input" and self._form and given.get("name") == SHOP_FIELD:
            self.shops.append(given["value"])
        elif tag == "input" and self._form and given.get("type") == "hidden":
            self._form[1][given["name"]] = given["value"]
        elif tag == "button" and self._form:
            own = {given["name"]: given["value"]} if "name" in given else {}
            self._open = Press(self._form[0], {**self._form[1], **own}, given.get("class", ""))
            self.presses.append(self._open)
        elif tag == "span" and (self._hidden or given.get("class") in HIDDEN):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("a", "button") and self._open:
            self._open.text = " ".join(self._open.text.split())
            self._open = None
        elif tag == "form":
            self._form = None
        elif tag == "span" and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if self._open and not self._hidden:
            self._open.text += data

    @property
    def offers(self) -> list[Link | Press]:
        """All links and buttons."""
        return [*self.links, *self.presses]

    def link(self, text: str) -> Link:
        """The one link with these words."""
        (found,) = [each for each in self.links if each.text == text]
        return found

    def press(self, text: str) -> Press:
        """The one button with these words."""
        (found,) = [each for each in self.presses if each.text == text]
        return found

    def says(self, text: str) -> bool:
        """Whether any link or button has these words."""
        return any(each.text == text for each in self.offers)


def read(body: str) -> Page:
    """A page's links and buttons."""
    page = Page()
    page.feed(body)
    return page


def read_text(body: str) -> str:
    """The words of a page, without its marks, each blank one space."""
    return " ".join(_MARKS.sub(" ", body).split())


def read_cells(body: str) -> dict[str, list[str]]:
    """The cells of every row of a page's tables that has a heading, by that heading's words; with
    the help beneath it where another row has the same.
    """
    found: dict[str, list[str]] = {}
    for row in _ROWS.findall(body):
        heading = _HEADINGS.search(row)
        if heading is None:
            continue
        whole = heading[1]
        short = whole.partition('<span class="help">')[0]
        name = read_text(short) if read_text(short) not in found else read_text(whole)
        found[name] = [read_text(cell) for cell in _CELLS.findall(row)]
    return found


def read_table(body: str) -> list[list[str]]:
    """The lines of a CSV download, as spreadsheet programs of this country read them."""
    assert body.startswith("\ufeff")
    return list(csv.reader(body.removeprefix("\ufeff").splitlines(), delimiter=";"))
