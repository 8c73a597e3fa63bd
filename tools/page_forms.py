"""The forms of a page, filled in as a browser shows them, for whoever plays a person over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

_SECONDS = 60


@dataclass
class Form:
    """A form: where it goes to, and what would be sent if nobody changed anything. `buttons` are
    the names and values of those that have a name: what is pressed is sent along.
    """

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of all that it sends, buttons included."""
        return {name for name, _ in (*self.fields, *self.buttons)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input":
            self._read_input(given)
        elif tag == "button" and given.get("name"):
            self._form.buttons.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select, self._options = given.get("name", ""), []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea" and given.get("name"):
            self._textarea = given["name"]
            self._form.fields.append((self._textarea, ""))

    def _read_input(self, given: Mapping[str, str]) -> None:
        assert self._form is not None
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name:
            return
        if kind in ("submit", "image"):
            self._form.buttons.append((name, given.get("value", "")))
        elif kind not in ("checkbox", "radio") or "checked" in given:
            self._form.fields.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea is not None:
            name, text = self._form.fields[-1]
            self._form.fields[-1] = (name, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select" and self._form is not None and self._select:
            shown = [value for value, is_selected in self._options if is_selected]
            shown = shown or [value for value, _ in self._options[:1]]
            self._form.fields += [(self._select, value) for value in shown]
            self._select = None


def read_forms(page: str) -> list[Form]:
    """The forms of a page, in their order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def send_form(
    browser: requests.Session,
    page: requests.Response,
    wanted: str,
    **changed: str,
) -> requests.Response:
    """Send the page's form that has a field or a button of the name `wanted`, or whose address ends
    so, as it is shown but for what is `changed`; redirects are followed. Raises LookupError when
    the page has no such form.
    """
    form = next((each for each in read_forms(page.text) if _fits(each, wanted)), None)
    if form is None:
        raise LookupError(f"{page.url} ({page.status_code}) has no form with {wanted}.")
    pressed = [(name, value) for name, value in form.buttons if name == wanted][:1]
    kept = [(name, value) for name, value in form.fields if name not in changed]
    data = [*kept, *pressed, *changed.items()]
    to = urljoin(page.url, form.action)
    if form.method == "post":
        return browser.post(to, data=data, timeout=_SECONDS)
    return browser.get(to, params=data, timeout=_SECONDS)


def _fits(form: Form, wanted: str) -> bool:
    is_to = wanted.startswith("/") and form.method == "post" and form.action.endswith(wanted)
    return is_to or wanted in form.names()
