"""Sales that SEOshop invoiced and credited, for shops that export all of its invoices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.judgement import Terms
from chalicelib.domain.orders import InvoiceItem, Order, ShopInvoice
from chalicelib.domain.policy import Source
from tests.fakes.documents_of_shop import charge, invoice, item, order, order_line, terms

D = Decimal
BOUGHT = (order_line("14.95", quantity=2), order_line("21.80", "0.09"))
SHIPPING = charge("4.95")
LATER = datetime.fromisoformat("2027-01-05T09:00:00+01:00")


def all_invoices(**policy: Any) -> Terms:
    return terms(source=Source.INVOICES, **policy)


def sold(**changes: Any) -> Order:
    whole = order(*BOUGHT, shipment=SHIPPING, **changes)
    bill = invoice(price_excl=whole.price_excl, price_incl=whole.price_incl)
    return replace(whole, invoices=(bill,))


def credit(excl: str, incl: str, **changes: Any) -> ShopInvoice:
    facts = {"id": 332000499, "is_credit_note": True, "created_at": LATER, "original_id": 332000498}
    return invoice("INV00399", price_excl=D(excl), price_incl=D(incl), **(facts | changes))


def mirrored(sign: str = "1") -> list[InvoiceItem]:
    """The items of a credit note over the whole order, as SEOshop would list them."""
    s = D(sign)
    parcel = item(
        "4.95", kind="shipment", title="_shippingcosts_", variant="PostNL", article_code=""
    )
    items = (item("14.95", quantity=2), item("21.80", "0.09"), parcel)
    return [
        replace(one, price_excl=s * one.price_excl, price_incl=s * one.price_incl) for one in items
    ]
