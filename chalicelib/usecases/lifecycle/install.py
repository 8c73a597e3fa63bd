"""A merchant installs, reinstalls or opens the connector, and fills in its form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.ledger import Actor
from chalicelib.domain.licence import clean_licence
from chalicelib.domain.platform import ShopProfile
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import RequestError, SignatureError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting import trouble
from chalicelib.usecases.lifecycle import subscriptions


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
        token_since=callback.timestamp,
        installed_at=now,
        changed_at=now,
    )
    known = connector.shops.get(callback.shop_id)
    if known and known.state is ShopState.UNINSTALLED and callback.timestamp <= known.changed_at:
        raise SignatureError("This link dates from before the connector was removed.")
    profile = connector.page_api(arriving).profile()
    if known is None and connector.shops.add(_with_profile(arriving, profile)):
        connector.audit(callback.shop_id, "arrived", Actor.PLATFORM)
        return connector.shop(callback.shop_id)
    shop = connector.shops.update(
        callback.shop_id, lambda stored: _returning(stored, arriving, profile, now)
    )
    trouble.over_by_coming(connector, callback.shop_id)
    if known and known.token != callback.token:
        connector.audit(callback.shop_id, "reinstalled", Actor.PLATFORM)
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
    renewed = stored.token != arriving.token
    reborn = stored.state is ShopState.UNINSTALLED
    state, resume = _taken_up(stored, renewed=renewed)
    return _with_profile(
        replace(
            stored,
            state=state,
            cluster=arriving.cluster,
            language=arriving.language,
            token=arriving.token,
            token_since=arriving.token_since if renewed else stored.token_since,
            resume_state=resume,
            installed_at=now if reborn else stored.installed_at,
            swept_until=None if reborn else stored.swept_until,
            changed_at=now,
        ),
        profile,
    )


def _taken_up(stored: Shop, *, renewed: bool) -> tuple[ShopState, ShopState | None]:
    """The state a shop has once its merchant came again, and the one it goes back to."""
    state, resume = stored.state, stored.resume_state
    if state is ShopState.UNINSTALLED:
        return ShopState.INSTALLING, None
    if state is ShopState.DISCONNECTED:
        state, resume = resume or ShopState.ACTIVE, None
    if renewed and state is ShopState.CANCELLED:
        state = ShopState.ACTIVE
    if renewed and resume is ShopState.CANCELLED:
        resume = ShopState.ACTIVE
    return state, resume


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
        connector.audit(shop_id, "settings", Actor.MERCHANT)
        return shop
    shop = connector.shops.update(shop_id, lambda stored: _activated(stored, now))
    connector.audit(shop_id, "installed", Actor.MERCHANT)
    return shop


def _activated(stored: Shop, now: datetime) -> Shop:
    """Installed when the button was pressed, however long ago the form was opened. The first sweep
    begins there: older orders are the migration's business.
    """
    if stored.state is not ShopState.INSTALLING:
        return stored
    return replace(
        stored, state=ShopState.ACTIVE, installed_at=now, swept_until=now, changed_at=now
    )
