"""What comes of orders: hypothesis strategies of sales abroad, wrong totals and credit notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.invoices import VatKind
from chalicelib.domain.orders import InvoiceItem, InvoiceStatus, Order, ShopInvoice
from tests.books.strategies import BREXIT, D, orders

NUMBERS = {"BE": "BE0403170701", "DE": "DE136695976", "FR": "FR40303265045", "XI": "XI980780684"}
OUTSIDE = {"CH": "8001", "NO": "0150", "US": "10001", "GB": "SW1A 1AA"}


@dataclass(frozen=True)
class Abroad:
    """An order that leaves the country without VAT, and why that is right."""

    order: Order
    kind: VatKind


@st.composite
def abroad(draw: st.DrawFn) -> Abroad:
    """Goods to a business in the EU or Northern Ireland, or to anybody outside the EU."""
    without = (D(0),)
    if draw(st.booleans()):
        country = draw(st.sampled_from(sorted(OUTSIDE)))
        since = BREXIT if country == "GB" else date(2012, 1, 2)
        sold = orders(country=country, postal_code=OUTSIDE[country], rates=without, since=since)
        return Abroad(draw(sold), VatKind.EXPORT)
    member = draw(st.sampled_from(sorted(NUMBERS)))
    where: dict[str, Any] = {"country": member}
    if member == "XI":
        where = {"country": "GB", "postal_code": "BT1 5GS", "since": BREXIT}
    sold = orders(vat_number=NUMBERS[member], rates=without, **where)
    return Abroad(draw(sold), VatKind.INTRA_COMMUNITY)


@st.composite
def part_credit(
    draw: st.DrawFn, order: Order
) -> tuple[ShopInvoice, list[InvoiceItem], ShopInvoice]:
    """SEOshop's credit note over some of an order, perhaps over its shipping only."""
    note, items, original = whole_credit(order, draw(st.sampled_from([1, -1])))
    kept = draw(st.lists(st.sampled_from(items), min_size=1, unique_by=lambda one: one.id))
    totals: dict[str, Any] = {
        name: sum((getattr(item, name) for item in kept), D(0))
        for name in ("price_excl", "price_incl")
    }
    part = replace(note, price_excl=totals["price_excl"], price_incl=totals["price_incl"])
    return part, kept, original


@st.composite
def nearly_closing(draw: st.DrawFn, most: int = 5) -> Order:
    """An order whose total is off by up to `most` cents, as when a shop rounds on the total."""
    order = draw(orders())
    off = st.integers(-most, most)
    return replace(
        order,
        price_excl=order.price_excl + D(draw(off)) / 100,
        price_incl=order.price_incl + D(draw(off)) / 100,
    )


def whole_credit(order: Order, sign: int) -> tuple[ShopInvoice, list[InvoiceItem], ShopInvoice]:
    """SEOshop's credit note over all of an order, with the sign it gives; its original."""
    facts: dict[str, Any] = {
        "created_at": order.created_at + timedelta(days=30),
        "updated_at": order.updated_at + timedelta(days=30),
        "status": InvoiceStatus.PAID,
        "price_excl": order.price_excl * sign,
        "price_incl": order.price_incl * sign,
        "order_id": order.id,
    }
    note = ShopInvoice(id=2, number="INV2", is_credit_note=True, original_id=1, **facts)
    original = replace(note, id=1, number="INV1", is_credit_note=False, original_id=None)
    shared = ("title", "tax_rate", "price_excl", "price_incl")
    items = [
        InvoiceItem(
            id=at,
            kind="product",
            variant=line.variant,
            article_code=line.article_code,
            quantity=line.quantity,
            base_price_excl=line.base_price_excl,
            base_price_incl=line.base_price_incl,
            discount_excl=line.discount_excl,
            discount_incl=line.discount_incl,
            **{name: getattr(line, name) for name in shared},
        )
        for at, line in enumerate(order.lines)
    ]
    for kind, charge in (("shipment", order.shipment), ("payment", order.payment)):
        if charge.price_incl or charge.price_excl:
            items.append(
                InvoiceItem(
                    id=len(items),
                    kind=kind,
                    variant=charge.title,
                    quantity=D(1),
                    base_price_excl=charge.price_excl,
                    base_price_incl=charge.price_incl,
                    **{name: getattr(charge, name) for name in shared},
                )
            )
    signed = [
        replace(one, price_excl=one.price_excl * sign, price_incl=one.price_incl * sign)
        for one in items
    ]
    return note, signed, original
