"""Examples of what happens to orders: paying, invoicing, crediting, cancelling."""

from __future__ import annotations

from sandbox.seoshop.scenario import Scenario, line_form, parcel, step

MUG = line_form("Keramische mok", "14.95", quantity=2)
BOOK = line_form("Kookboek Hollandse pot", "21.80", "0.09")
ORDER = {"lines": [MUG, BOOK], "shipping": parcel("4.95")}

SCENARIOS = (
    Scenario(
        "credit-deel",
        "Creditfactuur voor een deel",
        "Betaald en gefactureerd; daarna komt \u00e9\u00e9n mok terug.",
        (ORDER,),
        (step("paid"), step("credit", form={"first_line": 1})),
    ),
    Scenario(
        "credit-heel",
        "Creditfactuur voor alles",
        "Betaald en gefactureerd; daarna komt alles terug.",
        (ORDER,),
        (step("paid"), step("credit")),
    ),
    Scenario(
        "factuur-later",
        "Factuur komt later",
        "Er is nog geen factuur; maak haar op de pagina van de bestelling.",
        ({**ORDER, "invoice": "late"},),
    ),
    Scenario(
        "factuur-bij-betaling",
        "Factuur pas bij betaling",
        "De factuur ontstaat op het moment dat u de bestelling op betaald zet.",
        ({**ORDER, "invoice": "on_paid"},),
    ),
    Scenario(
        "twee-facturen",
        "Twee facturen bij \u00e9\u00e9n bestelling",
        "Eerst de mokken met de verzendkosten, later het boek.",
        ({**ORDER, "invoice": "late"},),
        (
            step("invoice", form={"line": 0, "costs": True}),
            step("invoice", form={"line": 1, "costs": False}),
        ),
    ),
    Scenario(
        "in-de-wacht",
        "Bestelling in de wacht",
        "De winkelier zette de bestelling op \u2018in de wacht\u2019; betaald is zij wel.",
        ({**ORDER, "status": "on_hold"},),
        (step("paid"),),
    ),
    Scenario(
        "offerte",
        "Offerte",
        "Nog geen bestelling, maar een aanbod; wel betaald gezet.",
        ({**ORDER, "status": "offer"},),
        (step("paid"),),
    ),
    Scenario(
        "geannuleerd-na-betaling",
        "Geannuleerd na betaling",
        "Eerst betaald, daarna geannuleerd.",
        (ORDER,),
        (step("paid"), step("cancel")),
    ),
    Scenario(
        "dubbel-betaald",
        "Twee keer op betaald gezet",
        "SEOshop meldt de betaling dan twee keer.",
        (ORDER,),
        (step("paid"), step("paid")),
    ),
    Scenario(
        "gewijzigd-na-betaling",
        "Gewijzigd na betaling",
        "Na de betaling werd het boek vervangen door een mok meer.",
        (ORDER,),
        (
            step("paid"),
            step("edit", form={"lines": [line_form("Keramische mok", "14.95", quantity=3)]}),
        ),
    ),
    Scenario(
        "verzonden",
        "Betaald en al verzonden",
        "\u2019s Ochtends betaald, \u2019s middags verzonden: status completed_shipped.",
        (ORDER,),
        (step("paid"), step("ship")),
    ),
    Scenario(
        "op-rekening",
        "Op rekening, nog niet betaald",
        "Wacht op verzending, betaling volgt later.",
        ({**ORDER, "payment": "invoice", "status": "processing_awaiting_shipment"},),
    ),
    Scenario(
        "wero",
        "Betaald met Wero",
        "De opvolger van iDEAL, nieuw in deze winkel.",
        ({"lines": [MUG], "payment": "wero"},),
        method=("wero", "Wero"),
    ),
    Scenario(
        "valuta-dollar",
        "De winkel verkoopt in dollars",
        "Zet de hele winkel op USD en plaatst een bestelling.",
        (ORDER,),
        settings={"currency": "USD"},
    ),
    Scenario(
        "valuta-pond",
        "De winkel verkoopt in ponden",
        "Zet de hele winkel op GBP en plaatst een bestelling.",
        (ORDER,),
        settings={"currency": "GBP"},
    ),
    Scenario(
        "valuta-euro",
        "De winkel verkoopt weer in euro\u2019s",
        "Zet de winkel terug op EUR.",
        settings={"currency": "EUR"},
    ),
)
