"""Invoices built by hand, as small as a test needs them."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.domain.invoices import (
    Debtor,
    DebtorAddress,
    Invoice,
    InvoiceLine,
    LineKind,
    RateTotal,
    VatKind,
    VatTreatment,
)
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnBox, ReturnPlace

HIGH = VatTreatment(
    rate=Decimal("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL"
)
LOW = VatTreatment(
    rate=Decimal("0.06"), vat_class=VatClass.LOW, kind=VatKind.DOMESTIC, country="NL"
)
EXPORT = VatTreatment(rate=Decimal(0), vat_class=VatClass.NONE, kind=VatKind.EXPORT, country="CH")


def a_line(
    index: int = 1, excl: str = "20.00", treatment: VatTreatment = HIGH, **changes: Any
) -> InvoiceLine:
    net = Decimal(excl)
    vat = (net * treatment.rate).quantize(Decimal("0.01"))
    line = InvoiceLine(
        index=index,
        kind=LineKind.PRODUCT,
        article_code="SKU-1",
        description="Voorbeeldartikel",
        quantity=Decimal(2),
        unit_excl=net / 2,
        unit_incl=(net + vat) / 2,
        treatment=treatment,
        place=ReturnPlace(box=ReturnBox.GENERAL),
        excl=net,
        vat=vat,
        incl=net + vat,
    )
    return dataclasses.replace(line, **changes)


def an_address(role: str = "invoice", **changes: Any) -> DebtorAddress:
    address = DebtorAddress(
        role=role,
        attention="",
        street="Dorpsstraat",
        line2="",
        number="1",
        suffix="A",
        postal_code="1234 AB",
        city="Naarden",
        region="",
        country="NL",
    )
    return dataclasses.replace(address, **changes)


def a_debtor(**changes: Any) -> Debtor:
    debtor = Debtor(
        external_id=2000001,
        email="j.jansen@example.com",
        name="J. Jansen",
        firstname="J.",
        middlename="",
        lastname="Jansen",
        company="",
        phone="",
        vat_number="",
        coc_number="",
        addresses=(an_address(),),
    )
    return dataclasses.replace(debtor, **changes)


def an_invoice(number: int = 33, lines: tuple[InvoiceLine, ...] = (), **changes: Any) -> Invoice:
    lines = lines or (a_line(),)
    excl = sum((line.excl for line in lines), Decimal(0))
    vat = sum((line.vat for line in lines), Decimal(0))
    invoice = Invoice(
        order_id=9000 + number,
        order_number=f"ORD{number:06}",
        invoice_number=f"INV{number + 4:06}",
        credits=None,
        day=date(2014, 11, 9),
        rates_of=date(2014, 11, 8),
        description=f"Bestelling ORD{number:06} factuur INV{number + 4:06}",
        currency="EUR",
        payment_code="IDEAL",
        payment_method="ideal",
        debtor=a_debtor(),
        lines=lines,
        totals=(RateTotal(treatment=lines[0].treatment, excl=excl, vat=vat, incl=excl + vat),),
        excl=excl,
        vat=vat,
        incl=excl + vat,
    )
    return dataclasses.replace(invoice, **changes)


def negated(invoice: Invoice) -> Invoice:
    """The credit note of an invoice."""
    lines = tuple(
        dataclasses.replace(
            line, quantity=-line.quantity, excl=-line.excl, vat=-line.vat, incl=-line.incl
        )
        for line in invoice.lines
    )
    return dataclasses.replace(
        invoice,
        invoice_number="CRE000001",
        credits=invoice.invoice_number,
        lines=lines,
        excl=-invoice.excl,
        vat=-invoice.vat,
        incl=-invoice.incl,
    )
