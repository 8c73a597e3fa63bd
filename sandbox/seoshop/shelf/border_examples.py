"""Examples on the borders of VAT: territories, deposits, averaged rates, numbers of old form."""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.scenario import Scenario, line_form, parcel, person
from sandbox.seoshop.shelf.customers_abroad import BELGIAN

MUG = line_form("Keramische mok", "14.95", quantity=2)
BOOK = line_form("Kookboek Hollandse pot", "21.80", "0.09")
BEER = line_form("Krat speciaalbier", "31.20", quantity=2)
DEPOSIT = line_form("Statiegeld krat", "3.90", "0", 2, code="STATIEGELD")


def spaniard(zipcode: str, city: str) -> Any:
    """Return a consumer in Spain."""
    home = {
        "street": "Calle Ejemplo",
        "number": "7",
        "extension": "",
        "zipcode": zipcode,
        "city": city,
        "country": "es",
    }
    return person("lucia.garcia@example.es", "Luc\u00eda", "Garc\u00eda", billing=home)


BREWER = {
    **BELGIAN,
    "email": "aankoop@example.be",
    "company": "Brouwerij Voorbeeld bv",
    "vat": "BE 403.019.261",
}

SCENARIOS = (
    Scenario(
        "benidorm",
        "Spaanse postcode zonder voorloopnul",
        "Postcode 3500 is 03500, Benidorm: gewoon Spanje. Op de Canarische Eilanden begint een"
        " postcode met 35.",
        ({"customer": spaniard("3500", "Benidorm"), "lines": [MUG]},),
    ),
    Scenario(
        "canarische-eilanden",
        "Canarische Eilanden, uitvoer 0\u00a0%",
        "Postcode 35001 ligt voor de btw buiten de EU.",
        (
            {
                "customer": spaniard("35001", "Las Palmas"),
                "lines": [line_form("Theepot porselein", "25.45", "0")],
            },
        ),
    ),
    Scenario(
        "postcode-te-kort",
        "Spaanse postcode van drie cijfers, 0\u00a0%",
        "Uit 350 blijkt niet of de goederen naar het vasteland gingen of naar een eiland buiten"
        " de EU.",
        (
            {
                "customer": spaniard("350", "Puerto"),
                "lines": [line_form("Theepot porselein", "25.45", "0")],
            },
        ),
    ),
    Scenario(
        "statiegeld-nederland",
        "Nederlandse bestelling met statiegeld",
        "Bier met 21\u00a0% btw en statiegeld zonder btw.",
        ({"lines": [BEER, DEPOSIT], "shipping": parcel("4.95")},),
    ),
    Scenario(
        "statiegeld-belgie",
        "Belgische particulier met statiegeld",
        "Bier met 21\u00a0% btw en statiegeld zonder btw. Wacht tot u STATIEGELD bij"
        " \u2018Artikelen buiten de btw\u2019 zet.",
        ({"customer": BELGIAN, "lines": [BEER, DEPOSIT], "shipping": parcel("7.95")},),
    ),
    Scenario(
        "statiegeld-met-btw",
        "Statiegeld met 21\u00a0% btw",
        "Wacht als u STATIEGELD bij \u2018Artikelen buiten de btw\u2019 zet, want er staat btw op.",
        ({"lines": [BEER, line_form("Statiegeld krat", "3.90", quantity=2, code="STATIEGELD")]},),
    ),
    Scenario(
        "verzending-gemiddeld",
        "Verzendkosten met een gemiddeld btw-tarief",
        "15\u00a0% is het gemiddelde van de artikelen van 21\u00a0% en 9\u00a0%; dat tarief"
        " bestaat niet.",
        ({"lines": [MUG, BOOK], "shipping": parcel("6.95", "0.15")},),
    ),
    Scenario(
        "belgie-oud-nummer",
        "Belgisch bedrijf met een btw-nummer zonder voorloopnul",
        "BE 403.019.261 is BE0403019261; zo komt het in Asperion.",
        (
            {
                "customer": BREWER,
                "lines": [line_form("Keramische mok", "12.36", "0", 24)],
                "shipping": parcel("9.92", "0", "DPD Europa"),
            },
        ),
    ),
)
