"""Errors as pages: what happened and what to do, in the merchant's language; nothing secret."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass

from chalicelib.errors import (
    ConnectorError,
    LedgerConflict,
    LedgerThrottled,
    ProfileError,
    RequestError,
    ShopError,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopUnauthorised,
    ShopUnavailable,
    SignatureError,
    UnknownFile,
    UnknownOrder,
    UnknownShop,
)
from chalicelib.logs import trail
from chalicelib.web.http.http_messages import BodyTooLarge, Response
from chalicelib.web.http.session_cookies import NotOurPage, NotSignedIn
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import mark


class NoSuchPage(Exception):
    """There is no page at that address."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as a merchant sees it; texts are English sources."""

    status: int
    title: str
    text: str


_AGAIN = mark("Try again in a few minutes. Nothing is lost: your orders wait.")
_APPCENTER = mark("Open the app from the AppCenter of your webshop.")

_FAULTS: tuple[tuple[type[Exception], Fault], ...] = (
    (
        SignatureError,
        Fault(
            401,
            mark("This link is not valid"),
            mark(
                "It is incomplete, too old, or does not come from SEOshop. Nothing was stored. "
                "Open the app from the AppCenter of your webshop again."
            ),
        ),
    ),
    (NotSignedIn, Fault(401, mark("Please sign in again"), _APPCENTER)),
    (
        NotOurPage,
        Fault(
            403,
            mark("This did not come from our own page"),
            mark("Nothing was changed. Open the app from the AppCenter and try again there."),
        ),
    ),
    (
        UnknownShop,
        Fault(
            404,
            mark("This shop is not known here"),
            mark("The connector is not installed in it. Install it from the AppCenter."),
        ),
    ),
    (
        UnknownOrder,
        Fault(
            404,
            mark("This order is not known here"),
            mark(
                "Check the number. An order that was never paid, or was paid before the connector "
                "was installed, is not in this overview."
            ),
        ),
    ),
    (
        UnknownFile,
        Fault(404, mark("This file is not known here"), mark("Look for it in the overview.")),
    ),
    (
        NoSuchPage,
        Fault(404, mark("This page does not exist"), mark("Go to the overview to find your way.")),
    ),
    (
        BodyTooLarge,
        Fault(413, mark("This is too much at once"), mark("Nothing was stored. Send less.")),
    ),
    (
        RequestError,
        Fault(
            400,
            mark("This could not be done"),
            mark("What was sent is incomplete or no longer fits. Go back and try again."),
        ),
    ),
    (
        ShopUnauthorised,
        Fault(
            502,
            mark("SEOshop gives the connector no access"),
            mark(
                "Open the app from the AppCenter again. If that does not help, remove the app and "
                "install it anew; your orders wait."
            ),
        ),
    ),
    (
        ShopLanguageUnknown,
        Fault(
            502,
            mark("Your webshop no longer has the language it was installed in"),
            mark(
                "Open the app from the AppCenter again: it brings your webshop's present language "
                "along. Your orders wait."
            ),
        ),
    ),
    (ShopUnavailable, Fault(503, mark("Your webshop does not answer"), _AGAIN)),
    (ShopRateLimited, Fault(503, mark("Your webshop asks us to wait"), _AGAIN)),
    (ShopError, Fault(502, mark("Your webshop gave an unexpected answer"), _AGAIN)),
    (
        LedgerConflict,
        Fault(
            409,
            mark("Something else happened at the same time"),
            mark("Nothing was changed. Look at the page again, then try once more."),
        ),
    ),
    (LedgerThrottled, Fault(503, mark("It is very busy at the moment"), _AGAIN)),
    (ProfileError, Fault(503, mark("The connector is being repaired"), _AGAIN)),
)
_UNFORESEEN = Fault(
    500,
    mark("Something went wrong on our side"),
    mark("Try again. If it happens once more, give our support desk the reference below."),
)


def fault_of(error: Exception) -> Fault:
    """The first fault that fits."""
    return next((fault for kind, fault in _FAULTS if isinstance(error, kind)), _UNFORESEEN)


def status_of(error: Exception) -> int:
    """The HTTP status of an error."""
    return fault_of(error).status


def page(call: Call, error: Exception) -> Response:
    """The page for an error; what nobody foresaw is logged under a reference."""
    fault = fault_of(error)
    reference = _log(call.log, error) if fault.status >= 500 else ""
    return call.pages().render(
        "message.html",
        status=fault.status,
        icon="alert",
        title=fault.title,
        lines=[fault.text],
        reference=reference if fault.status == 500 else "",
        shop=call.shop,
    )


def _log(log: logging.Logger, error: Exception) -> str:
    """Log an error under a new reference. Of unforeseen ones only kind and places are told: their
    messages may hold anything.
    """
    reference = uuid.uuid4().hex[:10]
    told = {"reference": reference, "error": type(error).__name__}
    if isinstance(error, ConnectorError):
        log.warning("page failed: %s", error, extra=told)
    else:
        log.error("page failed unexpectedly", extra={**told, "trail": trail(error)})
    return reference
