"""What changes in the shop after it was booked is noticed once, named rightly, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState, LateChange
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import ShopNotFound, ShopRateLimited, ShopUnavailable
from chalicelib.usecases import repair, rereading
from chalicelib.usecases.corrections import Correction, correct, propose
from chalicelib.usecases.sweep import sweep
from tests.unit.domain.build import HOME, invoice, item, line, order
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal
ORDER, INVOICE = "order-301204417", "invoice-332000498"
NUMBER = "ORD00412"


def booked_order(stage: Stage, **facts: Any) -> Order:
    """One order, in the books."""
    one = replace(order(**facts), created_at=stage.now)
    stage.hear(one)
    stage.night()
    assert stage.entry(f"order-{one.id}").state is EntryState.PLACED
    return one


def booked_invoice(**facts: Any) -> Stage:
    """A shop that exports all invoices, one of them in the books."""
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now, **facts)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    return stage


def change_invoice(stage: Stage, *more: ShopInvoice, **changes: Any) -> None:
    one = stage.api.orders[301204417]
    bill = replace(one.invoices[0], updated_at=stage.now, **changes)
    stage.api.orders[one.id] = replace(one, invoices=(bill, *more))


def change(stage: Stage, **changes: Any) -> None:
    stage.api.put(replace(stage.api.orders[301204417], **changes))


# ---- all invoices ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told", "correction"),
    [
        ({"status": "cancelled"}, "cancelled", Correction.IN_ASPERION),
        ({"price_incl": D("12.10"), "price_excl": D("10.00")}, "edited", Correction.SEND_AGAIN),
    ],
)
def test_an_invoice_that_changes_after_it_was_booked_is_told_of_and_not_booked_again(
    changes: dict[str, Any], told: str, correction: Correction
) -> None:
    stage = booked_invoice()
    change_invoice(stage, **changes)
    stage.night()

    entry = stage.entry(INVOICE)
    assert entry.change == told
    assert propose(entry) is correction
    assert correct(stage.connector, SHOP_ID, "INV00398", by="merchant") == 0
    stage.night()
    assert len(stage.booked()) == 1


def test_an_invoice_that_becomes_paid_did_not_change() -> None:
    stage = booked_invoice(status="not_paid")
    change_invoice(stage, status="paid")
    stage.night()
    assert stage.entry(INVOICE).change is None


def test_an_invoice_put_back_as_it_was_is_off_the_list() -> None:
    stage = booked_invoice()
    change_invoice(stage, status="cancelled")
    stage.night()
    change_invoice(stage, status="paid")
    stage.night()
    assert stage.entry(INVOICE).change is None


def test_an_invoice_that_its_credit_note_cancels_needs_nobody() -> None:
    stage = booked_invoice()
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=332000498,
        created_at=stage.now,
        updated_at=stage.now,
    )
    stage.api.items[note.id] = [item("24.20")]
    change_invoice(stage, note, status="cancelled")
    stage.night()

    assert stage.entry(INVOICE).change is None
    assert stage.sums() == {D(21): (D(0), D(0), D(0))}


def test_an_edited_invoice_is_sent_again_only_on_purpose() -> None:
    stage = booked_invoice()
    change_invoice(stage, price_incl=D("12.10"), price_excl=D("10.00"))
    stage.night()
    stage.api.items[332000498] = [item("12.10")]
    repair.send_again(stage.connector, SHOP_ID, "INV00398", reason="deleted", by="merchant")
    stage.night()
    assert len(stage.booked()) == 2
    assert stage.entry(INVOICE).change is None


def test_a_change_while_the_invoices_file_is_unfinished_is_compared_afterwards() -> None:
    stage = booked_invoice()
    repair.send_again(stage.connector, SHOP_ID, "INV00398", reason="lost", by="merchant")
    claimed = stage.entries.claim(stage.entry(INVOICE), "other.xml", at=stage.now)
    assert claimed is not None
    moved = stage.now
    change_invoice(stage, status="cancelled")
    stage.now += timedelta(hours=12)
    sweep(stage.connector, stage.connector.shop(SHOP_ID), stage.api)
    mark = stage.connector.shop(SHOP_ID).swept_until
    assert mark is not None
    assert mark <= moved


def test_a_credit_note_booked_on_a_click_is_watched_too() -> None:
    stage = Stage()
    booked_order(stage)
    note = invoice(is_credit_note=True, created_at=stage.now, updated_at=stage.now)
    stage.api.items[note.id] = [item("24.20")]
    change(stage, invoices=(note, invoice("INV00300", id=332000300)))
    stage.watch()
    correct(stage.connector, SHOP_ID, NUMBER, by="merchant")
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED

    change_invoice(stage, invoice("INV00300", id=332000300), status="cancelled")
    stage.watch()
    assert stage.entry(INVOICE).change == "cancelled"


# ---- payment -----------------------------------------------------------------------------------


def test_an_order_paid_back_in_part_is_for_a_person_and_not_reversed() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="partially_paid")
    stage.night()

    assert stage.entry(ORDER).change == "partly_paid"
    assert propose(stage.entry(ORDER)) is Correction.IN_ASPERION
    assert correct(stage.connector, SHOP_ID, NUMBER, by="merchant") == 0
    stage.night()
    assert len(stage.booked()) == 1


def test_a_correction_asked_for_while_unpaid_is_not_booked_once_part_is_paid() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="not_paid")
    stage.night()
    correct(stage.connector, SHOP_ID, NUMBER, by="merchant")
    change(stage, payment_status="partially_paid")
    stage.night()

    reversal = stage.entry("reversal-301204417")
    assert (reversal.state, reversal.history[-1].detail) == (EntryState.DROPPED, "partly_paid")
    assert len(stage.booked()) == 1


def test_what_was_taken_back_and_is_paid_in_part_stays_taken_back() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="not_paid")
    stage.night()
    correct(stage.connector, SHOP_ID, NUMBER, by="merchant")
    stage.night()
    change(stage, payment_status="partially_paid")
    stage.night()
    assert stage.entry(ORDER).change is None


def test_on_account_the_payments_of_an_order_are_no_changes() -> None:
    stage = Stage(on_account=True)
    booked_order(stage, payment_status="not_paid")
    for payment in ("partially_paid", "paid", "partially_paid", "not_paid"):
        change(stage, payment_status=payment)
        stage.night()
        assert stage.entry(ORDER).change is None


# ---- the secret --------------------------------------------------------------------------------


def test_after_another_secret_nothing_booked_before_is_compared() -> None:
    stage = Stage()
    one = booked_order(stage)
    settings = replace(stage.connector.settings, session_secret="another-secret")
    stage.connector = replace(stage.connector, settings=settings)
    change(stage, status="completed_shipped")
    stage.night()
    stage.watch()
    assert stage.entry(ORDER).change is None

    fresh = replace(one, id=2, number="ORD2", created_at=stage.now)
    stage.hear(fresh)
    stage.night()
    stage.api.put(replace(fresh, status="cancelled"))
    stage.night()
    assert stage.entry("order-2").change == "cancelled"


# ---- refunds -----------------------------------------------------------------------------------


def refund(stage: Stage, number: str = "INV00399", note_id: int = 332000499) -> None:
    note = invoice(
        number, id=note_id, is_credit_note=True, created_at=stage.now, updated_at=stage.now
    )
    now = stage.api.orders[301204417]
    stage.api.put(replace(now, invoices=(*now.invoices, note)))


@pytest.mark.parametrize("nights", [0, 1, 5])
def test_a_refund_is_found_however_many_nights_the_watch_failed(nights: int) -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    stage.now += timedelta(hours=1)
    refund(stage)
    stage.api.fails = ShopUnavailable("down")
    for _ in range(nights):
        stage.now += timedelta(days=1)
        with pytest.raises(ShopUnavailable):
            stage.watch()
    stage.api.fails = None
    stage.now += timedelta(days=1)

    assert stage.watch().refunded == (NUMBER,)
    assert stage.watch().refunded == ()


def test_the_first_watch_looks_back_to_the_installation() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.now += timedelta(days=5)
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_waits_until_another_change_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    change(stage, price_incl=D("99.00"))
    stage.night()
    refund(stage)
    for _ in range(3):
        stage.now += timedelta(days=1)
        assert stage.watch().refunded == ()
    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_of_an_order_that_is_held_is_told_of_when_it_is_booked() -> None:
    stage = Stage()
    one = replace(order(email=""), created_at=stage.now)
    stage.hear(one)
    stage.night()
    refund(stage)
    for _ in range(3):
        stage.now += timedelta(days=1)
        assert stage.watch().refunded == ()
    change(stage, email="s.devries@example.nl")
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_of_an_order_that_nobody_had_heard_of_is_told_of_when_it_is_booked() -> None:
    stage = Stage()
    stage.api.put(replace(order(), created_at=stage.now))
    refund(stage)
    assert stage.watch().refunded == ()
    stage.now += timedelta(days=2)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_of_an_order_that_was_sent_again_is_told_of_again() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.watch()
    repair.send_again(stage.connector, SHOP_ID, NUMBER, reason="lost", by="merchant")
    stage.now += timedelta(days=2)
    stage.night()
    assert stage.entry(ORDER).change is None
    assert stage.watch().refunded == (NUMBER,)


def test_an_edit_hides_a_refund_only_until_it_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.watch()
    change(stage, price_incl=D("99.00"))
    stage.night()
    assert stage.entry(ORDER).change == "edited"

    stage.now += timedelta(days=5)
    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    assert stage.watch().refunded == (NUMBER,)
    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    stage.now += timedelta(days=1)
    assert stage.watch().refunded == ()


def test_a_refund_says_why_an_order_is_paid_in_part() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="partially_paid")
    stage.night()
    refund(stage)
    assert stage.watch().refunded == (NUMBER,)
    stage.night()
    assert stage.entry(ORDER).change == "refunded"


# ---- details -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"shipping": replace(HOME, country="BE")},
        {"company_vat_number": "NL004495445B01"},
        {"lines": (line("24.20", article_code="ANDER"),)},
        {"lines": (line("14.20"), line("10.00", "0.09"))},
    ],
    ids=["address", "VAT number", "article", "rates"],
)
def test_an_edit_that_keeps_the_total_is_found_by_night(changes: dict[str, Any]) -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, **changes)
    stage.night()
    assert stage.entry(ORDER).change is None

    assert stage.watch().edited == (NUMBER,)

    assert stage.entry(ORDER).change == LateChange.DETAILS
    assert propose(stage.entry(ORDER)) is Correction.SEND_AGAIN
    stage.night()
    assert stage.entry(ORDER).change == LateChange.DETAILS, "the sweep knows nothing of it"
    assert len(stage.booked()) == 1


def test_what_has_been_dealt_with_is_not_brought_up_again_by_shipping() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, email="ander@example.nl")
    stage.watch()
    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    stage.now += timedelta(days=1)
    change(stage, status="completed_shipped")
    assert stage.watch().edited == ()

    change(stage, email="nog.een@example.nl")
    assert stage.watch().edited == (NUMBER,)


@pytest.mark.parametrize("told", ["details", "refunded"])
def test_what_another_change_hid_for_a_while_is_shown_again(told: str) -> None:
    stage = Stage()
    booked_order(stage)
    if told == "details":
        change(stage, email="ander@example.nl")
    else:
        refund(stage)
    stage.watch()
    change(stage, payment_status="not_paid")
    stage.night()
    assert stage.entry(ORDER).change == "unpaid"
    change(stage, payment_status="paid")
    stage.night()
    assert stage.entry(ORDER).change == told

    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    change(stage, status="completed_shipped")
    stage.night()
    stage.watch()
    assert stage.entry(ORDER).change is None


def test_the_content_that_was_booked_is_what_a_correction_is_proven_by() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, email="ander@example.nl")
    stage.watch()
    change(stage, status="cancelled")
    stage.night()
    correct(stage.connector, SHOP_ID, NUMBER, by="merchant")
    stage.night()
    assert stage.entry("reversal-301204417").hold == "reversal_differs"


def test_what_does_not_matter_to_the_books_is_read_once_and_no_change() -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    stage.now += timedelta(hours=2)
    change(stage, status="completed_shipped", invoices=(invoice(),))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(one_stop_shop=True)))
    stage.now += timedelta(hours=2)
    calls = stage.api.calls

    assert stage.watch().edited == ()
    assert stage.api.calls == calls + 1
    stage.now += timedelta(hours=24)
    stage.watch()
    assert stage.api.calls == calls + 1, "not read twice for one change"


def test_an_order_that_did_not_move_costs_no_call() -> None:
    stage = Stage()
    booked_order(stage)
    calls = stage.api.calls
    stage.watch()
    assert stage.api.calls == calls


def shop_of(orders: int) -> Stage:
    """A shop whose orders were all booked and then edited, the first first."""
    stage = Stage()
    for number in range(1, orders + 1):
        stage.hear(replace(order(id=number, number=f"ORD{number}"), created_at=stage.now))
    stage.night()
    stage.watch()
    stage.now += timedelta(hours=2)
    for number in range(1, orders + 1):
        stage.now += timedelta(hours=1)
        stage.api.put(replace(stage.api.orders[number], email="ander@example.nl"))
    stage.now += timedelta(hours=2)
    return stage


def test_half_of_the_allowance_is_left_alone_and_the_rest_comes_the_next_night() -> None:
    stage = shop_of(5)
    stage.api.remaining = 5
    assert stage.watch().edited == ("ORD1", "ORD2")
    stage.now += timedelta(days=1)
    assert stage.watch().edited == ("ORD3", "ORD4")
    stage.now += timedelta(days=1)
    assert stage.watch().edited == ("ORD5",)


@pytest.mark.parametrize(
    "error", [ShopUnavailable("502"), ShopRateLimited("later", until=Stage().now)]
)
def test_what_could_not_be_read_is_read_the_next_night(error: Exception) -> None:
    stage = shop_of(5)
    stage.api.unreadable = dict.fromkeys(range(1, 6), error)
    assert stage.watch().edited == ()
    stage.api.unreadable = {}
    stage.now += timedelta(days=1)
    assert len(stage.watch().edited) == 5


def test_one_order_that_cannot_be_read_is_no_obstacle_to_the_others() -> None:
    stage = shop_of(3)
    stage.api.unreadable = {1: ShopNotFound("gone", status=404), 2: ShopUnavailable("502")}
    assert stage.watch().edited == ("ORD3",)


def test_what_has_to_wait_does_not_hold_up_what_comes_after_it() -> None:
    """Else all that moved since would be read again each night, and the newest never."""
    stage = shop_of(3)
    stage.api.unreadable = {1: ShopUnavailable("502")}
    assert stage.watch().edited == ("ORD2", "ORD3")
    stage.now += timedelta(days=1)
    calls = stage.api.calls
    assert stage.watch().edited == ()
    assert stage.api.calls == calls + 1
    stage.api.unreadable = {}
    assert stage.watch().edited == ("ORD1",)
    assert stage.watch().edited == ()


def test_what_a_refund_hides_is_told_of_when_that_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    change(stage, email="ander@example.nl")
    for _ in range(3):
        assert stage.watch().edited == ()
        stage.now += timedelta(days=1)
    assert stage.entry(ORDER).change == "refunded"
    repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant")
    assert stage.watch().edited == (NUMBER,)


def test_no_order_is_read_when_the_time_is_up() -> None:
    stage = shop_of(2)
    shop = stage.connector.shop(SHOP_ID)
    assert rereading.look(stage.connector, shop, stage.api, until=stage.now) == ()
    assert len(stage.watch().edited) == 2


def test_what_is_a_fortnight_behind_is_let_go() -> None:
    stage = shop_of(2)
    stage.now += rereading.LONGEST_LOOK_BACK + timedelta(hours=1)
    assert stage.watch().edited == ()


def test_an_order_booked_again_meanwhile_is_not_marked_by_an_old_look() -> None:
    stage = Stage()
    booked_order(stage)
    old = stage.entry(ORDER)
    assert not stage.entries.mark_changed(
        SHOP_ID, ORDER, LateChange.DETAILS, at=stage.now, reprint=("other", "new")
    )
    assert stage.entry(ORDER) == old


def test_an_invoice_that_the_list_shows_is_not_gone_however_often_it_is_not_found() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.api.failing_invoices = {bill.id: ShopNotFound("nothing there", status=404)}
    for _ in range(3):
        stage.night()
        assert stage.entry(INVOICE).state is EntryState.WAITING
    stage.api.failing_invoices = {}
    stage.night()
    assert len(stage.booked()) == 1


def test_an_invoice_that_is_gone_from_the_list_too_is_left_out() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.api.failing_invoices = {bill.id: ShopNotFound("nothing there", status=404)}
    stage.night()
    stage.api.put(replace(stage.api.orders[301204417], invoices=()))
    stage.night()
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.DROPPED
