"""Examples of orders that do not add up, or miss something."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.seoshop.scenario import Scenario, line_form, parcel, person, step

LAMP = line_form("Bureaulamp", "49.95")
MUG = line_form("Keramische mok", "14.95", quantity=2)


def off(incl: str, excl: str = "41.28") -> Any:
    """Return a lamp of 49.95 (excluding VAT 41.28) whose order total says something else."""
    totals = {"priceExcl": Decimal(excl), "priceIncl": Decimal(incl)}
    return {"lines": [LAMP], "overrides": totals}


WRONG_VAT = {
    "priceExcl": Decimal("40.00"),
    "taxRates": [{"name": "BTW", "rate": Decimal("0.21"), "amount": Decimal("9.95")}],
}

SCENARIOS = (
    Scenario(
        "totaal-1-cent",
        "Totaal wijkt 1 cent af",
        "De regels tellen op tot \u20ac 49,95, het totaal zegt \u20ac 49,96.",
        (off("49.96"),),
        adds_up=False,
    ),
    Scenario(
        "totaal-5-cent",
        "Totaal wijkt 5 cent af",
        "De regels tellen op tot \u20ac 49,95, het totaal zegt \u20ac 50,00.",
        (off("50.00", "41.32"),),
        adds_up=False,
    ),
    Scenario(
        "totaal-5-cent-btw",
        "Btw wijkt 5 cent af",
        "De regels hebben \u20ac 8,67 btw, het totaal heeft \u20ac 8,72 op dezelfde grondslag.",
        (off("50.00"),),
        adds_up=False,
    ),
    Scenario(
        "totaal-1-euro",
        "Totaal wijkt 1 euro af",
        "De regels tellen op tot \u20ac 49,95, het totaal zegt \u20ac 50,95.",
        (off("50.95"),),
        adds_up=False,
    ),
    Scenario(
        "btw-klopt-niet",
        "Btw-bedrag past niet bij het tarief",
        "21 % van \u20ac 40,00 is geen \u20ac 9,95.",
        ({"lines": [{**LAMP, "overrides": WRONG_VAT}], "overrides": WRONG_VAT},),
    ),
    Scenario(
        "stukprijs-klopt-niet",
        "Stukprijs maal aantal is niet het regeltotaal",
        "Het regeltotaal en de bestelling kloppen, de stukprijs niet.",
        (
            {
                "lines": [
                    {
                        **MUG,
                        "overrides": {
                            "basePriceIncl": Decimal("15.45"),
                            "basePriceExcl": Decimal("12.7686"),
                        },
                    }
                ]
            },
        ),
    ),
    Scenario(
        "geen-regels",
        "Bestelling zonder regels",
        "Na de betaling haalde de winkelier alle artikelen eraf.",
        ({"lines": [MUG]},),
        (step("paid"), step("edit", form={"lines": []})),
    ),
    Scenario(
        "onder-nul",
        "Totaal onder nul",
        "Een teruggave van \u20ac 49,95 op een nieuwe bestelling, in plaats van een creditfactuur.",
        ({"lines": [MUG, line_form("Teruggave bureaulamp", "-49.95", free_line=True)]},),
    ),
    Scenario(
        "onleesbaar",
        "Regel zonder btw-tarief",
        "SEOshop geeft bij een regel geen tarief; dat is iets anders dan 0 %.",
        ({"lines": [LAMP, {**MUG, "overrides": {"taxRate": None}}]},),
    ),
    Scenario(
        "geen-email",
        "Bestelling zonder e-mailadres",
        "Telefonisch besteld; het e-mailadres is leeg.",
        ({"customer": person("", "Truus", "Jansen"), "lines": [MUG]},),
    ),
    Scenario(
        "foute-email",
        "Bestelling met een onmogelijk e-mailadres",
        "Iemand typte jan.jansen(at)example.",
        ({"customer": person("jan.jansen(at)example", "Jan", "Jansen"), "lines": [MUG]},),
    ),
    Scenario(
        "geen-land",
        "Factuuradres zonder land",
        "Het land ontbreekt in het factuuradres.",
        (
            {
                "customer": person(
                    "p.bakker@example.nl", "Piet", "Bakker", billing={"country": None}
                ),
                "lines": [MUG],
            },
        ),
    ),
    Scenario(
        "lange-artikelcode",
        "Artikelcode die te lang is",
        "Iemand plakte een omschrijving in het veld van de code: ruim 500 tekens. Wat langer is dan"
        " het formaat toestaat wordt niet afgekapt, want een halve code is een ander artikel.",
        ({"lines": [{**MUG, "code": "Keramische mok " * 34}]},),
    ),
    Scenario(
        "land-zonder-code",
        "Land dat niet meer bestaat",
        "Nederlandse Antillen (AN): alleen te boeken zolang Asperions formaat landcodes van twee"
        " letters ongezien overneemt.",
        (
            {
                "customer": person(
                    "r.maduro@example.com",
                    "Rosa",
                    "Maduro",
                    billing={"city": "Willemstad", "zipcode": "", "country": "an"},
                ),
                "lines": [line_form("Theepot porselein", "25.45", "0")],
            },
        ),
    ),
    Scenario(
        "gast",
        "Gastbestelling",
        "Besteld zonder klantaccount.",
        ({"guest": True, "customer": person("gast@example.nl", "Greet", "Gast"), "lines": [MUG]},),
    ),
    Scenario(
        "vrije-regel",
        "Vrije regel zonder artikel",
        "Maatwerk dat de winkelier zelf op de bestelling zette.",
        ({"lines": [line_form("Graveren van initialen", "12.50", free_line=True), MUG]},),
    ),
    Scenario(
        "vreemde-tekst",
        "Vreemde tekens in namen en titels",
        "Opmaak, emoji, stuurtekens, rechts-naar-links en een heel lange naam.",
        (
            {
                "customer": person(
                    "robert@example.nl",
                    "Robert'); DROP TABLE--",
                    "<b>Vet & \u201cgek\u201d</b>",
                    company="Caf\u00e9 \U0001f370 & Zn. \u202e\u05d0\u05d1\u05d2\u202c",
                    billing={"name": "N" * 300, "street": "]]> <script>alert(1)</script>"},
                ),
                "comment": "Regel 1\r\nRegel 2\t\u0000\u0008\u001f einde \ud83d",
                "lines": [
                    line_form("Taart \U0001f382 <i>groot</i> &amp; \u0007 \u200f\u202e", "18.15"),
                    line_form("Z" * 10_000, "1.21"),
                ],
            },
        ),
    ),
    Scenario(
        "bedrijf-kvk",
        "Bedrijf met KvK- en btw-nummer",
        "Nederlands bedrijf met tussenvoegsel, huisnummer en toevoeging.",
        (
            {
                "customer": person(
                    "administratie@example.nl",
                    "Sanne",
                    "Vries",
                    middlename="de",
                    company="De Vries Keukens B.V.",
                    coc="12345678",
                    vat="NL004495445B01",
                ),
                "lines": [MUG],
                "shipping": parcel("4.95"),
            },
        ),
    ),
    Scenario(
        "ander-afleveradres",
        "Afleveradres wijkt af",
        "Factuur naar Nederland, pakket naar Belgi\u00eb.",
        (
            {
                "customer": person(
                    "m.visser@example.nl",
                    "Mark",
                    "Visser",
                    shipping={
                        "name": "Oma Visser",
                        "street": "Kerkstraat",
                        "number": "1",
                        "zipcode": "9000",
                        "city": "Gent",
                        "country": "be",
                    },
                ),
                "lines": [MUG],
                "shipping": parcel("7.95"),
            },
        ),
    ),
)
