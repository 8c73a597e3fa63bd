"""Errors as pages: what happened and what to do, in the merchant's language; nothing secret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.errors import LinkUsed, SignatureError
from chalicelib.logs import log_failure
from chalicelib.web.http.bookkeeper_sessions import BookkeeperNotSignedIn
from chalicelib.web.http.client_routes import CLIENTS, SIGN_IN
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.own_origin import NotOurPage
from chalicelib.web.http.refusals import Refusal
from chalicelib.web.http.session_cookies import NotSignedIn, SessionRefused
from chalicelib.web.pages.app_centers import list_app_centers
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_words import TEXTS, ErrorText
from chalicelib.web.pages.wanted_page import keep_wanted
from chalicelib.web.texts.localisation import msgid


class NoSuchPage(Exception):
    """There is no page at that address."""


class WrongMethod(Exception):
    """There is a page at that address, which does not take what was done: `methods` it takes."""

    def __init__(self, methods: list[str]) -> None:
        super().__init__(*methods)
        self.methods = methods


_TEXTS: Mapping[type[Exception], ErrorText] = {
    **TEXTS,
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
