from __future__ import annotations

import json
from typing import Any

from sandbox.seoshop.signing import webhook_signature
from tests.sandbox.seoshop.conftest import SECRET, SHOP, Bench, Receiver


def drained(bench: Bench, **query: Any) -> list[dict[str, Any]]:
    assert bench.control("webhooks/drain", timeout=60) == {"drained": True}
    rows = bench.client.get("/_control/deliveries", query_string=query).json
    assert rows
    return list(rows["deliveries"])


def faults(bench: Bench, **form: Any) -> None:
    bench.control("faults", webhooks=form)


def test_a_paid_order_is_sent_with_a_signature_over_the_raw_bytes(
    bench: Bench, receiver: Receiver
) -> None:
    bench.subscribe(receiver.url)
    made = bench.order(paid=True)
    (row,) = drained(bench)
    assert (row["state"], row["status"], row["attempts"]) == ("delivered", 200, 1)
    body, headers = receiver.bodies[0], receiver.headers[0]
    assert headers["X-Signature"] == webhook_signature(body, SECRET)
    assert headers["X-Shop-Id"] == str(SHOP)
    assert headers["X-Order-Id"] == str(made["id"])
    assert headers["X-Cluster-Id"] == "eu1"
    assert headers["X-Event"] == "orders/paid"
    assert headers["X-Language"] == "nl"
    assert headers["User-Agent"] == "WebshopappApi"
    assert headers["X-RateLimit-Limit"] == "300/3000/12000"
    assert b"http:\\/\\/api.webshopapp.com\\/nl\\/orders" in body
    assert b"https:" not in body
    order = json.loads(body)["order"]
    assert order["paymentStatus"] == "paid"
    assert order["products"]["resource"]["embedded"][0]["priceIncl"] == 14.95


def test_only_subscribed_events_are_sent(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url, "orders", "*")
    bench.subscribe(receiver.url, "invoices", "created")
    made = bench.order()
    bench.control(f"orders/{made['id']}/paid")
    bench.control(f"orders/{made['id']}/not_paid")
    assert [each["event"] for each in drained(bench)] == [
        "orders/created",
        "invoices/created",
        "orders/paid",
        "orders/updated",
        "orders/updated",
    ]
    received = [json.loads(body) for body in receiver.bodies]
    assert [each["order"]["id"] for each in received if "order" in each] == [made["id"]] * 4


def test_an_inactive_subscription_is_silent(bench: Bench, receiver: Receiver) -> None:
    made = bench.subscribe(receiver.url)
    bench.call(f"webhooks/{made['id']}.json", "PUT", json={"webhook": {"isActive": False}})
    bench.order(paid=True)
    assert drained(bench) == []


def test_paying_twice_tells_twice(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    made = bench.order(paid=True)
    bench.control(f"orders/{made['id']}/paid")
    drained(bench)
    assert len(receiver.bodies) == 2


def test_a_doubled_delivery_is_the_same_request_twice(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, duplicate=1)
    bench.order(paid=True)
    bench.order(paid=True)
    drained(bench)
    assert len(receiver.bodies) == 3
    ids = [each["X-Request-Id"] for each in receiver.headers]
    assert len(set(ids)) == 2


def test_a_lost_delivery_never_arrives(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, lose=1)
    bench.order(paid=True)
    bench.order(paid=True)
    assert sorted(each["state"] for each in drained(bench)) == ["delivered", "lost"]
    assert len(receiver.bodies) == 1


def test_a_wrong_signature_does_not_fit_the_body(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, wrong_signature=1)
    bench.order(paid=True)
    drained(bench)
    assert receiver.headers[0]["X-Signature"] != webhook_signature(receiver.bodies[0], SECRET)


def test_reordered_deliveries_arrive_last_first(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, reorder=3)
    made = [bench.order(paid=True)["id"] for _ in range(4)]
    drained(bench)
    received = [json.loads(each)["order"]["id"] for each in receiver.bodies]
    assert [each for each in received if each != made[3]] == made[2::-1]


def test_held_deliveries_wait_for_their_release(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, hold=True)
    bench.order(paid=True)
    assert drained(bench)[0]["state"] == "held"
    assert receiver.bodies == []
    bench.control("webhooks/release")
    assert drained(bench)[0]["state"] == "delivered"


def test_a_delayed_delivery_is_waited_for(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    faults(bench, delay=1, delay_seconds=0.05)
    bench.order(paid=True)
    assert drained(bench)[0]["state"] == "delivered"


def test_a_refused_delivery_is_tried_again_only_when_asked(
    bench: Bench, receiver: Receiver
) -> None:
    bench.subscribe(receiver.url)
    receiver.answers += [500, 503, 500]
    bench.order(paid=True)
    assert drained(bench)[0]["state"] == "refused"
    faults(bench, retry=3, retry_seconds=0)
    bench.order(paid=True)
    last = drained(bench)[-1]
    assert (last["state"], last["attempts"]) == ("delivered", 3)


def test_an_earlier_delivery_can_be_replayed_byte_for_byte(
    bench: Bench, receiver: Receiver
) -> None:
    bench.subscribe(receiver.url)
    bench.order(paid=True)
    first = drained(bench)[0]
    bench.control(f"deliveries/{first['id']}/replay")
    drained(bench)
    assert receiver.bodies[0] == receiver.bodies[1]
    assert receiver.headers[0]["X-Signature"] == receiver.headers[1]["X-Signature"]


def test_a_subscriber_that_is_not_there_is_a_failed_delivery(bench: Bench) -> None:
    bench.subscribe("http://127.0.0.1:1/hooks")
    bench.order(paid=True)
    assert drained(bench)[0]["state"] == "failed"


def test_bulk_orders_are_sent_only_when_asked(bench: Bench, receiver: Receiver) -> None:
    bench.subscribe(receiver.url)
    bench.control("orders/bulk", n=3, paid=True)
    assert drained(bench) == []
    bench.control("orders/bulk", n=3, paid=True, webhooks=True)
    assert len(drained(bench)) == 3
