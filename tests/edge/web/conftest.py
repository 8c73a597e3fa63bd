"""Dutch pages need compiled catalogues, which are built and not committed."""

from __future__ import annotations

import pytest

from chalicelib.web.pages import page_templates
from chalicelib.web.texts import localisation
from tests.fakes.mailbox import Mailbox
from tests.fakes.web import Browser, World
from tools.catalogues import compile_catalogues


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_catalogues()
    localisation.load_translations.cache_clear()
    page_templates._load_environment.cache_clear()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return Mailbox.open(world)


@pytest.fixture
def merchant(world: World, mailbox: Mailbox) -> Browser:
    browser = Browser(world)
    browser.install()
    return browser
