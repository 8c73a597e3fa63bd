"""Signing out, here or in every browser."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from chalicelib.usecases.shop.sessions import end_all_sessions, end_session
from chalicelib.web.http.http_messages import Response, read_form, redirect
from chalicelib.web.http.session_cookies import NOTICE, SESSION, NotSignedIn
from chalicelib.web.http.tickets import SWITCH, TRY
from chalicelib.web.pages.app_centers import forget_domain, list_app_centers
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import list_msgids, msgid

_CLEARED = {"Clear-Site-Data": '"cache", "storage"'}
"""What a browser forgets of our address. Not ``"cookies"``: that would sign the merchant out of all
that is on the same domain; ours are removed one by one.
"""

_SIGNED_OUT = list_msgids(
    "What was shown here can no longer be reached from this browser.",
    "To come back, open the app from the AppCenter of your webshop.",
)


def sign_out(call: Call) -> Response:
    """``POST /sign-out``: the session is over, also for whoever has its cookie; with ``everywhere``
    all sessions of the shop. Without a session nothing is left to be done.
    """
    call.check_origin()
    form = read_form(call.request)
    with suppress(NotSignedIn):
        session = call.find_session()
        if "everywhere" in form:
            end_all_sessions(call.workspace)
        else:
            end_session(call.workspace, session.name, session.begun_at)
    cookies = [call.sessions.clear(name) for name in (SESSION, NOTICE, SWITCH, TRY)]
    cookies.append(forget_domain(call))
    gone = redirect(call.build_url("sign-out"), cookies=cookies)
    return replace(gone, headers={**gone.headers, **_CLEARED})


def say_signed_out(call: Call) -> Response:
    """``GET /sign-out``: that nobody is signed in, and how to come back."""
    with suppress(NotSignedIn):
        return redirect(call.home)
    title = msgid("You are signed out")
    return call.render(
        "message.html",
        icon="check",
        title=title,
        lines=_SIGNED_OUT,
        reference="",
        app_centers=list_app_centers(call),
    )
