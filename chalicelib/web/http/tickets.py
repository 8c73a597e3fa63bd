"""What a browser brings back after a link could not sign it in at once.

A ticket is signed and short-lived, and is worth nothing in another browser: the one for another
shop names the session that was asked, the one for a second try is a cookie of the browser that
tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from chalicelib.domain.shops import Shop
from chalicelib.ports import Shops
from chalicelib.web.http.session_cookies import NotSignedIn, Session, SessionCookies

SWITCH = "switch"
TRY = "try"
TICKET_LIFETIME = 10 * 60  # seconds


def offer_switch(sessions: SessionCookies, session: Session, shop: Shop) -> str:
    """The ``Set-Cookie`` value of a ticket with which the merchant of `session` may go on in
    `shop`. Its text is what `find_ticket` finds and `accept_switch` takes.
    """
    return sessions.write(SWITCH, [*sessions.describe(shop), session.name], TICKET_LIFETIME)


def find_ticket(sessions: SessionCookies, cookies: Mapping[str, str]) -> str:
    """The text of the ticket that a browser was offered; empty without one."""
    return sessions.read_text(cookies, SWITCH)


def accept_switch(
    sessions: SessionCookies, shops: Shops, session: Session, ticket: str
) -> Shop | None:
    """The shop that a ticket is for; None when it is too old, of another session, or for a shop
    that was installed anew meanwhile.
    """
    said = sessions.check(SWITCH, ticket, TICKET_LIFETIME)
    if said is None or said[2] != session.name:
        return None
    with suppress(NotSignedIn):
        return sessions.find_described(shops, said[0], said[1])
    return None


def keep_try(sessions: SessionCookies, link: str, name: str) -> str:
    """The ``Set-Cookie`` value by which a browser may use a link once more under the session name
    of its first try, of which it is not known whether it was recorded.
    """
    return sessions.write(TRY, [link, name], TICKET_LIFETIME)


def find_try(sessions: SessionCookies, cookies: Mapping[str, str], link: str) -> str:
    """The session name of this browser's first try of a link; empty without one."""
    tried, name = sessions.read(cookies, TRY, TICKET_LIFETIME) or ("", "")
    return name if tried == link else ""
