"""Webhooks on the stack: a hint is taken in once, and whatever is wrong with it stores nothing."""

from __future__ import annotations

import json

import pytest

from tests.stack.deeds import deliver, export, invoiced, order, rows, states
from tools.played_day import Day, until


def body(number: str = "ORD000001") -> bytes:
    return json.dumps({"order": {"id": 1, "number": number}}).encode()


def test_a_paid_order_waits_as_soon_as_its_webhook_is_delivered(day: Day) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()

    assert states(day) == {made["number"]: "waiting"}


def test_an_order_whose_webhook_was_lost_is_found_by_the_sweep(day: Day) -> None:
    day.install()
    day.shop("POST", "faults", {"webhooks": {"lose": 1}})
    made = order(day)
    day.webhooks_delivered()
    assert states(day) == {}

    export(day)

    assert states(day) == {made["number"]: "placed"}
    assert invoiced(day) == [made["number"]]


def test_a_webhook_delivered_twice_and_again_after_the_night_is_one_invoice(day: Day) -> None:
    day.install()
    day.shop("POST", "faults", {"webhooks": {"duplicate": 1}})
    made = order(day)
    day.webhooks_delivered()
    export(day)

    deliveries = day.shop("GET", f"deliveries?shop={day.shop_id}")["deliveries"]
    assert [each["state"] for each in deliveries] == ["delivered", "delivered"]
    day.shop("POST", f"deliveries/{deliveries[0]['id']}/replay")
    day.webhooks_delivered()
    export(day)

    assert invoiced(day) == [made["number"]]


@pytest.mark.parametrize("signature", ["0" * 32, "x", "é", "'"])
def test_a_wrong_signature_gets_401_and_stores_nothing(day: Day, signature: str) -> None:
    day.install()

    answer = deliver(day, body(), signature=signature.encode())

    assert answer.status_code == 401
    assert "signature" in answer.json()["error"].lower()
    assert rows(day, "orders") == []


def test_no_signature_gets_401(day: Day) -> None:
    day.install()

    answer = day.browser.post(
        f"{day.stack.api_url}/webhooks/{day.shop_id}/orders-paid", data=body(), timeout=60
    )

    assert answer.status_code == 401
    assert rows(day, "orders") == []


def test_a_shop_that_is_not_installed_gets_404_and_stores_nothing(day: Day) -> None:
    answer = deliver(day, body())

    assert answer.status_code == 404
    assert rows(day, "orders") == []
    assert rows(day, "shops") == []


def test_a_shop_that_is_no_number_gets_404(day: Day) -> None:
    assert deliver(day, body(), shop_id="nobody").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [b"", b"<order/>", b"{", b"[]", b"null", b'{"order": []}', b'{"order": {"id": "1; DROP"}}'],
)
def test_a_body_that_holds_no_order_gets_400_and_stores_nothing(day: Day, wrong: bytes) -> None:
    day.install()

    answer = deliver(day, wrong)

    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert rows(day, "orders") == []


def test_a_body_over_a_megabyte_gets_413(day: Day) -> None:
    day.install()
    heavy = json.dumps({"order": {"id": 1, "number": "ORD1", "memo": "x" * 1_000_001}}).encode()

    answer = deliver(day, heavy)

    assert answer.status_code == 413
    assert rows(day, "orders") == []


def test_webhooks_have_a_function_of_their_own_and_pages_another(day: Day) -> None:
    day.install()
    order(day)
    day.webhooks_delivered()
    order(day)
    day.webhooks_delivered()

    logs = day.client("logs")

    def said(function: str) -> str:
        group = f"/aws/lambda/{day.stack.functions[function]}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return "\n".join(event["message"] for page in pages for event in page["events"])

    until(lambda: "START" in said("webhook"), what="the webhook function's log")
    integrations = {
        path: _function_behind(day, path) for path in ("/webhooks/{shop_id}/{topic}", "/install")
    }
    assert integrations == {
        "/webhooks/{shop_id}/{topic}": day.stack.functions["webhook"],
        "/install": day.stack.functions["api_handler"],
    }


def _function_behind(day: Day, path: str) -> str:
    gateway = day.client("apigateway")
    api = day.stack.api_url.split("/restapis/")[1].split("/")[0]
    resource = next(
        each
        for each in gateway.get_resources(restApiId=api, limit=500)["items"]
        if each["path"] == path
    )
    method = gateway.get_integration(restApiId=api, resourceId=resource["id"], httpMethod="POST")
    return str(method["uri"].split(":function:")[1].split("/")[0])
