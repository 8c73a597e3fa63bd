"""The seven orders of figure 5 in the manual of 2015, to the cent.

Prices include VAT at the rates of 2014 (21 % and 6 %); the excluding amounts follow by rounding
each line, which is why ORD000002 comes to 23.96 and not to 29.00 / 1.21 = 23.97.
"""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.scenario import Scenario, line_form, parcel, person

BOOK = "0.06"


def cccc(email: str) -> Any:
    """Return the returning customer, with the e-mail address as typed that day."""
    return person(email, "cccc", "cccc", id=2269322)


def order(number: str, day: str, customer: Any, lines: list[Any], **more: Any) -> Any:
    """Return one order of the figure; by default on account, without shipping."""
    return {
        "number": number,
        "created_at": f"{day}T10:15:00",
        "customer": customer,
        "lines": lines,
        "payment": "invoice",
        "invoice": "now",
        **more,
    }


ORDERS = (
    order(
        "ORD000001",
        "2014-06-16",
        cccc("cccc@example.nl"),
        [line_form("Theeglas met oor", "17.00")],
        invoice_number="INV000001",
    ),
    order(
        "ORD000002",
        "2014-07-03",
        cccc("cccc@example.nl"),
        [line_form("Theelepels, set van vier", "12.50"), line_form("Onderzetter vilt", "9.55")],
        shipping=parcel("6.95"),
        invoice_number="INV000002",
    ),
    order(
        "ORD000029",
        "2014-10-10",
        cccc("cccc@example.nl"),
        [line_form("Theedoek linnen", "19.95"), line_form("Kruidenthee in blik", "11.95", BOOK)],
        shipping=parcel("6.95"),
        coupon={"code": "HERFST15", "percentage": 15},
        invoice_number="INV000020",
    ),
    order(
        "ORD000030",
        "2014-11-11",
        person(
            "sophie.fischer@example.nl",
            "Sophie",
            "Fischer",
            id=3568347,
            billing={
                "street": "Musterstrasse",
                "number": "5",
                "extension": "",
                "zipcode": "8000",
                "city": "Z\u00fcrich",
                "country": "ch",
            },
        ),
        [line_form("Theepot gietijzer, klein", "24.75", "0")],
        shipping=parcel("7.33", "0", "Internationaal pakket"),
        invoice_number="INV000021",
    ),
    order(
        "ORD000032",
        "2014-11-16",
        cccc("CCCC@Example.nl"),
        [
            line_form("Theepot porselein", "30.80", quantity=2),
            line_form("Losse groene thee", "2.95", BOOK),
        ],
        shipping=parcel("3.95"),
        invoice_number="INV000038",
    ),
    order(
        "ORD000033",
        "2014-11-17",
        person("sophie.f@example.nl", "Sophie", "F", id=3636059),
        [
            line_form("Theemok met zeefje", "24.00"),
            line_form("Maatlepel", "11.00"),
            line_form("Proefzakje thee", "1.00", BOOK, 3),
        ],
        invoice_number="INV000037",
    ),
    order(
        "ORD000038",
        "2014-12-21",
        cccc("cccc@example.nl"),
        [
            line_form("Waterkoker met temperatuurkeuze", "394.95"),
            line_form("Theeservies, twaalfdelig", "280.00"),
            line_form("Boek De weg van de thee", "49.95", BOOK, 3),
        ],
        payment="ideal",
        invoice="never",
    ),
)

SCENARIOS = (
    Scenario(
        "figuur5",
        "Figuur 5 van de handleiding",
        "De zeven bestellingen uit 2014: samen \u20ac\u00a0887,30 exclusief en"
        " \u20ac\u00a01.043,45 inclusief btw. Met Op rekening en"
        " iDEAL, en \u00e9\u00e9n bestelling zonder factuur.",
        ORDERS,
    ),
)
