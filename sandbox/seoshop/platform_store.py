"""All shops of the platform, in memory, behind one lock."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from threading import RLock

from sandbox.seoshop.models import PaymentMethod
from sandbox.seoshop.signing import api_password
from sandbox.seoshop.webshop import CURRENCIES, Shop

DEFAULT_SHOP = 184520
DEFAULT_METHODS = (
    ("ideal", "iDEAL"),
    ("paypal", "PayPal"),
    ("invoice", "Op rekening"),
    ("bancontact", "Bancontact"),
    ("creditcard", "Creditcard"),
    ("banktransfer", "Overboeking"),
)
FIRST_IDS = {
    "order": 301204400,
    "line": 688120000,
    "customer": 226000300,
    "invoice": 332000400,
    "item": 901330000,
    "event": 55100000,
    "shipment": 410000700,
    "webhook": 9100,
    "method": 120,
    "product": 104400100,
    "variant": 208800200,
}


class Store:
    """Shops by id. Hold ``lock`` while reading or changing anything in here."""

    def __init__(self) -> None:
        """Start with the default shop."""
        self.lock = RLock()
        self.shops: dict[int, Shop] = {}
        self._ids: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        """Forget everything but a fresh default shop; an installation there is gone too."""
        with self.lock:
            self.shops.clear()
            self._ids = dict(FIRST_IDS)
            self.create_shop(DEFAULT_SHOP, "Voorbeeldwinkel", languages=("nl", "en"))

    def next_id(self, kind: str) -> int:
        """Return a fresh id; ids only ever rise."""
        self._ids[kind] += 1
        return self._ids[kind]

    def claim_id(self, kind: str, number: int) -> int:
        """Take a given id and never hand it out again."""
        self._ids[kind] = max(self._ids[kind], number)
        return number

    def create_shop(
        self,
        shop_id: int | None = None,
        title: str = "",
        languages: Iterable[str] = ("nl",),
        *,
        currency: str = "EUR",
        country: str = "nl",
        includes_vat: bool = True,
        methods: Iterable[tuple[str, str]] = DEFAULT_METHODS,
    ) -> Shop:
        """Open a shop; ValueError when the id is taken or a value is not usable."""
        number = shop_id if shop_id is not None else max(self.shops, default=DEFAULT_SHOP) + 1
        tongues = tuple(languages)
        if number in self.shops:
            raise ValueError(f"shop {number} exists already")
        if not tongues or any(len(tongue) != 2 for tongue in tongues):
            raise ValueError("languages are two letters each, the default one first")
        if currency not in CURRENCIES:
            raise ValueError(f"currency is one of {', '.join(CURRENCIES)}")
        shop = Shop(
            number,
            title or f"Winkel {number}",
            tongues,
            currency,
            country.lower(),
            includes_vat,
            [],
            api_key=secrets.token_hex(16),
            api_secret=secrets.token_hex(16),
        )
        for key, name in methods:
            self.add_method(shop, key, name)
        self.shops[number] = shop
        return shop

    def add_method(self, shop: Shop, key: str, title: str) -> PaymentMethod:
        """Give a shop one more payment method, or return the one it has under that key."""
        known = next((method for method in shop.methods if method.key == key), None)
        if known:
            return known
        method = PaymentMethod(self.next_id("method"), key, title)
        shop.methods.append(method)
        return method

    def by_credentials(
        self, user: str, password: str, app_key: str, app_secret: str
    ) -> tuple[Shop, str] | None:
        """Return the shop and the kind of key (``app`` or ``own``) these credentials open."""
        for shop in self.shops.values():
            live = shop.installation
            if user == app_key and live and live.status != "expired":
                if _same(password, api_password(live.token, app_secret)):
                    return shop, "app"
            elif user == shop.api_key and _same(password, shop.api_secret):
                return shop, "own"
        return None


def _same(left: str, right: str) -> bool:
    return secrets.compare_digest(left.encode(), right.encode())
