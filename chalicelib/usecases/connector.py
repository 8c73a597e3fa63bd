"""The connector's parts, put together once by `chalicelib.bootstrap`, handed to every use case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.errors import AsperionUnavailable, UnknownShop
from chalicelib.lazy_dataclass import dataclass

if TYPE_CHECKING:  # the webhook function starts without Jinja2
    from collections.abc import Callable

    from chalicelib.axml import Profile
    from chalicelib.domain.shops import Shop
    from chalicelib.ports import (
        AccessTokens,
        Alarms,
        AsperionApi,
        Clock,
        Entries,
        ExportQueue,
        Files,
        Identity,
        Inbox,
        Mail,
        Mailer,
        Notice,
        Secrets,
        ShopApi,
        Shops,
        VatRegister,
        Vault,
    )
    from chalicelib.settings import Settings


class OpenProfile(Protocol):
    """Gives an aXML profile."""

    def __call__(self, folder: str = "") -> Profile:
        """The profile in this folder under ``templates/axml``; by default the installation's own.
        Raises `ProfileError`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderParts:
    """All that starting a night needs: no table and no secret."""

    settings: Settings
    clock: Clock
    queue: ExportQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportParts(SenderParts):
    """All that the morning's report looks at, and by which it tells; no secret is among it."""

    shops: Shops
    alarms: Alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class HintParts:
    """The few parts that recording a hint needs: all that the webhook function puts together."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    shops: Shops
    entries: Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How the shops' contacts are told: who carries a mail, and who words it."""

    mailer: Mailer
    word: Callable[[Notice], Mail]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDoor:
    """The way into Asperion by API: who grants access, and what opens an administration (None:
    none is chosen yet) with it.
    """

    identity: Identity
    open_api: Callable[[AccessTokens, int | None], AsperionApi]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector(HintParts):
    """Everything a use case may reach.

    `open_shop` gives SEOshop's API for a shop, leaving a share of the allowance alone;
    `open_for_page` that for a person who waits for a page, who may use that share too. `open_inbox`
    gives the Asperion inbox of a licence code, `profile` an aXML profile; `vat_register` knows the
    VAT numbers of the EU. `vault` seals and opens the secrets of shops; opening a shop or its inbox
    may raise `VaultError`. `post` is None where no mail is sent, `front_door` where this
    installation offers no connection with Asperion.
    """

    files: Files
    queue: ExportQueue
    vault: Vault
    open_shop: Callable[[Shop], ShopApi]
    open_for_page: Callable[[Shop], ShopApi]
    open_inbox: Callable[[Shop], Inbox]
    vat_register: VatRegister
    profile: OpenProfile
    post: Post | None = None
    front_door: FrontDoor | None = None

    def find_front_door(self) -> FrontDoor:
        """The way into Asperion by API. Raises `AsperionUnavailable` where this installation offers
        none.
        """
        if self.front_door is None:
            raise AsperionUnavailable("This installation offers no connection with Asperion.")
        return self.front_door

    def find_shop(self, shop_id: int) -> Shop:
        """The shop of that number. Raises `UnknownShop`."""
        shop = self.shops.get(shop_id)
        if shop is None:
            raise UnknownShop(f"Shop {shop_id} is not installed.")
        return shop
