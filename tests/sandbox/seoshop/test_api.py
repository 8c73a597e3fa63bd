from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sandbox.seoshop.jsonout import dumps
from tests.sandbox.seoshop.conftest import KEY, SHOP, Bench, basic


def test_wrong_credentials_are_refused_with_the_error_body(bench: Bench) -> None:
    answer = bench.client.get("/nl/orders/999.json", headers=basic(KEY, "0" * 32))
    assert answer.status_code == 401
    assert rb"\/nl\/orders\/999.json" in answer.data
    assert json.loads(answer.data) == {
        "error": {
            "code": 401,
            "method": "GET",
            "request": "/nl/orders/999.json",
            "message": "Access denied.",
        }
    }
    assert bench.client.get("/nl/orders.json").status_code == 401


def test_the_shops_own_key_opens_the_api_too_and_may_write(bench: Bench) -> None:
    made = bench.order()
    shop = bench.platform.store.shops[SHOP]
    paid = {"order": {"paymentStatus": "paid"}}
    path = f"orders/{made['id']}.json"
    assert bench.call(path, "PUT", json=paid).status_code == 403
    bench.auth = basic(shop.api_key, shop.api_secret)
    assert bench.call(path, "PUT", json=paid).status_code == 200
    assert bench.get(path)["order"]["paymentStatus"] == "paid"
    credit = {"credit": {"creditShipment": True}}
    assert bench.call(f"orders/{made['id']}/credit.json", "POST", json=credit).status_code == 201


def test_a_language_the_shop_does_not_have_is_not_found(bench: Bench) -> None:
    assert bench.client.get("/en/shop.json", headers=bench.auth).status_code == 200
    answer = bench.client.get("/de/shop.json", headers=bench.auth)
    assert answer.status_code == 404
    assert answer.json
    assert answer.json["error"]["message"] == "Unknown or inactive language."


def test_an_unknown_resource_or_record_is_not_found_with_an_error_body(bench: Bench) -> None:
    for path in ("nothing.json", "orders/1.json", "orders/1/products.json", "invoices/1.json"):
        answer = bench.call(path)
        assert answer.status_code == 404
        assert answer.json
        assert answer.json["error"]["code"] == 404


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("orders", "orders"),
        ("invoices", "invoices"),
        ("customers", "customers"),
        ("shipments", "shipments"),
        ("orders/events", "ordersEvents"),
        ("paymentmethods", "paymentmethods"),
        ("taxes", "taxes"),
        ("webhooks", "webhooks"),
    ],
)
def test_each_list_has_a_count_that_agrees(bench: Bench, path: str, key: str) -> None:
    made = bench.order()
    bench.control(f"orders/{made['id']}/ship")
    rows = bench.get(f"{path}.json")[key]
    assert bench.get(f"{path}/count.json") == {"count": len(rows)}
    if path not in ("webhooks", "orders/events"):
        one = bench.get(f"{path}/{rows[0]['id']}.json")
        assert next(iter(one.values()))["id"] == rows[0]["id"]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("shop", "shop"),
        ("shop/company", "shopCompany"),
        ("account", "account"),
        ("time", "time"),
        ("account/permissions", "accountPermissions"),
        ("account/ratelimit", "accountRatelimit"),
    ],
)
def test_single_resources_are_wrapped_in_their_name(bench: Bench, path: str, key: str) -> None:
    assert list(bench.get(f"{path}.json")) == [key]


def test_the_app_may_read_and_nothing_more(bench: Bench) -> None:
    rights = bench.get("account/permissions.json")["accountPermissions"]
    assert rights["orders"] == {"read": True, "write": False}
    assert not any(scope["write"] for scope in rights.values())


def test_an_order_by_id_embeds_what_a_list_only_links_to(bench: Bench) -> None:
    made = bench.order()
    single = bench.get(f"orders/{made['id']}.json")["order"]
    listed = bench.get("orders.json")["orders"][0]
    for name in ("customer", "invoices", "products", "events", "quote", "shipments", "metafields"):
        assert "embedded" in single[name]["resource"]
        assert "embedded" not in listed[name]["resource"]
    assert single["products"]["resource"]["url"] == f"orders/{made['id']}/products"
    assert single["invoices"]["resource"]["id"] is False
    bench.control("faults", switches={"embedded_in_lists": True})
    listed = bench.get("orders.json")["orders"][0]
    assert listed["products"]["resource"]["embedded"] == single["products"]["resource"]["embedded"]


def test_none_is_written_the_php_way(bench: Bench) -> None:
    made = bench.order(guest=True, lines=[{"priceIncl": "42", "rate": "0", "free_line": True}])
    order = bench.get(f"orders/{made['id']}.json")["order"]
    assert order["customer"] is False
    assert order["birthDate"] is False
    assert order["customStatusId"] is None
    assert order["companyName"] == ""
    assert order["giftCardsPayment"] == []
    line = order["products"]["resource"]["embedded"][0]
    assert line["variant"] is False
    assert line["weight"] is None
    assert b'"priceIncl":42,' in bench.call(f"orders/{made['id']}.json").data


def test_bodies_escape_slashes_and_everything_beyond_ascii(bench: Bench) -> None:
    made = bench.order(customer={"email": "x@example.nl", "firstname": "Zoë", "lastname": "🍰"})
    raw = bench.call(f"orders/{made['id']}.json").data
    assert b"Zo\\u00eb" in raw
    assert b"\\ud83c\\udf70" in raw
    assert raw.isascii()
    assert b"https:\\/\\/api.webshopapp.com\\/nl\\/orders" in raw
    assert b"/" not in raw.replace(b"\\/", b"")


def test_amounts_are_numbers_without_float_noise() -> None:
    assert dumps([Decimal("2.88"), Decimal("0.0868"), Decimal("42.00"), Decimal(0)]) == (
        "[2.88,0.0868,42,0]"
    )
    assert dumps(Decimal("0.10") + Decimal("0.20")) == "0.3"


def test_moments_carry_amsterdams_offset_in_summer_and_winter(bench: Bench) -> None:
    winter = bench.order(created_at="2026-01-05T12:00:00+00:00")
    summer = bench.order(created_at="2026-07-05T12:00:00+00:00")
    orders = {each["id"]: each["createdAt"] for each in bench.get("orders.json")["orders"]}
    assert orders[winter["id"]] == "2026-01-05T13:00:00+01:00"
    assert orders[summer["id"]] == "2026-07-05T14:00:00+02:00"


def test_paging_defaults_to_fifty_and_is_capped_at_250(bench: Bench) -> None:
    bench.control("orders/bulk", n=260)
    assert len(bench.get("orders.json")["orders"]) == 50
    assert len(bench.get("orders.json?limit=999")["orders"]) == 250
    assert len(bench.get("orders.json?limit=250&page=2")["orders"]) == 10
    assert bench.get("orders.json?limit=250&page=3") == {"orders": []}
    assert bench.get("orders/count.json") == {"count": 260}


def test_since_id_walks_up_through_every_order_once(bench: Bench) -> None:
    ids = bench.control("orders/bulk", n=23)["ids"]
    seen: list[int] = []
    while rows := bench.get(f"orders.json?limit=5&since_id={seen[-1] if seen else 0}")["orders"]:
        seen += [each["id"] for each in rows]
    assert seen == ids
    assert [each["id"] for each in bench.get("orders.json?limit=2")["orders"]] == ids[:-3:-1]


def test_updated_at_min_is_read_as_local_time_unless_switched_to_utc(bench: Bench) -> None:
    bench.order()
    stamp = "updated_at_min=2026-03-14%2009:30:00"
    assert bench.get(f"orders/count.json?{stamp}")["count"] == 1
    bench.control("faults", switches={"filter_timezone": "utc"})
    assert bench.get(f"orders/count.json?{stamp}")["count"] == 0


def test_date_bounds_include_their_own_second_unless_switched(bench: Bench) -> None:
    bench.order()
    stamp = "updated_at_min=2026-03-14T10:00:00&updated_at_max=2026-03-14T10:00:00"
    assert bench.get(f"orders/count.json?{stamp}")["count"] == 1
    bench.control("faults", switches={"filter_bounds": "exclusive"})
    assert bench.get(f"orders/count.json?{stamp}")["count"] == 0


def test_filters_by_number_order_and_fields(bench: Bench) -> None:
    first, second = bench.order(number="WEB-1"), bench.order()
    assert [o["id"] for o in bench.get("orders.json?number=WEB-1")["orders"]] == [first["id"]]
    found = bench.get(f"invoices.json?order={second['id']}")["invoices"]
    assert [each["number"] for each in found] == second["invoices"]
    events = bench.get(f"orders/events.json?order={first['id']}")["ordersEvents"]
    assert {each["message"] for each in events} == {"new"}
    assert bench.get("orders.json?fields=id,number&limit=1")["orders"] == [
        {"id": second["id"], "number": second["number"]}
    ]


def test_a_filter_that_cannot_be_read_is_invalid_input(bench: Bench) -> None:
    for query in ("limit=many", "updated_at_min=gisteren", "since_id=x"):
        assert bench.call(f"orders.json?{query}").status_code == 400


def test_a_status_filter_is_ignored_unless_switched_on(bench: Bench) -> None:
    bench.order()
    bench.order(paid=True)
    assert bench.get("orders/count.json?paymentStatus=paid")["count"] == 2
    bench.control("faults", switches={"status_filter": "applied"})
    assert bench.get("orders/count.json?paymentStatus=paid")["count"] == 1


def test_the_moment_of_payment_is_in_the_events_alone(bench: Bench) -> None:
    made = bench.order()
    bench.clock.forward(hours=2)
    bench.control(f"orders/{made['id']}/paid")
    events = bench.get(f"orders/events.json?order={made['id']}")["ordersEvents"]
    paid = [(e["type"], e["message"], e["createdAt"]) for e in events if e["message"] == "paid"]
    assert set(paid) == {
        ("invoice", "paid", "2026-03-14T12:00:00+01:00"),
        ("order", "paid", "2026-03-14T12:00:00+01:00"),
    }
    order = bench.get(f"orders/{made['id']}.json")["order"]
    assert order["updatedAt"] == "2026-03-14T12:00:00+01:00"
    assert order["status"] == "processing_awaiting_shipment"


def test_a_credit_note_is_positive_unless_switched_and_names_its_original(bench: Bench) -> None:
    made = bench.order(shipping={"priceIncl": "4.95"}, paid=True, invoice="now")
    bench.control(f"orders/{made['id']}/credit")
    rows = bench.get(f"invoices.json?order={made['id']}")["invoices"]
    note, original = rows
    assert note["isCreditNote"] is True
    assert note["priceIncl"] == Decimal("19.9")
    assert note["invoice"]["resource"]["id"] == original["id"]
    assert original["creditNote"]["resource"]["id"] == note["id"]
    items = bench.get(f"invoices/{note['id']}/items.json")["invoiceItems"]
    assert [item["type"] for item in items] == ["product", "shipment"]
    bench.control("faults", switches={"credit_sign": "negative"})
    assert bench.get(f"invoices/{note['id']}.json")["invoice"]["priceIncl"] == Decimal("-19.9")


def test_webhooks_can_be_made_twice_changed_and_deleted(bench: Bench) -> None:
    first = bench.subscribe("https://app.example/hooks")
    second = bench.subscribe("https://app.example/hooks")
    assert first["id"] != second["id"]
    assert first["language"]["code"] == "nl"
    changed = bench.call(
        f"webhooks/{first['id']}.json", "PUT", json={"webhook": {"isActive": False}}
    )
    assert changed.json
    assert changed.json["webhook"]["isActive"] is False
    gone = bench.call(f"webhooks/{second['id']}.json", "DELETE")
    assert (gone.status_code, gone.data) == (204, b"")
    assert [each["id"] for each in bench.get("webhooks.json")["webhooks"]] == [first["id"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"webhook":[]}',
        b'{"webhook":{"itemGroup":"orders","itemAction":"paid","address":"app.example/hooks"}}',
        b'{"webhook":{"itemGroup":"orders","itemAction":"sold","address":"https://app.example"}}',
    ],
)
def test_a_webhook_that_makes_no_sense_is_invalid_input(bench: Bench, body: bytes) -> None:
    answer = bench.call("webhooks.json", "POST", data=body)
    assert answer.status_code == 400
    assert answer.json
    assert answer.json["error"]["method"] == "CREATE"
    assert answer.json["error"]["message"] == "Invalid data input."


def test_uninstalling_revokes_the_token_and_removes_the_webhooks(bench: Bench) -> None:
    bench.subscribe("https://app.example/hooks")
    bench.control("cancel-url", shop_id=SHOP)
    assert bench.call("shop.json").status_code == 200
    url = bench.control("uninstall-url", shop_id=SHOP)["url"]
    assert "/uninstall?" in url
    assert "token" not in url
    assert bench.call("shop.json").status_code == 401
    assert not bench.platform.store.shops[SHOP].webhooks
    bench.install()
    assert bench.call("shop.json").status_code == 200


def test_opening_the_app_keeps_the_token_and_a_reinstall_can_replace_it(bench: Bench) -> None:
    bench.control("install", shop_id=SHOP)
    assert bench.call("shop.json").status_code == 200
    bench.control("install", shop_id=SHOP, new_token=True)
    assert bench.call("shop.json").status_code == 401


def test_the_clock_of_the_platform_is_the_one_handed_in(bench: Bench) -> None:
    bench.clock.now = datetime(2030, 1, 1, tzinfo=UTC)
    assert bench.get("time.json")["time"]["time"] == "2030-01-01T01:00:00+01:00"


def test_an_old_order_keeps_its_old_dates_until_something_happens_to_it(bench: Bench) -> None:
    bench.order(created_at="2025-05-01T12:00:00", paid_at="2025-05-02T08:00:00")
    order = bench.get("orders.json")["orders"][0]
    assert order["updatedAt"] == "2025-05-02T08:00:00+02:00"
    bench.control(f"orders/{order['id']}/not_paid")
    again = bench.get("orders.json")["orders"][0]
    assert again["updatedAt"] == "2026-03-14T10:00:00+01:00"
    assert again["createdAt"] == "2025-05-01T12:00:00+02:00"


def test_a_shop_can_sell_excluding_vat_in_other_money_with_own_methods(bench: Bench) -> None:
    made = bench.control(
        "shops",
        id=7,
        title="B2B",
        languages=["de", "en"],
        currency="CHF",
        country="ch",
        includes_vat=False,
        payment_methods=["Op rekening", {"key": "twint", "title": "TWINT"}],
    )
    assert [each["key"] for each in made["payment_methods"]] == ["oprekening", "twint"]
    bench.install(7)
    order = bench.order(shop_id=7, lines=[{"priceExcl": "10.33", "quantity": 3}])
    answer = bench.client.get(f"/de/orders/{order['id']}.json", headers=bench.auth).json
    assert answer
    assert (answer["order"]["priceExcl"], answer["order"]["priceIncl"]) == (30.99, 37.5)


def test_payment_methods_come_in_the_shops_own_order_and_have_no_dates(bench: Bench) -> None:
    rows = bench.get("paymentmethods.json?updated_at_min=2026-01-01")["paymentmethods"]
    assert [each["title"] for each in rows[:3]] == ["iDEAL", "PayPal", "Op rekening"]
    assert bench.get(f"paymentmethods.json?since_id={rows[-1]['id']}") == {"paymentmethods": []}
