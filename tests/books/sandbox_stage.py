"""Both sandboxes over HTTP, with the connector's own client, judgement and renderer in between.

A `Window` is a shop of its own in the sandbox's SEOshop; a `Ledger` is an administration of its
own in the sandbox's Asperion. Nothing here calculates with amounts.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Terms, Verdict, judge, judge_invoice
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import DateBasis, Policy, Source
from chalicelib.errors import ShopUnreadable
from chalicelib.ports import AppPair
from sandbox import asperion, seoshop

KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PROFILE = load_profile(Path(__file__).parents[2] / "templates/axml/reconstructed-1.4")
PLENTY = {"limits": [10**6] * 3, "per_second": 10**4}
_numbers = itertools.count(300_001)


@dataclass(frozen=True)
class Judged:
    """A verdict, and what SEOshop itself says the document comes to (excl., incl.)."""

    verdict: Verdict
    stated: tuple[Decimal, Decimal]


@dataclass
class Window:
    """One shop, its API as the connector reads it, and its raw answers."""

    url: str
    id: int
    api: SeoshopApi
    http: requests.Session
    auth: tuple[str, str]

    def control(self, door: str, **form: Any) -> Any:
        answer = self.http.post(f"{self.url}/_control/{door}", json=form, timeout=30)
        assert answer.ok, answer.text
        return answer.json(parse_float=Decimal)

    def play(self, scenario: str) -> list[int]:
        """The scenario's orders, placed and paid as by one click; their ids."""
        return list(self.control(f"scenarios/{scenario}", shop_id=self.id, paid=True)["ids"])

    def order(self, **form: Any) -> Any:
        return self.control("orders", shop_id=self.id, **form)

    def raw(self, path: str) -> Any:
        """An answer as anybody would read it, numbers as decimals."""
        answer = self.http.get(f"{self.url}/nl/{path}.json", auth=self.auth, timeout=30)
        answer.raise_for_status()
        return json.loads(answer.content, parse_float=Decimal, parse_int=Decimal)

    def judged(self, ids: Iterable[int], policy: Policy) -> list[Judged]:
        """Every document of these orders that the policy's source asks for."""
        found: list[Judged] = []
        for order_id in ids:
            try:
                order = self.api.order(order_id)
            except ShopUnreadable:
                # The export does the same with this error.
                found.append(Judged(Hold(HoldReason.UNREADABLE), (Decimal(0), Decimal(0))))
                continue
            found += self._documents(order, policy)
        return found

    def _documents(self, order: Order, policy: Policy) -> Iterator[Judged]:
        terms = self._terms(order, policy)
        if policy.source is Source.ORDERS:
            yield Judged(judge(order, terms), self._state_totals(f"orders/{order.id}", "order"))
            return
        for paper in order.invoices:
            document, items = self.api.invoice(paper.id), self.api.invoice_items(paper.id)
            verdict = judge_invoice(document, items, order, terms)
            stated = self._state_totals(f"invoices/{paper.id}", "invoice")
            sign = -1 if document.is_credit_note else 1
            yield Judged(verdict, (sign * abs(stated[0]), sign * abs(stated[1])))

    def _terms(self, order: Order, policy: Policy) -> Terms:
        shop = self.api.profile()
        paid_at = self.api.paid_at(order.id) if policy.date_basis is DateBasis.PAYMENT else None
        return Terms(policy=policy, currency=shop.currency, country=shop.country, paid_at=paid_at)

    def _state_totals(self, path: str, name: str) -> tuple[Decimal, Decimal]:
        fields = self.raw(path)[name]
        return Decimal(fields["priceExcl"]), Decimal(fields["priceIncl"])


@dataclass
class Ledger:
    """One administration; files are placed over HTTP and imported as its own button does."""

    running: asperion.Running
    licence: str
    http: requests.Session

    def take(self, invoices: Sequence[Invoice]) -> list[dict[str, Any]]:
        """Import these invoices from one file; all invoices the books then hold."""
        report = self._import(invoices)
        assert report["failed"] == []
        assert report["invoices"] == len(invoices)
        return list(self.http.get(self._door("invoices"), timeout=30).json())

    def refused(self, invoices: Sequence[Invoice]) -> str:
        """Why the import refuses the file of these invoices; nothing of it is booked."""
        report = self._import(invoices)
        assert report["invoices"] == 0
        assert self.totals()["count"] == 0
        return str(report["failed"][0]["reason"])

    def take_contents(self, contents: Iterable[bytes]) -> None:
        """Import these files, one after another."""
        for content in contents:
            assert self._import_content(content)["failed"] == []

    def _import(self, invoices: Sequence[Invoice]) -> Any:
        content = render(PROFILE, invoices)
        verify(PROFILE, content, invoices)
        return self._import_content(content)

    def _import_content(self, content: bytes) -> Any:
        name = f"{hashlib.sha256(content).hexdigest()[:12]}.xml"
        address = self.running.inbox_url.format(licence=self.licence, file=name)
        assert self.http.put(address, data=content, timeout=30).status_code == 201
        return self.http.post(self._door("synchronise"), timeout=30).json()

    def totals(self) -> Mapping[str, Any]:
        return dict(self.http.get(self._door("totals"), timeout=30).json())

    def _door(self, name: str) -> str:
        return f"{self.running.url}/_control/{self.licence}/{name}"


@dataclass
class Stage:
    """Both platforms, with sessions that are kept open."""

    shops: seoshop.RunningShop
    books: asperion.Running
    http: requests.Session

    def window(self, **settings: Any) -> Window:
        """A new shop with the connector installed, and calls enough."""
        number = next(_numbers)
        self._do("shops", id=number, title=f"Winkel {number}", **settings)
        self._do(f"shops/{number}/limits", **PLENTY)
        signed = self._do("install", shop_id=number)["url"]
        token = parse_qs(urlsplit(signed).query)["token"][0]
        password = hashlib.md5((token + SECRET).encode(), usedforsecurity=False).hexdigest()
        api = SeoshopApi(
            session=self.http,
            base_url=self.shops.api_url,
            pairs=PairsInTurn(lambda: (AppPair(KEY, SECRET),)),
            token=token,
            language="nl",
            clock=lambda: datetime.now(UTC),
            reserve=0,
            sleep=lambda _: None,  # the shop allows as many calls as it gets
        )
        return Window(self.shops.url, number, api, self.http, (KEY, password))

    def ledger(self) -> Ledger:
        return Ledger(self.books, f"LIC-{next(_numbers)}", self.http)

    def _do(self, door: str, **form: Any) -> Any:
        answer = self.http.post(f"{self.shops.url}/_control/{door}", json=form, timeout=30)
        assert answer.ok, answer.text
        return answer.json()


@contextmanager
def running(clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Stage]:
    """Both servers, until the block ends; SEOshop's clock may be another than the machine's."""
    config = seoshop.Config(
        app_key=KEY, app_secret=SECRET, app_url="http://127.0.0.1:9", port=0, clock=clock
    )
    with (
        seoshop.serve(config) as shops,
        asperion.serve(asperion.Config(port=0)) as books,
        requests.Session() as http,
    ):
        yield Stage(shops, books, http)
