"""A bookkeeper's session: a signed, timed cookie of its own, which never stands for a merchant's,
nor that one for it.

It holds the holder, the session's own random name and its beginning, and lasts as long as a
merchant's (`SESSION_TIME`, `IDLE_TIME`). It says who somebody is, not what he may do: his seats are
read for every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Shops
from chalicelib.usecases.shop.sessions import SESSION_TIME, is_ended_for_holder
from chalicelib.web.http.session_cookies import (
    RENEWED_AFTER,
    NotSignedIn,
    SessionCookies,
    SessionRefused,
    make_name,
)

BOOKKEEPER = "bookkeeper"
"""The cookie's name."""


class BookkeeperNotSignedIn(NotSignedIn):
    """There is no valid session of a bookkeeper: he signs in by mail."""


class BookkeeperRefused(BookkeeperNotSignedIn, SessionRefused):
    """There is a bookkeeper's cookie, and it is none of ours, or of a session that was ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookkeeperSession:
    """A bookkeeper who is signed in. `name` is the session's own, random; `written_at` is when its
    cookie was last written.
    """

    holder: str
    name: str
    begun_at: datetime
    written_at: datetime


def sign_bookkeeper_in(cookies: SessionCookies, holder: str) -> str:
    """The ``Set-Cookie`` value that begins a session of its own for a holder."""
    return _write(cookies, holder, make_name(), cookies.now())


def find_bookkeeper(
    cookies: SessionCookies, sent: Mapping[str, str], shops: Shops
) -> BookkeeperSession:
    """The session that a browser's cookie proves; one read by key. Raises `BookkeeperNotSignedIn`,
    or `BookkeeperRefused`.
    """
    text = cookies.read_text(sent, BOOKKEEPER)
    if not text:
        raise BookkeeperNotSignedIn
    try:
        claim, written_at = cookies.load_claim(BOOKKEEPER, text)
    except SessionRefused:
        raise BookkeeperRefused from None
    except NotSignedIn:
        raise BookkeeperNotSignedIn from None
    holder, name, begun = claim
    begun_at = datetime.fromtimestamp(begun, UTC)
    if cookies.now() - begun_at > SESSION_TIME:
        raise BookkeeperNotSignedIn
    if is_ended_for_holder(shops, holder, name, begun_at):
        raise BookkeeperRefused
    return BookkeeperSession(holder=holder, name=name, begun_at=begun_at, written_at=written_at)


def renew_bookkeeper(cookies: SessionCookies, session: BookkeeperSession) -> str | None:
    """The ``Set-Cookie`` value that keeps a session from being idle; None when its cookie is
    fresh.
    """
    if cookies.now() - session.written_at < RENEWED_AFTER:
        return None
    return _write(cookies, session.holder, session.name, session.begun_at)


def is_bookkeepers(cookies: SessionCookies, line: str) -> bool:
    """Whether a ``Set-Cookie`` value writes or removes a bookkeeper's cookie."""
    return line.startswith(f"{cookies.find_name(BOOKKEEPER)}=")


def _write(cookies: SessionCookies, holder: str, name: str, begun_at: datetime) -> str:
    left = begun_at + SESSION_TIME - cookies.now()
    claim = [holder, name, begun_at.timestamp()]
    return cookies.write(BOOKKEEPER, claim, int(left.total_seconds()))
