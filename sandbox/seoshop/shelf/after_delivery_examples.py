"""Examples of what happens to an order after it was delivered to the books.

Each follows the first one, whose order has to be in a file by then: a night goes by, or somebody
starts the run, between two clicks.
"""

from __future__ import annotations

from sandbox.seoshop.scenario import Scenario, line_form, parcel, step

MUG = line_form("Keramische mok", "14.95", quantity=2)
BOOK = line_form("Kookboek Hollandse pot", "21.80", "0.09")
FIRST = "wijzigt-later"

SCENARIOS = (
    Scenario(
        FIRST,
        "Bestelling die later wijzigt",
        "Laat haar eerst afleveren; met de voorbeelden hieronder gebeurt er daarna iets mee.",
        ({"lines": [MUG, BOOK], "shipping": parcel("4.95")},),
    ),
    Scenario(
        "later-geannuleerd",
        "Geannuleerd na aflevering",
        "Met \u2018Correctie boeken\u2019 wordt de bestelling in haar geheel teruggedraaid; is al"
        " een deel gecrediteerd, dan wacht de correctie.",
        steps=(step("cancel"),),
        follows=FIRST,
    ),
    Scenario(
        "later-gewijzigd-en-geannuleerd",
        "Gewijzigd en geannuleerd na aflevering",
        "Klik op \u2018Correctie boeken\u2019: wat er nu staat is niet wat er geboekt werd, dus de"
        " correctie wacht.",
        steps=(
            step("edit", form={"lines": [line_form("Keramische mok", "14.95", quantity=3)]}),
            step("cancel"),
        ),
        follows=FIRST,
    ),
    Scenario(
        "later-deels-terug",
        "Deels terugbetaald na aflevering",
        "E\u00e9n mok komt terug. Klik op \u2018Terugbetaling boeken\u2019, laat haar afleveren en"
        " kies dan \u2018Geannuleerd na aflevering\u2019: twee keer terugdraaien gaat niet.",
        steps=(step("credit", form={"first_line": 1}),),
        follows=FIRST,
    ),
)
