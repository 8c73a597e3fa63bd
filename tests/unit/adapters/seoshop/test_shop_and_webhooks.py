from __future__ import annotations

import json

import pytest

from chalicelib.errors import SettingsError, ShopRefused, ShopUnavailable
from chalicelib.version import VERSION
from tests.unit.adapters.seoshop.support import (
    BASIC,
    SECRET,
    TOKEN,
    Answer,
    Desk,
    answering,
    payload,
)

ADDRESS = "https://connector.example/webhooks/184520/orders-paid"


def test_a_shop_tells_its_domain_currency_and_country() -> None:
    desk = Desk(answering(payload("shop.json")))
    profile = desk.api.profile()
    assert profile.title == "www.voorbeeldwinkel.example"
    assert (profile.currency, profile.country) == ("EUR", "NL")
    assert profile.domain == payload("shop.json")["shop"]["subDomain"]
    assert desk.calls == ["GET /nl/shop.json"]


@pytest.mark.parametrize(
    ("given", "domain"),
    [
        ("de-wilg", "de-wilg"),
        ("de-wilg.webshopapp.com", "de-wilg"),
        ("evil/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_shops_name_in_addresses_is_a_name(given: str | None, domain: str) -> None:
    document = payload("shop.json")
    document["shop"]["subDomain"] = given
    assert Desk(answering(document)).api.profile().domain == domain


def test_a_shop_is_called_by_its_company_where_that_is_embedded() -> None:
    document = payload("shop.json")
    document["shop"]["company"]["resource"]["embedded"] = {"name": "Voorbeeld B.V."}
    assert Desk(answering(document)).api.profile().title == "Voorbeeld B.V."


def test_a_shop_without_currency_is_refused() -> None:
    document = payload("shop.json")
    document["shop"]["currency"] = False
    with pytest.raises(ShopUnavailable, match=r"shop\.currency"):
        Desk(answering(document)).api.profile()


def test_the_credentials_go_into_the_header_and_never_into_the_address() -> None:
    desk = Desk(answering(payload("shop.json")))
    desk.api.profile()
    (call,) = desk.shop.calls
    assert call.headers["Authorization"] == BASIC
    assert call.headers["User-Agent"] == f"seoshop-asperion/{VERSION}"
    assert "@" not in call.url
    assert SECRET not in call.url
    assert TOKEN not in call.url


def test_every_call_has_time_limits() -> None:
    desk = Desk(answering(payload("shop.json")), timeout=(1.5, 7.0))
    desk.api.profile()
    assert desk.shop.timeouts == [(1.5, 7.0)]


@pytest.mark.parametrize(
    "base",
    [
        "https://api.webshopapp.com",
        "https://api.webshopapp.com/",
        "http://127.0.0.1:8010",
        "http://localhost:1",
        "http://[::1]:5",
    ],
)
def test_https_and_loopback_addresses_are_accepted(base: str) -> None:
    desk = Desk(answering(payload("shop.json")), base_url=base)
    desk.api.profile()
    assert desk.shop.calls[0].url == f"{base.rstrip('/')}/nl/shop.json"


@pytest.mark.parametrize(
    "base",
    [
        "http://api.webshopapp.com",
        "http://127.0.0.1.evil.example",
        "ftp://127.0.0.1",
        "",
        "nl",
        "https://",
        "https://key:secret@api.webshopapp.com",
        "https://x.example/?a=b",
        "http://10.0.0.1",
        "https://[::1",
        "https://x.example:abc",
    ],
)
def test_other_addresses_are_refused_by_name(base: str) -> None:
    with pytest.raises(SettingsError, match="SEOSHOP_API_URL"):
        Desk(answering({}), base_url=base)


@pytest.mark.parametrize("language", ["", "nld", "n/", "éé", "1a"])
def test_a_language_that_would_change_the_address_is_refused(language: str) -> None:
    with pytest.raises(SettingsError, match="language"):
        Desk(answering({}), language=language)


def test_subscriptions_are_listed_with_topic_and_state() -> None:
    first, second = Desk(answering(payload("webhooks.json"))).api.webhooks()
    assert (first.id, first.topic, first.is_active) == (9101, "orders/paid", True)
    assert first.address == ADDRESS
    assert (second.topic, second.is_active) == ("invoices/created", False)


@pytest.mark.parametrize("strange", [False, None, True, "x", 0, [7]], ids=str)
def test_a_subscription_that_does_not_say_its_id_is_one_all_the_same(strange: object) -> None:
    document = payload("webhooks.json")
    document["webhooks"][0]["id"] = strange
    first, second = Desk(answering(document)).api.webhooks()
    assert (first.id, first.topic, first.address) == (None, "orders/paid", ADDRESS)
    assert second.id is not None


def test_subscriptions_that_php_wrote_as_an_object_are_a_list() -> None:
    rows = payload("webhooks.json")["webhooks"]
    document = {"webhooks": {"0": rows[0], "2": rows[1]}}
    assert len(Desk(answering(document)).api.webhooks()) == 2


@pytest.mark.parametrize(
    ("written", "read"), [("Kaas &amp; wijn", "Kaas & wijn"), ("A &amp;amp; B", "A &amp; B")]
)
def test_a_shops_title_is_decoded_once(written: str, read: str) -> None:
    document = payload("shop.json")
    document["shop"]["title"] = written
    assert Desk(answering(document)).api.profile().title == read
    document["shop"]["company"] = {"resource": {"id": 1, "embedded": {"name": written}}}
    assert Desk(answering(document)).api.profile().title == read


def test_a_payment_method_is_decoded_and_one_without_a_key_hides_no_other() -> None:
    methods = [{"id": 1, "key": False}, {"id": 2, "key": "x", "title": "Rembours &amp; zo"}]
    (method,) = Desk(answering({"paymentmethods": methods})).api.payment_methods()
    assert (method.key, method.title) == ("x", "Rembours & zo")


def test_a_subscription_is_made_as_seoshop_wants_it() -> None:
    desk = Desk(answering(Answer(payload("webhook.json"), 201)))
    webhook = desk.api.create_webhook("orders/paid", ADDRESS)
    (call,) = desk.shop.calls
    assert (call.method, call.path) == ("POST", "/nl/webhooks.json")
    assert call.headers["Content-Type"] == "application/json"
    assert json.loads(call.body or b"") == {
        "webhook": {
            "isActive": True,
            "itemGroup": "orders",
            "itemAction": "paid",
            "language": "nl",
            "format": "json",
            "address": ADDRESS,
        }
    }
    assert (webhook.id, webhook.topic) == (9103, "orders/paid")


@pytest.mark.parametrize("status", [500, 503])
def test_making_a_subscription_is_never_tried_twice(status: int) -> None:
    desk = Desk(answering(Answer(b"", status)))
    with pytest.raises(ShopUnavailable):
        desk.api.create_webhook("orders/paid", ADDRESS)
    assert len(desk.calls) == 1


def test_a_subscription_is_removed_once() -> None:
    desk = Desk(answering(Answer(b"", 204)))
    desk.api.delete_webhook(9101)
    assert desk.calls == ["DELETE /nl/webhooks/9101.json"]


def test_removing_is_never_tried_twice_either() -> None:
    desk = Desk(answering(Answer(b"", 502)))
    with pytest.raises(ShopUnavailable):
        desk.api.delete_webhook(9101)
    assert len(desk.calls) == 1


def test_removing_what_is_gone_is_fine() -> None:
    Desk(answering(Answer(payload("error-404.json"), 404))).api.delete_webhook(9101)


def test_a_full_plan_refuses_with_seoshops_words() -> None:
    body = {"error": {"code": 400, "method": "CREATE", "message": "Invalid data input."}}
    desk = Desk(answering(Answer(body, 400)))
    with pytest.raises(ShopRefused, match="Invalid data input"):
        desk.api.create_webhook("orders/paid", ADDRESS)
