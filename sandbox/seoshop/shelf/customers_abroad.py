"""Customers in other countries, for the examples."""

from __future__ import annotations

from sandbox.seoshop.scenario import person

BELGIAN = person(
    "lotte.peeters@example.be",
    "Lotte",
    "Peeters",
    billing={
        "street": "Voorbeeldlaan",
        "number": "7",
        "extension": "",
        "zipcode": "2000",
        "city": "Antwerpen",
        "country": "be",
    },
)
GERMAN_HOME = {
    "street": "Beispielstra\u00dfe",
    "number": "21",
    "extension": "",
    "zipcode": "10115",
    "city": "Berlin",
    "country": "de",
}
GERMAN = person(
    "einkauf@example.de",
    "J\u00fcrgen",
    "M\u00fcller",
    company="M\u00fcller Handels GmbH",
    vat="DE136695976",
    billing=GERMAN_HOME,
)
SWISS = person(
    "u.keller@example.ch",
    "Urs",
    "Keller",
    billing={
        "street": "Bahnhofstrasse",
        "number": "3",
        "extension": "",
        "zipcode": "8001",
        "city": "Z\u00fcrich",
        "country": "ch",
    },
)
