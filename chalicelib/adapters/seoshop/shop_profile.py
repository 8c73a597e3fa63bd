"""Parses a shop's profile from SEOshop's JSON. Source: API reference, 9 (shop)."""

from __future__ import annotations

import re

from chalicelib.adapters.seoshop.links import Link
from chalicelib.adapters.seoshop.values import Fields
from chalicelib.domain.platform import ShopProfile

_NAME = re.compile(r"[A-Za-z0-9-]{1,63}")


def parse_shop_profile(fields: Fields) -> ShopProfile:
    """Parse a shop. Its title is its company's name where that is embedded, else its own title or
    domain. The country is the empty string when the shop has filled in none.
    """
    currency = fields.raw("currency")
    shortcode = (
        fields.needed_text("currency")
        if isinstance(currency, str)
        else fields.object("currency").needed_text("shortcode")
    )
    titles = (_read_company_name(fields), *map(fields.text, ("title", "mainDomain", "subDomain")))
    return ShopProfile(
        title=next(filter(None, titles), ""),
        currency=shortcode.upper(),
        country=fields.country("country") or "",
        domain=name if _NAME.fullmatch(name := fields.text("subDomain").partition(".")[0]) else "",
    )


def _read_company_name(fields: Fields) -> str:
    embedded = Link.read(fields, "company").embedded
    return Fields(embedded, "shop.company").text("name") if isinstance(embedded, dict) else ""
