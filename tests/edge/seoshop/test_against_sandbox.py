"""Every method of the port against the sandbox's SEOshop, over HTTP."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.domain.orders import OrderDetails
from chalicelib.domain.seen_orders import look_at
from chalicelib.domain.signatures import verify_callback
from chalicelib.errors import (
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.intake.paging import changed_invoices, changed_orders
from sandbox.seoshop import Config, serve
from tests.unit.adapters.seoshop.support import KEY, SECRET, Time, one_pair

pytestmark = pytest.mark.slow

SHOP = 184520
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
ADDRESS = "https://connector.example/webhooks/184520/orders-paid"


class Platform:
    """The sandbox and its back door."""

    def __init__(self, url: str, session: requests.Session, time: Time) -> None:
        self.url, self.session, self.time = url, session, time

    def ask(self, path: str, method: str = "POST", **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/_control/{path}", json.dumps(body).encode(), method=method
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                raise AssertionError(error.read().decode()) from error

    def calls(self) -> int:
        count = self.ask("calls", "GET")["count"]
        assert isinstance(count, int)
        return count

    def install(self) -> SeoshopApi:
        query = dict(parse_qsl(urlsplit(self.ask("install", shop_id=SHOP)["url"]).query))
        callback = verify_callback(query, secrets=(SECRET,), now=self.time(), with_token=True)
        assert callback.shop_id == SHOP
        assert callback.token is not None
        return self.api(callback.token, callback.language)

    def api(
        self,
        token: str,
        language: str = "nl",
        reserve: float = 0.1,
        timeout: tuple[float, float] = (60.0, 60.0),
    ) -> SeoshopApi:
        return SeoshopApi(
            session=self.session,
            base_url=self.url,
            pairs=one_pair(),
            token=token,
            language=language,
            clock=self.time,
            reserve=reserve,
            sleep=self.time.sleep,
            timeout=timeout,
        )


@pytest.fixture(scope="module")
def running() -> Iterator[Platform]:
    time = Time(NOW)
    config = Config(
        app_key=KEY, app_secret=SECRET, app_url="http://127.0.0.1:9", clock=lambda: time.now
    )
    with serve(config) as shop, requests.Session() as session:
        session.trust_env = False
        yield Platform(shop.api_url, session, time)


@pytest.fixture
def platform(running: Platform) -> Platform:
    running.time.now = NOW
    running.ask("reset")
    return running


@pytest.fixture
def api(platform: Platform) -> SeoshopApi:
    return platform.install()


def order(platform: Platform, **fields: Any) -> dict[str, Any]:
    lines = fields.pop("lines", [{"title": "Mok", "priceIncl": "14.95"}])
    made = platform.ask("orders", shop_id=SHOP, lines=lines, **fields)
    assert isinstance(made, dict)
    return made


def test_the_shop_says_who_it_is(api: SeoshopApi) -> None:
    profile = api.profile()
    assert profile.title
    assert (profile.currency, profile.country) == ("EUR", "NL")


def test_its_payment_methods_are_listed(api: SeoshopApi) -> None:
    assert ("ideal", "iDEAL") in [(m.key, m.title) for m in api.payment_methods()]


def test_an_order_is_read_whole_with_one_call(platform: Platform, api: SeoshopApi) -> None:
    made = order(
        platform,
        paid=True,
        lines=[
            {"title": "Mok", "quantity": 2, "priceIncl": "14.95"},
            {"title": "Boek", "priceIncl": "21.80", "rate": "0.09"},
        ],
    )
    before = platform.calls()
    read = api.order(made["id"])
    assert platform.calls() - before == 1
    assert (read.number, read.payment_status) == (made["number"], "paid")
    assert [line.title for line in read.lines] == ["Mok", "Boek"]
    assert read.lines[0].price_incl == Decimal("29.90")
    assert read.lines[1].tax_rate == Decimal("0.09")
    assert [invoice.number for invoice in read.invoices] == made["invoices"]
    assert read.paid_at == api.paid_at(made["id"]) == NOW
    total = sum(line.price_incl for line in read.lines)
    assert read.price_incl == total + read.shipment.price_incl + read.payment.price_incl


def test_an_order_of_a_guest_without_country_is_read_too(
    platform: Platform, api: SeoshopApi
) -> None:
    made = order(
        platform,
        guest=True,
        invoice="never",
        customer={"email": "", "country": None},
        lines=[{"title": "Los artikel", "priceIncl": 5, "free_line": True}],
    )
    read = api.order(made["id"])
    assert (read.customer_id, read.billing.country, read.email) == (None, None, "")
    assert (read.invoices, read.paid_at) == ((), None)


def test_an_order_is_found_by_number(platform: Platform, api: SeoshopApi) -> None:
    made = order(platform)
    found = api.find_order(made["number"])
    assert found is not None
    assert found.id == made["id"]
    assert api.find_order("ORD99999") is None


def test_an_invoice_is_found_by_number(platform: Platform, api: SeoshopApi) -> None:
    made = order(platform)
    found = api.find_invoice(f" {made['invoices'][0]} ")
    assert found is not None
    assert found.order_id == made["id"]
    assert api.find_invoice("INV99999") is None


@pytest.mark.parametrize(("order_of_lists", "calls"), [("newest", 1), ("oldest", 4)])
def test_the_newest_come_first_however_seoshop_lists(
    platform: Platform, api: SeoshopApi, order_of_lists: str, calls: int
) -> None:
    ids = platform.ask("orders/bulk", n=120, shop_id=SHOP, paid=True)["ids"]
    platform.ask("faults", switches={"list_order": order_of_lists})
    before = platform.calls()
    assert [one.id for one in api.latest_orders(50)] == sorted(ids, reverse=True)[:50]
    assert platform.calls() - before == calls
    billed = [order(platform)["invoices"][0] for _ in range(3)]
    assert [one.number for one in api.latest_invoices(2)] == billed[:0:-1]


@pytest.mark.parametrize("order_of_lists", ["newest", "oldest"])
@pytest.mark.parametrize("made", [0, 1, 3, 8])
def test_the_newest_of_a_small_shop_are_all_of_them(
    platform: Platform, api: SeoshopApi, order_of_lists: str, made: int
) -> None:
    platform.ask("faults", switches={"list_order": order_of_lists, "most_listed": 3})
    ids = [order(platform)["id"] for _ in range(made)]
    assert [one.id for one in api.latest_orders(50)] == sorted(ids, reverse=True)
    assert [one.id for one in api.latest_orders(2)] == sorted(ids, reverse=True)[:2]


def test_an_order_that_is_not_there_is_not_found(api: SeoshopApi) -> None:
    with pytest.raises(ShopNotFound):
        api.order(5)


@pytest.mark.parametrize("zone", ["local", "utc"])
@pytest.mark.parametrize("bounds", ["inclusive", "exclusive"])
@pytest.mark.parametrize("embedded", [False, True])
def test_a_sweep_finds_every_change_with_one_call_a_page(
    platform: Platform, api: SeoshopApi, zone: str, bounds: str, embedded: bool
) -> None:
    switches = {"filter_timezone": zone, "filter_bounds": bounds, "embedded_in_lists": embedded}
    platform.ask("faults", switches=switches)
    ids = platform.ask("orders/bulk", n=260, shop_id=SHOP, paid=True)["ids"]
    before = platform.calls()
    first = api.orders_updated_since(NOW)
    rest = api.orders_updated_since(NOW, after_id=first[-1].id)
    assert [summary.id for summary in [*first, *rest]] == ids
    assert len(first) == 250
    assert platform.calls() - before == 2
    assert api.orders_updated_since(NOW + timedelta(days=1)) == []


def test_a_list_shows_an_order_as_it_is_read_whole(platform: Platform, api: SeoshopApi) -> None:
    made = order(
        platform,
        lines=[
            {"title": "Mok", "priceIncl": "14.95", "quantity": 3},
            {"title": "Thee", "priceIncl": "4.95", "rate": "0.09"},
        ],
        shipping={"title": "PostNL", "priceIncl": "6.95"},
        paid=True,
    )
    [shown] = api.details_updated_since(NOW)
    assert isinstance(shown, OrderDetails)
    assert look_at(shown, b"key") == look_at(api.order(made["id"]), b"key")


def test_a_platform_that_lists_few_at_once_is_swept_whole(
    platform: Platform, api: SeoshopApi
) -> None:
    platform.ask("faults", switches={"most_listed": 3})
    ids = [order(platform, paid=True)["id"] for _ in range(8)]
    since = NOW - timedelta(days=1)
    assert [one.id for one in changed_orders(api, since)] == ids
    assert [one.order_id for one in changed_invoices(api, since)] == ids
    made = api.orders_created_between(since, NOW + timedelta(days=1))
    assert [one.id for one in made] == ids


def test_a_row_without_an_id_is_left_out_of_its_list(platform: Platform, api: SeoshopApi) -> None:
    first, broken, last = (order(platform, overrides=fields) for fields in ({}, {"id": False}, {}))
    assert [one.id for one in changed_orders(api, NOW)] == [first["id"], last["id"]]
    assert [row.name for row in api.skipped_rows()] == [broken["number"]]


def test_an_order_as_php_and_people_write_it_is_read(platform: Platform, api: SeoshopApi) -> None:
    made = order(
        platform,
        lines=[{"title": "Kaas &amp; wijn", "priceIncl": "14.95"}],
        customer={"company": "Jansen &amp; Zn."},
        overrides={
            "number": 20260013,
            "phone": True,
            "customer": True,
            "addressShippingCountry": {"code": ""},
            "paymentTaxRates": {"1": {"name": "BTW", "rate": 0.21, "amount": 0}},
        },
    )
    read = api.order(made["id"])
    assert (read.number, read.phone, read.customer_id) == ("20260013", "", None)
    assert (read.company_name, read.lines[0].title) == ("Jansen & Zn.", "Kaas & wijn")
    assert (read.billing.country, read.shipping.country) == ("NL", None)
    assert len(read.payment.tax_rates) == 1


def test_an_order_with_an_unreadable_amount_is_listed_with_all_else(
    platform: Platform, api: SeoshopApi
) -> None:
    made = order(platform, overrides={"priceIncl": "14,95"})
    (listed,) = changed_orders(api, NOW)
    assert (listed.number, listed.payment_status) == (made["number"], "not_paid")
    assert listed.is_stand_in
    with pytest.raises(ShopUnreadable) as unreadable:
        api.order(made["id"])
    assert unreadable.value.readable == listed


def test_a_call_that_trickles_ends(platform: Platform) -> None:
    api = platform.api(_token(platform), timeout=(0.2, 0.2))
    platform.ask("faults", kind="trickle", seconds=0.02)
    with pytest.raises(ShopUnavailable, match="in time"):
        api.profile()
    platform.ask("faults", clear=True)


@pytest.mark.parametrize("zone", ["local", "utc"])
def test_orders_made_in_a_span_are_found(platform: Platform, api: SeoshopApi, zone: str) -> None:
    platform.ask("faults", switches={"filter_timezone": zone})
    ids = platform.ask(
        "orders/bulk", n=10, shop_id=SHOP, created_at="2026-03-10T00:00:00+00:00", step=3600
    )["ids"]
    first = datetime(2026, 3, 10, 2, tzinfo=UTC)
    found = api.orders_created_between(first, first + timedelta(hours=3))
    assert [summary.id for summary in found] == ids[2:5]


def test_invoices_and_credit_notes_are_read_with_their_lines(
    platform: Platform, api: SeoshopApi
) -> None:
    made = order(platform, paid=True, lines=[{"title": "Mok", "priceIncl": "12.10"}])
    platform.ask(
        f"orders/{made['id']}/credit",
        lines=[{"id": made["lines"][0]["id"], "quantity": 1}],
    )
    invoice, note = api.invoices_updated_since(NOW)
    assert (invoice.number, invoice.order_id) == (made["invoices"][0], made["id"])
    assert not invoice.is_credit_note
    assert note.is_credit_note
    assert (note.original_id, note.order_id) == (invoice.id, made["id"])
    assert api.invoice(note.id) == note
    items = api.invoice_items(note.id)
    assert [item.kind for item in items if item.kind == "product"] == ["product"]


@pytest.mark.parametrize("key", ["ordersEvents", "orderEvents"])
def test_the_moment_of_payment_is_the_last_one(
    platform: Platform, api: SeoshopApi, key: str
) -> None:
    platform.ask("faults", switches={"events_key": key})
    made = order(platform)
    assert api.paid_at(made["id"]) is None
    platform.ask(f"orders/{made['id']}/paid", at="2026-03-14T13:05:00+01:00")
    platform.ask(f"orders/{made['id']}/not_paid")
    platform.ask(f"orders/{made['id']}/paid", at="2026-03-14T13:30:00+01:00")
    other = order(platform, paid=True)
    assert api.paid_at(made["id"]) == datetime(2026, 3, 14, 12, 30, tzinfo=UTC)
    assert api.paid_at(other["id"]) == NOW


def test_subscriptions_are_made_listed_and_removed(api: SeoshopApi) -> None:
    assert api.webhooks() == []
    made = api.create_webhook("orders/paid", ADDRESS)
    assert (made.topic, made.address, made.is_active) == ("orders/paid", ADDRESS, True)
    assert api.webhooks() == [made]
    assert made.id is not None
    api.delete_webhook(made.id)
    api.delete_webhook(made.id)
    assert api.webhooks() == []


def test_a_subscription_seoshop_does_not_know_is_refused(api: SeoshopApi) -> None:
    with pytest.raises(ShopRefused, match="Invalid data input"):
        api.create_webhook("orders/eaten", ADDRESS)


def test_what_is_left_is_known_after_the_first_answer(platform: Platform, api: SeoshopApi) -> None:
    assert api.remaining_calls() is None
    api.profile()
    assert api.remaining_calls() == 269


@pytest.mark.parametrize("empty", [0, -1])
@pytest.mark.parametrize("retry_after", ["absent", "seconds", "date", "iso"])
def test_the_allowance_is_never_overrun(platform: Platform, empty: int, retry_after: str) -> None:
    token = _token(platform)
    platform.ask("faults", switches={"exhausted_remaining": empty, "retry_after": retry_after})
    platform.ask(f"shops/{SHOP}/limits", limits=[10, 3000, 12000], windows=[300, 3600, 86400])
    api = platform.api(token, reserve=0.2)
    for _ in range(8):
        api.profile()
    before = platform.calls()
    with pytest.raises(ShopRateLimited) as stopped:
        api.profile()
    assert platform.calls() == before
    assert abs(stopped.value.until - (NOW + timedelta(minutes=5))) < timedelta(seconds=2)
    page = platform.api(token, reserve=0)
    for _ in range(2):
        page.profile()
    with pytest.raises(ShopRateLimited):
        page.profile()
    fresh = platform.api(token, reserve=0)
    with pytest.raises(ShopRateLimited) as refused:
        fresh.profile()
    assert refused.value.status == 429
    assert abs(refused.value.until - (NOW + timedelta(minutes=5))) < timedelta(seconds=2)
    platform.time.now = refused.value.until
    fresh.profile()


def test_twenty_a_second_is_not_too_much(platform: Platform, api: SeoshopApi) -> None:
    for _ in range(60):
        api.profile()
    assert platform.calls() == 60


def test_a_revoked_token_is_recognised(platform: Platform, api: SeoshopApi) -> None:
    platform.ask("uninstall-url", shop_id=SHOP)
    with pytest.raises(ShopUnauthorised, match="Access denied"):
        api.profile()


def test_an_inactive_language_is_our_mistake_and_not_a_missing_order(
    platform: Platform,
) -> None:
    made = order(platform)
    with pytest.raises(ShopLanguageUnknown, match="inactive language"):
        platform.api(_token(platform), "fr").order(made["id"])


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "html"},
        {"kind": "html", "status": 502},
        {"kind": "truncated"},
        {"kind": "reset"},
        {"kind": "status", "status": 503},
    ],
)
def test_trouble_on_the_line_is_unavailable_and_over_when_it_is_over(
    platform: Platform, api: SeoshopApi, fault: dict[str, Any]
) -> None:
    made = order(platform)
    platform.ask("faults", **fault)
    with pytest.raises(ShopUnavailable):
        api.order(made["id"])
    platform.ask("faults", clear=True)
    assert api.order(made["id"]).number == made["number"]


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_a_passing_hitch_is_not_even_noticed(
    platform: Platform, api: SeoshopApi, kind: str
) -> None:
    made = order(platform)
    platform.ask("faults", kind=kind, status=500, count=2)
    assert api.order(made["id"]).number == made["number"]


def test_every_scenario_is_read_but_the_one_that_is_meant_to_be_unreadable(
    platform: Platform, api: SeoshopApi
) -> None:
    names = [each["name"] for each in platform.ask("scenarios", "GET")["scenarios"]]
    assert names
    unreadable = set()
    for name in names:
        for number in platform.ask(f"scenarios/{name}", shop_id=SHOP, paid=True)["ids"]:
            try:
                api.order(number)
            except ShopUnreadable:
                unreadable.add(name)
    assert unreadable == {"onleesbaar"}


def _token(platform: Platform) -> str:
    url: str = platform.ask("install", shop_id=SHOP)["url"]
    query = dict(parse_qsl(urlsplit(url).query))
    return query["token"]
