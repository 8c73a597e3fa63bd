"""Errors as pages: what happened and what to do, in the merchant's language; nothing secret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.errors import (
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
from chalicelib.logs import log_failure
from chalicelib.web.http.bookkeeper_sessions import BookkeeperNotSignedIn
from chalicelib.web.http.client_routes import CLIENTS, SIGN_IN, NotGranted
from chalicelib.web.http.http_messages import BodyTooLarge, Response, redirect
from chalicelib.web.http.own_origin import NotOurPage
from chalicelib.web.http.refusals import Refusal
from chalicelib.web.http.session_cookies import NotSignedIn, SessionRefused
from chalicelib.web.http.visits import NotAVisit
from chalicelib.web.pages.app_centers import list_app_centers
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.wanted_page import keep_wanted
from chalicelib.web.texts.localisation import msgid


class NoSuchPage(Exception):
    """There is no page at that address."""


class WrongMethod(Exception):
    """There is a page at that address, which does not take what was done: `methods` it takes."""

    def __init__(self, methods: list[str]) -> None:
        super().__init__(*methods)
        self.methods = methods


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error as a merchant sees it; texts are English sources. `opens_app`: opening the app from
    the AppCenter helps.
    """

    status: int
    title: str
    text: str
    opens_app: bool = False


_AGAIN = msgid("Try again in a few minutes. Nothing is lost: your orders wait.")

_TEXTS: Mapping[type[Exception], ErrorText] = {
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
    NoSuchPage: ErrorText(
        404,
        "This page does not exist",
        "The address is mistyped or out of date. From the overview you find your way.",
    ),
    WrongMethod: ErrorText(
        405,
        "That cannot be done at this address",
        "Nothing was changed. From the overview you find your way.",
    ),
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
_REFUSALS: Mapping[type[Exception], Refusal] = {
    LinkUsed: Refusal.LINK,
    SignatureError: Refusal.SIGNATURE,
    SessionRefused: Refusal.SESSION,
    NotOurPage: Refusal.ORIGIN,
}
"""The first that fits."""

_STILL_THERE = msgid(
    "What you filled in is not lost: leave this page open, open the app in another tab, then load "
    "this page again."
)
_UNFORESEEN = ErrorText(
    500,
    "Something went wrong on our side",
    "Try again. If it happens once more, give our support desk the reference below.",
)


def find_error_text(error: Exception) -> ErrorText:
    """The first text that fits."""
    return next((text for kind, text in _TEXTS.items() if isinstance(error, kind)), _UNFORESEEN)


def find_refusal(error: Exception) -> Refusal | None:
    """Why a call was turned away; None for an error that turns nobody away."""
    return next((refusal for kind, refusal in _REFUSALS.items() if isinstance(error, kind)), None)


def render_error(call: Call, error: Exception) -> Response:
    """The page for an error; those of status 500 and up are logged under a reference. A bookkeeper
    who opens a page without a session is led to where he signs in.
    """
    if isinstance(error, BookkeeperNotSignedIn) and call.request.method != "POST":
        return redirect(call.build_url(CLIENTS, SIGN_IN), cookies=keep_wanted(call))
    text = find_error_text(error)
    call.recognise_reader()
    is_form = isinstance(error, NotSignedIn) and call.request.method == "POST"
    reference = uuid.uuid4().hex[:10]
    if text.status >= 500:
        log_failure(call.log, error, reference)
    page = call.render(
        "message.html",
        status=text.status,
        icon="alert",
        title=text.title,
        lines=[text.text, *([_STILL_THERE] if is_form else [])],
        reference=reference if text.status == 500 else "",
        app_centers=list_app_centers(call) if text.opens_app else (),
        is_lost=isinstance(error, NoSuchPage | WrongMethod),
    )
    if isinstance(error, WrongMethod):
        return replace(page, headers={**page.headers, "Allow": ", ".join(error.methods)})
    return page
