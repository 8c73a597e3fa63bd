"""What the pictures of the help pages and of the README show: a shop in memory, at a fixed moment,
so that a page is the same each time until its template, its style or its words change.

``python -m tests.browser.take_pictures`` takes them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from chalicelib.domain.mail_records import MailProgress, Sending
from chalicelib.domain.orders import Order, PaymentMethod
from chalicelib.domain.platform import ShopProfile
from chalicelib.ports import Mail
from chalicelib.usecases.connector import Post
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.page_templates import STYLE
from tests.fakes.documents_of_shop import charge, order, order_line
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.post import MemoryMailer
from tests.fakes.web import Browser, callback
from tests.unit.usecases.stage import SHOP_ID, Stage

PUBLIC_URL = "https://koppeling.example"
SUPPORT = "hulp@koppeling.example"
SOLD = datetime(2026, 3, 16, 9, 12, tzinfo=UTC)
FIRST = 301204410
DE_WILG = ShopProfile(title="Kaasboerderij De Wilg", currency="EUR", country="NL", domain="de-wilg")
METHODS = [
    PaymentMethod(key="ideal", title="iDEAL"),
    PaymentMethod(key="paypal", title="PayPal"),
    PaymentMethod(key="banktransfer", title="Bankoverschrijving"),
]
NO_POST = Post(mailer=MemoryMailer(), word=lambda _: Mail(subject="", text=""))
"""Mail can be chosen, and what would be sent is not shown."""


class PicturedShop:
    """A shop in memory, and its merchant's browser."""

    def __init__(self) -> None:
        self.stage = Stage()
        self.stage.now = SOLD
        self.stage.api.shop, self.stage.api.methods = DE_WILG, METHODS
        settings = replace(
            self.stage.connector.settings, support_address=SUPPORT, mail_from=SUPPORT
        )
        self.clock = lambda: self.stage.now
        self.asperion = MemoryAsperion(self.clock)
        self.stage.connector = replace(
            self.stage.connector,
            settings=settings,
            post=NO_POST,
            front_door=self.asperion.front_door,
        )
        self.stage.shops.records.clear()
        self.connector = self.stage.connector
        self.browser = Browser(cast("Any", self))

    def install(self) -> None:
        """The merchant comes and fills in the form."""
        self.arrive()
        self.browser.post("/install", {"licence": "ASP-2026-4711"})

    def arrive(self) -> None:
        """The merchant opens the app in the AppCenter."""
        self.browser.get("/install", callback(cast("Any", self.clock)))

    def sell(self, *numbers: int, **facts: Any) -> None:
        """Orders of two cheeses each, paid just now."""
        for number in numbers:
            price = Decimal("12.50") + Decimal("3.35") * (number % 7)
            sold = order(
                order_line(str(price), "0.09", title="Boerenkaas", article_code="KAAS-1"),
                order_line("24.20", title="Kaasplank", article_code="PLANK"),
                id=FIRST + number,
                number=f"ORD{number:05d}",
                shipment=charge("6.95"),
                **facts,
            )
            self.stage.receive(replace(sold, created_at=self.stage.now, paid_at=self.stage.now))

    def mend(self, number: int, **facts: Any) -> None:
        """The merchant mends an order in the shop."""
        known: Order = self.stage.api.orders[FIRST + number]
        self.stage.api.put(replace(known, updated_at=self.stage.now, **facts))

    def night(self) -> None:
        """The night's runs; it is morning afterwards."""
        midnight = self.stage.now.replace(hour=0, minute=0) + timedelta(days=1)
        self.stage.now = midnight.replace(hour=1, minute=15)
        with patch.object(secrets, "token_hex", lambda size: "0" * 2 * size):  # a day's salt
            export_shop(self.connector, Job(shop_id=SHOP_ID, run=f"night-{midnight:%d}"))
        self.stage.now = midnight.replace(hour=3, minute=45)
        self.stage.watch()
        self.stage.now = midnight.replace(hour=7, minute=40)

    def open(self, path: str, query: Mapping[str, str] | None = None) -> Response:
        """The page that an address leads to, as it is now."""
        parts = urlsplit(path)
        answer = self.browser.get(parts.path, query or dict(parse_qsl(parts.query)))
        return self.browser.follow(answer) if answer.status == 303 else answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A picture: `play` brings the shop where it is to be seen, and gives the page's path. Of the
    page the part is shown that `part` selects, or its first `height` pixels, `width` wide.
    """

    name: str
    play: Callable[[PicturedShop], str]
    part: str = "body"
    width: int = 760
    height: int = 620

    def open(self) -> tuple[PicturedShop, str]:
        """A shop that was brought there, and the path."""
        shop = PicturedShop()
        return shop, self.play(shop)

    def hash_page(self) -> str:
        """The hash (hex) of what the picture shows: the page and its style."""
        shop, path = self.open()
        answer = shop.open(path)
        assert answer.status == 200, (self.name, answer.status)
        return hashlib.sha256(answer.body.encode() + STYLE.read_bytes()).hexdigest()


def _arrive(shop: PicturedShop) -> str:
    shop.arrive()
    return "/install/licence"


def _trade(shop: PicturedShop) -> None:
    """Three days of sales; on the last one an order lacks its e-mail address."""
    shop.install()
    for first, count in ((391, 9), (400, 7), (407, 5)):
        shop.sell(*range(first, first + count))
        if first == 407:
            shop.sell(412, email="")
        shop.night()
    shop.arrive()


def _overview(shop: PicturedShop) -> str:
    _trade(shop)
    return "/"


def _held(shop: PicturedShop) -> str:
    _trade(shop)
    return "/orders/ORD00412"


def _freed(shop: PicturedShop) -> str:
    """The address is filled in; the next night takes the order along."""
    _trade(shop)
    shop.mend(412, email="s.devries@example.nl")
    shop.browser.post("/orders/ORD00412", {"action": "retry"})
    shop.night()
    shop.arrive()
    return "/orders/ORD00412"


def _day(shop: PicturedShop) -> str:
    _trade(shop)
    days = shop.stage.shops.statements(SHOP_ID, 3)
    return f"/days/{days[1].day}"


def _file(shop: PicturedShop) -> str:
    _trade(shop)
    files = shop.connector.files.list_recent(SHOP_ID, 1)
    return f"/files/{files[0].name}"


def _connecting(shop: PicturedShop) -> str:
    _trade(shop)
    return "/connect"


def _proposal(shop: PicturedShop) -> str:
    _trade(shop)
    shop.asperion.connect(shop.stage.shops, SHOP_ID, choices=None, is_on=False)
    return "/connect/proposal"


def _tried(shop: PicturedShop) -> str:
    _trade(shop)
    shop.asperion.connect(shop.stage.shops, SHOP_ID, is_on=False)
    return "/connect/try?what=newest"


def _mail(shop: PicturedShop) -> str:
    shop.install()
    said = MailProgress(last=Sending.SENT, last_at=shop.stage.now.replace(hour=3, minute=45))
    shop.stage.shops.save(SHOP_ID, said)
    shop.open("/")  # which says that it is installed
    return "/settings/mail"


OF_HELP = (
    Scene(name="installing", play=_arrive),
    Scene(name="connecting", play=_connecting, height=860),
    Scene(name="proposal", play=_proposal, height=860),
    Scene(name="tried", play=_tried, height=760),
    Scene(name="overview", play=_overview, height=760),
    Scene(name="held", play=_held, height=760),
    Scene(name="day", play=_day, height=760),
    Scene(name="file", play=_file),
    Scene(name="mail", play=_mail, height=760),
)
OF_README = (
    Scene(name="overview", play=_overview, width=1080, height=900),
    Scene(name="held-and-freed", play=_freed, width=1080, height=900),
    Scene(name="statement", play=_day, width=1080, height=900),
)
