"""Errors in words: what happened and what to do; nothing secret."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.errors import (
    AsperionBusy,
    AsperionError,
    AsperionForbidden,
    ConnectionRefused,
    LedgerConflict,
    LedgerThrottled,
    LinkUsed,
    OfAnotherShop,
    ProfileError,
    RequestError,
    SealBroken,
    ShopError,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    SignatureError,
    UnknownFile,
    UnknownOrder,
    UnknownShop,
    VaultUnavailable,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.bookkeeper_sessions import BookkeeperNotSignedIn
from chalicelib.web.http.client_routes import NotGranted
from chalicelib.web.http.http_messages import BodyTooLarge
from chalicelib.web.http.own_origin import NotOurPage
from chalicelib.web.http.session_cookies import NotSignedIn
from chalicelib.web.http.visits import NotAVisit
from chalicelib.web.texts.localisation import msgid


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error as a merchant sees it; texts are English sources. `opens_app`: opening the app from
    the AppCenter helps.
    """

    status: int
    title: str
    text: str
    opens_app: bool = False


_LATER = msgid("Nothing was changed. Try again in a few minutes.")
_AGAIN = msgid("Try again in a few minutes. Nothing is lost: your orders wait.")

TEXTS: Mapping[type[Exception], ErrorText] = {
    LinkUsed: ErrorText(
        401,
        "This link was used already",
        "It signs in one browser, once. Nothing was changed. Open the app from the AppCenter of "
        "your webshop again: that makes a new link.",
        opens_app=True,
    ),
    NotAVisit: ErrorText(
        425,
        "Your browser asked for this page in advance",
        "Nothing was changed. Open the app from the AppCenter of your webshop.",
        opens_app=True,
    ),
    SignatureError: ErrorText(
        401,
        "This link is not valid",
        "It is incomplete, too old, or does not come from SEOshop. Nothing was stored. Open "
        "the app from the AppCenter of your webshop again.",
        opens_app=True,
    ),
    BookkeeperNotSignedIn: ErrorText(
        401,
        "Please sign in",
        "You sign in as a bookkeeper by a link that we mail to you. After half an hour without "
        "opening a page you are signed out, so that nobody else can look into the books.",
    ),
    NotGranted: ErrorText(
        403,
        "This is not among your rights",
        "Nothing was changed. In this webshop you may look at everything, and do what its merchant "
        "granted you beyond that. The merchant can change it in the settings.",
    ),
    NotSignedIn: ErrorText(
        401,
        "Please sign in",
        "You sign in from your webshop: choose Apps in its back office, then this connector, then "
        "“Open”. After half an hour without opening a page you are signed out, so that nobody "
        "else can look into your books.",
        opens_app=True,
    ),
    NotOurPage: ErrorText(
        403,
        "This did not come from our own page",
        "Nothing was changed. Open the app from the AppCenter and try again there.",
        opens_app=True,
    ),
    OfAnotherShop: ErrorText(
        409,
        "This page is of another webshop",
        "You went on in another webshop in the meantime, so nothing was changed. Open the app from "
        "the AppCenter of the webshop that you mean.",
        opens_app=True,
    ),
    UnknownShop: ErrorText(
        404,
        "This shop is not known here",
        "The connector is not installed in it. Install it from the AppCenter.",
        opens_app=True,
    ),
    UnknownOrder: ErrorText(
        404,
        "This order is not known here",
        "Check the number. An order that was never paid, or was paid before the connector was "
        "installed, is not in this overview.",
    ),
    UnknownFile: ErrorText(404, "This file is not known here", "Look for it in the overview."),
    BodyTooLarge: ErrorText(
        413,
        "This is too much at once",
        ("Nothing was stored. Fill in less, or choose a smaller file."),
    ),
    RequestError: ErrorText(
        400,
        "This could not be done",
        "What was sent is incomplete or no longer fits. Go back and try again.",
    ),
    ShopUnauthorised: ErrorText(
        502,
        "SEOshop gives the connector no access",
        "That may be due to the connector itself and pass: try again in a quarter of an hour. If "
        "it goes on, open the app from the AppCenter again. Your orders wait.",
        opens_app=True,
    ),
    ShopLanguageUnknown: ErrorText(
        502,
        "Your webshop no longer has the language it was installed in",
        "Open the app from the AppCenter again: it brings your webshop's present language "
        "along. Your orders wait.",
        opens_app=True,
    ),
    ShopUnavailable: ErrorText(503, "Your webshop does not answer", _AGAIN),
    ShopRateLimited: ErrorText(503, "Your webshop asks us to wait", _AGAIN),
    ShopError: ErrorText(502, "Your webshop gave an unexpected answer", _AGAIN),
    ConnectionRefused: ErrorText(
        409,
        "Asperion no longer accepts the connection",
        "Nothing was changed. Connect again with Asperion, in the settings. Your orders wait.",
    ),
    AsperionForbidden: ErrorText(
        502,
        "Asperion does not open this administration",
        "It may be closed, or your account may no longer open it. Look in Asperion, or choose "
        "another administration. Nothing was changed.",
    ),
    AsperionBusy: ErrorText(503, "Asperion asks us to wait", _LATER),
    AsperionError: ErrorText(503, "Asperion does not answer", _LATER),
    LedgerConflict: ErrorText(
        409,
        "Something else happened at the same time",
        "Nothing was changed. Look at the page again, then try once more.",
    ),
    LedgerThrottled: ErrorText(503, "It is very busy at the moment", _AGAIN),
    VaultUnavailable: ErrorText(503, "The connector has a fault at the moment", _AGAIN),
    SealBroken: ErrorText(
        503,
        "The connector can no longer reach your webshop",
        "Open the app from the AppCenter again: that gives it a new access. Your orders wait.",
        opens_app=True,
    ),
    ProfileError: ErrorText(503, "The connector is being repaired", _AGAIN),
}
"""The first that fits."""
