"""Dutch pages need compiled catalogues, which are built and not committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chalicelib.web import i18n, pages
from tests.fakes.web import Browser, World


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    for source in pages.LOCALE.glob("*/LC_MESSAGES/*.po"):
        target, draft = source.with_suffix(".mo"), source.with_suffix(f".{os.getpid()}.mo")
        with source.open("rb") as texts, draft.open("wb") as compiled:
            write_mo(compiled, read_po(texts, locale=Path(source).parts[-3]))
        draft.replace(target)
    i18n.translations.cache_clear()
    pages._environment.cache_clear()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world)
