"""What a file costs: rendering and reading back, as multiples of a bare string join.

Ratios of two things measured in one run say the same on any machine; milliseconds do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.invoices import (
    Debtor,
    DebtorAddress,
    Invoice,
    InvoiceLine,
    LineKind,
    VatKind,
    VatTreatment,
)
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnBox, ReturnPlace

PROFILE = Path(__file__).resolve().parents[1] / "templates" / "axml" / "reconstructed-1.4"
ORDERS = 1000
ROUNDS = 7
_HIGH = VatTreatment(
    rate=Decimal("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL"
)


def main() -> None:
    """Print the ratios: render and verify to a join, and 4,000 orders to 1,000."""
    profile = load_profile(PROFILE)
    invoices = [_invoice(number) for number in range(ORDERS)]
    more = [_invoice(number) for number in range(4 * ORDERS)]
    content = render(profile, invoices)
    join, rendering, reading, fourfold = _best(
        lambda: _joined(invoices),
        lambda: render(profile, invoices),
        lambda: verify(profile, content, invoices),
        lambda: render(profile, more),
    )
    print(f"render, {ORDERS} orders x 3 lines, {len(content) / 1e6:.1f} MB:")
    print(f"  string join        1.0   ({join * 1000:.0f} ms)")
    print(f"  render            {rendering / join:4.1f}   ({rendering * 1000:.0f} ms)")
    print(f"  verify            {reading / join:4.1f}   ({reading * 1000:.0f} ms)")
    print(f"  render, 4 x orders {fourfold / rendering:.1f} times the time of 1 x")


def _best(*actions: Callable[[], object]) -> list[float]:
    """The shortest of several times of each action, in seconds. The actions take turns, so that
    a busy moment of the machine falls on all of them.
    """
    best = [float("inf")] * len(actions)
    for _ in range(ROUNDS):
        for place, action in enumerate(actions):
            start = time.perf_counter()
            action()
            best[place] = min(best[place], time.perf_counter() - start)
    return best


def _joined(invoices: Sequence[Invoice]) -> bytes:
    """The same file by hand, without any of the profile's choices: the floor."""
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n<Asperion version="1.4">\n  <Orders>\n']
    for invoice in invoices:
        parts.append(
            f"    <Order>\n      <OrderNumber>{escape(invoice.order_number)}</OrderNumber>\n"
            f"      <OrderDate>{invoice.day.isoformat()}</OrderDate>\n"
            f"      <Description>{escape(invoice.description)}</Description>\n"
            f"      <Currency>{escape(invoice.currency)}</Currency>\n"
            f"      <PaymentCode>{escape(invoice.payment_code or '')}</PaymentCode>\n"
        )
        parts.append(_joined_debtor(invoice.debtor))
        parts.extend(_joined_line(line) for line in invoice.lines)
        parts.append("    </Order>\n")
    parts.append("  </Orders>\n</Asperion>\n")
    return "".join(parts).encode("utf-8")


def _joined_debtor(debtor: Debtor) -> str:
    address = debtor.addresses[0]
    return (
        f"      <Debtor>\n        <Number>{debtor.external_id}</Number>\n"
        f"        <Email>{escape(debtor.email)}</Email>\n"
        f"        <Name>{escape(debtor.name)}</Name>\n        <Address>\n"
        f"          <Type>{escape(address.role)}</Type>\n"
        f"          <Street>{escape(address.street)}</Street>\n"
        f"          <HouseNumber>{escape(address.number)}</HouseNumber>\n"
        f"          <HouseNumberSuffix>{escape(address.suffix)}</HouseNumberSuffix>\n"
        f"          <PostalCode>{escape(address.postal_code)}</PostalCode>\n"
        f"          <City>{escape(address.city)}</City>\n"
        f"          <CountryCode>{escape(address.country)}</CountryCode>\n"
        "        </Address>\n      </Debtor>\n"
    )


def _joined_line(line: InvoiceLine) -> str:
    return (
        f"      <Orderline>\n        <LineNumber>{line.index}</LineNumber>\n"
        f"        <ArticleCode>{escape(line.article_code)}</ArticleCode>\n"
        f"        <Description>{escape(line.description)}</Description>\n"
        f"        <Quantity>{line.quantity}</Quantity>\n"
        f"        <UnitPriceExcl>{line.unit_excl:.4f}</UnitPriceExcl>\n"
        f"        <UnitPriceIncl>{line.unit_incl:.4f}</UnitPriceIncl>\n"
        f"        <VatPercentage>{line.treatment.rate * 100:.2f}</VatPercentage>\n"
        f"        <LineTotalExcl>{line.excl}</LineTotalExcl>\n"
        f"        <LineVat>{line.vat}</LineVat>\n"
        f"        <LineTotalIncl>{line.incl}</LineTotalIncl>\n      </Orderline>\n"
    )


def _invoice(number: int) -> Invoice:
    lines = tuple(_make_line(index) for index in (1, 2, 3))
    return Invoice(
        order_id=number,
        order_number=f"ORD{number:06}",
        invoice_number=f"INV{number:06}",
        credits=None,
        day=date(2015, 6, 30),
        rates_of=date(2015, 6, 30),
        description=f"Bestelling ORD{number:06} factuur INV{number:06}",
        currency="EUR",
        payment_code="IDEAL",
        payment_method="ideal",
        debtor=_debtor(number),
        lines=lines,
        totals=(),
        excl=Decimal("60.00"),
        vat=Decimal("12.60"),
        incl=Decimal("72.60"),
    )


def _make_line(index: int) -> InvoiceLine:
    return InvoiceLine(
        index=index,
        kind=LineKind.PRODUCT,
        article_code=f"SKU-{index}",
        description="Voorbeeldartikel & meer",
        quantity=Decimal(2),
        unit_excl=Decimal("10.0000"),
        unit_incl=Decimal("12.1000"),
        treatment=_HIGH,
        place=ReturnPlace(box=ReturnBox.GENERAL),
        excl=Decimal("20.00"),
        vat=Decimal("4.20"),
        incl=Decimal("24.20"),
    )


def _debtor(number: int) -> Debtor:
    address = DebtorAddress(
        role="invoice",
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
    return Debtor(
        external_id=2000000 + number,
        email=f"klant{number}@example.com",
        name="J. Jansen",
        firstname="J.",
        middlename="",
        lastname="Jansen",
        company="",
        phone="",
        vat_number="",
        coc_number="",
        addresses=(address,),
    )


if __name__ == "__main__":
    main()
