"""The control routes that act for a merchant: the app's URLs, and ready-made scenarios."""

from __future__ import annotations

from flask import Response

from sandbox.seoshop.control_shops import control, form, reply
from sandbox.seoshop.platform_store import DEFAULT_SHOP
from sandbox.seoshop.scenarios import SCENARIOS, play
from sandbox.seoshop.shop_platform import current


@control.post("/<any('install','cancel-url','uninstall-url'):what>")
def app_url(what: str) -> Response:
    """Do what the merchant's click does, and return the signed URL the browser is sent to.

    Keys: shop_id, language, timestamp (Unix seconds), new_token (install: replace it). An
    install also grants the token, a cancel and an uninstall change the app's state likewise;
    ``dry: true`` only signs.
    """
    asked, platform = form(), current()
    with platform.store.lock:
        shop = platform.shop(asked.get("shop_id", DEFAULT_SHOP))
        kind = what.removesuffix("-url")
        if not asked.get("dry"):
            if kind == "install":
                platform.install(shop, bool(asked.get("new_token")))
            else:
                getattr(platform, kind)(shop)
        url = platform.app_link(shop, kind, asked.get("language"), asked.get("timestamp"))
        return reply({"url": url, "app": shop.installation.status if shop.installation else None})


@control.get("/scenarios")
def scenarios() -> Response:
    """List the scenarios."""
    return reply(
        {
            "scenarios": [
                {
                    "name": each.name,
                    "title": each.title,
                    "explanation": each.explanation,
                    "group": each.group,
                    "closes": each.adds_up,
                }
                for each in SCENARIOS.values()
            ]
        }
    )


@control.post("/scenarios/<name>")
def play_scenario(name: str) -> Response:
    """Play one in ``shop_id``; with ``paid: true`` its orders become paid."""
    asked, platform = form(), current()
    if name not in SCENARIOS:
        raise KeyError(f"scenario {name}")
    with platform.store.lock:
        shop = platform.shop(asked.get("shop_id", DEFAULT_SHOP))
        made = play(platform, shop, SCENARIOS[name], bool(asked.get("paid")))
        return reply(
            {
                "name": name,
                "shop_id": shop.id,
                "orders": [each.number for each in made],
                "ids": [each.id for each in made],
            },
            201,
        )
