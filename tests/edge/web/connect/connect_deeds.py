"""What a merchant does on the pages of the connection, and what they say."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from chalicelib.domain.connection import Connection
from chalicelib.web.http.http_messages import Response
from tests.edge.web.filled_forms import read_filled_form
from tests.edge.web.markup import read_text
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.web import NOW, PUBLIC_URL, Browser, World

LEAD = "Rechtstreeks in Asperion"
NEWEST = {"what": "newest"}


def leave(browser: Browser) -> str:
    """The merchant presses the button; where his browser goes."""
    answer = browser.post("/connect")
    assert answer.status == 303
    return str(answer.headers["Location"])


def come_back(browser: Browser, address: str) -> Response:
    """The browser comes back from another site."""
    parts = urlsplit(address.removeprefix(PUBLIC_URL))
    return browser.get(parts.path, dict(parse_qsl(parts.query)), sec_fetch_site="cross-site")


def sign_in(browser: Browser, asperion: MemoryAsperion) -> Response:
    """There, and back with consent."""
    return come_back(browser, asperion.identity.consent(leave(browser)))


def press(browser: Browser, path: str, **changes: str) -> Response:
    """Press the button of a page's form, with these fields changed."""
    form = read_filled_form(browser.get(path).body)
    return browser.post(form.action.removeprefix(PUBLIC_URL), form.values | changes)


def find(world: World) -> Connection:
    connection = world.shop.connection
    assert connection is not None
    return connection


def sell(world: World, number: int, **changes: object) -> None:
    facts = {"created_at": NOW, "paid_at": NOW, **changes}
    line = order_line("12.10", "0.21")
    world.api.put(order(line, id=number, number=f"ORD{number:05}", **facts))


def settings_line(browser: Browser) -> str:
    text = read_text(browser.get("/settings").body)
    return text.partition(LEAD)[2][:250]


def notice(page: Response) -> str:
    return read_text(page.body)
