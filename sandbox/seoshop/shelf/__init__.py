"""The shelf of ready-made examples, by subject."""

from __future__ import annotations

from dataclasses import replace

from sandbox.seoshop.scenario import Scenario
from sandbox.seoshop.shelf import (
    after_delivery_examples,
    border_examples,
    faulty_examples,
    figure5_examples,
    payment_examples,
    settings_examples,
    vat_examples,
)

GROUPS = (
    ("Uit de handleiding", figure5_examples.SCENARIOS),
    ("Btw en bedragen", vat_examples.SCENARIOS),
    ("Grenzen van de btw", border_examples.SCENARIOS),
    ("Betalen, factureren, crediteren", payment_examples.SCENARIOS),
    ("Wijzigt na aflevering", after_delivery_examples.SCENARIOS),
    ("Hangt af van de instellingen van de koppeling", settings_examples.SCENARIOS),
    ("Er klopt iets niet of er ontbreekt iets", faulty_examples.SCENARIOS),
)
SCENARIOS: dict[str, Scenario] = {
    scenario.name: replace(scenario, group=group)
    for group, scenarios in GROUPS
    for scenario in scenarios
}
