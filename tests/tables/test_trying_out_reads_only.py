"""The try-out on DynamoDB: nothing is written, and the items are byte by byte what they were."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.axml import load_profile
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Hint
from chalicelib.web.pages.page_templates import TEMPLATES
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.web import NOW, SHOP_ID, Browser, World
from tests.tables.test_calls import counted

_visits = itertools.count(1)
READS = {"GetItem", "BatchGetItem", "Query"}
MOST_QUERIES = 2  # of a page


def items(tables: Tables) -> str:
    client = boto3.client("dynamodb", endpoint_url=tables.host)
    names = [each for each in client.list_tables()["TableNames"] if each.startswith(tables.prefix)]
    assert len(names) == 3
    return json.dumps([client.scan(TableName=name)["Items"] for name in names], sort_keys=True)


@pytest.fixture
def browser(tables: Tables) -> Browser:
    """A merchant whose shop has an order of every kind."""
    world = World()
    world.profile = load_profile(Path(TEMPLATES) / "axml" / "reconstructed-1.4")
    world.connector = replace(
        world.connector, shops=tables.shops, entries=tables.entries, files=tables.files
    )
    world.clock.advance(minutes=next(_visits))  # a link of the AppCenter signs in once
    browser = Browser(world)
    browser.install()
    for number in range(1, 5):
        bills = (invoice(f"INV{number:05}", id=number, order_id=number, created_at=NOW),)
        facts = {"id": number, "number": f"ORD{number:05}", "created_at": NOW, "invoices": bills}
        world.api.put(order(**facts, email="" if number == 2 else "a@example.nl"))
    for number in (1, 2):  # known under another number and day than the shop's
        other = Hint(
            kind=DocumentKind.ORDER,
            document_id=number,
            number=f"heard {number}",
            day=NOW.date().replace(day=1),
        )
        tables.entries.record_hint(SHOP_ID, other, at=NOW, by=Actor.WEBHOOK)
    return browser


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/try-out", {"what": "newest"}),
        ("/try-out", {"numbers": "ORD00001 INV00002 ORD00009"}),
        ("/orders/ORD00003/invoice", {}),
        ("/orders/heard 1/invoice", {}),
    ],
)
def test_trying_out_writes_nothing(
    tables: Tables, browser: Browser, path: str, query: dict[str, str]
) -> None:
    before = items(tables)
    with counted() as calls:
        page = browser.get(path, query)
    assert page.status == 200
    assert "21% btw" in page.body
    assert set(calls) <= READS
    assert Counter(calls)["Query"] <= MOST_QUERIES
    assert items(tables) == before
