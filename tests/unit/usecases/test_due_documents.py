"""What a list shows as due is put away in little room, and comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from tracemalloc import get_traced_memory, start, stop

from chalicelib.domain.orders import OrderStatus, OrderSummary, PaymentStatus
from chalicelib.ports import PAGE
from chalicelib.usecases.intake.due_documents import DueDocuments
from tests.fakes.documents_of_shop import order, summarise

RECORDED = summarise(order())


def listed(number: int) -> OrderSummary:
    return replace(
        RECORDED,
        id=301_000_000 + number,
        number=f"ORD{number:06d}",
        updated_at=RECORDED.updated_at + timedelta(seconds=number),
        price_incl=Decimal(number) / 100,
    )


def put(count: int) -> DueDocuments:
    due = DueDocuments()
    for number in range(count):
        due.put(f"order-{number}", listed(number))
    return due


def test_all_come_back_in_their_order_a_page_at_a_time() -> None:
    count = 2 * PAGE + 1
    due = put(count)
    pages = list(due.read_pages())
    assert [len(page) for page in pages] == [PAGE, PAGE, 1]
    assert {key: one for page in pages for key, one in page.items()} == {
        f"order-{number}": listed(number) for number in range(count)
    }
    assert (len(due), due.list_keys()) == (count, {key for page in pages for key in page})
    assert [*pages[0]] == [f"order-{number}" for number in range(PAGE)]


def test_of_nothing_there_is_no_page() -> None:
    assert (len(DueDocuments()), list(DueDocuments().read_pages())) == (0, [])


def test_a_status_that_seoshop_adds_later_comes_back() -> None:
    due, strange = (
        DueDocuments(),
        replace(
            listed(1), status=OrderStatus("on_the_moon"), payment_status=PaymentStatus("in_kind")
        ),
    )
    for number in range(PAGE):
        due.put(f"order-{number}", strange)
    (page,) = due.read_pages()
    assert page["order-1"] == strange
    assert page["order-1"].status == "on_the_moon"


def test_a_full_day_takes_little_room() -> None:
    start()
    before, _ = get_traced_memory()
    due = put(12 * PAGE)
    taken = get_traced_memory()[0] - before
    stop()
    assert taken < 100 * len(due)
