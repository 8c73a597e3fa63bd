"""Orders as a shop could make them: hypothesis strategies.

`orders()` draws orders that add up the way SEOshop adds them up: amounts per line rounded to the
cent, in shops that sell including or excluding VAT.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from chalicelib.domain.orders import (
    Address,
    Charge,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    TaxAmount,
)

D = Decimal
FOREIGN = {"BE": D("0.21"), "DE": D("0.19"), "FR": D("0.20"), "FI": D("0.255"), "HU": D("0.27")}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HIGH_21, LOW_9, BREXIT = date(2012, 10, 1), date(2019, 1, 1), date(2021, 1, 1)


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


def moments(since: date = date(2012, 1, 2)) -> st.SearchStrategy[datetime]:
    """Instants from a Dutch day on to 2026, not seldom in the hours in which something changed."""
    first = midnight(since)
    days = st.datetimes(first.replace(tzinfo=None), datetime(2026, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
    changes = [midnight(one) for one in (HIGH_21, LOW_9, BREXIT) if midnight(one) >= first]
    if not changes:
        return days
    hours = st.integers(-48 * 3600, 48 * 3600).map(lambda seconds: timedelta(seconds=seconds))
    near = st.builds(lambda change, off: change + off, st.sampled_from(changes), hours)
    return st.one_of(days, near).filter(lambda one: one >= first)


def midnight(day: date) -> datetime:
    """The instant at which a Dutch day begins."""
    return datetime.combine(day, time(), AMSTERDAM).astimezone(UTC)


def rates_on(moment: datetime) -> tuple[Decimal, ...]:
    day = moment.astimezone(AMSTERDAM).date()
    high = D("0.21") if day >= HIGH_21 else D("0.19")
    low = D("0.09") if day >= LOW_9 else D("0.06")
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
        "tax_rates": (TaxAmount(rate=rate, amount=amount),),
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
        taxes.append(TaxAmount(rate=rate, amount=to_four(base * rate)))
        excl += base
        incl += base + base * rate
    return Charge(
        title="Pakket",
        tax_rate=rates[0],
        tax_rates=tuple(taxes),
        price_excl=to_cents(excl),
        price_incl=to_cents(incl),
    )


def total(parts: Iterable[OrderLine | Charge], amount: str) -> Decimal:
    return sum((getattr(part, amount) for part in parts), D(0))


def turned(charge: Charge) -> Charge:
    """The charge as a discount: for paying in a way that costs the shop less."""
    return replace(
        charge,
        price_excl=-charge.price_excl,
        price_incl=-charge.price_incl,
        tax_rates=tuple(replace(tax, amount=-tax.amount) for tax in charge.tax_rates),
    )


@st.composite
def addresses(draw: st.DrawFn, country: str, postal_code: str = "10115") -> Address:
    return Address(
        attention=draw(texts()),
        street=draw(st.sampled_from(["Dorpsstraat", "Dorpsstraat 12-A", "<b>", ""])),
        number=draw(st.sampled_from(["", "12", "12-A"])),
        postal_code=postal_code,
        city="Naarden",
        country=country,
    )


@st.composite
def orders(
    draw: st.DrawFn,
    *,
    country: str = "NL",
    postal_code: str = "10115",
    vat_number: str = "",
    rates: tuple[Decimal, ...] = (),
    since: date = date(2012, 1, 2),
) -> Order:
    """A paid order that closes; by default a Dutch one at the Dutch rates of its day."""
    moment = draw(moments(since))
    shop = Shop(draw(st.booleans()), rates or rates_on(moment))
    sold = draw(st.lists(lines(shop), min_size=1, max_size=6))
    used = tuple(dict.fromkeys(line.tax_rate for line in sold))
    shipment = draw(st.one_of(st.just(Charge()), charges(shop, used)))
    fees = charges(shop, used[:1])
    payment = draw(st.one_of(st.just(Charge()), fees, fees.map(turned)))
    parts: tuple[OrderLine | Charge, ...] = (*sold, shipment, payment)
    if min(total(parts, "price_excl"), total(parts, "price_incl")) <= 0:
        payment = Charge()  # a discount on paying never makes an order of less than nothing
        parts = (*sold, shipment)
    places = addresses(country, postal_code)
    billing = draw(places)
    number = draw(st.integers(1, 10**6))
    return Order(
        id=number,
        number=f"ORD{number:05}",
        created_at=moment,
        updated_at=moment,
        status=draw(
            st.sampled_from([OrderStatus.AWAITING_SHIPMENT, OrderStatus.SHIPPED, OrderStatus.NEW])
        ),
        payment_status=PaymentStatus.PAID,
        price_excl=total(parts, "price_excl"),
        price_incl=total(parts, "price_incl"),
        email=draw(st.sampled_from(["s@example.nl", " S@Example.NL", "a.b+c@mail.example.com"])),
        firstname=draw(texts()),
        middlename=draw(st.sampled_from(["", "de", "van der"])),
        lastname="Vries",
        company_name=draw(st.sampled_from(NASTY)),
        billing=billing,
        shipping=draw(st.one_of(st.just(billing), places)),
        company_vat_number=vat_number,
        payment_id="ideal",
        payment=payment,
        shipment=shipment,
        lines=tuple(sold),
        customer_id=draw(st.one_of(st.none(), st.integers(1, 10**9))),
    )
