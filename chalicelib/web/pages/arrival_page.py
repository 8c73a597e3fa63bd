"""Coming from the AppCenter: one browser is signed in by a link, or asked first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from chalicelib.domain.signatures import Callback
from chalicelib.errors import LedgerError, LinkUsed, SignatureError, SignatureTooOld
from chalicelib.usecases.shop.installing import admit_shop
from chalicelib.usecases.shop.links import find_user, use_link
from chalicelib.web.http.http_messages import Response, add_cookies, redirect
from chalicelib.web.http.session_cookies import NotSignedIn, Session, make_name
from chalicelib.web.http.tickets import (
    SWITCH,
    accept_switch,
    find_ticket,
    find_try,
    keep_try,
    offer_switch,
)
from chalicelib.web.pages.app_centers import remember_shop
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import render_error
from chalicelib.web.pages.install_pages import show_path

_OF_A_LINK = frozenset({"shop_id", "timestamp", "token", "signature"})


def receive_merchant(call: Call) -> Response:
    """``GET /install``: SEOshop sends a merchant by a signed link, which signs one browser in and
    goes on to an address without it: this one for a shop whose form is not filled in, which the
    session then sees, else the overview.

    A link that is too old, or used, signs nobody in; a merchant who is signed in to that very shop
    (the link was loaded again) goes on all the same.
    """
    if not _OF_A_LINK & call.request.query.keys():
        return show_path(call)
    try:
        callback = call.verify_callback(with_token=True)
    except SignatureTooOld as stale:
        if _is_in(_seek_session(call), stale.shop_id):
            return redirect(call.home)
        raise
    return _take_link(call, callback)


def _take_link(call: Call, callback: Callback) -> Response:
    """Sign in, or ask first. The link counts as used by the last write before the answer: when the
    shop or the tables fail before it, the same link can be tried again.
    """
    session, shops = _seek_session(call), call.connector.shops
    is_here = _is_in(session, callback.shop_id)
    user = find_user(shops, callback)
    if user and is_here:
        return redirect(call.home)
    asked = None if is_here else session
    name = asked.name if asked else _name_session(call, callback)
    if user not in ("", name):
        raise LinkUsed("This link has signed somebody in already.")
    shop = admit_shop(call.connector, callback)
    try:
        use_link(shops, callback, name, now=call.connector.clock())
    except LedgerError as error:  # it may have been recorded all the same
        failed, cookie = render_error(call, error), keep_try(call.sessions, callback.link, name)
        return replace(failed, headers=add_cookies(failed.headers, [cookie]))
    if asked is not None:
        offer = offer_switch(call.sessions, asked, shop)
        return redirect(call.build_url("switch"), cookies=[offer])
    call.sign_in(shop)
    cookies = [call.sessions.sign_in(shop, name), remember_shop(call, shop)]
    return redirect(call.home, cookies=cookies)


def _seek_session(call: Call) -> Session | None:
    with suppress(NotSignedIn):
        return call.find_session()
    return None


def _is_in(session: Session | None, shop_id: int) -> bool:
    return session is not None and session.shop.shop_id == shop_id


def _name_session(call: Call, callback: Callback) -> str:
    """That of this browser's first try, if there was one."""
    return find_try(call.sessions, call.request.cookies, callback.link) or make_name()


def ask_about_shop(call: Call) -> Response:
    """``GET /switch``: a link leads into another shop than the one that is signed in; which of the
    two is it to be?
    """
    session, shops = call.find_session(), call.connector.shops
    ticket = find_ticket(call.sessions, call.request.cookies)
    other = accept_switch(call.sessions, shops, session, ticket)
    if other is None or other.shop_id == call.shop.shop_id:
        return redirect(call.home)
    return call.render("switch.html", other=other, ticket=ticket)


def switch_shop(call: Call) -> Response:
    """``POST /switch``: the answer. Only ``go`` with the page's own ticket signs the other shop in;
    anything else stays.
    """
    form, session = call.read_own_form(), call.find_session()
    done = call.sessions.clear(SWITCH)
    if "go" not in form:
        return redirect(call.home, cookies=[done])
    shops = call.connector.shops
    other = accept_switch(call.sessions, shops, session, form.get("ticket"))
    if other is None:
        raise SignatureError("The question is too old; open the app from the AppCenter again.")
    call.sign_in(other)
    cookies = [call.sessions.sign_in(other, make_name()), remember_shop(call, other), done]
    return redirect(call.home, cookies=cookies)
