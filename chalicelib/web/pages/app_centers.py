"""Where a merchant opens the app: the back office of the shop, or where all shops sign in.

Without a session nobody knows which shop a browser is for. A signed cookie remembers, since the
last signing in, on which of SEOshop's clusters it is and under which domain; nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.domain.shops import Shop
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import Msgids, msgid

KNOWN_SHOP = "shop"
_KEPT_FOR = 180 * 24 * 60 * 60  # seconds
_DOMAIN = "{domain}"

_SIGN_IN_PAGES = {
    "eu1": "https://seoshop.webshopapp.com/backoffice",
    "us1": "https://store.shoplightspeed.com/backoffice",
}
"""Where the merchants of a cluster sign in, whatever their shop; as seen in use."""

_LINKS: Msgids[str] = {
    "eu1": "To the AppCenter (Europe, webshopapp.com)",
    "us1": "To the AppCenter (North America, shoplightspeed.com)",
}
_THE_LINK = msgid("To the AppCenter of your webshop")


class Link(NamedTuple):
    """A link; `text` is an English source."""

    text: str
    url: str


def list_app_centers(call: Call) -> list[Link]:
    """The AppCenter of the shop that is signed in, or else of the one that this browser was last
    signed in to; of every cluster when nothing is known.
    """
    if call.signed_in is not None:
        cluster, domain = call.shop.cluster, call.shop.domain
    else:
        cluster, domain = _recall_shop(call)
    if cluster in _LINKS:
        return [Link(_THE_LINK, _find_address(call, cluster, domain))]
    return [Link(text, _find_address(call, each)) for each, text in _LINKS.items()]


def remember_shop(call: Call, shop: Shop) -> str:
    """The ``Set-Cookie`` value by which this browser finds the shop's AppCenter without a session."""
    return call.sessions.write(KNOWN_SHOP, [shop.cluster, shop.domain], _KEPT_FOR)


def forget_domain(call: Call) -> str:
    """The ``Set-Cookie`` value for a browser that was signed out: only the cluster is known on."""
    cluster, _ = _recall_shop(call)
    return call.sessions.write(KNOWN_SHOP, [cluster, ""], _KEPT_FOR)


def _recall_shop(call: Call) -> tuple[str, str]:
    """Cluster and domain, empty where they are not known."""
    found = call.sessions.read(call.request.cookies, KNOWN_SHOP, _KEPT_FOR)
    cluster, domain = found or ("", "")
    return cluster, domain


def _find_address(call: Call, cluster: str, domain: str = "") -> str:
    """By `Settings.app_centers`, unless that needs a domain that is not known."""
    address = call.connector.settings.app_centers[cluster]
    if _DOMAIN in address and not domain:
        return _SIGN_IN_PAGES[cluster]
    return address.replace(_DOMAIN, domain)
