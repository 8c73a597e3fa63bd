"""A merchant installs, reinstalls or opens the connector, and fills in its form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.licence import clean_licence
from chalicelib.domain.platform import ShopProfile
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import AuditEvent, Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import RequestError, SignatureError
from chalicelib.usecases import subscriptions
from chalicelib.usecases.connector import Connector


def begin(connector: Connector, callback: Callback) -> Shop:
    """SEOshop sends a merchant with a token (already verified): prove the token, store the shop.

    A known shop is signed in again; a new token replaces the stored one. Raises `SignatureError`
    for a call from before an uninstallation, `ShopError` when SEOshop refuses the token.
    """
    now = connector.clock()
    arriving = Shop(
        shop_id=callback.shop_id,
        state=ShopState.INSTALLING,
        cluster=callback.cluster,
        language=callback.language,
        token=callback.token,
        installed_at=now,
        changed_at=now,
    )
    known = connector.shops.get(callback.shop_id)
    if known and known.state is ShopState.UNINSTALLED and callback.timestamp <= known.changed_at:
        raise SignatureError("This link dates from before the connector was removed.")
    profile = connector.page_api(arriving).profile()
    if known is None and connector.shops.add(_with_profile(arriving, profile)):
        _audit(connector, callback.shop_id, "arrived", "platform")
        return connector.shop(callback.shop_id)
    shop = connector.shops.update(
        callback.shop_id, lambda stored: _returning(stored, arriving, profile, now)
    )
    if known and known.token != callback.token:
        _audit(connector, callback.shop_id, "reinstalled", "platform")
    return shop


def _with_profile(shop: Shop, profile: ShopProfile) -> Shop:
    return replace(
        shop,
        title=profile.title,
        currency=profile.currency,
        country=profile.country,
        domain=profile.domain,
    )


def _returning(stored: Shop, arriving: Shop, profile: ShopProfile, now: datetime) -> Shop:
    """The stored shop with the arriving token. The same token is a merchant who opens the app;
    another one is a new installation, which also ends a cancellation.
    """
    state = stored.state
    if state is ShopState.UNINSTALLED:
        state = ShopState.INSTALLING
    elif state is ShopState.DISCONNECTED:
        state = stored.resume_state or ShopState.ACTIVE
    elif state is ShopState.CANCELLED and stored.token != arriving.token:
        state = ShopState.ACTIVE
    reborn = stored.state is ShopState.UNINSTALLED
    return _with_profile(
        replace(
            stored,
            state=state,
            cluster=arriving.cluster,
            language=arriving.language,
            token=arriving.token,
            resume_state=None if state is not ShopState.PAUSED else stored.resume_state,
            installed_at=now if reborn else stored.installed_at,
            swept_until=None if reborn else stored.swept_until,
            changed_at=now,
        ),
        profile,
    )


def complete(connector: Connector, shop_id: int, *, licence: str, policy: Policy) -> Shop:
    """The merchant presses the button: store licence code and choices, subscribe, activate.

    Pressed twice, or by a shop that is active already, it stores the newer choices. Raises
    `LicenceError`, `UnknownShop`, `RequestError` when the shop is gone, `ShopError` when the
    subscription fails (what was filled in is kept; pressing again goes on from there).
    """
    code = clean_licence(licence)
    now = connector.clock()

    def fill_in(stored: Shop) -> Shop:
        if stored.state is ShopState.UNINSTALLED:
            raise RequestError(f"Shop {shop_id} was uninstalled; install the app again.")
        return replace(stored, licence=code, policy=policy, changed_at=now)

    shop = connector.shops.update(shop_id, fill_in)
    subscriptions.ensure(connector.page_api(shop), shop, connector.settings)
    if shop.state is not ShopState.INSTALLING:
        _audit(connector, shop_id, "settings", "merchant")
        return shop
    shop = connector.shops.update(shop_id, lambda stored: _activated(stored, now))
    _audit(connector, shop_id, "installed", "merchant")
    return shop


def _activated(stored: Shop, now: datetime) -> Shop:
    """The first sweep begins at the installation: older orders are the migration's business."""
    if stored.state is not ShopState.INSTALLING:
        return stored
    return replace(
        stored,
        state=ShopState.ACTIVE,
        swept_until=stored.swept_until or stored.installed_at,
        changed_at=now,
    )


def _audit(connector: Connector, shop_id: int, what: str, by: str) -> None:
    connector.shops.record(shop_id, AuditEvent(at=connector.clock(), what=what, by=by))
