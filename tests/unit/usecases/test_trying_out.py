"""A try-out shows what a night would do, and does none of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import DateBasis, Policy, Source, ZeroOrders
from chalicelib.domain.shops import ShopState
from chalicelib.errors import (
    RequestError,
    ShopNotFound,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.judging.page_reading import LEFT_ALONE, Stop
from chalicelib.usecases.judging.supposing import render_invoices
from chalicelib.usecases.judging.trying_out import TryOut, compare, try_documents, try_out
from tests.fakes.documents_of_shop import charge, invoice, item, order, order_line
from tests.unit.usecases.stage import FIRST_NIGHT, PROFILE, Stage

YESTERDAY = FIRST_NIGHT - timedelta(days=1)


def sell(stage: Stage, number: int, **changes: object) -> None:
    """An order that the shop has, and that nobody shown us of."""
    facts = {"created_at": YESTERDAY, "paid_at": YESTERDAY, **changes}
    stage.api.put(order(id=number, number=f"ORD{number:05}", **facts))


def verdicts(tried: TryOut) -> dict[str, object]:
    return {each.hint.number: each.verdict for each in tried.documents}


def test_what_is_shown_is_what_the_night_books() -> None:
    stage = Stage()
    for number in range(1, 9):
        sell(stage, number)
    sell(stage, 9, email="")
    sell(stage, 10, payment_status="not_paid")
    tried = try_out(stage.workspace())
    content = render_invoices(PROFILE, tried.invoices)
    stage.night()
    assert list(stage.inbox.files.values()) == [content]
    assert verdicts(tried)["ORD00009"] == Hold(HoldReason.EMAIL_MISSING)
    assert verdicts(tried)["ORD00010"] == NotDue(DropCause.NOT_PAID)
    assert [each.hint.number for each in tried.documents][:2] == ["ORD00010", "ORD00009"]
    assert tried.totals is not None
    assert (tried.totals.documents, tried.totals.incl) == (8, Decimal("193.60"))


def test_every_state_of_the_ledger_is_shown_and_judged_anew() -> None:
    stage = Stage()
    for number in (1, 2, 3, 4):
        stage.receive(order(id=number, number=f"ORD{number:05}", created_at=YESTERDAY))
    stage.api.put(replace(stage.api.orders[2], email=""))
    stage.api.put(replace(stage.api.orders[3], status=stage.api.orders[3].status.CANCELLED))
    stage.api.put(replace(stage.api.orders[4], payment_id="klarna"))
    stage.workspace().update_shop(
        lambda shop: replace(shop, policy=Policy(payments={"ideal": "IDEAL"}))
    )
    stage.night()
    sell(stage, 5)
    stage.api.put(replace(stage.api.orders[2], email="s.devries@example.nl"))
    tried = {each.hint.number: each for each in try_out(stage.workspace()).documents}
    shown = {number: each.entry and each.entry.state for number, each in tried.items()}
    assert shown == {
        "ORD00001": EntryState.PLACED,
        "ORD00002": EntryState.HELD,
        "ORD00003": EntryState.DROPPED,
        "ORD00004": EntryState.HELD,
        "ORD00005": None,
    }
    booked = [number for number, each in tried.items() if isinstance(each.verdict, Invoice)]
    assert booked == ["ORD00005", "ORD00002", "ORD00001"]
    assert tried["ORD00004"].verdict == Hold(HoldReason.PAYMENT_METHOD_NEW, "klarna")


def test_nothing_is_written_anywhere() -> None:
    stage = Stage()
    for number in (1, 2):
        stage.receive(order(id=number, number="as the webhook said", created_at=YESTERDAY))
    stage.api.orders[1] = replace(stage.api.orders[1], number="ORD00001")
    stage.api.orders[2] = replace(stage.api.orders[2], number="ORD00002", email="")
    stage.night()
    stage.api.put(order(id=3, created_at=YESTERDAY))
    before = _everything(stage)
    try_out(stage.workspace())
    try_out(stage.workspace(), numbers=["ORD00001", "ORD00412"])
    try_documents(stage.workspace(), [stage.entry("order-1"), stage.entry("order-2")])
    compare(stage.workspace(), Policy(), Policy(source=Source.INVOICES))
    assert _everything(stage) == before


def _everything(stage: Stage) -> str:
    kept = (stage.entries, stage.shops, stage.connector.files, stage.queue, stage.inbox)
    return repr([vars(each) for each in kept])


def test_a_shop_that_is_being_installed_can_try_and_so_can_one_that_is_paused() -> None:
    for state in (ShopState.INSTALLING, ShopState.PAUSED, ShopState.CANCELLED):
        stage = Stage()
        sell(stage, 1)
        stage.workspace().update_shop(partial(replace, state=state))
        (tried,) = try_out(stage.workspace()).documents
        assert isinstance(tried.verdict, Invoice), state
        assert not tried.is_early


def test_an_order_from_before_the_connector_is_shown_and_said_to_be_that() -> None:
    stage = Stage()
    old = FIRST_NIGHT - timedelta(days=60)
    sell(stage, 1, created_at=old, paid_at=old)
    sell(stage, 2, created_at=old)  # paid since
    tried = {each.hint.number: each for each in try_out(stage.workspace()).documents}
    assert all(isinstance(each.verdict, Invoice) for each in tried.values())
    assert {number: each.is_early for number, each in tried.items()} == {
        "ORD00001": True,
        "ORD00002": False,
    }


def test_numbers_are_found_however_they_are_written_and_those_of_invoices_too() -> None:
    stage = Stage()
    for number in (1, 2, 3):
        bill = invoice(f"INV{number:05}", id=number, order_id=number)
        sell(stage, number, invoices=(bill,))
    tried = try_out(stage.workspace(), numbers=["ord00002", "INV00003", "ORD00002", "ORD00009"])
    assert [each.hint.number for each in tried.documents] == ["ORD00002", "ORD00003"]
    assert tried.extent.missing == ("ORD00009",)
    with pytest.raises(RequestError):
        try_out(stage.workspace(), numbers=[str(number) for number in range(51)])


def test_a_shop_that_exports_invoices_tries_those_and_its_credit_notes() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice("INV00001", id=1, order_id=1, created_at=YESTERDAY)
    back = invoice(
        "CRE00001", id=2, order_id=1, created_at=FIRST_NIGHT, is_credit_note=True, original_id=1
    )
    sell(stage, 1, invoices=(bill, back))
    sell(stage, 2)
    stage.api.items = {1: [item("24.20")], 2: [item("24.20")]}
    tried = try_out(stage.workspace())
    assert [each.hint.number for each in tried.documents] == ["CRE00001", "INV00001"]
    assert tried.totals is not None
    assert tried.totals.incl == Decimal("0.00")
    assert stage.api.calls["order"] == 1
    by_number = try_out(stage.workspace(), numbers=["ORD00001", "ORD00002", "CRE00001"])
    assert verdicts(by_number) == verdicts(tried)
    assert by_number.extent.unbilled == ("ORD00002",)
    content = render_invoices(PROFILE, tried.invoices)
    stage.night()
    assert list(stage.inbox.files.values()) == [content]


def test_a_credit_note_waits_for_an_invoice_that_is_held() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice("INV00001", id=1, order_id=1, created_at=YESTERDAY)
    back = replace(bill, id=2, number="CRE00001", is_credit_note=True, original_id=1)
    sell(stage, 1, invoices=(bill, back), email="")
    stage.api.items = {1: [item("24.20")], 2: [item("24.20")]}
    tried = try_out(stage.workspace())
    assert verdicts(tried)["CRE00001"] == Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, "INV00001")


def test_what_the_format_cannot_say_is_held_as_a_night_holds_it() -> None:
    stage = Stage()
    sell(stage, 1, lines=(order_line("24.20", article_code="A" * 300),))
    sell(stage, 2)
    tried = verdicts(try_out(stage.workspace()))
    stage.night()
    held = stage.entry("order-1")
    assert tried["ORD00001"] == Hold(HoldReason.UNWRITABLE, held.hold_detail)
    assert isinstance(tried["ORD00002"], Invoice)


def test_reading_stops_while_others_still_have_calls() -> None:
    stage = Stage()
    for number in range(1, 51):
        sell(stage, number)

    def spend(call: object) -> None:
        stage.api.remaining = LEFT_ALONE + 24 - stage.api.calls.total()

    stage.api.before_call = spend
    extent = try_out(stage.workspace()).extent
    assert (extent.read, extent.asked, extent.stopped_by) == (23, 50, Stop.ALLOWANCE)
    assert stage.api.remaining == LEFT_ALONE


def test_reading_stops_in_time_for_the_page() -> None:
    stage = Stage()
    for number in range(1, 51):
        sell(stage, number)

    def dawdle(call: object) -> None:
        stage.now += timedelta(seconds=2)

    stage.api.before_call = dawdle
    extent = try_out(stage.workspace()).extent
    assert (extent.read, extent.stopped_by) == (7, Stop.TIME)
    assert extent.unread[0] == "ORD00043"


def test_reading_stops_when_seoshop_says_so() -> None:
    stage = Stage()
    for number in range(1, 6):
        sell(stage, number)
    until = stage.now + timedelta(minutes=4)
    stage.api.fail(ShopRateLimited("no more", until=until), "order", after=2)
    tried = try_out(stage.workspace())
    assert (tried.extent.read, tried.extent.stopped_by) == (2, Stop.ALLOWANCE)
    assert tried.extent.resumes_at == until
    assert len(tried.documents) == 2


def test_one_order_that_does_not_come_is_passed_over_and_two_in_a_row_end_it() -> None:
    stage = Stage()
    for number in range(1, 6):
        sell(stage, number)
    stage.api.fail(ShopUnavailable("nothing"), "order", about={4})
    extent = try_out(stage.workspace()).extent
    assert (extent.unread, extent.stopped_by) == (("ORD00004",), None)
    stage.api.fail(ShopUnavailable("nothing"), "order", about={3})
    extent = try_out(stage.workspace()).extent
    assert (extent.read, extent.stopped_by) == (1, Stop.SHOP)


def test_an_order_that_is_unreadable_or_gone_says_so_and_the_others_are_shown() -> None:
    stage = Stage()
    for number in (1, 2, 3):
        sell(stage, number)
    stage.api.fail(ShopUnreadable("order, field priceIncl"), "order", about={2})
    stage.api.fail(ShopNotFound("not there", status=404), "order", about={3})
    tried = verdicts(try_out(stage.workspace()))
    assert tried["ORD00002"] == Hold(HoldReason.UNREADABLE)
    assert tried["ORD00003"] == NotDue(DropCause.NOT_FOUND)
    assert isinstance(tried["ORD00001"], Invoice)


@pytest.mark.parametrize(
    "error",
    [
        ShopUnavailable("no answer"),
        ShopUnauthorised("refused", status=401),
        ShopRateLimited("no more", until=FIRST_NIGHT),
    ],
)
def test_a_shop_that_gives_nothing_at_all_is_an_error(error: Exception) -> None:
    stage = Stage()
    sell(stage, 1)
    stage.api.fail(error)
    with pytest.raises(type(error)):
        try_out(stage.workspace())
    with pytest.raises(type(error)):
        try_out(stage.workspace(), numbers=["ORD00001"])
    with pytest.raises(type(error)):
        compare(stage.workspace(), Policy(), Policy(zero_orders=ZeroOrders.SKIP))


def test_settings_that_are_about_to_be_saved_are_compared_with_those_of_now() -> None:
    stage = Stage()
    bill = invoice(id=1, order_id=1, created_at=FIRST_NIGHT)
    sell(stage, 1, invoices=(bill,))
    sell(stage, 2, payment_id="klarna", shipment=charge("6.05"))
    before = Policy(payments={"ideal": "IDEAL"})
    after = replace(before, date_basis=DateBasis.INVOICE, payments={"klarna": "KLARNA"})
    found = compare(stage.workspace(), before, after)
    assert {sale.hint.number: [*sale.differences] for sale in found.changed} == {
        "ORD00001": ["held"],
        "ORD00002": ["freed"],
    }
    assert found.before is not None
    assert found.after is not None
    assert (found.before.incl, found.after.incl) == (Decimal("24.20"), Decimal("30.25"))
    assert stage.api.calls["order"] == 2
    same = compare(stage.workspace(), before, before)
    assert (len(same.sales), same.changed) == (2, ())


def test_orders_are_compared_with_their_invoices() -> None:
    stage = Stage()
    halves = [
        invoice(f"INV{n}", id=n, order_id=1, price_excl=Decimal(10), price_incl=Decimal("12.10"))
        for n in (11, 12)
    ]
    sell(stage, 1, invoices=tuple(halves))
    sell(stage, 2)
    stage.api.items = {11: [item("12.10")], 12: [item("12.10")]}
    stage.night()
    found = compare(stage.workspace(), Policy(), Policy(source=Source.INVOICES))
    assert {sale.hint.number: [*sale.differences] for sale in found.sales} == {
        "ORD00001": ["documents"],
        "ORD00002": ["left_out"],
    }
