"""What happens in three made-up shops, each for a year; every name is one order.

The first lives through the change of the reduced rate (6 % until 2018, 9 % since 2019) and books
paid orders. The second books every SEOshop invoice, sells abroad and begins with OSS in April. The
third is a small business (KOR) for half a year, and books by the day of payment.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from chalicelib.domain.policy import (
    DateBasis,
    GiftCardPayments,
    LateOrders,
    Policy,
    Source,
    VatClass,
)
from tests.books import year_people as people
from tests.books.shop_year import (
    Opening,
    Scene,
    cancel,
    choose,
    close_books,
    correct,
    correct_all,
    credit,
    edit,
    invoice,
    on,
    open_books,
    pay,
    release,
    sell,
    send_again,
)
from tests.books.year_people import book, deposit, drink, gift_card, mug, postage, workshop

D = Decimal
OUTSIDE = frozenset({people.DEPOSIT})
CARDS = frozenset({people.GIFT_CARD})
SERVICES = frozenset({people.WORKSHOP})
ABROAD = {
    ("BE", D("0.21")): VatClass.HIGH,
    ("BE", D("0.06")): VatClass.LOW,
    ("DE", D("0.19")): VatClass.HIGH,
    ("DE", D("0.07")): VatClass.LOW,
    ("FR", D("0.2")): VatClass.HIGH,
    ("FR", D("0.055")): VatClass.LOW,
    ("XI", D("0.2")): VatClass.HIGH,
}
ARTICLES: dict[str, Any] = {
    "service_articles": SERVICES,
    "gift_card_articles": CARDS,
    "outside_vat_articles": OUTSIDE,
}

TEA_SHOP = Opening(date(2018, 7, 1), Policy(late_orders=LateOrders.HOLD, **ARTICLES))
TEA_SHOP_YEAR = [
    *on("2018-07-03", sell("mixed", people.AT_HOME, mug(), book("0.06"), shipping=postage())),
    *on(
        "2018-07-16",
        sell("swiss", people.SWISS, mug("0"), shipping=postage("0", "12.40")),
        sell("canarian", people.CANARIAN, mug("0", 3)),
        sell("antwerp", people.BELGIAN, mug(), shipping=postage()),
    ),
    *on(
        "2018-08-14",
        sell("coupon", people.AT_HOME, mug(), book("0.06"), coupon={"code": "A", "percentage": 15}),
        sell(
            "divided",
            people.AT_HOME,
            mug(),
            book("0.06"),
            shipping={"priceIncl": "6.95", "split": [["0.21", "0.58"], ["0.06", "0.42"]]},
        ),
        # A shop that rounds on the whole: a cent more than its lines.
        sell("rounded", people.AT_HOME, mug(), book("0.06", 4, "21.20")),
        lambda year: _round_up(year.orders["rounded"]),
    ),
    *on(
        "2018-08-30",
        sell("german firm", people.GERMAN_FIRM, mug("0", 24)),
        sell("belgian course", people.BELGIAN_FIRM, workshop("0", 3)),
        sell("both", people.BELGIAN_FIRM, mug("0", 6), workshop("0"), shipping=postage("0")),
        sell("home firm", people.DUTCH_FIRM, mug(many=12), workshop()),
        sell("shifted at home", people.DUTCH_FIRM_ABROAD, mug("0", 40)),
    ),
    # Held for weeks, and mended when the quarter was closed too early: booked on its own day once
    # that was taken back.
    *on("2018-09-20", sell("held", people.WITHOUT_EMAIL, mug(), book("0.06"))),
    *on("2018-09-28", sell("fell through", people.AT_HOME, mug()), cancel("fell through")),
    *on("2018-09-29", sell("late september", people.AT_HOME, mug(many=7), book("0.06", 3))),
    *on("2018-10-05", close_books("2018-09-30")),
    *on("2018-10-09", edit("held", customer=people.AT_HOME)),
    # What was sold in the quarter before is taken back in this one.
    *on("2018-10-11", cancel("late september")),
    *on("2018-10-12", correct("late september")),
    *on("2018-10-15", open_books()),
    *on("2018-10-19", close_books("2018-09-30")),
    *on("2018-10-20", credit("german firm", 0), credit("both")),
    *on("2018-10-22", correct("german firm"), correct("both")),
    # Deleted in Asperion and sent once more, as it was; and one that was edited before.
    *on("2018-11-05", sell("twice", people.AT_HOME, mug(many=3), book("0.06"))),
    *on("2018-11-06", sell("edited", people.AT_HOME, mug())),
    *on("2018-11-08", send_again("twice"), edit("edited", lines=[mug(many=5)])),
    *on("2018-11-09", send_again("edited")),
    # The rate changes; the day of the order decides, also of what is paid or taken back later.
    *on(
        "2018-12-27",
        sell("paid in january", people.AT_HOME, book("0.06", 2, "21.20"), paid=False),
        sell("cancelled in february", people.AT_HOME, mug(), book("0.06", 5, "21.20")),
        sell("piece back in march", people.AT_HOME, mug(many=3), book("0.06", 4, "21.20")),
        sell("back in may", people.BELGIAN, book("0.06", 3, "21.20"), shipping=postage("0.06")),
        sell("paid in june", people.AT_HOME, book("0.06", 9, "21.20"), paid=False),
    ),
    *on("2018-12-31", sell("last of 2018", people.AT_HOME, book("0.06", 1, "21.20"))),
    *on("2019-01-01", sell("first of 2019", people.AT_HOME, book("0.09", 1, "21.80"))),
    # By the Dutch clock, which is an hour before that of Greenwich, two in summer.
    *on(
        "2019-01-01",
        sell(
            "last second of 2018",
            people.AT_HOME,
            book("0.06", 1, "21.20"),
            created_at="2018-12-31T23:59:58",
        ),
        sell(
            "first second of 2019",
            people.AT_HOME,
            book("0.09", 1, "21.80"),
            created_at="2019-01-01T00:00:01",
        ),
    ),
    *on("2019-04-01", sell("april", people.AT_HOME, mug(), created_at="2019-04-01T00:30:00")),
    *on("2019-01-03", sell("old rate", people.AT_HOME, mug(), book("0.06", 1, "21.20"))),
    *on("2019-01-08", edit("old rate", lines=[mug(), book("0.09", 1, "21.80")])),
    *on("2019-01-09", pay("paid in january")),
    # A latecomer of a closed year waits for a person, who opens it again.
    *on("2019-01-20", close_books("2018-12-31")),
    *on("2019-02-04", cancel("cancelled in february")),
    *on("2019-02-05", correct("cancelled in february")),
    *on("2019-03-11", credit("piece back in march", 0, 1)),
    *on("2019-03-12", correct("piece back in march")),
    *on("2019-03-14", credit("piece back in march", costs=True)),
    *on("2019-03-16", correct("piece back in march")),
    *on("2019-05-20", credit("back in may")),
    *on("2019-05-22", correct("back in may")),
    *on("2019-05-28", sell("gifts", people.AT_HOME, gift_card(2), mug(), drink(), deposit())),
    *on("2019-06-11", cancel("gifts")),
    *on("2019-06-12", correct("gifts")),
    *on("2019-06-20", pay("paid in june")),
    *on("2019-06-27", sell("open at the end", people.WITHOUT_EMAIL, mug())),
]

GARDEN_SHOP = Opening(
    date(2026, 1, 1),
    Policy(
        source=Source.INVOICES,
        date_basis=DateBasis.INVOICE,
        foreign_rates=ABROAD,
        gift_card_payments=GiftCardPayments.BOOK,
        payments={"ideal": "IDEAL", "invoice": "Op factuur", "bancontact": "Bancontact"},
        default_payment="",
        **ARTICLES,
    ),
    {"invoice_mode": "on_paid"},
)
GARDEN_SHOP_YEAR = [
    # Until OSS begins, consumers abroad pay Dutch VAT, which counts towards the threshold.
    *on(
        "2026-01-14",
        sell("antwerp", people.BELGIAN, mug(), shipping=postage(), payment="bancontact"),
        sell("berlin", people.GERMAN, mug(), book(), payment="paypal"),
        sell("course", people.GERMAN, workshop()),
        sell("belfast", people.NORTHERN_IRISH, mug()),
    ),
    *on(
        "2026-01-20",
        sell("gifts", people.AT_HOME, gift_card(2), mug()),
        sell("bottles", people.AT_HOME, drink(), deposit(), shipping=postage("0.09")),
        sell(
            "bottles divided",
            people.AT_HOME,
            drink(12),
            deposit(12),
            shipping={"priceIncl": "6.95", "split": [["0.09", "0.8"], ["0", "0.2"]]},
        ),
        sell("sticker", people.AT_HOME, mug(), mug("0.21", 1, "0.00")),
        sell("london", people.BRITISH, mug("0"), shipping=postage("0", "14.50")),
        sell("on account", people.DUTCH_FIRM, mug(many=30), payment="invoice", invoice="now"),
    ),
    *on(
        "2026-02-10",
        sell("german firm", people.GERMAN_FIRM, mug("0", 24), shipping=postage("0")),
        sell("belgian course", people.BELGIAN_FIRM, workshop("0", 2)),
        sell("both", people.BELGIAN_FIRM, mug("0", 10), workshop("0"), payment="invoice"),
        sell("irish course", people.NORTHERN_IRISH_FIRM, workshop("0")),
        sell("swiss course", people.SWISS, workshop("0"), shipping=postage("0", "3.50")),
        sell("greek firm", people.GREEK_FIRM, mug("0", 48)),
        sell("irish firm", people.NORTHERN_IRISH_FIRM, mug("0", 12)),
        sell("shifted at home", people.DUTCH_FIRM_ABROAD, mug("0", 40)),
    ),
    *on(
        "2026-03-09",
        sell("canarian", people.CANARIAN, mug("0", 3)),
        sell("antwerp in march", people.BELGIAN, mug(many=5), shipping=postage()),
    ),
    # Held over the end of the quarter.
    *on("2026-03-19", sell("held", people.WITHOUT_EMAIL, mug(), book())),
    *on(
        "2026-03-30",
        sell("in two parts", people.AT_HOME, mug(many=6), book(many=2), invoice="late"),
    ),
    *on("2026-03-31", invoice("in two parts", (0, 4))),
    *on("2026-04-01", choose(one_stop_shop=True, oss_since=date(2026, 4, 1))),
    *on("2026-04-02", invoice("in two parts")),
    *on("2026-04-08", credit("antwerp in march", 0), credit("both", 0)),
    *on(
        "2026-04-16",
        sell("be high", people.BELGIAN, mug(), shipping=postage(), payment="bancontact"),
        sell("be low", people.BELGIAN, book("0.06", 3, "26.50"), payment="bancontact"),
        sell("de both", people.GERMAN, mug("0.19"), book("0.07", 1, "21.40")),
        sell("fr both", people.FRENCH, mug("0.20"), book("0.055", 2, "21.10")),
        sell("monaco", people.MONEGASQUE, mug("0.20")),
        sell("belfast oss", people.NORTHERN_IRISH, mug("0.20", 3)),
    ),
    # The quarter is closed: what is freed now belongs to the next one.
    *on("2026-04-20", close_books("2026-03-31")),
    *on("2026-04-28", edit("held", customer=people.AT_HOME), release()),
    *on("2026-05-12", credit("greek firm", 0), credit("fr both", 0)),
    *on("2026-06-22", sell("be june", people.BELGIAN, mug(many=8), shipping=postage())),
    *on(
        "2026-06-29",
        sell("held in june", people.WITHOUT_EMAIL, mug(many=4)),
        sell("booked in july", people.WITHOUT_EMAIL, mug(many=6), book()),
    ),
    *on(
        "2026-06-30",
        sell("last of june", people.GERMAN, mug("0.19", 4)),
        sell(
            "shipped by a discount",
            people.AT_HOME,
            mug(many=3),
            payment_cost={"priceIncl": "-0.50"},
        ),
    ),
    # Closed too early, and opened again for what was forgotten.
    *on(
        "2026-07-01",
        close_books("2026-06-30"),
        edit("booked in july", customer=people.AT_HOME),
        release(),
    ),
    *on("2026-07-02", open_books(), edit("held in june", customer=people.AT_HOME), release()),
    *on("2026-07-06", close_books("2026-06-30")),
    # Sold and taken back before either was booked; a piece of what was booked late.
    *on("2026-07-08", sell("same day", people.AT_HOME, mug(), book()), credit("same day")),
    *on("2026-07-16", credit("booked in july", 0), credit("held", 0)),
    # Of the quarter before, and of the one before OSS: two corrections of two returns.
    *on("2026-07-09", credit("be june", 0, costs=True), credit("antwerp"), credit("de both", 1)),
    *on("2026-07-20", credit("last of june")),
    *on("2026-09-30", sell("end of september", people.BELGIAN, book("0.06", 5, "26.50"))),
    *on("2026-10-01", credit("end of september")),
    *on("2026-10-15", credit("be june"), credit("gifts", 0), credit("bottles")),
    *on("2026-11-05", credit("belgian course"), credit("shifted at home", 0), credit("london")),
    *on("2026-12-30", sell("open at the end", people.WITHOUT_EMAIL, mug())),
]

STUDIO = Opening(
    date(2026, 1, 1),
    Policy(
        date_basis=DateBasis.PAYMENT,
        small_business_scheme=True,
        kor_until=date(2026, 6, 30),
        foreign_rates={("DE", D("0.19")): VatClass.HIGH},
        **ARTICLES,
    ),
    {"taxes": ["0", "0.21", "0.09"]},
)
STUDIO_YEAR = [
    *on(
        "2026-02-03",
        sell("small", people.AT_HOME, mug("0"), book("0"), shipping=postage("0")),
        sell("small abroad", people.BELGIAN, mug("0", 4)),
    ),
    *on("2026-05-27", sell("small, back in august", people.AT_HOME, mug("0", 3))),
    *on("2026-06-30", sell("paid in july", people.AT_HOME, mug("0"), paid=False)),
    *on("2026-07-01", sell("first with vat", people.AT_HOME, mug(), book())),
    *on("2026-07-03", pay("paid in july")),
    *on("2026-07-14", sell("registered in germany", people.GERMAN, mug("0.19", 3))),
    *on("2026-08-10", cancel("small, back in august")),
    *on("2026-08-11", correct("small, back in august")),
    *on("2026-09-21", sell("unpaid", people.AT_HOME, mug(many=5), paid=False)),
    *on("2026-10-05", pay("unpaid"), cancel("registered in germany")),
    *on("2026-10-07", correct("registered in germany")),
    *on("2026-12-18", cancel("unpaid")),
    *on("2026-12-19", correct("unpaid")),
]


YEARS = {
    "tea shop": (TEA_SHOP, TEA_SHOP_YEAR),
    "garden shop": (GARDEN_SHOP, GARDEN_SHOP_YEAR),
    "studio": (STUDIO, STUDIO_YEAR),
}


def draw_sales(chance: Random, first: date, days: int, many: int) -> list[Scene]:
    """So many sales at home at any rate of their day, of some of which a piece comes back."""
    plot: list[Scene] = []
    for at in range(many):
        day = first + timedelta(days=chance.randrange(days))
        rates = ("0.21", "0.06" if day < date(2019, 1, 1) else "0.09")
        name = f"drawn {at}"
        lines = [
            mug(chance.choice(rates), chance.randint(1, 7), f"{chance.randint(1, 9999) / 100:.2f}")
            for _ in range(chance.randint(1, 3))
        ]
        form: dict[str, Any] = {"payment": chance.choice(["ideal", "invoice", "paypal"])}
        if chance.random() < 0.3:
            form["coupon"] = {"code": "ACTIE", "percentage": chance.choice([5, 10, 33])}
        if chance.random() < 0.5:
            form["shipping"] = postage(rates[0], f"{chance.randint(100, 1500) / 100:.2f}")
        plot += on(day.isoformat(), sell(name, people.AT_HOME, *lines, **form))
        later = day + timedelta(days=chance.randint(2, 80))
        if chance.random() < 0.3 and (later - first).days < days - 2:
            plot += on(later.isoformat(), credit(name, 0))
            plot += on((later + timedelta(days=1)).isoformat(), correct_all())
    return plot


def _round_up(order: Any) -> None:
    excl = sum(line.price.excl for line in order.lines)
    incl = sum(line.price.incl for line in order.lines)
    order.overrides = {"priceExcl": excl, "priceIncl": incl + D("0.01")}
