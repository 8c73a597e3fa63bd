"""Examples whose outcome depends on what the merchant chose in the connector's settings.

The explanation names the setting, with the words of the settings page.
"""

from __future__ import annotations

from sandbox.seoshop.scenario import Scenario, line_form, parcel, person, step
from sandbox.seoshop.shelf.customers_abroad import GERMAN

MUG = line_form("Keramische mok", "14.95", quantity=2)
BOOK = line_form("Kookboek Hollandse pot", "21.80", "0.09")
ORDER = {"lines": [MUG, BOOK], "shipping": parcel("4.95")}

SCENARIOS = (
    Scenario(
        "nieuwe-betaalwijze",
        "Betaalwijze die nog niet bestond",
        "Klarna kwam erbij nadat de koppeling was ge\u00efnstalleerd. Met als standaard"
        " \u2018Bestelling vasthouden tot ik kies\u2019 wacht de bestelling.",
        ({"lines": [MUG], "payment": "klarna"},),
        method=("klarna", "Klarna achteraf betalen"),
    ),
    Scenario(
        "betaald-met-cadeaubon",
        "Deels betaald met een cadeaubon",
        "\u20ac 10,00 met een bon, de rest met iDEAL. Wacht, behalve als u bij \u2018Bestellingen"
        " betaald met een cadeaubon\u2019 boeken kiest.",
        ({**ORDER, "overrides": {"giftCardsPayment": [{"code": "BON-7QX4", "amount": 10}]}},),
    ),
    Scenario(
        "kenmerk-van-de-betaling",
        "Betaling met een kenmerk van de betaalprovider",
        "De betaalprovider gaf de betaling een kenmerk, tr_7UhSN1. Zet bij \u2018Omschrijving van"
        " een factuur\u2019 [ kenmerk {kenmerk}] achter de rest: dan staat het in Asperion.",
        ({**ORDER, "payment_reference": "tr_7UhSN1"},),
    ),
    Scenario(
        "cadeaubon-met-btw",
        "Cadeaubon verkocht met 21\u00a0% btw",
        "Zet CADEAUBON-50 bij \u2018Artikelen die cadeaubonnen zijn\u2019: de btw hoort er dan nog"
        " niet op.",
        ({"lines": [line_form("Cadeaubon 50 euro", "50.00", code="CADEAUBON-50"), MUG]},),
    ),
    Scenario(
        "betaaldag-onbekend",
        "Betaald, maar SEOshop zegt niet wanneer",
        "Het logboek van de bestelling is leeg. Wacht als u bij \u2018Factuurdatum in"
        " Asperion\u2019 de datum van betaling kiest.",
        (ORDER,),
        (step("paid"), step("empty_log")),
    ),
    Scenario(
        "te-laat-voor-de-periode",
        "Bestelling van een periode die al is afgesloten",
        "Besteld op oudejaarsdag 2025, nu pas betaald. Sluit onder Btw af tot en met 31 december"
        " 2025: de factuur krijgt de datum 1 januari 2026, of wacht als u dat bij"
        " \u2018Factuurdatum\u2019 kiest.",
        ({**ORDER, "created_at": "2025-12-31T23:10:00"},),
        (step("paid"),),
    ),
    Scenario(
        "credit-zonder-factuur",
        "Creditfactuur waarvan de factuur weg is",
        "De factuur werd na het crediteren verwijderd. Kies \u2018Alle facturen van SEOshop\u2019.",
        (ORDER,),
        (step("paid"), step("credit"), step("remove_invoice")),
    ),
    Scenario(
        "credit-voor-factuur",
        "Creditfactuur bij een factuur die wacht",
        "Het e-mailadres is leeg, dus de factuur wacht, en haar creditfactuur wacht op haar. Kies"
        " \u2018Alle facturen van SEOshop\u2019.",
        ({**ORDER, "customer": person("", "Truus", "Jansen")},),
        (step("paid"), step("credit")),
    ),
    Scenario(
        "oss-zakelijk-met-btw",
        "Duits bedrijf met btw-nummer, toch 21\u00a0%",
        "OSS is voor particulieren. Wacht als u \u2018Ik gebruik het \u00e9\u00e9nloketsysteem"
        " (OSS)\u2019 aanzet.",
        ({"customer": GERMAN, "lines": [line_form("Keramische mok", "14.95", quantity=24)]},),
    ),
    Scenario(
        "kor-met-btw",
        "KOR-winkel die toch btw rekent",
        "Een knuffel met 21\u00a0%. Wacht als u \u2018Ik gebruik de kleineondernemersregeling"
        " (KOR)\u2019 aanzet.",
        ({"lines": [line_form("Gehaakte knuffel", "24.50")], "shipping": parcel("4.25")},),
    ),
)
