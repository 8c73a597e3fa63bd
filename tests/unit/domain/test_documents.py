"""SEOshop's own invoices, for shops that export all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.judgement import NotDue, judge, judge_invoice
from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.policy import DateBasis, Source, ZeroOrders
from tests.fakes.documents_of_shop import HOME, charge, invoice, item, order, order_line, terms
from tests.unit.domain.credited import (
    LATER,
    D,
    all_invoices,
    mirrored,
    sold,
)
from tests.unit.domain.verdicts import booked


def test_an_invoice_over_the_whole_order_says_what_the_order_says() -> None:
    whole = sold(payment_status="not_paid")
    by_invoice = booked(judge_invoice(whole.invoices[0], mirrored(), whole, all_invoices()))
    by_order = booked(judge(replace(whole, payment_status=PaymentStatus.PAID), terms()))
    assert by_invoice == by_order
    assert by_invoice.description == "Bestelling ORD00412 factuur INV00398"
    assert by_invoice.day == date(2026, 3, 14)


def test_an_invoice_has_its_own_date_when_the_merchant_wants_it() -> None:
    whole = sold()
    bill = replace(whole.invoices[0], created_at=LATER)
    verdict = booked(
        judge_invoice(bill, mirrored(), whole, all_invoices(date_basis=DateBasis.INVOICE))
    )
    assert verdict.day == date(2027, 1, 5)


def test_an_invoice_over_a_part_is_made_of_its_own_items() -> None:
    part = invoice("INV00400", price_excl=D("20.00"), price_incl=D("21.80"))
    verdict = booked(judge_invoice(part, [item("21.80", "0.09")], sold(), all_invoices()))
    assert [one.incl for one in verdict.lines] == [D("21.80")]
    assert verdict.description == "Bestelling ORD00412 factuur INV00400"


def test_an_invoice_that_shares_one_total_with_its_order_is_still_another() -> None:
    whole = order(order_line("24.20"))
    part = invoice("INV00400", price_excl=D("20.00"), price_incl=D("21.80"))
    verdict = booked(judge_invoice(part, [item("21.80", "0.09")], whole, all_invoices()))
    assert verdict.lines[0].treatment.rate == D("0.09")
    part = invoice("INV00400", price_excl=D("22.20"), price_incl=D("24.20"))
    verdict = booked(judge_invoice(part, [item("24.20", "0.09")], whole, all_invoices()))
    assert verdict.lines[0].treatment.rate == D("0.09")


def test_a_cancelled_invoice_and_one_of_nothing_are_not_due() -> None:
    cancelled = invoice(status="cancelled")
    assert judge_invoice(cancelled, [], sold(), all_invoices()) == NotDue(DropCause.CANCELLED)
    nothing = invoice(price_excl=D(0), price_incl=D(0))
    skipping = all_invoices(zero_orders=ZeroOrders.SKIP)
    assert judge_invoice(nothing, [item("0.00")], sold(), skipping) == NotDue(DropCause.ZERO_VALUE)
    assert booked(judge_invoice(nothing, [item("0.00")], sold(), all_invoices())).incl == 0


def test_an_invoice_below_zero_that_is_no_credit_note_is_held() -> None:
    verdict = judge_invoice(
        invoice(price_excl=D("-20.00"), price_incl=D("-24.20")),
        [item("-24.20")],
        sold(),
        all_invoices(),
    )
    assert isinstance(verdict, Hold)
    assert verdict.reason is HoldReason.NEGATIVE_TOTAL


def test_an_invoice_of_another_order_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="does not belong"):
        judge_invoice(invoice(order_id=1), [], sold(), all_invoices())
    assert booked(judge_invoice(invoice(order_id=None), [item("24.20")], sold(), all_invoices()))


@pytest.mark.parametrize(
    ("bills", "named"),
    [
        (("INV00010", "INV0009"), "INV0009"),
        (("INV00011", "INV00010"), "INV00010"),
        (("B00010", "A00010"), "A00010"),
        (("2026-12", "2026-3"), "2026-3"),
        (("zonder", "INV00001"), "zonder"),
    ],
)
def test_of_several_invoices_the_lowest_numbered_stands_for_the_order(
    bills: tuple[str, str], named: str
) -> None:
    invoices = tuple(invoice(number, id=at) for at, number in enumerate(bills))
    verdict = booked(judge(order(invoices=invoices), terms()))
    assert verdict.description == f"Bestelling ORD00412 factuur {named}"
    assert verdict.invoice_number == named
    assert verdict.credits is None


def test_credit_notes_and_cancelled_invoices_do_not_stand_for_an_order() -> None:
    invoices = (invoice("INV1", status="cancelled"), invoice("INV2", is_credit_note=True))
    assert booked(judge(order(invoices=invoices), terms())).description == "Bestelling ORD00412"


def test_the_invoice_date_stands_in_only_where_there_is_an_invoice() -> None:
    by_invoice = terms(date_basis=DateBasis.INVOICE)
    billed = order(invoices=(invoice(created_at=LATER),))
    assert booked(judge(billed, by_invoice)).day == date(2027, 1, 5)
    assert booked(judge(order(), by_invoice)).day == date(2026, 3, 14)


def test_an_order_on_account_is_dated_by_its_order_as_long_as_it_is_not_paid() -> None:
    on_account = terms(date_basis=DateBasis.PAYMENT, on_account=True)
    unpaid = order(payment_status="not_paid")
    assert booked(judge(unpaid, on_account)).day == date(2026, 3, 14)


def test_the_order_itself_may_know_when_it_was_paid() -> None:
    by_payment = terms(date_basis=DateBasis.PAYMENT)
    assert booked(judge(order(paid_at=LATER), by_payment)).day == date(2027, 1, 5)


def test_an_address_without_country_is_no_place_to_send_an_invoice() -> None:
    nowhere = replace(HOME, country=None)
    verdict = judge(order(billing=nowhere, shipping=nowhere), terms())
    assert verdict == Hold(HoldReason.COUNTRY_MISSING)


def test_a_shifted_invoice_over_the_whole_order_is_reverse_charged() -> None:
    whole = order(order_line("10.00", "0"), company_vat_number="NL004495445B01")
    bill = invoice(is_vat_shifted=True, price_excl=D("10.00"), price_incl=D("10.00"))
    verdict = booked(judge_invoice(bill, [], whole, all_invoices()))
    assert verdict.lines[0].treatment.kind is VatKind.REVERSE_CHARGE


def test_an_invoice_may_be_dated_by_its_payment() -> None:
    by_payment = terms(source=Source.INVOICES, date_basis=DateBasis.PAYMENT, paid_at=LATER)
    whole = sold()
    assert booked(judge_invoice(whole.invoices[0], [], whole, by_payment)).day == date(2027, 1, 5)


def test_an_item_without_title_is_called_by_its_code() -> None:
    part = invoice("INV00400", price_excl=D("20.00"), price_incl=D("21.80"))
    unnamed = item("21.80", "0.09", title="", article_code="BK-0017")
    verdict = booked(judge_invoice(part, [unnamed], sold(), all_invoices()))
    assert verdict.lines[0].description == "BK-0017"


def test_costs_of_an_order_without_articles_are_no_service() -> None:
    germany = replace(HOME, postal_code="10115", country="DE")
    bare = replace(
        order(shipment=charge("9.95", "0"), billing=germany, shipping=germany,
              company_vat_number="DE136695976"),
        lines=(), price_excl=D("9.95"), price_incl=D("9.95"),
    )  # fmt: skip
    verdict = booked(judge(bare, terms(service_articles=frozenset({"ADVIES"}))))
    assert [one.treatment.kind for one in verdict.lines] == [VatKind.INTRA_COMMUNITY]
