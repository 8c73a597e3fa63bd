"""What a list, or the whole order, tells of a booked document."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.changes import details_change, invoice_change, order_change
from chalicelib.domain.fingerprint import (
    Prints,
    derive_key,
    invoice_summary_print,
    source_print,
    summary_print,
)
from chalicelib.domain.orders import (
    Address,
    InvoiceStatus,
    Order,
    OrderSummary,
    PaymentStatus,
    ShopInvoice,
)
from chalicelib.domain.policy import Policy
from tests.fakes.documents_of_shop import HOME, MADE, charge, invoice, order, order_line, tax

KEY = derive_key("a secret", 184520)
PAID_ONLY, ON_ACCOUNT = Policy(), Policy(on_account=True)
PAYMENTS = ("not_paid", "partially_paid", "paid")


def booked(document: Order | ShopInvoice) -> Prints:
    if isinstance(document, ShopInvoice):
        summary, source = invoice_summary_print(document, KEY), ""
    else:
        summary, source = summary_print(document, KEY), source_print(document, KEY)
    return Prints(key=KEY, summary=summary, source=source, content="c")


def listed(one: Order) -> OrderSummary:
    return OrderSummary(**{name: getattr(one, name) for name in OrderSummary.__dataclass_fields__})


def find_change(before: str, after: str, policy: Policy, **changes: Any) -> str | None:
    sold = order(payment_status=before)
    now = replace(sold, payment_status=PaymentStatus(after), **changes)
    return order_change(listed(now), booked(sold), policy)


@pytest.mark.parametrize("after", PAYMENTS)
@pytest.mark.parametrize("before", PAYMENTS)
def test_a_sale_on_account_does_not_hang_on_its_payment(before: str, after: str) -> None:
    assert find_change(before, after, ON_ACCOUNT) is None
    assert find_change(before, after, ON_ACCOUNT, price_incl=Decimal("99.00")) == "edited"
    assert find_change(before, after, ON_ACCOUNT, status="cancelled") == "cancelled"


@pytest.mark.parametrize("after", PAYMENTS)
@pytest.mark.parametrize("before", ["not_paid", "partially_paid"])
def test_what_was_booked_on_account_stays_so_when_the_shop_no_longer_does(
    before: str, after: str
) -> None:
    assert find_change(before, after, PAID_ONLY) is None


@pytest.mark.parametrize(
    ("after", "change"), [("paid", None), ("partially_paid", "partly_paid"), ("not_paid", "unpaid")]
)
def test_a_paid_sale_that_is_no_longer_paid_differs_by_how_much(
    after: str, change: str | None
) -> None:
    assert find_change("paid", after, PAID_ONLY) == change


def test_a_dearer_order_that_is_thereby_paid_in_part_is_no_unpaid_one() -> None:
    dearer = {"price_incl": Decimal("99.00")}
    assert find_change("paid", "partially_paid", PAID_ONLY, **dearer) == "partly_paid"
    assert find_change("paid", "paid", PAID_ONLY, **dearer) == "edited"


def test_an_invoice_that_is_paid_did_not_change() -> None:
    bill = invoice(status="not_paid")
    for now, change in (
        (replace(bill, status=InvoiceStatus.PAID, updated_at=MADE.replace(year=2027)), None),
        (replace(bill, status=InvoiceStatus.CANCELLED), "cancelled"),
        (replace(bill, price_incl=Decimal("24.21")), "edited"),
        (replace(bill, price_excl=Decimal("20.01")), "edited"),
    ):
        assert invoice_change(now, booked(bill)) == change


@pytest.mark.parametrize(
    "edited",
    [
        order(shipping=replace(HOME, country="BE")),
        order(billing=Address(), shipping=replace(HOME, country="BE")),
        order(email="ander@example.nl"),
        order(email=""),
        order(company_vat_number="NL004495445B01"),
        order(order_line("24.20", article_code="ANDER")),
        order(order_line("24.20", title="Andere mok")),
        order(order_line("12.10", quantity=2)),
        order(order_line("24.20", tax_rates=(tax("0.21", "2.10"), tax("0.09", "2.10")))),
        order(order_line("24.20", tax_rate=Decimal("0.09"))),
        order(shipment=charge("4.95")),
        order(is_pickup=True),
    ],
)
def test_other_details_are_a_change_whatever_the_total(edited: Order) -> None:
    assert details_change(edited, booked(order())) == "details"


@pytest.mark.parametrize(
    "same",
    [
        order(status="completed_shipped", updated_at=MADE.replace(year=2027)),
        order(invoices=(invoice(),)),
        order(email=" S.DeVries@Example.NL "),
        order(phone="0612345678"),
        order(order_line("24.20", price_incl=Decimal("24.2"))),
        order(payment_status="partially_paid"),
        order(payment_id="wero"),
    ],
)
def test_what_does_not_matter_to_the_books_is_no_change(same: Order) -> None:
    assert details_change(same, booked(order())) is None


def test_another_carrier_at_the_same_price_is_no_change() -> None:
    sold = order(shipment=charge("4.95", title="PostNL"))
    assert details_change(order(shipment=charge("4.95", title="DHL")), booked(sold)) is None


def test_an_invoice_of_the_shops_own_has_no_details_to_compare() -> None:
    assert details_change(order(email=""), booked(invoice())) is None
