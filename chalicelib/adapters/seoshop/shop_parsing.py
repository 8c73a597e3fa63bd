"""Parses what SEOshop says of a shop itself: who it is, its payment methods and its subscriptions.

Source: API reference, 3.1 (webhooks), 9 (payment methods, shop).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from chalicelib.adapters.seoshop.parsing import parse_country
from chalicelib.adapters.seoshop.record_parsing import parse_record
from chalicelib.adapters.seoshop.values import Fields, unreadable_document
from chalicelib.domain import bounds
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.platform import ShopProfile, Webhook
from chalicelib.errors import ShopUnreadable


def parse_payment_methods(found: Iterable[Fields]) -> list[PaymentMethod]:
    """The payment methods that can be read: one that cannot hides none of the others."""
    methods = []
    for fields in found:
        with suppress(ShopUnreadable):
            methods.append(parse_payment_method(fields))
    return methods


def parse_payment_method(fields: Fields) -> PaymentMethod:
    """A payment method; one without title is shown by its key."""
    key = fields.needed_text("key")
    if not bounds.is_key(key):
        raise unreadable_document(fields.resource, "key", "is not one line, or too long")
    title = bounds.cut(fields.typed_text("title"), bounds.LONGEST_TITLE)
    return PaymentMethod(key=key, title=title or key)


def parse_webhook(fields: Fields) -> Webhook:
    """A webhook subscription. One that does not say its id is one all the same: were it left out,
    another would be made every night.
    """
    topic = f"{fields.text('itemGroup')}/{fields.text('itemAction')}"
    number = None
    with suppress(ShopUnreadable):
        number = fields.read("id", int, None)
    return parse_record(Webhook, fields, topic=topic, id=number)


def parse_shop_profile(fields: Fields) -> ShopProfile:
    """A shop. Its title is its company's name where that is embedded, else its own title or domain.
    The country is the empty string when the shop has filled in none. Raises `ShopUnreadable` for a
    country or currency that is no code.
    """
    currency, company = fields.raw("currency"), fields.link("company").embedded
    if isinstance(currency, str):
        code = fields.needed_text("currency")
    else:
        code = fields.object("currency").needed_text("shortcode")
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise unreadable_document(fields.resource, "currency", "is not a code of three letters")
    titles = [fields.typed_text("title"), fields.text("mainDomain"), fields.text("subDomain")]
    if isinstance(company, dict):
        titles.insert(0, Fields(company, "shop.company").typed_text("name"))
    domain = fields.text("subDomain").partition(".")[0]
    return ShopProfile(
        title=bounds.cut(next(filter(None, titles), ""), bounds.LONGEST_TITLE),
        currency=code.upper(),
        country=parse_country(fields, "country") or "",
        domain=domain if re.fullmatch(r"[A-Za-z0-9-]{1,63}", domain) else "",
    )


def parse_own_vat_number(fields: Fields) -> str:
    """A shop's own VAT number; see `_find_text`."""
    return _find_text(fields, "vatNumber")


def parse_contact_address(fields: Fields) -> str:
    """The e-mail address of a shop's contact; see `_find_text`."""
    return _find_text(fields, "email")


def _find_text(fields: Fields, name: str) -> str:
    """What a shop says of itself, or its company where that is embedded; empty when neither does,
    or what there is cannot be read.
    """
    with suppress(ShopUnreadable):
        if text := fields.typed_text(name).strip():
            return text
    with suppress(ShopUnreadable):
        company = fields.link("company").embedded
        if isinstance(company, dict):
            return Fields(company, "shop.company").typed_text(name).strip()
    return ""
