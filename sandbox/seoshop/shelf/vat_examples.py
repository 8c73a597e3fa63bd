"""Examples about VAT: rates, dates, countries, discounts."""

from __future__ import annotations

from sandbox.seoshop.scenario import Scenario, line_form, parcel
from sandbox.seoshop.shelf.customers_abroad import BELGIAN, GERMAN, SWISS

MUG = line_form("Keramische mok", "14.95", quantity=2)
BOOK = line_form("Kookboek Hollandse pot", "21.80", "0.09")

SCENARIOS = (
    Scenario(
        "gemengd",
        "Nederlandse bestelling met 21 % en 9 %",
        "Twee mokken, een kookboek, verzending en betaalkosten.",
        (
            {
                "lines": [MUG, BOOK],
                "shipping": parcel("4.95"),
                "payment_cost": {"priceIncl": "0.50"},
            },
        ),
    ),
    Scenario(
        "dag-2018",
        "Een dag in 2018: laag tarief 6 %",
        "Besteld op 15 november 2018, toen boeken nog 6 % waren.",
        (
            {
                "created_at": "2018-11-15T14:02:00",
                "lines": [MUG, line_form("Kookboek Hollandse pot", "21.20", "0.06")],
            },
        ),
    ),
    Scenario(
        "dag-2019",
        "Een dag in 2019: laag tarief 9 %",
        "Besteld op 2 januari 2019, de eerste werkdag met 9 %.",
        ({"created_at": "2019-01-02T09:30:00", "lines": [MUG, BOOK]},),
    ),
    Scenario(
        "belgie-nl-btw",
        "Belgische particulier met Nederlandse 21 %",
        "Een winkel die geen OSS-aangifte doet rekent Nederlandse btw.",
        ({"customer": BELGIAN, "lines": [MUG], "shipping": parcel("7.95")},),
    ),
    Scenario(
        "belgie-oss",
        "Belgische particulier met Belgische 6 % (OSS)",
        "Een boek met het Belgische lage tarief.",
        ({"customer": BELGIAN, "lines": [line_form("Kookboek Vlaamse keuken", "26.50", "0.06")]},),
    ),
    Scenario(
        "duitsland-zakelijk",
        "Duits bedrijf met btw-nummer, 0 %",
        "Intracommunautaire levering; het btw-nummer klopt.",
        (
            {
                "customer": GERMAN,
                "lines": [line_form("Keramische mok", "12.36", "0", 24)],
                "shipping": parcel("9.92", "0", "DPD Europa"),
            },
        ),
    ),
    Scenario(
        "duitsland-fout-nummer",
        "Duits bedrijf met een fout btw-nummer, 0 %",
        "Het btw-nummer DE12345 is te kort; 0 % is dan niet te verdedigen.",
        (
            {
                "customer": {**GERMAN, "vat": "DE12345"},
                "lines": [line_form("Keramische mok", "12.36", "0", 6)],
            },
        ),
    ),
    Scenario(
        "belgie-nummer-niet-in-gebruik",
        "Belgisch bedrijf met een btw-nummer dat niet in gebruik is, 0\u00a0%",
        "Het btw-nummer BE 0123.456.749 heeft de goede vorm, maar volgens VIES is het niet in"
        " gebruik; 0\u00a0% is dan niet te verdedigen.",
        (
            {
                "customer": {
                    **BELGIAN,
                    "company": "Voorbeeld BV",
                    "vat": "BE 0123.456.749",
                },
                "lines": [line_form("Keramische mok", "12.36", "0", 6)],
            },
        ),
    ),
    Scenario(
        "duitsland-bezorgd-in-nederland",
        "Duits bedrijf, bezorgd in Nederland, 0\u00a0%",
        "De factuur gaat naar Duitsland, de goederen blijven hier; 0\u00a0% is dan niet te"
        " verdedigen.",
        (
            {
                "customer": {
                    **GERMAN,
                    "shipping": {
                        "name": "Filiaal Zutphen",
                        "street": "Voorbeeldstraat",
                        "number": "5",
                        "zipcode": "7201 AB",
                        "city": "Zutphen",
                        "country": "nl",
                    },
                },
                "lines": [line_form("Keramische mok", "12.36", "0", 6)],
            },
        ),
    ),
    Scenario(
        "zwitserland",
        "Zwitserse bestelling, uitvoer 0 %",
        "Buiten de EU: geen btw.",
        (
            {
                "customer": SWISS,
                "lines": [line_form("Theepot porselein", "25.45", "0")],
                "shipping": parcel("12.40", "0", "Internationaal pakket"),
            },
        ),
    ),
    Scenario(
        "kortingscode",
        "Kortingscode over twee tarieven",
        "10 % korting met LENTE10 op een mok (21 %) en een boek (9 %).",
        (
            {
                "lines": [MUG, BOOK],
                "shipping": parcel("4.95"),
                "coupon": {"code": "LENTE10", "percentage": 10},
            },
        ),
    ),
    Scenario(
        "kortingsbedrag",
        "Kortingsbedrag over twee tarieven",
        "\u20ac 7,50 korting, naar verhouding over de regels verdeeld.",
        ({"lines": [MUG, BOOK], "coupon": {"code": "WELKOM750", "amount": "7.50"}},),
    ),
    Scenario(
        "verzending-gemengd",
        "Verzendkosten over twee btw-tarieven",
        "De verzendkosten van \u20ac 6,95 zijn deels 21 %, deels 9 %.",
        (
            {
                "lines": [MUG, BOOK],
                "shipping": {
                    "title": "PostNL pakket",
                    "priceIncl": "6.95",
                    "split": [["0.21", "0.58"], ["0.09", "0.42"]],
                },
            },
        ),
    ),
    Scenario(
        "kor",
        "KOR-winkel: overal 0 %",
        "Kleineondernemersregeling: een Nederlandse bestelling zonder btw.",
        (
            {
                "lines": [line_form("Gehaakte knuffel", "24.50", "0")],
                "shipping": parcel("4.25", "0"),
            },
        ),
    ),
    Scenario(
        "betaalkosten",
        "Betaalkosten op de bestelling",
        "\u20ac 1,75 betaalkosten voor PayPal.",
        (
            {
                "lines": [MUG],
                "payment": "paypal",
                "payment_cost": {"priceIncl": "1.75"},
                "shipping": parcel("4.95"),
            },
        ),
    ),
    Scenario(
        "cadeaubon",
        "Cadeaubon als artikel",
        "Een cadeaubon van \u20ac 25 zonder btw naast een mok.",
        ({"lines": [line_form("Cadeaubon 25 euro", "25.00", "0", code="CADEAUBON-25"), MUG]},),
    ),
    Scenario(
        "zeven-met-korting",
        "Zeven stuks met regelkorting",
        "7 \u00d7 \u20ac 3,35 met \u20ac 2,35 korting op de hele regel.",
        ({"lines": [line_form("Servet met print", "3.35", quantity=7, discount="2.35")]},),
    ),
    Scenario(
        "nul-bestelling",
        "Bestelling van \u20ac 0,00",
        "Alles gratis met een kortingscode van 100 %.",
        ({"lines": [MUG], "coupon": {"code": "GRATIS", "percentage": 100}},),
    ),
    Scenario(
        "gratis-artikel",
        "Gratis artikel naast een betaald artikel",
        "Een sticker van \u20ac 0,00 bij een mok.",
        ({"lines": [MUG, line_form("Sticker", "0.00")]},),
    ),
    Scenario(
        "onbekend-tarief",
        "Onbekend btw-tarief van 13 %",
        "Een tarief dat in Nederland niet bestaat.",
        ({"lines": [line_form("Keramische mok", "14.95", "0.13")]},),
    ),
)
