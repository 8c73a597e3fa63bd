"""Days on which SEOshop answers one of its calls with errors full of one word: it is in no table,
no queue, no log line, no figure, no page and no answer.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import bootstrap, logs
from chalicelib.adapters.seoshop.calls import ShopCall
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Hint
from chalicelib.domain.policy import DateBasis, Source
from chalicelib.entries import export_messages, operator_backfill, operator_rerun, operator_shops
from chalicelib.errors import ConnectorError
from chalicelib.ports import Task
from tests.edge.seoshop.planted_answers import HEADERS, WAYS, WORD, find_call, fits
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World
from tests.unit.adapters.seoshop.support import Answer, Call, Desk, payload

pytestmark = pytest.mark.slow

ORDER, NUMBER = 301204417, "ORD00412"
INVOICE = payload("invoice.json")["invoice"]["id"]
ADDRESS = f"{PUBLIC_URL}/webhooks/{SHOP_ID}/orders-paid"
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 600_000, aws_request_id="1")


def refuse(status: int) -> Answer:
    """An error document, and headers, with the word in every field but the status."""
    fields = {"code": status, "method": WORD, "request": WORD, "message": WORD}
    return Answer({"error": fields, "errors": {WORD: [WORD]}}, status, HEADERS)


BAD = {
    "refused": refuse(422),
    "denied": refuse(403),
    "an error with a good status": Answer(refuse(404).body, 200, HEADERS),
    "token refused": refuse(401),
    "not found": refuse(404),
    "too many": refuse(429),
    "out of order": refuse(503),
    "another document": Answer({WORD: {WORD: [{WORD: WORD}]}}, 200, HEADERS),
}


class Shop:
    """Answers as a shop with one paid order does, but for one kind of call."""

    def __init__(self, bad_call: ShopCall | None, bad: Answer) -> None:
        self.bad_call, self.bad = bad_call, bad
        self.is_bad = False
        self.asked: list[Call] = []

    def __call__(self, call: Call) -> Answer:
        self.asked.append(call)
        before: Mapping[str, Any] = {}
        if self.is_bad and self.bad_call is not None:
            before = WAYS[self.bad_call].before
            if fits(self.bad_call, call):
                return self.bad
        return Answer(before.get(find_call(call)) or self.find(call))

    def find(self, call: Call) -> Any:
        """The right answer to a call."""
        name = find_call(call)
        if name in ("GET orders.json", "GET invoices.json"):
            kind = name.split(" ")[1].removesuffix(".json")
            rows = [one for one in payload(f"{kind}.json")[kind] if one.get("number") == NUMBER]
            after = int(call.query.get("since_id", 0))
            return {kind: [one for one in rows if one["id"] > after] if kind == "orders" else []}
        if name == "GET webhooks.json":
            ours = {**payload("webhooks.json")["webhooks"][0], "address": ADDRESS}
            is_double = self.bad_call is ShopCall.DELETE_WEBHOOK
            return {"webhooks": [{**ours, "id": n} for n in (1, 2)] if is_double else []}
        if name == f"GET orders/{ORDER}.json":
            order = payload("order.json")
            if self.bad_call is ShopCall.LIST_ORDER_EVENTS:
                order["order"]["events"] = False
            return order
        return next((WAYS[kind].good for kind in ShopCall if fits(kind, call)), {})


class Days:
    """A connector with SEOshop's real client, and all that it says."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.world = shop, World()
        world = self.world

        def open_shop(_: object) -> Any:
            return Desk(shop, clock=world.clock).api

        world.connector = replace(world.connector, open_shop=open_shop, open_for_page=open_shop)
        self.browser = Browser(world)
        self.said: list[str] = []

    def play(self, source: Source) -> None:
        """Installed on a good day, then all that may be done on a bad one."""
        self.browser.install()
        self.world.shops.update(
            SHOP_ID,
            lambda shop: replace(
                shop,
                policy=replace(
                    shop.policy,
                    source=source,
                    date_basis=DateBasis.PAYMENT,
                    payments={"mollie": "IDEAL"},
                ),
            ),
        )
        for kind, number in (("order", ORDER), ("invoice", INVOICE)):
            self.hint(kind, number)
        self.shop.is_bad = True
        for path in ("/", "/settings", f"/orders/{NUMBER}"):
            self.said.append(self.browser.get(path).body)
        for wish in (
            {"dry_run": True},
            {"orders": ["ORD00999"]},
            {"orders": [NUMBER], "reason": "again"},
            {"since": "2026-03-01"},
        ):
            self.ask(operator_rerun.rerun, {"shop_id": SHOP_ID, **wish})
        self.ask(
            operator_backfill.backfill,
            {"shop_id": SHOP_ID, "from": "2026-03-01", "to": "2026-03-31"},
        )
        for task in (Task.EXPORT, Task.WATCH, Task.EXPORT):
            self.world.clock.advance(hours=12)
            self.night(task)
        self.ask(operator_shops.shops, {"shop_id": SHOP_ID})
        self.said.append(self.browser.post("/settings", {"licence": "ASP-2026-4712"}).body)
        for path in ("/", f"/orders/{NUMBER}"):
            self.said.append(self.browser.get(path).body)

    def hint(self, kind: str, number: int) -> None:
        at = self.world.clock()
        hint = Hint(kind=DocumentKind(kind), document_id=number, number=NUMBER, day=at.date())
        self.world.entries.record_hint(SHOP_ID, hint, at=at, by=Actor.WEBHOOK)

    def ask(self, function: Callable[[Any, Any], Any], event: Any) -> None:
        """An operator's function; its answer, or what Lambda would write down."""
        try:
            self.said.append(json.dumps(function(event, CONTEXT)))
        except ConnectorError as error:
            self.said.append(repr(error))

    def night(self, task: Task) -> None:
        body = json.dumps({"shop_id": SHOP_ID, "run": "night", "task": task.value})
        record = {"messageId": "1", "body": body, "receiptHandle": "1"}
        self.said.append(json.dumps(export_messages.export_shop({"Records": [record]}, CONTEXT)))

    def everything(self) -> Iterator[str]:
        """All that was said and is stored."""
        world = self.world
        yield from self.said
        yield from map(repr, (world.shops.records, world.shops.kept, world.shops.audits))
        yield from map(repr, (world.entries.items, world.files.items, world.queue.sent))
        yield from (content.decode() for content in world.inbox.files.values())


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root, written = logging.getLogger(), io.StringIO()
    before = root.level, list(root.handlers)
    root.handlers = [logging.StreamHandler(written)]
    logs.configure_logs()
    with redirect_stdout(written):  # the figures
        yield written
    root.level, root.handlers = before


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("call", ShopCall)
def test_of_what_seoshop_says_nothing_rests_anywhere(
    call: ShopCall, name: str, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in Source:
        days = Days(Shop(call, BAD[name]))
        monkeypatch.setattr(bootstrap, "open_connector", lambda days=days: days.world.connector)
        days.play(source)
        for text in (*days.everything(), logged.getvalue()):
            assert "zzyzx" not in text.lower(), text[:2000]
    assert str(SHOP_ID) in logged.getvalue(), "the log was not looked into"


def test_on_these_days_every_call_is_made(
    logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = set(ShopCall)
    for call in (None, *ShopCall):
        for source in Source:
            shop = Shop(call, BAD["out of order"])
            days = Days(shop)
            monkeypatch.setattr(bootstrap, "open_connector", lambda days=days: days.world.connector)
            days.play(source)
            missing -= {kind for kind in missing if any(fits(kind, one) for one in shop.asked)}
    assert missing == set()
    assert logged.getvalue()
