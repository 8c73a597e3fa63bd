"""Who buys in the made-up shops, and what: forms of the sandbox's customers and lines."""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.scenario import line_form, parcel, person

WORKSHOP, GIFT_CARD, DEPOSIT = "WORKSHOP", "BON-25", "STATIEGELD"


def live(country: str, zipcode: str, city: str) -> dict[str, Any]:
    """An address."""
    return {"street": "Lange Straat", "zipcode": zipcode, "city": city, "country": country}


AT_HOME = person("s.devries@example.nl", "Sanne", "Vries")
WITHOUT_EMAIL = person("", "Truus", "Jansen")
BELGIAN = person("lotte@example.be", "Lotte", "Peeters", billing=live("be", "2000", "Antwerpen"))
GERMAN = person("anna@example.de", "Anna", "Schulz", billing=live("de", "10115", "Berlin"))
FRENCH = person("luc@example.fr", "Luc", "Martin", billing=live("fr", "69001", "Lyon"))
MONEGASQUE = person("zoe@example.mc", "Zoé", "Blanc", billing=live("mc", "98000", "Monaco"))
NORTHERN_IRISH = person(
    "sean@example.ie", "Sean", "Byrne", billing=live("gb", "BT1 5GS", "Belfast")
)
BRITISH = person("kate@example.uk", "Kate", "Smith", billing=live("gb", "SW1A 1AA", "London"))
SWISS = person("urs@example.ch", "Urs", "Keller", billing=live("ch", "8001", "Zürich"))
CANARIAN = person("ana@example.es", "Ana", "Gil", billing=live("es", "35001", "Las Palmas"))
DUTCH_FIRM = person("inkoop@example.nl", "Jan", "Bakker", company="Bakker", vat="NL123456782B90")
GERMAN_FIRM = person(
    *("einkauf@example.de", "Jürgen", "Müller"),
    company="Müller Handels GmbH",
    vat="DE136695976",
    billing=live("de", "10115", "Berlin"),
)
BELGIAN_FIRM = person(
    *("aankoop@example.be", "An", "Claes"),
    company="Claes bv",
    vat="BE0403170701",
    billing=live("be", "2000", "Antwerpen"),
)
GREEK_FIRM = person(
    *("agora@example.gr", "Eleni", "Papas"),
    company="Papas",
    vat="EL094259216",
    billing=live("gr", "10552", "Athina"),
)
NORTHERN_IRISH_FIRM = person(
    *("buying@example.ie", "Orla", "Kelly"),
    company="Kelly Ltd",
    vat="XI980780684",
    billing=live("gb", "BT1 5GS", "Belfast"),
)
# SEOshop calls VAT shifted only what is billed abroad: a Belgian office of a Dutch firm.
DUTCH_FIRM_ABROAD = person(
    *("bouw@example.be", "Piet", "Mulder"),
    company="Mulder Bouw",
    vat="NL123456782B90",
    billing=live("be", "2000", "Antwerpen"),
    shipping={"name": "Mulder Bouw", **live("nl", "7201 AB", "Zutphen")},
)


def mug(rate: str = "0.21", many: int = 2, price: str = "14.95") -> Any:
    """Mugs."""
    return line_form("Keramische mok", price, rate, many, code="MOK")


def book(rate: str = "0.09", many: int = 1, price: str = "21.80") -> Any:
    """A book."""
    return line_form("Kookboek", price, rate, many, code="BOEK")


def workshop(rate: str = "0.21", many: int = 1, price: str = "75.00") -> Any:
    """A place in a workshop: a service."""
    return line_form("Workshop glazuren", price, rate, many, code=WORKSHOP)


def gift_card(many: int = 1) -> Any:
    """A gift card sold: outside VAT until it is spent."""
    return line_form("Cadeaubon", "25.00", "0", many, code=GIFT_CARD)


def deposit(many: int = 6) -> Any:
    """A deposit on bottles: outside VAT."""
    return line_form("Statiegeld", "0.15", "0", many, code=DEPOSIT)


def drink(many: int = 6) -> Any:
    """Bottles on which there is a deposit."""
    return line_form("Kombucha", "3.49", "0.09", many, code="KOMBUCHA")


def postage(rate: str = "0.21", price: str = "6.95") -> Any:
    """Shipping."""
    return parcel(price, rate)
