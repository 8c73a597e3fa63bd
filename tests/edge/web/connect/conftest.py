"""A merchant at each step of the connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.axml import load_profile
from chalicelib.web.pages.page_templates import TEMPLATES
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.web import Browser, World

PROFILE = load_profile(Path(TEMPLATES) / "axml" / "reconstructed-1.4")


@pytest.fixture
def asperion(world: World) -> MemoryAsperion:
    world.profile = PROFILE
    return world.asperion


@pytest.fixture
def merchant(asperion: MemoryAsperion, browser: Browser) -> Browser:
    browser.install()
    return browser


@pytest.fixture
def chosen(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    """An administration is chosen, nothing is confirmed."""
    asperion.connect(world.shops, choices=None, is_on=False)
    return merchant


@pytest.fixture
def ready(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    """Everything is confirmed, and not turned on."""
    asperion.connect(world.shops, is_on=False)
    return merchant


@pytest.fixture
def connected(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    asperion.connect(world.shops)
    return merchant
