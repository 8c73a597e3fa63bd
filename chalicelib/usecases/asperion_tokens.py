"""The shop's access to Asperion: opened for whoever calls its API, and renewed by one at a time.

A refresh token may be good for one use, so no two runs spend the same one: who renews takes a short
lease in the record by a conditional write, the others wait for what he brings. When the answer to a
refresh is lost, nobody knows whether the token was spent: it is tried once more at once, and
counts as refused only when Asperion says so.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field, replace
from datetime import timedelta

from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.errors import (
    AsperionError,
    AsperionUnavailable,
    ConnectionRefused,
    GrantRefused,
    SealBroken,
    VaultUnavailable,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import TokenGrant
from chalicelib.usecases.connector import Connector

log = logging.getLogger(__name__)

COUNTS_FOR = timedelta(minutes=2)
"""An access token is renewed when it counts for less than this: longer than a call may last. One
that is granted for a shorter time is renewed when half of that is over.
"""

RENEWING = timedelta(seconds=60)
"""How long one run may take to renew: two calls of the identity server, and the writes."""

A_NIGHT_LATER = timedelta(hours=18)
"""A refused connection is tried once more from one night to the next. What Asperion refused for
everybody, or because of a wrong setting here, ends without the merchant.
"""

_READS = 12
_INTERVAL = timedelta(seconds=0.5)
_TRIES = 2


def _wait(delay: timedelta) -> None:
    time.sleep(delay.total_seconds())


@dataclass
class TokenKeeper:
    """Port `AccessTokens` for a shop. `wait` lets time pass before what another run is renewing is
    read again.
    """

    connector: Connector
    shop_id: int
    wait: Callable[[timedelta], None] = _wait
    _owner: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    _known: AsperionTokens | None = field(default=None, repr=False)

    def get(self) -> str:
        """See the port."""
        kept = self._known
        if kept is None or not self._counts(kept, COUNTS_FOR):
            kept = self._read()
        if kept.refused_since is None and self._counts(kept, COUNTS_FOR):
            with suppress(SealBroken):
                return self._open_access(kept)
        try:
            return self._open_access(self._renew(kept))
        except ConnectionRefused:
            raise
        except (AsperionError, VaultUnavailable):
            if kept.refused_since is not None or not self._counts(kept, timedelta()):
                raise
        return self._open_access(kept)  # for the moment that it counts yet

    def renew(self, refused: str) -> str:
        """See the port."""
        kept, vault, shop_id = self._read(), self.connector.vault, self.shop_id
        is_it = vault.holds(shop_id, SecretKind.ASPERION_ACCESS, kept.access, refused)
        if kept.refused_since is None and not is_it:
            return self._open_access(kept)
        return self._open_access(self._renew(kept))

    def _read(self) -> AsperionTokens:
        return self._know(self.connector.shops.load(self.shop_id, AsperionTokens))

    def _know(self, kept: AsperionTokens | None) -> AsperionTokens:
        if kept is None:
            raise ConnectionRefused(f"Shop {self.shop_id} is not connected.")
        self._known = kept
        return kept

    def _counts(self, kept: AsperionTokens, margin: timedelta) -> bool:
        half = (kept.expires_at - kept.granted_at) / 2
        return kept.expires_at - self.connector.clock() > min(margin, half)

    def _renew(self, read: AsperionTokens) -> AsperionTokens:
        """The tokens that come after `read`, whoever renews them."""
        if read.refused_since is not None and not self._may_try_again(read):
            raise ConnectionRefused(f"Asperion refuses the connection of {self._shop}.")
        for _ in range(_READS):
            kept = self._know(self._take_lease(read))
            if not _is_same(kept, read):
                return self._check(kept)
            if kept.lease_owner == self._owner:
                return self._refresh(kept)
            self.wait(_INTERVAL)
        raise AsperionUnavailable(f"Another run is renewing the connection of {self._shop}.")

    def _may_try_again(self, kept: AsperionTokens) -> bool:
        if kept.refresh is None or kept.tried_at is None:
            return False
        return self.connector.clock() - kept.tried_at >= A_NIGHT_LATER

    def _take_lease(self, read: AsperionTokens) -> AsperionTokens | None:
        now = self.connector.clock()

        def take(kept: AsperionTokens | None) -> AsperionTokens | None:
            if kept is None or not _is_same(kept, read):
                return None
            is_held = kept.lease_until is not None and kept.lease_until > now
            if is_held and kept.lease_owner != self._owner:
                return None
            return replace(kept, lease_owner=self._owner, lease_until=now + RENEWING)

        return self._change(take)

    def _refresh(self, mine: AsperionTokens) -> AsperionTokens:
        try:
            return self._keep(mine, self._ask(mine))
        except (GrantRefused, SealBroken) as error:
            log.warning("a connection is refused", extra={"shop_id": self.shop_id})
            return self._check(
                self._know(self._change(lambda kept: self._refuse(kept, mine))), error
            )
        except (AsperionError, VaultUnavailable):
            self._change(self._give_lease_back)
            raise

    def _ask(self, mine: AsperionTokens) -> TokenGrant:
        """A new grant. Raises `GrantRefused`, `AsperionUnavailable`, `VaultError`."""
        if mine.refresh is None:
            raise GrantRefused("Asperion gave nothing to renew the connection with.")
        token = self.connector.vault.open(self.shop_id, SecretKind.ASPERION_REFRESH, mine.refresh)
        # Were the vault closed, what Asperion grants could not be kept, and the old one be spent.
        self._seal(SecretKind.ASPERION_REFRESH, token)
        identity = self.connector.find_front_door().identity
        for tries in range(1, _TRIES + 1):
            try:
                return identity.refresh(token)
            except AsperionUnavailable:
                if tries == _TRIES:
                    raise
        raise AssertionError

    def _keep(self, mine: AsperionTokens, grant: TokenGrant) -> AsperionTokens:
        """Keep what was granted, unless the merchant connected again meanwhile, or disconnected."""
        granted = seal_grant(self.connector, self.shop_id, grant)
        granted = replace(granted, refresh=granted.refresh or mine.refresh)

        def keep(kept: AsperionTokens | None) -> AsperionTokens | None:
            return granted if kept is not None and _is_same(kept, mine) else None

        return self._check(self._know(self._change(keep)))

    def _refuse(self, kept: AsperionTokens | None, mine: AsperionTokens) -> AsperionTokens | None:
        if kept is None or not _is_same(kept, mine):
            return None
        now = self.connector.clock()
        since = kept.refused_since or now
        return replace(kept, refused_since=since, tried_at=now, lease_owner="", lease_until=None)

    def _give_lease_back(self, kept: AsperionTokens | None) -> AsperionTokens | None:
        if kept is None or kept.lease_owner != self._owner:
            return None
        return replace(kept, lease_owner="", lease_until=None)

    def _check(self, kept: AsperionTokens, error: Exception | None = None) -> AsperionTokens:
        if kept.refused_since is not None:
            raise ConnectionRefused(f"Asperion refuses the connection of {self._shop}.") from error
        return kept

    def _change(
        self, change: Callable[[AsperionTokens | None], AsperionTokens | None]
    ) -> AsperionTokens | None:
        return self.connector.shops.change(self.shop_id, AsperionTokens, change)

    def _open_access(self, kept: AsperionTokens) -> str:
        return self.connector.vault.open(self.shop_id, SecretKind.ASPERION_ACCESS, kept.access)

    def _seal(self, what: SecretKind, text: str) -> Sealed:
        return self.connector.vault.seal(self.shop_id, what, text)

    @property
    def _shop(self) -> str:
        return f"shop {self.shop_id}"


def _is_same(one: AsperionTokens, other: AsperionTokens) -> bool:
    """Whether nothing was granted between the two."""
    return (one.access, one.refresh, one.granted_at) == (
        other.access,
        other.refresh,
        other.granted_at,
    )


def seal_grant(connector: Connector, shop_id: int, grant: TokenGrant) -> AsperionTokens:
    """What was granted just now, as it is kept. Raises `VaultUnavailable`."""
    vault, now = connector.vault, connector.clock()
    refresh = None
    if grant.refresh:
        refresh = vault.seal(shop_id, SecretKind.ASPERION_REFRESH, grant.refresh)
    return AsperionTokens(
        access=vault.seal(shop_id, SecretKind.ASPERION_ACCESS, grant.access),
        refresh=refresh,
        expires_at=now + grant.lifetime,
        granted_at=now,
    )
