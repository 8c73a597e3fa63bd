"""Dutch pages need compiled catalogues, which are built and not committed."""

from __future__ import annotations

import pytest

from chalicelib.web.pages import page_templates as pages
from chalicelib.web.texts import localisation as i18n
from tests.fakes.web import Browser, World
from tools.catalogues import compile_catalogues


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_catalogues()
    i18n.translations.cache_clear()
    pages._environment.cache_clear()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)
