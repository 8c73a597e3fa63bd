"""Whoever arrives by a link of the AppCenter, and what is kept of the link."""

from __future__ import annotations

from chalicelib.domain.shop_records import UsedLinks
from tests.fakes.web import SHOP_ID, Browser, World

OTHER_TOKEN = "f" * 32


def used_links(world: World) -> UsedLinks:
    return world.shops.load(SHOP_ID, UsedLinks) or UsedLinks()


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/settings").status == 200
