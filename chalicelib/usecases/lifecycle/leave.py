"""A merchant leaves: cancelled shops work on, uninstalled ones are erased but for their audit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.ledger import Actor
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import SignatureError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting import trouble

_GOES_BACK = (ShopState.PAUSED, ShopState.DISCONNECTED)


def cancel(connector: Connector, shop_id: int, *, called_at: datetime) -> Shop:
    """The app was cancelled in the AppCenter: what works goes on until the platform uninstalls it.

    A shop that is paused or disconnected stays so, and is cancelled when it goes on; one that was
    never installed whole stays as it is. Raises as `uninstall`.
    """

    def cancelled(stored: Shop) -> Shop:
        _refuse_a_former_installations_call(stored, called_at)
        if stored.state is ShopState.ACTIVE:
            return replace(stored, state=ShopState.CANCELLED, changed_at=connector.clock())
        if stored.state in _GOES_BACK:
            return replace(stored, resume_state=ShopState.CANCELLED, changed_at=connector.clock())
        return stored

    shop = connector.shops.update(shop_id, cancelled)
    connector.audit(shop_id, "cancelled", Actor.PLATFORM)
    return shop


def uninstall(connector: Connector, shop_id: int, *, called_at: datetime) -> Shop:
    """The platform removed the app: erase token, licence code and choices, keep the audit.

    `called_at` is the call's own time stamp. Raises `UnknownShop`, and `SignatureError` for a call
    that is older than the present installation (an old link used again). Twice is harmless.
    """
    known = connector.shop(shop_id)
    if known.state is ShopState.UNINSTALLED:
        return known

    def erased(stored: Shop) -> Shop:
        if stored.state is ShopState.UNINSTALLED:
            return stored
        _refuse_a_former_installations_call(stored, called_at)
        return replace(
            stored,
            state=ShopState.UNINSTALLED,
            token=None,
            token_since=None,
            licence=None,
            title="",
            policy=Policy(),
            resume_state=None,
            changed_at=connector.clock(),
        )

    shop = connector.shops.update(shop_id, erased)
    trouble.over(connector, shop_id)
    connector.audit(shop_id, "uninstalled", Actor.PLATFORM)
    return shop


def _refuse_a_former_installations_call(stored: Shop, called_at: datetime) -> None:
    """The call names no token, so its time stamp has to tell which installation it means: by
    SEOshop's clock both, in whole seconds.
    """
    if stored.state is ShopState.UNINSTALLED:
        return
    since = stored.token_since or stored.installed_at.replace(microsecond=0)
    if called_at < since:
        raise SignatureError("This link dates from before the present installation.")


def disconnect(connector: Connector, refused: Shop) -> None:
    """SEOshop refuses the token of a shop as it was read: orders wait until the merchant installs
    again. One who has done so meanwhile has another token, and nothing happens.
    """
    shop_id = refused.shop_id

    def disconnected(stored: Shop) -> Shop:
        if not stored.state.exports or stored.token != refused.token:
            return stored
        return replace(
            stored,
            state=ShopState.DISCONNECTED,
            resume_state=stored.state,
            changed_at=connector.clock(),
        )

    if connector.shops.update(shop_id, disconnected).state is ShopState.DISCONNECTED:
        connector.audit(shop_id, "disconnected", Actor.CONNECTOR)


def pause(connector: Connector, shop_id: int, *, by: str) -> Shop:
    """Stop exporting for now; hints are still taken in."""

    def paused(stored: Shop) -> Shop:
        if not stored.state.exports:
            return stored
        return replace(
            stored,
            state=ShopState.PAUSED,
            resume_state=stored.state,
            changed_at=connector.clock(),
        )

    shop = connector.shops.update(shop_id, paused)
    connector.audit(shop_id, "paused", by)
    return shop


def resume(connector: Connector, shop_id: int, *, by: str) -> Shop:
    """Go on exporting after a pause."""

    def resumed(stored: Shop) -> Shop:
        if stored.state is not ShopState.PAUSED:
            return stored
        return replace(
            stored,
            state=stored.resume_state or ShopState.ACTIVE,
            resume_state=None,
            changed_at=connector.clock(),
        )

    shop = connector.shops.update(shop_id, resumed)
    connector.audit(shop_id, "resumed", by)
    return shop
