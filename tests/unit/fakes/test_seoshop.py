"""The SEOshop in memory lists, pages, finds and fails as the real one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.errors import ShopNotFound, ShopUnavailable
from chalicelib.ports import PAGE, ShopApi
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.seoshop import Call, MemorySeoshop

NOW = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)


@pytest.fixture
def shop() -> MemorySeoshop:
    return MemorySeoshop(lambda: NOW)


def fill(shop: MemorySeoshop, ids: range) -> None:
    for number in ids:
        bill = invoice(f"INV{number}", id=number, updated_at=NOW)
        shop.put(order(id=number, number=f"ORD{number}", created_at=NOW, invoices=(bill,)))


def test_lists_come_in_pages_of_250_by_ascending_id(shop: MemorySeoshop) -> None:
    fill(shop, range(2 * PAGE + 1, 0, -1))
    api: ShopApi = shop
    later = NOW + timedelta(days=1)
    for after_id, first, count in ((0, 1, PAGE), (PAGE, PAGE + 1, PAGE), (2 * PAGE, 501, 1)):
        expected = list(range(first, first + count))
        for page in (
            api.orders_updated_since(NOW, after_id=after_id),
            api.orders_created_between(NOW, later, after_id=after_id),
            api.invoices_updated_since(NOW, after_id=after_id),
        ):
            assert [one.id for one in page] == expected


def test_a_list_holds_what_changed_since_or_was_made_before_the_end(shop: MemorySeoshop) -> None:
    fill(shop, range(1, 2))
    later = NOW + timedelta(seconds=1)
    assert shop.orders_updated_since(later) == []
    assert shop.invoices_updated_since(later) == []
    assert shop.orders_created_between(NOW - timedelta(days=1), NOW) == []


def test_a_document_is_found_by_id_and_an_order_by_number(shop: MemorySeoshop) -> None:
    fill(shop, range(1, 3))
    found = shop.find_order("ORD2")
    assert found is not None
    assert shop.order(found.id).invoices == (shop.invoice(2),)
    assert shop.find_order("ORD3") is None
    for read in (shop.order, shop.invoice):
        with pytest.raises(ShopNotFound):
            read(3)


def test_the_last_payment_among_the_events_counts(shop: MemorySeoshop) -> None:
    fill(shop, range(1, 2))
    assert shop.paid_at(1) is None
    shop.payments[1] = [NOW, NOW + timedelta(hours=1), NOW - timedelta(hours=1)]
    assert shop.paid_at(1) == NOW + timedelta(hours=1)


def test_a_subscription_gets_an_id_that_no_other_has(shop: MemorySeoshop) -> None:
    first, second = (shop.create_webhook("orders/paid", f"https://{n}.example") for n in "ab")
    assert first.id is not None
    shop.delete_webhook(first.id)
    third = shop.create_webhook("orders/paid", "https://c.example")
    assert shop.webhooks() == [second, third]
    assert third.id != second.id


def test_calls_are_counted_and_shown_before_they_fail(shop: MemorySeoshop) -> None:
    fill(shop, range(1, 4))
    seen: list[Call] = []
    shop.before_call = seen.append
    shop.fail(ShopUnavailable("502"), "order", about=(2, 3), after=1, times=1)
    assert [shop.order(1).id, shop.order(2).id] == [1, 2]
    with pytest.raises(ShopUnavailable):
        shop.order(3)
    assert shop.order(3).id == 3
    assert [call.about for call in seen] == [1, 2, 3, 3]
    assert shop.calls["order"] == 4


def test_every_call_fails_until_the_shop_recovers(shop: MemorySeoshop) -> None:
    shop.fail(ShopUnavailable("502"))
    for call in (shop.profile, shop.payment_methods, shop.webhooks):
        with pytest.raises(ShopUnavailable):
            call()
    shop.recover()
    assert shop.profile() == shop.shop
