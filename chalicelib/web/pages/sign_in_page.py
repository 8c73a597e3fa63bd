"""The pages on which a bookkeeper signs in, by a link that is mailed to him, and out.

Following the link uses nothing up, since programs that look mail through follow links too; the
button on the page does.
"""

from __future__ import annotations

from contextlib import suppress

from chalicelib.usecases.shop.sessions import end_all_sessions_of_holder, end_session_of_holder
from chalicelib.usecases.shop.sign_in_links import is_sign_in_open, request_sign_in, use_sign_in
from chalicelib.web.http.bookkeeper_sessions import (
    BOOKKEEPER,
    BookkeeperNotSignedIn,
    sign_bookkeeper_in,
)
from chalicelib.web.http.http_messages import Response, read_form, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.wanted_page import WANTED, find_wanted
from chalicelib.web.texts.localisation import list_msgids, msgid
from chalicelib.web.texts.seat_texts import LINK_OVER, NO_SIGN_IN_ADDRESS, WHY_LINK_OVER

_SIGNED_OUT = msgid("You are signed out")
_WHY_SIGNED_OUT = list_msgids(
    "What was shown here can no longer be reached from this browser.",
    "To come back, ask for a link to sign in.",
)


def show_sign_in(call: Call) -> Response:
    """``GET /clients/sign-in``: the field for the address; to the clients for somebody who is
    signed in.
    """
    _require_mail(call)
    with suppress(BookkeeperNotSignedIn):
        call.find_bookkeeper()
        return redirect(call.build_url("clients"))
    return _render(call)


def request_link(call: Call) -> Response:
    """``POST /clients/sign-in``: that a mail is on its way if the address has a seat, which the
    answer does not say. Raises `NotOurPage`.
    """
    call.check_origin()
    _require_mail(call)
    typed = read_form(call.request).get("address")
    if not request_sign_in(call.connector, typed, language=call.templates.language):
        problems = {"address": NO_SIGN_IN_ADDRESS}
        return _render(call, status=400, typed=typed, problems=problems)
    return _render(call, typed=typed, is_asked=True)


def show_link(call: Call) -> Response:
    """``GET /clients/enter``: a page with the button."""
    ticket = _read_ticket(call)
    if not is_sign_in_open(call.connector, ticket):
        return _render_over(call)
    return call.render("enter.html", ticket=ticket)


def enter(call: Call) -> Response:
    """``POST /clients/enter``: the link is used up, a session begins, and 303 to the clients, or to
    the page of one that this browser asked for before. Raises `NotOurPage`.
    """
    call.check_origin()
    holder = use_sign_in(call.connector, _read_ticket(call))
    if holder is None:
        return _render_over(call)
    wanted = find_wanted(call)
    cookies = [call.sessions.clear(WANTED)] if wanted else []
    cookies.append(sign_bookkeeper_in(call.sessions, holder))
    return redirect(wanted or call.build_url("clients"), cookies=cookies)


def sign_bookkeeper_out(call: Call) -> Response:
    """``POST /clients/sign-out``: the session is over, also for whoever has its cookie; with
    ``everywhere`` all sessions of the bookkeeper. Without a session nothing is left to be done.
    A merchant who is signed in in the same browser stays so. Raises `NotOurPage`.
    """
    call.check_origin()
    form = read_form(call.request)
    with suppress(BookkeeperNotSignedIn):
        session = call.find_bookkeeper()
        if "everywhere" in form:
            end_all_sessions_of_holder(call.connector, session.holder)
        else:
            end_session_of_holder(call.connector, session.holder, session.name, session.begun_at)
    call.bookkeeper = None  # so that no other cookie follows
    cookies = [call.sessions.clear(BOOKKEEPER)]
    return redirect(call.build_url("clients", "sign-out"), cookies=cookies)


def say_bookkeeper_signed_out(call: Call) -> Response:
    """``GET /clients/sign-out``: that nobody is signed in, and how to come back."""
    with suppress(BookkeeperNotSignedIn):
        call.find_bookkeeper()
        return redirect(call.build_url("clients"))
    return call.render("link_over.html", title=_SIGNED_OUT, lines=_WHY_SIGNED_OUT, is_good=True)


def _read_ticket(call: Call) -> str:
    _require_mail(call)
    return "" if call.request.repeated else call.request.query.get("ticket", "")


def _require_mail(call: Call) -> None:
    if call.connector.post is None:
        raise NoSuchPage


def _render_over(call: Call) -> Response:
    return call.render("link_over.html", status=400, title=LINK_OVER, lines=WHY_LINK_OVER)


def _render(
    call: Call,
    *,
    status: int = 200,
    typed: str = "",
    problems: dict[str, str] | None = None,
    is_asked: bool = False,
) -> Response:
    return call.render(
        "sign_in.html", status=status, typed=typed, problems=problems or {}, is_asked=is_asked
    )
