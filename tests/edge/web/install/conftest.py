"""A shop in which the app is being installed."""

from __future__ import annotations

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.orders import PaymentMethod
from tests.fakes.web import World
from tools.build import ROOT


@pytest.fixture
def world() -> World:
    """A shop with the profile's own payment codes, and a method that nobody can guess."""
    world = World()
    profile = load_profile(ROOT / "templates" / "axml" / "reconstructed-1.4")
    world.profile.payments = profile.payments
    world.api.methods.append(PaymentMethod(key="spaarpunten", title="Spaarpunten"))
    return world
