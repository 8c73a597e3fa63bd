"""The merchant's sign-in: a signed, timed cookie, and a notice that is shown once.

A cookie holds the shop's number and a keyed hash of its present installation (its token and when
that came; finishing the form changes neither, so a button may be pressed twice). It ends with an
uninstallation and with every new token. Nothing in it is secret, nothing is stored on our side.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from chalicelib.domain.shops import Shop, ShopState
from chalicelib.ports import Clock, Secrets, Shops
from chalicelib.settings import Settings, is_loopback
from chalicelib.web.http.http_messages import Request, find_origin

SESSION = "merchant"
NOTICE = "notice"
LIFETIME = 12 * 60 * 60  # seconds
NOTICE_LIFETIME = 5 * 60  # seconds


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

    def __init__(self, settings: Settings, secrets: Secrets, clock: Clock) -> None:
        self._settings = settings
        self._secrets = secrets
        self._clock = clock

    def sign_in(self, shop: Shop) -> str:
        """The ``Set-Cookie`` value that signs a shop in."""
        claim = [shop.shop_id, self._fingerprints(shop)[0]]
        return self._cookie(SESSION, self._signer(SESSION).dumps(claim), LIFETIME)

    def find_shop(self, cookies: Mapping[str, str], shops: Shops) -> Shop:
        """The signed-in shop. Raises `NotSignedIn`."""
        shop_id, fingerprint = self._read(cookies, SESSION, LIFETIME) or (0, "")
        shop = shops.get(shop_id)
        if shop is None or shop.token is None or shop.state is ShopState.UNINSTALLED:
            raise NotSignedIn
        if not any(hmac.compare_digest(fingerprint, each) for each in self._fingerprints(shop)):
            raise NotSignedIn
        return shop

    def set_notice(self, kind: str, count: int = 0) -> str:
        """The ``Set-Cookie`` value that makes the next page show a notice, once."""
        return self._cookie(NOTICE, self._signer(NOTICE).dumps([kind, count]), NOTICE_LIFETIME)

    def read_notice(self, cookies: Mapping[str, str]) -> tuple[str, int]:
        """Which notice is due (a key of `NOTICES`, or empty) and for how many documents."""
        kind, count = self._read(cookies, NOTICE, NOTICE_LIFETIME) or ("", 0)
        return kind, count

    def clear(self, name: str) -> str:
        """The ``Set-Cookie`` value that signs out, or removes the notice."""
        return self._cookie(name, "", 0)

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
            signer=_Signer,
            signer_kwargs={"clock": self._clock},
        )

    def _read(self, cookies: Mapping[str, str], name: str, lifetime: int) -> Any:
        """What a cookie of ours says, None without a valid one."""
        try:
            return self._signer(name).loads(cookies.get(name, ""), max_age=lifetime)
        except BadData:
            return None

    def _cookie(self, name: str, value: str, lifetime: int) -> str:
        parts = urlsplit(self._settings.public_url)
        cookie = (
            f"{name}={value}; Path={parts.path or '/'}; Max-Age={lifetime}; HttpOnly; SameSite=Lax"
        )
        plain = parts.scheme == "http" and is_loopback(parts.hostname or "")
        return cookie if plain else f"{cookie}; Secure"


def check_origin(request: Request, public_url: str) -> None:
    """Refuse a state-changing call from another site's page. Raises `NotOurPage`.

    Browsers send where a form was posted from in ``Sec-Fetch-Site``, older ones in ``Origin`` only
    (``null`` where the referrer policy hides it, hence the first decides). A caller that sends
    neither is no browser, and has no merchant's cookie to misuse.
    """
    own = find_origin(public_url)
    is_own = request.headers.get("origin", own).lower() == own
    site = request.headers.get("sec-fetch-site")
    if site != "same-origin" and not (site is None and is_own):
        raise NotOurPage
