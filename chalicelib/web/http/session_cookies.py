"""The merchant's sign-in: a signed, timed cookie, and a notice that is shown once.

A cookie holds the shop's number and a keyed hash of its present installation (its token and when
that came; finishing the form changes neither, so a button may be pressed twice). It ends with an
uninstallation and with every new token. Nothing in it is secret, nothing is stored on our side.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from chalicelib.domain.shops import Shop, ShopState
from chalicelib.ports import Clock, Shops
from chalicelib.settings import Settings, is_loopback
from chalicelib.web.http.http_messages import Request, find_origin

SESSION = "merchant"
NOTICE = "notice"
LIFETIME = timedelta(hours=12)
NOTICE_LIFETIME = timedelta(minutes=5)


class NotSignedIn(Exception):
    """There is no valid session: the merchant opens the app from the AppCenter."""


class NotOurPage(Exception):
    """A state-changing call that does not come from one of our own pages."""


class _Signer(TimestampSigner):
    """Signs with the connector's clock instead of the machine's."""

    default_digest_method = staticmethod(hashlib.sha256)

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Seconds since 1970."""
        return int(self._clock().timestamp())


class SessionCookies:
    """Makes and reads the cookies of one deployment."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def sign_in(self, shop: Shop) -> str:
        """The ``Set-Cookie`` value that signs a shop in."""
        claim = [shop.shop_id, self._fingerprint(shop)]
        return self._cookie(SESSION, self._signer(SESSION).dumps(claim), LIFETIME)

    def sign_out(self) -> str:
        """The ``Set-Cookie`` value that signs out."""
        return self._cookie(SESSION, "", timedelta())

    def find_shop(self, cookies: Mapping[str, str], shops: Shops) -> Shop:
        """The signed-in shop. Raises `NotSignedIn`."""
        claim = self._read(cookies, SESSION, LIFETIME)
        if not isinstance(claim, list) or len(claim) != 2 or type(claim[0]) is not int:
            raise NotSignedIn
        shop = shops.get(claim[0])
        if shop is None or shop.token is None or shop.state is ShopState.UNINSTALLED:
            raise NotSignedIn
        if not hmac.compare_digest(str(claim[1]).encode(), self._fingerprint(shop).encode()):
            raise NotSignedIn
        return shop

    def set_notice(self, kind: str, count: int = 0) -> str:
        """The ``Set-Cookie`` value that makes the next page show a notice, once."""
        return self._cookie(NOTICE, self._signer(NOTICE).dumps([kind, count]), NOTICE_LIFETIME)

    def read_notice(self, cookies: Mapping[str, str]) -> tuple[str, int] | None:
        """Which notice is due (a key of `NOTICES`) and for how many documents, or None."""
        found = self._read(cookies, NOTICE, NOTICE_LIFETIME)
        if not isinstance(found, list) or len(found) != 2:
            return None
        return str(found[0]), int(found[1])

    def clear_notice(self) -> str:
        """The ``Set-Cookie`` value that removes the notice."""
        return self._cookie(NOTICE, "", timedelta())

    def _fingerprint(self, shop: Shop) -> str:
        """Keyed hash of an installation; neither token nor secret can be found from it."""
        since = shop.token_since or shop.installed_at
        installation = f"{shop.shop_id} {int(since.timestamp())} {shop.token}"
        key = self._settings.session_secret.encode()
        return hmac.new(key, b"session " + installation.encode(), hashlib.sha256).hexdigest()[:32]

    def _signer(self, salt: str) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._settings.session_secret,
            salt=f"seoshop-asperion {salt}",
            signer=_Signer,
            signer_kwargs={"clock": self._clock},
        )

    def _read(self, cookies: Mapping[str, str], name: str, lifetime: timedelta) -> object:
        try:
            found: object = self._signer(name).loads(
                cookies.get(name, ""), max_age=int(lifetime.total_seconds())
            )
        except BadData:
            return None
        return found

    def _cookie(self, name: str, value: str, lifetime: timedelta) -> str:
        parts = urlsplit(self._settings.public_url)
        cookie = (
            f"{name}={value}; Path={parts.path or '/'}; "
            f"Max-Age={int(lifetime.total_seconds())}; HttpOnly; SameSite=Lax"
        )
        plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
        return cookie if plain else f"{cookie}; Secure"


def check_origin(request: Request, public_url: str) -> None:
    """Refuse a state-changing call from another site's page. Raises `NotOurPage`.

    Browsers send where a form was posted from in ``Sec-Fetch-Site``, older ones in ``Origin`` only
    (``null`` where the referrer policy hides it, hence the first decides). A caller that sends
    neither is no browser, and has no merchant's cookie to misuse.
    """
    site = request.headers.get("sec-fetch-site")
    sender = request.headers.get("origin")
    if site is not None:
        allowed = site == "same-origin"
    else:
        allowed = sender is None or sender.lower() == find_origin(public_url)
    if not allowed:
        raise NotOurPage
