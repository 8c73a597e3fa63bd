"""Links to the shop's back office, where a merchant corrects an order."""

from __future__ import annotations

from urllib.parse import quote

from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.web.pages.call import Call

ORDER, DOMAIN = "{order}", "{domain}"


def link_order(call: Call, entry: Entry | Hint) -> str:
    """The address of a document's order in the back office of its shop, by `Settings.order_pages`.

    For an invoice it is the list of orders, because only the invoice's own number is known. Empty
    while the shop's own domain is needed and not known; SEOshop sends it whenever the merchant
    opens the app.
    """
    page = call.connector.settings.order_pages[call.shop.cluster]
    if DOMAIN in page and not call.shop.domain:
        return ""
    if entry.kind is DocumentKind.INVOICE:
        page = page.partition(ORDER)[0].rpartition("/")[0]
    named = {ORDER: entry.document_id, "{shop}": call.shop.shop_id, DOMAIN: call.shop.domain}
    for name, value in named.items():
        page = page.replace(name, quote(str(value), safe=""))
    return page
