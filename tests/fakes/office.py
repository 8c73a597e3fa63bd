"""A bookkeeper's office: shops that are installed, seats in them, and the bookkeeper's browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seats import Seat, SeatRight, name_holder
from chalicelib.domain.shops import Shop
from chalicelib.web.http.bookkeeper_sessions import BOOKKEEPER, sign_bookkeeper_in
from chalicelib.web.http.http_messages import read_cookies
from chalicelib.web.http.session_cookies import SessionCookies
from tests.edge.web import stored_orders
from tests.fakes.open_vault import seal
from tests.fakes.web import SHOP_ID, Browser, World

ADDRESS = "boekhouder@kantoor.example"
OTHER = SHOP_ID + 1


class Office:
    """One bookkeeper, known by `address`, in a world of shops."""

    def __init__(self, world: World, address: str = ADDRESS) -> None:
        self.world = world
        self.address = address
        self.holder = name_holder(address, world.secrets.print_secrets()[0])
        self.browser = Browser(world)
        self.sign_in()

    def sign_in(self) -> None:
        """As a link that was mailed does it."""
        value = sign_bookkeeper_in(self._sessions, self.holder).partition(";")[0]
        self.browser.cookies |= read_cookies(value)

    @property
    def cookie_name(self) -> str:
        """What the browser knows the session's cookie by."""
        return self._sessions.find_name(BOOKKEEPER)

    @property
    def _sessions(self) -> SessionCookies:
        world = self.world
        return SessionCookies(world.connector.settings, world.secrets, world.clock)

    def install(self, shop_id: int = SHOP_ID, title: str = "") -> Browser:
        """The browser of the merchant who installs that shop."""
        merchant = self.arrive(Browser(self.world), shop_id)
        merchant.post("/install", {"licence": "ASP-2026-4711"})
        if title:
            self.name(shop_id, title)
        return merchant

    def arrive(self, browser: Browser, shop_id: int = SHOP_ID) -> Browser:
        """The browser, after a merchant has opened his shop in it by a link of its own. The shop
        keeps its title, although SEOshop says the same one of all of them here.
        """
        known = self.world.shops.get(shop_id)
        self.world.clock.advance(seconds=1)
        browser.arrive(shop_id=str(shop_id))
        if known is not None:
            self.name(shop_id, known.title)
        return browser

    def name(self, shop_id: int, title: str) -> None:
        """Let a shop have that title."""
        self.world.shops.update(shop_id, lambda shop: replace(shop, title=title))

    def take_seat(self, shop_id: int = SHOP_ID, *rights: SeatRight) -> Seat:
        """The bookkeeper's seat in a shop that is installed, with these rights beside reading."""
        seat = Seat(
            shop_id=shop_id,
            holder=self.holder,
            address=seal(self.address, SecretKind.SEAT_ADDRESS, shop_id),
            rights=frozenset(rights),
            installed_at=self.shop(shop_id).installed_at,
            since=self.world.clock(),
        )
        self.world.shops.remove_seat(shop_id, self.holder)
        assert self.world.shops.put_seat(seat)
        return seat

    def shop(self, shop_id: int = SHOP_ID) -> Shop:
        """A shop as it is stored."""
        return self.world.connector.find_shop(shop_id)


@contextmanager
def among_orders_of(shop_id: int) -> Iterator[None]:
    """`stored_orders` records in that shop instead of the one of all other tests."""
    with patch.object(stored_orders, "SHOP_ID", shop_id):
        yield
