"""Orders as a shop could make them: hypothesis strategies.

`orders()` draws orders that add up the way SEOshop adds them up: amounts per line rounded to the
cent, in shops that sell including or excluding VAT. `broken()` spoils one of them on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.orders import (
    Address,
    Charge,
    InvoiceItem,
    Order,
    OrderLine,
    ShopInvoice,
    TaxAmount,
)

D = Decimal
FOREIGN = {"BE": D("0.21"), "DE": D("0.19"), "FR": D("0.20"), "FI": D("0.255"), "HU": D("0.27")}
HIGH_21 = datetime(2012, 10, 2, tzinfo=UTC)
LOW_9 = datetime(2019, 1, 2, tzinfo=UTC)


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.01"), ROUND_HALF_UP)


def to_four(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.0001"), ROUND_HALF_UP)


NASTY = (
    "",
    "Mok",
    "Müller & Söhne <b>",
    "]]><!-- &amp; &#0;",
    "tab\tCR\rLF\n",
    "\x00\x08\x1f\x7f\x85\ufffe",
    "half \ud83d emoji 🎂",
    "\u202e\u05d0\u05d1\u200f",
    "“quoted” 'and' \"so\"",
)


@dataclass(frozen=True)
class Shop:
    """How a shop prices: including VAT or not, and the rates it uses that day."""

    incl: bool
    rates: tuple[Decimal, ...]


def moments() -> st.SearchStrategy[datetime]:
    """Instants from 2012 to 2026, away from the very hours in which a rate changed."""
    days = st.datetimes(datetime(2012, 1, 2), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
    changes = (HIGH_21, LOW_9)
    return days.filter(lambda one: all(abs(one - at) > timedelta(days=2) for at in changes))


def rates_on(moment: datetime) -> tuple[Decimal, ...]:
    high = D("0.21") if moment > HIGH_21 else D("0.19")
    low = D("0.09") if moment > LOW_9 else D("0.06")
    return (high, low, D(0))


def texts() -> st.SearchStrategy[str]:
    """Text with anything in it: markup, control characters, lone surrogates, reading directions."""
    nasty = st.sampled_from(NASTY)
    return st.one_of(nasty, st.text(st.characters(codec=None), max_size=6))


def amounts(most: str) -> st.SearchStrategy[Decimal]:
    return st.decimals("0.00", most, places=2, allow_nan=False, allow_infinity=False)


def priced(shop: Shop, rate: Decimal, quantity: int, unit: Decimal, off: Decimal) -> dict[str, Any]:
    """Amounts of a line: the shop's own side is exact, the other side follows, to the cent."""
    factor = 1 + rate
    if shop.incl:
        total = to_cents(unit * quantity - off)
        excl, incl = to_cents(total / factor), total
        amount = to_four(total - total / factor)
        units, offs = (to_four(unit / factor), unit), (to_cents(off / factor), off)
    else:
        total = to_cents(unit * quantity - off)
        excl, incl = total, to_cents(total * factor)
        amount = to_four(total * rate)
        units, offs = (unit, to_four(unit * factor)), (off, to_cents(off * factor))
    return {
        "tax_rate": rate,
        "tax_rates": (TaxAmount(name="BTW", rate=rate, amount=amount),),
        "base_price_excl": units[0],
        "base_price_incl": units[1],
        "discount_excl": offs[0],
        "discount_incl": offs[1],
        "price_excl": excl,
        "price_incl": incl,
    }


@st.composite
def lines(draw: st.DrawFn, shop: Shop) -> OrderLine:
    quantity = draw(st.one_of(st.integers(1, 5), st.integers(1, 999)))
    unit = draw(amounts("2500.00"))
    percent = draw(st.sampled_from([0, 0, 0, 10, 15, 33, 100]))
    off = to_cents(unit * quantity * percent / 100)
    rate = draw(st.sampled_from(shop.rates))
    return OrderLine(
        id=draw(st.integers(1, 10**9)),
        title=draw(texts()),
        variant=draw(st.sampled_from(["", "Default", "Blauw"])),
        article_code=draw(st.sampled_from(["", "MOK", "A&B"])),
        quantity=D(quantity),
        **priced(shop, rate, quantity, unit, off),
    )


@st.composite
def charges(draw: st.DrawFn, shop: Shop, rates: tuple[Decimal, ...]) -> Charge:
    """No cost, a cost at one rate, or one spread over two rates in some proportion."""
    unit = draw(amounts("60.00"))
    if len(rates) < 2 or draw(st.booleans()):
        facts = priced(shop, draw(st.sampled_from(rates)), 1, unit, D(0))
        kept = ("tax_rate", "tax_rates", "price_excl", "price_incl")
        return Charge(title=draw(st.sampled_from(NASTY)), **{name: facts[name] for name in kept})
    share = D(draw(st.integers(1, 99))) / 100
    taxes, excl, incl = [], D(0), D(0)
    for rate, part in zip(rates[:2], (unit * share, unit - unit * share), strict=True):
        base = part / (1 + rate) if shop.incl else part
        taxes.append(TaxAmount(name="BTW", rate=rate, amount=to_four(base * rate)))
        excl += base
        incl += base + base * rate
    return Charge(
        title="Pakket",
        tax_rate=rates[0],
        tax_rates=tuple(taxes),
        price_excl=to_cents(excl),
        price_incl=to_cents(incl),
    )


@st.composite
def addresses(draw: st.DrawFn, country: str) -> Address:
    return Address(
        name=draw(texts()),
        street=draw(st.sampled_from(["Dorpsstraat", "Dorpsstraat 12-A", "<b>", ""])),
        number=draw(st.sampled_from(["", "12", "12-A"])),
        zipcode="10115",
        city="Naarden",
        country=country,
    )


@st.composite
def orders(draw: st.DrawFn, *, country: str = "NL", rates: tuple[Decimal, ...] = ()) -> Order:
    """A paid order that closes; by default a Dutch one at the Dutch rates of its day."""
    moment = draw(moments())
    shop = Shop(draw(st.booleans()), rates or rates_on(moment))
    sold = draw(st.lists(lines(shop), min_size=1, max_size=6))
    used = tuple(dict.fromkeys(line.tax_rate for line in sold))
    shipment = draw(st.one_of(st.just(Charge()), charges(shop, used)))
    payment = draw(st.one_of(st.just(Charge()), charges(shop, used[:1])))
    parts = (*sold, shipment, payment)
    billing = draw(addresses(country))
    number = draw(st.integers(1, 10**6))
    return Order(
        id=number,
        number=f"ORD{number:05}",
        created_at=moment,
        updated_at=moment,
        status=draw(st.sampled_from(["processing_awaiting_shipment", "completed_shipped", "new"])),
        payment_status="paid",
        price_excl=sum((part.price_excl for part in parts), D(0)),
        price_incl=sum((part.price_incl for part in parts), D(0)),
        email=draw(st.sampled_from(["s@example.nl", " S@Example.NL", "a.b+c@mail.example.com"])),
        firstname=draw(texts()),
        middlename=draw(st.sampled_from(["", "de", "van der"])),
        lastname="Vries",
        company_name=draw(st.sampled_from(NASTY)),
        billing=billing,
        shipping=draw(st.one_of(st.just(billing), addresses(country))),
        payment_id="ideal",
        payment=payment,
        shipment=shipment,
        lines=tuple(sold),
        customer_id=draw(st.one_of(st.none(), st.integers(1, 10**9))),
    )


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
    facts = {
        "created_at": order.created_at + timedelta(days=30),
        "updated_at": order.updated_at + timedelta(days=30),
        "status": "paid",
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
