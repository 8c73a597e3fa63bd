"""SEOshop's credit notes: mirrored from their items, negative, at the rates of their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, LineKind, VatKind
from chalicelib.domain.judgement import judge, judge_invoice
from chalicelib.domain.money import round_cents
from chalicelib.domain.orders import Address, Charge, InvoiceItem, TaxAmount
from tests.fakes.documents_of_shop import (
    BELGIUM,
    GERMANY,
    HOME,
    charge,
    invoice,
    item,
    order,
    order_line,
    tax,
    terms,
)
from tests.unit.domain.credited import (
    BOUGHT,
    D,
    all_invoices,
    credit,
    mirrored,
    sold,
)
from tests.unit.domain.verdicts import booked


@pytest.mark.parametrize("sign", ["1", "-1"])
@pytest.mark.parametrize("header", ["1", "-1"])
def test_a_credit_note_is_negative_whatever_sign_seoshop_gives(sign: str, header: str) -> None:
    whole = sold()
    note = credit(str(D(header) * whole.price_excl), str(D(header) * whole.price_incl))
    verdict = booked(judge_invoice(note, mirrored(sign), whole, all_invoices()))
    assert (verdict.excl, verdict.incl) == (-whole.price_excl, -whole.price_incl)
    assert all(one.incl < 0 and one.excl < 0 and one.vat < 0 for one in verdict.lines)
    assert all(one.unit_incl > 0 for one in verdict.lines)


def test_an_order_and_its_credit_note_are_nothing_per_rate() -> None:
    whole = sold()
    note = credit(str(whole.price_excl), str(whole.price_incl))
    order_verdict = booked(judge(whole, terms()))
    verdict = booked(judge_invoice(note, mirrored(), whole, all_invoices()))
    for one, other in zip(order_verdict.totals, verdict.totals, strict=True):
        assert one.treatment == other.treatment
        assert (one.excl, one.vat, one.incl) == (-other.excl, -other.vat, -other.incl)
    pieces = [(one.quantity, one.unit_incl) for one in verdict.lines]
    assert pieces == [(D(-2), D("14.95")), (D(-1), D("21.80")), (D(-1), D("4.95"))]
    product = LineKind.PRODUCT
    assert [one.kind for one in verdict.lines] == [product, product, LineKind.SHIPPING]


def test_a_credit_note_names_its_original_and_has_its_own_day() -> None:
    note = credit("12.36", "14.95")
    verdict = booked(judge_invoice(note, [item("14.95")], sold(), all_invoices()))
    assert verdict.description == "Bestelling ORD00412 creditfactuur INV00399 op factuur INV00398"
    assert (verdict.invoice_number, verdict.credits) == ("INV00399", "INV00398")
    assert verdict.day == date(2027, 1, 5)


def test_a_credit_note_of_this_year_keeps_the_rate_of_its_order_of_2018() -> None:
    old = order(
        order_line("10.60", "0.06"), created_at=datetime.fromisoformat("2018-06-01T12:00:00+02:00")
    )
    verdict = booked(
        judge_invoice(
            credit("10.00", "10.60"),
            [item("10.60", "0.06")],
            replace(old, invoices=(invoice(),)),
            all_invoices(),
        )
    )
    assert verdict.totals[0].treatment.rate == D("0.06")
    assert (verdict.day, verdict.rates_of) == (date(2027, 1, 5), date(2018, 6, 1))


def test_a_fee_for_returning_keeps_pointing_the_other_way() -> None:
    items = [item("24.20"), item("-6.05")]
    verdict = booked(judge_invoice(credit("15.00", "18.15"), items, sold(), all_invoices()))
    assert [one.incl for one in verdict.lines] == [D("-24.20"), D("6.05")]
    assert [(one.quantity, one.unit_incl) for one in verdict.lines] == [
        (D(-1), D("24.20")),
        (D(1), D("6.05")),
    ]
    assert verdict.incl == D("-18.15")


def test_items_priced_by_the_piece_are_recognised_by_the_sum() -> None:
    piece = replace(item("12.10", quantity=2), price_excl=D("10.00"), price_incl=D("12.10"))
    verdict = booked(judge_invoice(credit("20.00", "24.20"), [piece], sold(), all_invoices()))
    assert verdict.lines[0].incl == D("-24.20")
    assert verdict.lines[0].quantity == -2


def test_items_that_do_not_make_the_credit_notes_total_are_held() -> None:
    items = [item("14.95", quantity=2)]
    verdict = judge_invoice(credit("80.00", "96.80"), items, sold(), all_invoices())
    assert isinstance(verdict, Hold)
    assert verdict.reason is HoldReason.TOTALS_DIFFER
    assert verdict.figures["order_incl"] == "-96.80"
    assert verdict.figures["lines_incl"] == "-29.90"


def test_shipping_over_several_rates_is_credited_over_the_same() -> None:
    mixed = charge(
        "6.00", price_excl=D("5.20"), tax_rates=(tax("0.21", "0.5702"), tax("0.09", "0.2236"))
    )
    whole = replace(order(*BOUGHT, shipment=mixed), invoices=(invoice(),))
    parcel = item("6.00", kind="shipment", article_code="", price_excl=D("5.20"))
    verdict = booked(judge_invoice(credit("5.20", "6.00"), [parcel], whole, all_invoices()))
    ordered = [one for one in booked(judge(whole, terms())).lines if one.kind is LineKind.SHIPPING]
    assert [(one.excl, one.vat) for one in verdict.lines] == [
        (-one.excl, -one.vat) for one in ordered
    ]
    half = item("3.00", kind="shipment", article_code="", price_excl=D("2.60"))
    verdict = booked(judge_invoice(credit("2.60", "3.00"), [half], whole, all_invoices()))
    assert [one.treatment.rate for one in verdict.lines] == [D("0.21"), D("0.09")]


def test_shipping_credited_at_one_of_its_rates_keeps_that_rate() -> None:
    mixed = charge(
        "6.00", price_excl=D("5.20"), tax_rates=(tax("0.21", "0.5702"), tax("0.09", "0.2236"))
    )
    whole = replace(order(*BOUGHT, shipment=mixed), invoices=(invoice(),))
    parcel = item("3.00", kind="shipment", article_code="")
    verdict = booked(judge_invoice(credit("2.48", "3.00"), [parcel], whole, all_invoices()))
    assert [one.treatment.rate for one in verdict.lines] == [D("0.21")]


def test_a_cent_of_shipping_keeps_the_rate_of_its_item() -> None:
    cheap = charge("0.10", tax_rates=(tax("0.21", "0.0174"),))
    whole = replace(order(*BOUGHT, shipment=cheap), invoices=(invoice(),))
    parcel = item("0.10", "0.09", kind="shipment", article_code="")
    verdict = booked(judge_invoice(credit("0.09", "0.10"), [parcel], whole, all_invoices()))
    assert verdict.lines[0].treatment.rate == D("0.09")


def test_shipping_that_the_order_did_not_charge_can_be_credited() -> None:
    free = charge("0.00", tax_rates=(tax("0.21", "0"), tax("0.09", "0")))
    whole = replace(order(*BOUGHT, shipment=free), invoices=(invoice(),))
    parcel = item("3.00", kind="shipment", article_code="")
    verdict = booked(judge_invoice(credit("2.48", "3.00"), [parcel], whole, all_invoices()))
    assert verdict.incl == D("-3.00")


def test_a_discount_is_credited_as_it_was_given() -> None:
    cheaper = order_line("14.95", quantity=2, discount="2.99")
    names = ["quantity", "tax_rate", "base_price_excl", "base_price_incl", "discount_excl"]
    names += ["discount_incl", "price_excl", "price_incl"]
    back = replace(item("14.95"), **{name: getattr(cheaper, name) for name in names})
    verdict = booked(judge_invoice(credit("22.24", "26.91"), [back], sold(), all_invoices()))
    (one,) = verdict.lines
    assert (one.quantity, one.unit_excl, one.unit_incl) == (D(-2), D("11.12"), D("13.455"))
    assert (one.excl, one.incl) == (D("-22.24"), D("-26.91"))


@pytest.mark.parametrize("price", ["0.50", "24.20"])
def test_negative_unit_prices_become_negative_quantities(price: str) -> None:
    up = item(price, quantity=2)
    down = replace(
        up,
        base_price_excl=-up.base_price_excl,
        base_price_incl=-up.base_price_incl,
        price_excl=-up.price_excl,
        price_incl=-up.price_incl,
    )
    note = credit(str(up.price_excl), str(up.price_incl))
    for items in ([up], [down]):
        (one,) = booked(judge_invoice(note, items, sold(), all_invoices())).lines
        assert (one.quantity, one.unit_incl) == (D(-2), D(price))
        assert one.unit_excl == up.base_price_excl
        assert one.incl == -up.price_incl


def test_a_free_article_comes_back_too() -> None:
    items = [item("24.20"), item("0.00")]
    verdict = booked(judge_invoice(credit("20.00", "24.20"), items, sold(), all_invoices()))
    assert [one.quantity for one in verdict.lines] == [D(-1), D(-1)]


def test_an_exchange_that_comes_to_nothing_keeps_its_signs() -> None:
    items = [item("24.20"), item("-24.20")]
    verdict = booked(judge_invoice(credit("0.00", "0.00"), items, sold(), all_invoices()))
    assert [one.incl for one in verdict.lines] == [D("24.20"), D("-24.20")]


def test_the_original_may_be_handed_in() -> None:
    elsewhere = invoice("INV00001")
    verdict = booked(
        judge_invoice(
            credit("20.00", "24.20"), [item("24.20")], sold(), all_invoices(), original=elsewhere
        )
    )
    assert verdict.credits == "INV00001"


def test_a_credit_note_that_refers_to_nothing_takes_the_orders_invoice() -> None:
    two = (invoice("INV00397", id=1), invoice("INV00396", id=2))
    note = credit("20.00", "24.20", original_id=None)
    for invoices, original in ((two[:1], "INV00397"), (two, "INV00396")):
        whole = replace(sold(), invoices=invoices)
        assert (
            booked(judge_invoice(note, [item("24.20")], whole, all_invoices())).credits == original
        )


@pytest.mark.parametrize("original_id", [None, 1])
def test_a_credit_note_without_any_original_is_held(original_id: int | None) -> None:
    note = credit("20.00", "24.20", original_id=original_id)
    whole = replace(sold(), invoices=() if original_id is None else sold().invoices)
    assert judge_invoice(note, [item("24.20")], whole, all_invoices()) == Hold(
        HoldReason.CREDIT_WITHOUT_ORIGINAL, "INV00399"
    )


def test_a_credit_note_of_a_shifted_invoice_is_shifted_too() -> None:
    bill = invoice(is_vat_shifted=True)
    whole = order(order_line("10.00", "0"), company_vat_number="NL004495445B01", invoices=(bill,))
    note = credit("10.00", "10.00")
    verdict = booked(judge_invoice(note, [item("10.00", "0")], whole, all_invoices()))
    assert verdict.lines[0].treatment.kind is VatKind.REVERSE_CHARGE


@pytest.mark.parametrize(
    ("services", "kind"),
    [(set(), VatKind.INTRA_COMMUNITY), ({"ADVIES"}, VatKind.REVERSE_CHARGE)],
    ids=["goods", "services"],
)
def test_shipping_that_is_credited_alone_follows_what_was_ordered(
    services: set[str], kind: VatKind
) -> None:
    whole = order(
        order_line("100.00", "0", article_code="ADVIES"), shipment=charge("9.95", "0"),
        billing=GERMANY, shipping=GERMANY, company_vat_number="DE136695976",
    )  # fmt: skip
    whole = replace(whole, invoices=(invoice(),))
    parcel = item("9.95", "0", kind="shipment", article_code="")
    note = credit("9.95", "9.95")
    conditions = all_invoices(service_articles=frozenset(services))
    verdict = booked(judge_invoice(note, [parcel], whole, conditions))
    assert [one.treatment.kind for one in verdict.lines] == [kind]


def test_a_part_of_shipping_whose_vat_is_in_whole_cents_is_credited_over_the_same_rates() -> None:
    taxes = (tax("0.21", "0.70"), tax("0.09", "0.20"))
    parcel = charge("6.50", price_excl=D("5.60"), tax_rates=taxes)
    whole = replace(order(order_line("24.20"), shipment=parcel), invoices=(invoice(),))
    back = item("4.33", kind="shipment", article_code="", price_excl=D("3.73"))
    note = credit("3.73", "4.33")
    lines = booked(judge_invoice(note, [back], whole, all_invoices())).lines
    assert [(one.treatment.rate, one.excl, one.vat) for one in lines] == [
        (D("0.21"), D("-2.25"), D("-0.47")),
        (D("0.09"), D("-1.48"), D("-0.13")),
    ]


LISTED = (tax("0.21", "2.10"), tax("0", "0"))


def credit_part(charged: Charge, back: InvoiceItem, **facts: Any) -> Invoice:
    """The credit note over a part of an order's shipping, or all of it."""
    whole = replace(order(order_line("24.20"), shipment=charged, **facts), invoices=(invoice(),))
    note = credit(str(abs(back.price_excl)), str(abs(back.price_incl)))
    return booked(judge_invoice(note, [back], whole, all_invoices()))


def shipped_back(excl: Decimal, incl: Decimal) -> InvoiceItem:
    return item(str(incl), kind="shipment", article_code="", price_excl=excl, base_price_excl=excl)


@pytest.mark.parametrize("country", [HOME, BELGIUM], ids=["NL", "BE"])
@pytest.mark.parametrize("taxes", [LISTED, LISTED[::-1]], ids=["last", "first"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_rate_of_nothing_that_had_no_part_in_the_shipping_has_none_in_what_comes_back(
    country: Address, taxes: tuple[TaxAmount, ...], sign: int
) -> None:
    shipping = charge("12.12", price_excl=D("10.02"), tax_rates=taxes)
    for cents in (1, 5, 100, 378, 401, 453, 606, 711, 1010, 1111, 1212):
        incl = D(cents) / 100
        excl = round_cents(incl * D("10.02") / D("12.12"))
        back = shipped_back(sign * excl, sign * incl)
        [line] = credit_part(shipping, back, billing=country, shipping=country).lines
        assert (line.excl, line.incl) == (-excl, -incl)
        assert line.treatment.rate == D("0.21")
        assert "btw" not in line.description


def test_the_part_of_shipping_without_vat_comes_back_without_vat() -> None:
    taxes = (tax("0.21", "0.50"), tax("0", "0"))
    shipping = charge("5.00", price_excl=D("4.50"), tax_rates=taxes)
    whole = credit_part(shipping, shipped_back(D("4.50"), D("5.00"))).lines
    assert [(one.excl, one.vat) for one in whole] == [
        (D("-2.38"), D("-0.50")),
        (D("-2.12"), D("0.00")),
    ]
    half = credit_part(shipping, shipped_back(D("2.25"), D("2.50"))).lines
    assert [(one.excl, one.vat) for one in half] == [
        (D("-1.19"), D("-0.25")),
        (D("-1.06"), D("0.00")),
    ]
