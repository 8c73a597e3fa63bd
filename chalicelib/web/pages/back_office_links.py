"""The shop's back office: where a merchant mends what the connector may not touch."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.domain.shops import Shop

ORDER, DOMAIN = "{order}", "{domain}"


def order_page(pages: Mapping[str, str], shop: Shop, entry: Entry) -> str:
    """The address of a document's order in the back office of its shop, by `Settings.order_pages`.

    Of an invoice only its own number is known: it leads to the list of orders. Empty while the
    shop's own domain is needed and not known; it is told whenever the merchant opens the app.
    """
    page = pages[shop.cluster]
    if DOMAIN in page and not shop.domain:
        return ""
    if entry.kind is DocumentKind.INVOICE:
        page = page.partition(ORDER)[0].rpartition("/")[0]
    named = {ORDER: entry.document_id, "{shop}": shop.shop_id, DOMAIN: shop.domain}
    for name, value in named.items():
        page = page.replace(name, quote(str(value), safe=""))
    return page
