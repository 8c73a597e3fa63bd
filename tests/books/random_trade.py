"""What may happen in a made-up shop on any day, drawn: sales anywhere, changes, corrections, and
nights in which something fails.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from chalicelib.domain.days import AMSTERDAM
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import DateBasis, Policy, Source
from chalicelib.errors import InboxRefused, InboxUnknown
from chalicelib.usecases.operating.closing_periods import Unconfirmed
from chalicelib.usecases.operating.repair import send_order_again
from sandbox.seoshop.models import Order
from tests.books import year_people as people
from tests.books.shop_year import Form, Opening, ShopYear
from tests.books.year_people import book, deposit, drink, gift_card, mug, postage, workshop
from tests.books.year_plots import ABROAD, ARTICLES
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID

FIRST_DAYS = (date(2018, 12, 12), date(2026, 3, 17), date(2026, 6, 23))
"""Near the change of the reduced rate, and near the ends of quarters."""


def draw_opening(chance: Random) -> Opening:
    """A shop with its choices; some begin with OSS a few weeks later."""
    first_day = chance.choice(FIRST_DAYS)
    has_oss = first_day.year == 2026 and chance.random() < 0.6
    policy = Policy(
        source=chance.choice(list(Source)),
        date_basis=chance.choice(list(DateBasis)),
        one_stop_shop=has_oss,
        oss_since=first_day + timedelta(days=chance.randint(0, 30)) if has_oss else None,
        foreign_rates=ABROAD,
        **ARTICLES,
    )
    return Opening(first_day, policy, {"includes_vat": chance.random() < 0.7})


def sell_at_home(year: ShopYear, chance: Random) -> None:
    """At one rate or several."""
    low = "0.09" if year.today >= date(2019, 1, 1) else "0.06"
    price = str(Decimal(chance.randint(1, 9999)) / 100)
    lines = chance.choice(
        (
            [mug(many=chance.randint(1, 7), price=price)],
            [mug(price=price), book(low)],
            [book(low, chance.randint(1, 5), price), workshop()],
            [mug(), gift_card()],
            [{**drink(), "rate": low}, deposit()],
        )
    )
    form: dict[str, Any] = {"lines": lines}
    if chance.random() < 0.4:
        form["shipping"] = postage(price=str(Decimal(chance.randint(100, 999)) / 100))
    if chance.random() < 0.2:
        form["coupon"] = {"code": "ACTIE", "percentage": chance.choice([5, 10, 33])}
    _sell(year, chance.choice([people.AT_HOME, people.DUTCH_FIRM]), **form)


def sell_abroad(year: ShopYear, chance: Random) -> None:
    """To consumers in the EU, with Dutch VAT or their own, and to outside the EU."""
    has_oss = year.workspace().shop.policy.has_one_stop_shop_on(year.today)
    many = chance.randint(1, 9)
    customer, rate = chance.choice(
        (
            (people.BELGIAN, "0.21"),
            (people.GERMAN, "0.19" if has_oss else "0.21"),
            (people.FRENCH, "0.20" if has_oss else "0.21"),
            (people.SWISS, "0"),
            (people.CANARIAN, "0"),
        )
    )
    _sell(year, customer, lines=[mug(rate, many)], shipping=postage(rate))


def sell_to_a_business(year: ShopYear, chance: Random) -> None:
    """Goods, services or both, without VAT."""
    firms = [people.BELGIAN_FIRM, people.GERMAN_FIRM, people.GREEK_FIRM, people.DUTCH_FIRM_ABROAD]
    lines = chance.choice(([mug("0", 12)], [workshop("0")], [mug("0", 3), workshop("0")]))
    _sell(year, chance.choice(firms), lines=lines, shipping=postage("0"))


def sell_without_email(year: ShopYear, _chance: Random) -> None:
    """An order that is held."""
    _sell(year, people.WITHOUT_EMAIL, lines=[mug()])


def take_an_order(year: ShopYear, _chance: Random) -> None:
    """An order that is not paid yet."""
    _sell(year, people.AT_HOME, lines=[mug(many=3)], paid=False)


def pay_what_is_open(year: ShopYear, _chance: Random) -> None:
    """All orders are paid."""
    for order in year.orders.values():
        if order.payment_status == "not_paid":
            year.sandbox.desk.paid(year.sandbox.shop, order)


def mend_what_is_held(year: ShopYear, _chance: Random) -> None:
    """The missing addresses are filled in, and the merchant says so."""
    for order in year.orders.values():
        if not order.contact.email:
            form = {"customer": people.AT_HOME}
            year.sandbox.desk.edit(year.sandbox.shop, order, form)
    year.release()


def cancel(year: ShopYear, chance: Random) -> None:
    """An order is cancelled, booked or not."""
    for order in _pick(year, chance):
        year.sandbox.desk.cancel(year.sandbox.shop, order)


def take_back(year: ShopYear, chance: Random) -> None:
    """SEOshop makes a credit note over one piece, or over all that is left."""
    for order in _pick(year, chance):
        pieces = [{"id": order.lines[0].id, "quantity": 1}]
        form = chance.choice(({}, {"lines": pieces, "costs": False}))
        with suppress(ValueError):  # nothing is left of it
            year.sandbox.desk.credit(year.sandbox.shop, order, form)


def correct(year: ShopYear, _chance: Random) -> None:
    """The merchant has every late change corrected."""
    year.correct_all()


def edit(year: ShopYear, chance: Random) -> None:
    """An order gets other lines, booked or not."""
    for order in _pick(year, chance):
        rates = {line.rate for line in order.lines}
        if len(order.lines) == 1 and year.workspace().shop.policy.source is Source.ORDERS:
            form = {"lines": [mug(str(rates.pop()), chance.randint(1, 9))]}
            year.sandbox.desk.edit(year.sandbox.shop, order, form)


def send_again(year: ShopYear, chance: Random) -> None:
    """The merchant deleted an invoice in Asperion, and sends it once more."""
    entries = year.stage.entries.items.get(SHOP_ID, {}).values()
    placed = [entry for entry in entries if entry.state is EntryState.PLACED]
    if placed:
        number = chance.choice(placed).number
        send_order_again(year.workspace(), number, reason="weg", by=Actor.MERCHANT)


def close_or_open_the_books(year: ShopYear, chance: Random) -> None:
    """The books are closed up to some days ago, or opened again."""
    if year.closings and year.closings[-1].lifted is None:
        year.open_books()
    else:
        with suppress(Unconfirmed):
            year.close_books(year.today - timedelta(days=chance.randint(1, 20)))


def fail_in_the_night(year: ShopYear, chance: Random) -> None:
    """A run whose inbox refuses or says nothing, or that is killed in the middle."""
    inbox = year.stage.inbox
    match chance.randrange(3):
        case 0:
            inbox.fail(InboxRefused("403"))
        case 1:
            inbox.fail(InboxUnknown("reset"), times=1, though_stored=chance.random() < 0.5)
        case _:
            with killed_after(year.stage, chance.randint(1, 30)):
                year.run()
            year.stage.now += timedelta(minutes=45)
            return
    year.run()
    inbox.recover()
    year.stage.now += timedelta(minutes=45)


def wait(year: ShopYear, chance: Random) -> None:
    """The day ends with its night, and some days go by."""
    year.close_day()
    later = year.today + timedelta(days=chance.choice([0, 1, 5, 11]))
    year.stage.now = max(year.stage.now, datetime.combine(later, time(9), AMSTERDAM))


Deed = Callable[[ShopYear, Random], None]
DEEDS: tuple[Deed, ...] = (
    *(sell_at_home, sell_at_home, sell_abroad, sell_abroad, sell_to_a_business),
    *(sell_without_email, take_an_order, pay_what_is_open, mend_what_is_held),
    *(cancel, edit, take_back, take_back, correct, correct, send_again),
    *(close_or_open_the_books, fail_in_the_night),
    *(wait, wait, wait, wait),
)


def finish(year: ShopYear) -> None:
    """Two more nights: what was left open is known by then."""
    year.close_day()
    year.close_day()
    assert {entry.state for entry in year.stage.entries.items.get(SHOP_ID, {}).values()} <= {
        EntryState.PLACED,
        EntryState.HELD,
        EntryState.DROPPED,
    }


def _sell(year: ShopYear, customer: Form, **form: Any) -> None:
    year.sell(f"order {len(year.orders) + 1}", {"customer": customer, **form})
    year.stage.now += timedelta(minutes=20)


def _pick(year: ShopYear, chance: Random) -> list[Order]:
    orders = list(year.orders.values())
    return [chance.choice(orders)] if orders else []
