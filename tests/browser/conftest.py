"""A browser that minds its manners, and notices when a page does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tools.build import ROOT

HERE = Path(__file__).parent
SCREENSHOTS = ROOT / "build" / "screenshots"
SIZES = {"desk": (1280, 800), "phone": (390, 844)}
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")
WAIT = 60_000  # milliseconds: a Lambda may start cold
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ALL_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Those of them that can find something else in the dark: only colours differ there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Visit:
    """One page in a browser. `sizes` are the screens it is looked at on; on the first, the visitor
    walks. `complaints` gathers whatever a visitor's console would show.
    """

    page: Page
    sizes: Sequence[str]
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure == "net::ERR_ABORTED":
            return  # the visitor went on before it came
        self.complaints.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    def examine(self, name: str) -> None:
        """Pictures of the page, and what axe finds on it."""
        self.shoot(name)
        self.check_accessibility(name)

    def shoot(self, name: str) -> None:
        """The whole page on each screen, light and dark, into ``build/screenshots``; none may be
        wider than the screen.
        """
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for size in self._change_screens():
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                path = SCREENSHOTS / f"{name}-{size}-{scheme}.png"
                self.page.screenshot(path=path, full_page=True, animations="disabled")
            self._check_width(name)

    def check_accessibility(self, name: str) -> None:
        """What axe finds against WCAG 2.2 AA on any screen, light or dark, is a complaint, and so
        is a page that is wider than a screen of 320 pixels.
        """
        # Evaluated, and not added as a script: the pages' policy allows none.
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        for size in self._change_screens():
            for scheme in SCHEMES:
                rules = COLOUR_RULES if scheme == "dark" else ALL_RULES
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = self.page.evaluate(_RUN_AXE, rules)
                self.complaints += [f"{name} ({size}, {scheme}): {each}" for each in found]
        self.page.set_viewport_size({"width": 320, "height": 640})
        self._check_width(name)
        self._choose_screen(self.sizes[0])

    def _change_screens(self) -> Iterator[str]:
        """Each size, while the page has it; the visitor's own is the last."""
        for size in reversed(self.sizes):
            self._choose_screen(size)
            yield size

    def _choose_screen(self, size: str) -> None:
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})

    def _check_width(self, name: str) -> None:
        wide, screen = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        if wide > screen:
            self.complaints.append(f"{name} is {wide} wide on a screen of {screen}")


_RUN_AXE = """
async rules => (await axe.run(document, {runOnly: rules})).violations
    .flatMap(found => found.nodes.map(node => `${found.id} at ${node.target}: ${found.help}`))
"""


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """A fresh visitor with a screen of the size that is named first; pages are looked at in the
    others too. No complaint may be left at the end.
    """
    visits: list[Visit] = []

    def open_one(*sizes: str) -> Visit:
        size = sizes[0]
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="nl-NL",
            is_mobile=size == "phone",
            has_touch=size == "phone",
        )
        context.set_default_timeout(WAIT)
        visits.append(Visit(context.new_page(), sizes))
        visits[-1].watch()
        return visits[-1]

    yield open_one
    complaints = [complaint for each in visits for complaint in each.complaints]
    for each in visits:
        each.page.context.close()
    assert complaints == []
