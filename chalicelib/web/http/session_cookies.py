"""The merchant's session: a signed, timed cookie; and a notice that is shown once.

A session's cookie holds the shop's number, a keyed hash of its present installation (its token and
when that came; finishing the form changes neither, so a button may be pressed twice), and the
session's own name and beginning. It ends with an uninstallation, with every new token, after
`SESSION_TIME`, and `IDLE_TIME` after the last page. Nothing in it is secret; on our side only its
end is kept, when the merchant signs out (`usecases.shop.sessions`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from chalicelib.domain.shops import Shop, ShopState
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Clock, Secrets, Shops
from chalicelib.settings import Settings
from chalicelib.usecases.shop.sessions import SESSION_TIME, is_ended
from chalicelib.web.http.cookies import CookieRules
from chalicelib.web.http.timed_signer import TimedSigner

SESSION = "merchant"
NOTICE = "notice"
IDLE_TIME = timedelta(minutes=30)
"""How long a session lasts without a page. This and `SESSION_TIME` are the limits of OWASP's ASVS
4.0.3, level 2 (3.3.2).
"""
RENEWED_AFTER = timedelta(minutes=1)
NOTICE_LIFETIME = 5 * 60  # seconds
_NOTICE_PARTS = ("place", "kind", "count", "result")


class NotSignedIn(Exception):
    """There is no valid session: the merchant opens the app from the AppCenter."""


class SessionRefused(NotSignedIn):
    """There is a session cookie, and it is none of ours, or of an installation or a session that
    was ended. One whose time is over is not refused.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A merchant who is signed in to `shop`. `name` is the session's own, random; `written_at` is
    when its cookie was last written, `is_of_former` whether by a session secret that was turned
    since.
    """

    shop: Shop
    name: str
    begun_at: datetime
    written_at: datetime
    is_of_former: bool


class SessionCookies:
    """Makes and reads the cookies of one deployment."""

    def __init__(self, settings: Settings, secrets: Secrets, clock: Clock) -> None:
        self._settings = settings
        self._secrets = secrets
        self._clock = clock
        self._rules = CookieRules(settings.public_url)

    def sign_in(self, shop: Shop, name: str) -> str:
        """The ``Set-Cookie`` value that begins the session of that name (see `make_name`) for a
        shop.
        """
        return self._write_session(shop, name, self._clock())

    def renew(self, session: Session) -> str | None:
        """The ``Set-Cookie`` value that keeps a session from being idle, or that signs it with the
        present secret; None when its cookie is fresh.
        """
        is_fresh = self._clock() - session.written_at < RENEWED_AFTER
        if is_fresh and not session.is_of_former:
            return None
        return self.rewrite(session)

    def rewrite(self, session: Session) -> str:
        """The ``Set-Cookie`` value of a session that goes on, for its shop as it is now."""
        return self._write_session(session.shop, session.name, session.begun_at)

    def is_session(self, line: str) -> bool:
        """Whether a ``Set-Cookie`` value writes or removes the session's cookie."""
        return line.startswith(f"{self.find_name(SESSION)}=")

    def find_name(self, name: str) -> str:
        """What the browser knows a cookie by."""
        return self._rules.find_name(name)

    def now(self) -> datetime:
        """The moment by which cookies are made and read."""
        return self._clock()

    def _write_session(self, shop: Shop, name: str, begun_at: datetime) -> str:
        claim = [*self.describe(shop), name, begun_at.timestamp()]
        left = begun_at + SESSION_TIME - self._clock()
        return self._rules.write(SESSION, self.sign(SESSION, claim), int(left.total_seconds()))

    def find_session(self, cookies: Mapping[str, str], shops: Shops) -> Session:
        """The session that a browser's cookie proves. Raises `NotSignedIn`, or `SessionRefused`."""
        text = self.read_text(cookies, SESSION)
        if not text:
            raise NotSignedIn
        claim, written_at = self._read_claim(text)
        shop_id, fingerprint, name, begun = claim
        begun_at = datetime.fromtimestamp(begun, UTC)
        shop = self.find_described(shops, shop_id, fingerprint)
        if self._clock() - begun_at > SESSION_TIME:
            raise NotSignedIn
        if is_ended(shops, shop_id, name, begun_at):
            raise SessionRefused
        return Session(
            shop=shop,
            name=name,
            begun_at=begun_at,
            written_at=written_at,
            is_of_former=fingerprint != self.describe(shop)[1],
        )

    def _read_claim(self, text: str) -> tuple[tuple[int, str, str, float], datetime]:
        """What a session's cookie says, and when it was written."""
        claim, written_at = self.load_claim(SESSION, text)
        try:
            shop_id, fingerprint, name, begun = claim
        except ValueError:  # as an earlier version wrote it
            raise NotSignedIn from None
        return (shop_id, fingerprint, name, begun), written_at

    def load_claim(self, name: str, text: str) -> tuple[Any, datetime]:
        """What a session's cookie of that name says, and when it was written. Raises `NotSignedIn`
        for one that is idle, and `SessionRefused` for one that is none of ours.
        """
        idle = int(IDLE_TIME.total_seconds())
        try:
            claim, at = self._signer(name).loads(text, max_age=idle, return_timestamp=True)
        except SignatureExpired:
            raise NotSignedIn from None
        except BadData:
            raise SessionRefused from None
        return claim, at

    def describe(self, shop: Shop) -> tuple[int, str]:
        """A shop's number and the keyed hash of its present installation."""
        return shop.shop_id, self._fingerprints(shop)[0]

    def find_described(self, shops: Shops, shop_id: int, fingerprint: str) -> Shop:
        """The shop that `describe` described, if it is the same installation still. Raises
        `SessionRefused`.
        """
        shop = shops.get(shop_id)
        if shop is None or shop.token is None or shop.state is ShopState.UNINSTALLED:
            raise SessionRefused
        if not any(hmac.compare_digest(fingerprint, each) for each in self._fingerprints(shop)):
            raise SessionRefused
        return shop

    def set_notice(self, place: str, kind: str, count: int = 0, result: object = None) -> str:
        """The ``Set-Cookie`` value that makes the next page of that `place` show a notice, once: of
        a shop, whose number the place names. `result` is JSON-able: what else came of the action.
        """
        return self.write(NOTICE, [place, kind, count, result], NOTICE_LIFETIME)

    def read_notice(self, place: str, cookies: Mapping[str, str]) -> tuple[str, int, Any]:
        """Which notice is due in a place (a key of `NOTICES`, or empty), for how many documents,
        and what else came of the action. That of another shop waits for a page of that shop.
        """
        said = self.read(cookies, NOTICE, NOTICE_LIFETIME)
        if said is None or len(said) != len(_NOTICE_PARTS) or said[0] != place:
            return "", 0, None
        _, kind, count, result = said
        return kind, count, result

    def clear(self, name: str) -> str:
        """The ``Set-Cookie`` value that removes the session's cookie, or another one."""
        return self._rules.write(name, "", 0)

    def write(self, name: str, content: object, lifetime: int) -> str:
        """The ``Set-Cookie`` value of a signed cookie that lasts `lifetime` seconds."""
        return self._rules.write(name, self.sign(name, content), lifetime)

    def read(self, cookies: Mapping[str, str], name: str, lifetime: int) -> Any:
        """What a cookie of `write` says, None without a valid one."""
        return self.check(name, self.read_text(cookies, name), lifetime)

    def read_text(self, cookies: Mapping[str, str], name: str) -> str:
        """A cookie as it came, not checked; empty without one."""
        return self._rules.read(cookies, name)

    def sign(self, name: str, content: object) -> str:
        """JSON-able `content`, signed for the use that `name` says and no other."""
        signed: str = self._signer(name).dumps(content)
        return signed

    def check(self, name: str, text: str, lifetime: int) -> Any:
        """What `sign` signed no more than `lifetime` seconds ago; None for any other text."""
        try:
            return self._signer(name).loads(text, max_age=lifetime)
        except BadData:
            return None

    def _fingerprints(self, shop: Shop) -> list[str]:
        """Keyed hashes of an installation, one for each session secret; neither the token's mark
        nor a secret can be found from them.
        """
        since = shop.token_since or shop.installed_at
        mark = shop.token.mark if shop.token else ""
        content = f"session {shop.shop_id} {int(since.timestamp())} {mark}".encode()
        return [
            hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()[:32]
            for secret in self._secrets.session_secrets()
        ]

    def _signer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            list(reversed(self._secrets.session_secrets())),  # signs with the last
            salt=f"seoshop-asperion {salt}",
            signer=TimedSigner,
            signer_kwargs={"clock": self._clock},
        )


def make_name() -> str:
    """A new session's name: 128 random bits."""
    return secrets.token_urlsafe(16)
