"""Creates orders from forms, as customers do in a webshop; the real API cannot do that."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.seoshop.models import Contact, Customer, Line, Order
from sandbox.seoshop.platform_store import Store
from sandbox.seoshop.pricing import ZERO, Price, cents, price, price_mixed, spread
from sandbox.seoshop.specs import (
    COST_KEYS,
    LINE_KEYS,
    ORDER_KEYS,
    Form,
    check_keys,
    contact,
    decimal,
    moment,
    optional_decimal,
)
from sandbox.seoshop.webshop import Shop

INVOICE_MODES = ("now", "late", "never", "on_paid")
NOTHING: Form = {"priceIncl": 0}


def build_order(store: Store, shop: Shop, form: Form, now: datetime) -> Order:
    """Create an unpaid order in a shop; ValueError names what is wrong in the form."""
    check_keys(form, ORDER_KEYS, "order")
    created = moment(form["created_at"]) if form.get("created_at") else now
    if form.get("number") and form["number"] in shop.numbers:
        raise ValueError(f"shop {shop.id} has an order {form['number']} already")
    lines = _lines(store, shop, form)
    person, customer = _customer(store, shop, form, created)
    method, title = _payment(shop, form)
    shipping = form.get("shipping") or NOTHING
    mode = form.get("invoice") or shop.invoice_mode
    if mode not in INVOICE_MODES:
        raise ValueError(f"invoice is one of {', '.join(INVOICE_MODES)}, not {mode!r}")
    order = Order(
        store.next_id("order"),
        shop.id,
        shop.next_number("order", form.get("number")),
        created,
        created,
        person,
        customer,
        lines,
        shipping=cost(shop, shipping),
        shipping_title=shipping.get("title", "PostNL pakket"),
        payment=cost(shop, form.get("payment_cost") or NOTHING),
        payment_id=method,
        payment_title=title,
        invoice_mode=mode,
        invoice_number=form.get("invoice_number"),
        coupon=dict(form.get("coupon") or {}),
        comment=form.get("comment", ""),
        payment_reference=form.get("payment_reference", ""),
        overrides=dict(form.get("overrides") or {}),
    )
    order.status = form.get("status", order.status)
    shop.orders[order.id] = order
    shop.numbers.add(order.number)
    return order


def cost(shop: Shop, form: Form) -> Price:
    """Price shipping or payment costs: one rate, or ``split`` as pairs of rate and share."""
    check_keys(form, COST_KEYS, "cost")
    if form.get("split"):
        shares = [(decimal(rate, "rate"), decimal(part, "share")) for rate, part in form["split"]]
        return price_mixed(decimal(form["priceIncl"], "priceIncl"), shares)
    rate = decimal(form.get("rate", shop.taxes[0]), "rate")
    return price(
        shop.includes_vat,
        rate,
        1,
        unit_incl=optional_decimal(form, "priceIncl"),
        unit_excl=optional_decimal(form, "priceExcl"),
    )


def make_line(store: Store, shop: Shop, form: Form, extra_discount: Decimal = ZERO) -> Line:
    """Make one order line; discounts are on the shop's own side of VAT, for the whole line."""
    check_keys(form, LINE_KEYS, "line")
    quantity = form.get("quantity", 1)
    if not isinstance(quantity, int) or quantity < 1:
        raise ValueError(f"quantity is a whole number from 1, not {quantity!r}")
    rate = decimal(form.get("rate", shop.taxes[0]), "rate")
    discount = decimal(form.get("discount", 0), "discount") + extra_discount
    number = store.next_id("line")
    return Line(
        number,
        form.get("title", "Artikel"),
        form.get("variant", "Default"),
        form.get("brand", ""),
        form.get("code", f"ART-{number % 10000:04d}"),
        form.get("ean", ""),
        quantity,
        rate,
        price(
            shop.includes_vat,
            rate,
            quantity,
            unit_incl=optional_decimal(form, "priceIncl"),
            unit_excl=optional_decimal(form, "priceExcl"),
            discount=discount,
        ),
        product_id=store.next_id("product"),
        variant_id=None if form.get("free_line") else store.next_id("variant"),
        overrides=dict(form.get("overrides") or {}),
    )


def _lines(store: Store, shop: Shop, form: Form) -> list[Line]:
    forms: list[Form] = list(form.get("lines") or ())
    if not forms:
        raise ValueError("an order needs lines")
    plain = [make_line(store, shop, each) for each in forms]
    coupon: dict[str, Any] = dict(form.get("coupon") or {})
    if not coupon:
        return plain
    totals = [line.price.incl if shop.includes_vat else line.price.excl for line in plain]
    if "percentage" in coupon:
        share = decimal(coupon["percentage"], "percentage") / 100
        parts = [cents(total * share) for total in totals]
    else:
        parts = spread(decimal(coupon["amount"], "amount"), totals)
    return [make_line(store, shop, each, part) for each, part in zip(forms, parts, strict=True)]


def _payment(shop: Shop, form: Form) -> tuple[str, str]:
    if form.get("payment_id") is not None:
        return form["payment_id"], form.get("payment_title", form["payment_id"])
    wanted = form.get("payment") or shop.methods[0].key
    method = shop.method(wanted)
    if method is None:
        names = ", ".join(each.key for each in shop.methods)
        raise ValueError(f"shop {shop.id} has no payment method {wanted!r}; it has {names}")
    return method.key, method.title


def _customer(store: Store, shop: Shop, form: Form, now: datetime) -> tuple[Contact, int | None]:
    given = form.get("customer")
    person = contact(given or {})
    if given is False or form.get("guest"):
        return person, None
    wanted = (given or {}).get("id")
    email = person.email.casefold()
    number = wanted or (shop.by_email.get(email) if email else None)
    if number is None or number not in shop.customers:
        number = store.claim_id("customer", wanted) if wanted else store.next_id("customer")
        shop.customers[number] = Customer(number, now, now, person)
        if email:
            shop.by_email[email] = number
    return person, number
