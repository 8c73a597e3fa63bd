"""The form of a page as a person finds it: what each field holds, and what pressing its button
posts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FilledForm(HTMLParser):
    """The form in the main part of a page: its address, its method, and the values that its fields
    hold. `options` are the values to choose from, by the names of the fields.
    """

    action: str = ""
    method: str = ""
    values: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._is_main = self._is_form = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._is_main = True
        elif tag == "form" and self._is_main and not self.action:
            self.action, self.method, self._is_form = given["action"], given["method"], True
        elif self._is_form:
            self._read_control(tag, given)

    def _read_control(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option":
            self.options.setdefault(self._select, []).append(given["value"])
            if "selected" in given or self._select not in self.values:
                self.values[self._select] = given["value"]
        elif tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self.values[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_form = False


def read_filled_form(body: str) -> FilledForm:
    """The form of a page."""
    form = FilledForm()
    form.feed(body)
    return form
