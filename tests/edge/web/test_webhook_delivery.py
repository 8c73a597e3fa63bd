"""A delivery at the webhook's door."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.errors import LedgerThrottled
from chalicelib.web.http.http_messages import Request, Response
from chalicelib.web.http.webhook_delivery import answer_delivery
from tests.fakes.fixed_secrets import APP_SECRET
from tests.fakes.web import SHOP_ID, Browser, World

ORDER = {"order": {"id": 301204417, "number": "ORD00412", "createdAt": "2026-11-23T09:00:00+01:00"}}
BODY = json.dumps(ORDER).replace("/", "\\/").encode()


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def deliver(
    world: World,
    body: bytes = BODY,
    *,
    signature: str | None = "",
    shop_id: str = str(SHOP_ID),
    topic: str = "orders-paid",
) -> tuple[Response, Any]:
    if signature == "":
        signature = hashlib.md5(body + APP_SECRET.encode()).hexdigest()
    headers = {} if signature is None else {"x-signature": signature}
    delivery = Request(
        method="POST",
        route="/webhooks/{shop_id}/{topic}",
        params={"shop_id": shop_id, "topic": topic},
        headers=headers,
        body=body,
    )
    answer = answer_delivery(delivery, parts=world.connector)
    return answer, json.loads(answer.body)


def test_a_paid_order_waits_for_the_next_run(world: World) -> None:
    answer, content = deliver(world)

    assert (answer.status, content) == (200, {"waiting": True})
    (entry,) = world.entries.find_by_numbers(SHOP_ID, ["ORD00412"])
    assert entry.state is EntryState.WAITING


def test_delivered_twice_is_one_order(world: World) -> None:
    deliver(world)
    answer, content = deliver(world)

    assert (answer.status, content) == (200, {"waiting": False})
    assert world.entries.count_waiting(SHOP_ID) == 1


@pytest.mark.parametrize("signature", [None, "0" * 32, "short", "F" * 32])
def test_an_unproven_delivery_is_refused_and_not_stored(
    world: World, signature: str | None
) -> None:
    answer, content = deliver(world, signature=signature)

    assert answer.status == 401
    assert set(content) == {"error"}
    assert not world.entries.items


@pytest.mark.parametrize("shop_id", ["999", "abc", "18452%30x", "9" * 40, "%D9%A3"])
def test_a_shop_nobody_knows_is_not_found(world: World, shop_id: str) -> None:
    assert deliver(world, shop_id=shop_id)[0].status == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"order": null}', b'{"order": {"id": "x"}}', b"[" * 100_000],
)
def test_a_body_without_an_order_is_refused(world: World, body: bytes) -> None:
    answer, content = deliver(world, body)

    assert answer.status == 400
    assert set(content) == {"error"}
    assert not world.entries.items


def test_more_than_a_megabyte_is_too_much(world: World) -> None:
    assert deliver(world, b" " * 1_000_001)[0].status == 413


def test_an_unknown_topic_is_refused(world: World) -> None:
    assert deliver(world, topic="products-created")[0].status == 400


@pytest.mark.parametrize(
    ("error", "status"), [(LedgerThrottled("busy"), 503), (KeyError("Sophie Fischer"), 500)]
)
def test_when_it_cannot_be_stored_seoshop_is_asked_to_deliver_again(
    world: World, error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise error

    world.entries.record_hint = fail  # type: ignore[method-assign]
    answer, content = deliver(world)

    assert answer.status == status
    assert "deliver it again" in content["error"]
    assert "Sophie" not in answer.body + caplog.text


def test_the_webhook_starts_without_templates_http_client_or_aws() -> None:
    heavy = ("jinja2", "requests", "itsdangerous", "boto3", "pynamodb")
    code = (
        "import sys, chalicelib.web.http.webhook_delivery\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
