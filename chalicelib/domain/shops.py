"""A shop as the connector knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.behaviours import FIRST
from chalicelib.domain.connection import Connection
from chalicelib.domain.connection_changes import ConnectionChange
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.money import EURO
from chalicelib.domain.period_locks import Locks, find_locked_until
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.sealed import OF_A_SHOP, Sealed, SecretKind
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass


class ShopState(StrEnum):
    """Where a shop is; `shop_life.SHOP_LIFE` says what may follow what."""

    INSTALLING = "installing"  # SEOshop sent the merchant; the form is not yet filled in
    ACTIVE = "active"
    PAUSED = "paused"  # by merchant or operator: hints are kept, nothing is exported
    CANCELLED = "cancelled"  # works on until the platform's uninstall call
    DISCONNECTED = "disconnected"  # SEOshop refuses the token; orders wait
    UNINSTALLED = "uninstalled"  # token and licence code erased, audit kept

    @property
    def exports(self) -> bool:
        """Whether the daily export takes this shop along."""
        return self in (ShopState.ACTIVE, ShopState.CANCELLED)

    @property
    def listens(self) -> bool:
        """Whether hints (webhooks) of this shop are taken in."""
        return self not in (ShopState.UNINSTALLED, ShopState.INSTALLING)


class TroubleCause(StrEnum):
    """Why a shop's exports do not end well. Stored: a value never changes."""

    INBOX_REFUSED = "inbox_refused"  # nothing was stored
    INBOX_UNAVAILABLE = "inbox_unavailable"  # out of reach, or takes nothing just now
    INBOX_UNKNOWN = "inbox_unknown"  # the answer was lost, and the inbox has not answered since
    SHOP_UNAVAILABLE = "shop_unavailable"
    SHOP_FORBIDDEN = "shop_forbidden"  # the app lacks a permission
    SHOP_UNAUTHORISED = "shop_unauthorised"  # the token is refused, the app's own pair is good
    UNPROVEN = "unproven"  # the token is refused; whose fault it is, nobody could tell
    APP_REFUSED = "app_refused"  # the app's own key and secret are refused
    SHOP_REFUSED = "shop_refused"  # SEOshop calls our requests wrong
    LANGUAGE = "language"  # the shop's language is no longer in use
    LICENCE = "licence"  # no licence code, or none that can be used
    VAULT_UNAVAILABLE = "vault_unavailable"  # token and licence code cannot be opened just now
    SEAL_BROKEN = "seal_broken"  # one of them can never be opened again
    CONNECT_AGAIN = "connect_again"  # Asperion takes the connection no more
    ADMINISTRATION_CLOSED = "administration_closed"  # … or opens the administration no more
    DOCUMENTS_REFUSED = "documents_refused"  # by Asperion, all for the same field
    UNFINISHED = "unfinished"  # every run stops before its end, for a day by now

    @property
    def passes(self) -> bool:
        """Whether it may pass by itself, so that a later try the same night makes sense."""
        return self in (
            TroubleCause.INBOX_UNAVAILABLE,
            TroubleCause.INBOX_UNKNOWN,
            TroubleCause.SHOP_UNAVAILABLE,
            TroubleCause.UNPROVEN,
            TroubleCause.APP_REFUSED,
            TroubleCause.VAULT_UNAVAILABLE,
            TroubleCause.ADMINISTRATION_CLOSED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One installed shop. `token` and `licence` are secrets, opened by `ports.Vault` alone.

    `installed_at` is when the merchant finished the form (until then: when he came), `token_since`
    SEOshop's own stamp of the call that brought the token (None in records from before it was
    kept). `leaving_since` is when SEOshop told that the app was removed and still took the token,
    `opened_at` when the merchant last came with the token that is stored. `licence_changes` are the
    last ones, the oldest first. `mail_address` is where the merchant wants mail; without it, mail
    goes to the contact in SEOshop. `connection` is that with an administration in Asperion,
    `connection_changes` are its last changes, the oldest first.
    `locks` say up to which day the books are closed.
    `exports_since` is when the shop last began to export after it had not (None while it does not,
    and in records of before 1.4.0). `swept_until` is how far the sweep has seen the shop's changes
    (UTC). `behaviour` is the version of the rules that its orders are booked by, see `behaviours`.
    `version` counts writes and guards them: a change based on an older version is refused.
    """

    shop_id: int
    state: ShopState
    cluster: str
    language: str
    token: Sealed | None = None
    token_since: datetime | None = None
    leaving_since: datetime | None = None
    opened_at: datetime | None = None
    licence: Sealed | None = None
    licence_changes: tuple[LicenceChange, ...] = ()
    locks: Locks = ()
    connection: Connection | None = None
    connection_changes: tuple[ConnectionChange, ...] = ()
    mail_address: Sealed | None = None
    title: str = ""
    currency: str = EURO
    country: str = "NL"
    domain: str = ""  # its name in the platform's addresses
    policy: Policy = field(default_factory=Policy)
    behaviour: str = FIRST.version
    installed_at: datetime
    changed_at: datetime
    exports_since: datetime | None = None
    swept_until: datetime | None = None
    resume_state: ShopState | None = None  # where `disconnected` or `paused` goes back to
    version: int = 0

    @property
    def is_in_euros(self) -> bool:
        """Whether its amounts are in euros."""
        return self.currency == EURO

    @property
    def way(self) -> Way:
        """How its documents are delivered to Asperion."""
        return Way.API if self.connection is not None and self.connection.is_on else Way.FILE

    @property
    def locked_until(self) -> date | None:
        """The last day on which nothing is booked any more; None when the books are open."""
        return find_locked_until(self.locks)

    @property
    def masked_licence(self) -> str:
        """The licence code as pages show it, ``••••••42``; empty without one."""
        return "" if self.licence is None else self.licence.shown

    def secret(self, what: SecretKind) -> Sealed | None:
        """The secret of that kind; None of one that is not of `OF_A_SHOP`."""
        return {
            SecretKind.TOKEN: self.token,
            SecretKind.LICENCE: self.licence,
            SecretKind.MAIL_ADDRESS: self.mail_address,
        }.get(what)


def is_kept_alike(one: Shop, other: Shop) -> bool:
    """Whether the secrets of both are sealed alike, and not only the same secrets."""
    return [(what, sealed.key, sealed.content) for what, sealed in list_secrets(one)] == [
        (what, sealed.key, sealed.content) for what, sealed in list_secrets(other)
    ]


def list_secrets(shop: Shop) -> list[tuple[SecretKind, Sealed]]:
    """Every secret that is kept with a shop: those in use, and former licence codes."""
    found = [
        *((what, shop.secret(what)) for what in OF_A_SHOP),
        *((SecretKind.LICENCE, change.code) for change in shop.licence_changes),
    ]
    return [(what, sealed) for what, sealed in found if sealed is not None]


def exchange_secrets(shop: Shop, renewed: Mapping[str, Sealed]) -> Shop:
    """The shop with those of its secrets that have such a `content` sealed as here."""

    def exchange(sealed: Sealed | None) -> Sealed | None:
        return sealed and renewed.get(sealed.content, sealed)

    return replace(
        shop,
        token=exchange(shop.token),
        licence=exchange(shop.licence),
        mail_address=exchange(shop.mail_address),
        licence_changes=tuple(
            replace(change, code=exchange(change.code)) for change in shop.licence_changes
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether hints of a shop are taken in, and of what: all that the webhook function may read."""

    state: ShopState
    source: Source
