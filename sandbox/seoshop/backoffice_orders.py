"""The back office: the list of orders, one order, and what a merchant does to them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from sandbox.seoshop.appcenter import shop_or_404
from sandbox.seoshop.document_fields import order_totals
from sandbox.seoshop.models import Order
from sandbox.seoshop.pricing import add_taxes
from sandbox.seoshop.resource_links import COUNTRIES
from sandbox.seoshop.shop_platform import Platform, current
from sandbox.seoshop.webshop import Shop

backoffice = Blueprint("backoffice", __name__, url_prefix="/backoffice/<int:number>")
PAGE = 50
ROWS = 3
DEEDS: dict[str, tuple[str, Callable[[Platform, Shop, Order], object]]] = {
    "paid": ("op betaald gezet", lambda p, shop, order: p.desk.paid(shop, order)),
    "not_paid": ("op niet betaald gezet", lambda p, shop, order: p.desk.not_paid(shop, order)),
    "ship": ("verzonden", lambda p, shop, order: p.desk.ship(shop, order)),
    "cancel": ("geannuleerd", lambda p, shop, order: p.desk.cancel(shop, order)),
    "invoice": ("gefactureerd", lambda p, shop, order: p.desk.invoice(shop, order, {})),
    "credit": ("gecrediteerd", lambda p, shop, order: p.desk.credit(shop, order, {})),
}


def customer_name(order: Order) -> str:
    """Return the company or the person who ordered."""
    who = order.contact
    return who.company or " ".join(filter(None, (who.firstname, who.middlename, who.lastname)))


@backoffice.get("")
@backoffice.get("/orders")
def orders(number: int) -> str:
    """List the orders, newest first; ``?q=`` searches number, name and e-mail."""
    asked, page = request.args.get("q", "").strip(), request.args.get("page", 1, type=int)
    with current().store.lock:
        shop = shop_or_404(number)
        found = [each for each in reversed(shop.orders.values()) if _fits(each, asked)]
        rows = [
            {
                "order": each,
                "name": customer_name(each),
                "totals": shown_totals(each),
                "invoices": shop.order_invoices.get(each.id, []),
            }
            for each in found[(page - 1) * PAGE : page * PAGE]
        ]
        return render_template(
            "orders.html",
            shop=shop,
            rows=rows,
            count=len(found),
            q=asked,
            page=page,
            pages=-(-len(found) // PAGE),
            tab="orders",
        )


def shown_totals(order: Order) -> tuple[Any, Any]:
    """Return the totals as the order's document gives them, broken ones included."""
    excl, incl = order_totals(order)
    return order.overrides.get("priceExcl", excl), order.overrides.get("priceIncl", incl)


def _fits(order: Order, asked: str) -> bool:
    text = f"{order.number} {customer_name(order)} {order.contact.email}"
    return asked.casefold() in text.casefold()


def order_or_404(shop: Shop, identity: int) -> Order:
    """Return an order of a shop, or answer with the page for what does not exist."""
    order = shop.orders.get(identity)
    if order is None:
        abort(404)
    return order


@backoffice.get("/orders/<int:identity>")
def order_page(number: int, identity: int) -> str:
    """Show one order: lines, VAT, invoices, log."""
    with current().store.lock:
        shop = shop_or_404(number)
        order = order_or_404(shop, identity)
        prices = [line.price for line in order.lines] + [order.shipping, order.payment]
        taxes = add_taxes([price.taxes for price in prices if price.incl])
        return render_template(
            "order.html",
            shop=shop,
            order=order,
            name=customer_name(order),
            taxes=taxes,
            totals=shown_totals(order),
            invoices=shop.order_invoices.get(order.id, []),
            events=shop.order_events.get(order.id, [])[::-1],
            tab="orders",
        )


@backoffice.post("/do")
def act(number: int) -> Response:
    """Do ``deed`` to all orders in ``order``, then redirect to the page of the button."""
    deed, platform = request.form.get("deed", ""), current()
    if deed not in DEEDS:
        abort(400)
    words, action = DEEDS[deed]
    done = []
    with platform.store.lock:
        shop = shop_or_404(number)
        for identity in request.form.getlist("order", type=int):
            order = order_or_404(shop, identity)
            try:
                action(platform, shop, order)
            except ValueError:
                flash(f"{order.number} kan niet worden {words}.", "bad")
            else:
                done.append(order.number)
    if done:
        shown = ", ".join(done) if len(done) < 4 else f"{len(done)} bestellingen"
        flash(f"{shown} {words}.", "good")
    elif not request.form.getlist("order"):
        flash("Kies eerst een of meer bestellingen.", "bad")
    back, home = request.form.get("back", ""), f"/backoffice/{number}"
    return redirect(back if back.startswith(home) else home)


@backoffice.post("/orders/<int:identity>/credit-lines")
def credit_lines(number: int, identity: int) -> Response:
    """Credit the pieces typed beside the lines, and the costs when ticked."""
    platform = current()
    with platform.store.lock:
        shop = shop_or_404(number)
        order = order_or_404(shop, identity)
        pieces = [
            {"id": line.id, "quantity": request.form.get(f"line{line.id}", 0, type=int)}
            for line in order.lines
        ]
        chosen = [each for each in pieces if each["quantity"]]
        form = {"lines": chosen, "costs": bool(request.form.get("costs"))}
        try:
            if chosen:
                note = platform.desk.credit(shop, order, form)
                flash(f"Creditfactuur {note.number} is gemaakt.", "good")
            else:
                flash("Vul bij een of meer regels in hoeveel u crediteert.", "bad")
        except ValueError as error:
            flash(f"Crediteren lukt niet: {error}.", "bad")
    return redirect(f"/backoffice/{number}/orders/{identity}")


@backoffice.get("/new")
def new_order(number: int) -> str:
    """Show the form for a new order."""
    return _form(shop_or_404(number), None)


@backoffice.post("/new")
def place_order(number: int) -> Response | tuple[str, int]:
    """Place the order of the form, or show the form again with what is wrong."""
    platform = current()
    with platform.store.lock:
        shop = shop_or_404(number)
        try:
            order = platform.desk.create(shop, read_form())
        except (ValueError, InvalidOperation) as error:
            return _form(shop, str(error)), 422
        flash(f"Bestelling {order.number} is geplaatst.", "good")
        return redirect(f"/backoffice/{number}/orders/{order.id}")


def _form(shop: Shop, error: str | None) -> str:
    return render_template(
        "order_new.html",
        shop=shop,
        error=error,
        rows=range(ROWS),
        countries=COUNTRIES,
        given=request.form,
        tab="new",
    )


def amount(text: str) -> Decimal:
    """Read an amount as typed in Dutch: ``1.043,45`` or ``14,95`` or ``14.95``."""
    plain = text.replace("\u20ac", "").strip()
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise ValueError(f"\u2018{text}\u2019 is geen bedrag") from None


def whole(text: str) -> int:
    """Read a number of pieces; nothing typed is one."""
    if text.strip() and not text.strip().isdecimal():
        raise ValueError(f"\u2018{text}\u2019 is geen aantal")
    return int(text or 1)


def read_form() -> dict[str, Any]:
    """Turn the page's fields into an order form; ValueError names a field that is wrong."""
    given = request.form
    lines = [
        {
            "title": given[f"title{row}"].strip(),
            "priceIncl": amount(given[f"price{row}"]),
            "rate": Decimal(given[f"rate{row}"]),
            "quantity": whole(given[f"quantity{row}"]),
        }
        for row in range(ROWS)
        if given.get(f"title{row}", "").strip()
    ]
    if not lines:
        raise ValueError("vul ten minste \u00e9\u00e9n artikel in")
    person = {
        key: given.get(key, "").strip()
        for key in ("email", "firstname", "middlename", "lastname", "company", "vat")
    }
    form: dict[str, Any] = {
        "customer": {**person, "country": given.get("country", "nl")},
        "lines": lines,
        "payment": given["payment"],
        "invoice": given["invoice"],
        "guest": bool(given.get("guest")),
    }
    if given.get("shipping", "").strip():
        form["shipping"] = {"title": "PostNL pakket", "priceIncl": amount(given["shipping"])}
    if given.get("discount", "").strip():
        form["coupon"] = {"code": "KORTING", "percentage": amount(given["discount"])}
    return form
