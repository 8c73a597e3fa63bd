"""What tests of several folders share: the packaged app on local AWS, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect

from tests.building import share_folder
from tests.stack.world import World, remove, running
from tools.chromium import NoBrowser, chromium
from tools.played_day import Day

# How long an example takes says how busy the machine is, and nothing of the code.
whole = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("whole", whole)
settings.register_profile("quick", whole, max_examples=12)
settings.load_profile("whole")

pytest_plugins = ["tests.verdict"]

LONGEST = "test_busy_shop.py"
PATIENCE = 60_000  # milliseconds: a busy machine answers late, and that is no failure


def pytest_configure(config: pytest.Config) -> None:
    share_folder(config)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: the others run beside it."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.getbasetemp()) as world:
        yield world


@pytest.fixture
def day(world: World) -> Iterator[Day]:
    """A shop that has not installed the connector yet; gone when the test ends."""
    day = world.day()
    yield day
    remove(day)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One Chromium for the whole run: Playwright cannot be started twice in a process. Where none
    starts, the tests that need one are skipped.
    """
    from tests.verdict import note_browser  # here: pytest loads its plugins itself

    expect.set_options(timeout=PATIENCE)
    try:
        with chromium() as started:
            note_browser(request.config, f"Chromium {started.version}")
            yield started
    except NoBrowser as missing:
        pytest.skip(f"THE BROWSER TESTS ARE SKIPPED. {missing}")
