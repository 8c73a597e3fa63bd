"""The shelf of ready-made examples, by subject."""

from __future__ import annotations

from dataclasses import replace

from sandbox.seoshop.scenario import Scenario
from sandbox.seoshop.shelf import choices, figure5, later, life, trouble, vat

GROUPS = (
    ("Uit de handleiding", figure5.SCENARIOS),
    ("Btw en bedragen", vat.SCENARIOS),
    ("Betalen, factureren, crediteren", life.SCENARIOS),
    ("Wijzigt na aflevering", later.SCENARIOS),
    ("Hangt af van de instellingen van de koppeling", choices.SCENARIOS),
    ("Er klopt iets niet of er ontbreekt iets", trouble.SCENARIOS),
)
SCENARIOS: dict[str, Scenario] = {
    scenario.name: replace(scenario, group=group)
    for group, scenarios in GROUPS
    for scenario in scenarios
}
