"""A merchant installs, reinstalls or opens the connector, and fills in its form."""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import datetime

from chalicelib.domain.bounds import check_policy
from chalicelib.domain.causes import RequestCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep, ShopStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry
from chalicelib.domain.licence import clean_licence, show_ending
from chalicelib.domain.policy import Policy
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shop_life import FIRST_STATE, take_step
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import LedgerConflict, QueueError, SignatureError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.app_proof import (
    note_acceptance,
    note_answer,
    read_app_standing,
)
from chalicelib.usecases.shop.choosing import (
    choose_under,
    keep_change,
    note_source,
    require_shop,
)
from chalicelib.usecases.shop.starts import find_start
from chalicelib.usecases.shop.subscriptions import mend_subscriptions
from chalicelib.usecases.shop.trouble import clear_trouble_by_coming, read_trouble
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

log = logging.getLogger(__name__)


def admit_shop(connector: Connector, callback: Callback) -> Shop:
    """SEOshop sends a merchant with a token (already verified): prove the token, store the shop.

    A known shop is signed in again; a new token replaces the stored one. Raises `SignatureError`
    for a call from before an uninstallation, `ShopError` when SEOshop refuses the token,
    `VaultUnavailable`.
    """
    now = connector.clock()
    arriving = Shop(
        shop_id=callback.shop_id,
        state=FIRST_STATE,
        cluster=callback.cluster,
        language=callback.language,
        token=connector.vault.seal(callback.shop_id, SecretKind.TOKEN, callback.token or ""),
        token_since=callback.timestamp,
        behaviour=connector.settings.behaviour,
        installed_at=now,
        changed_at=now,
    )
    known = connector.shops.get(callback.shop_id)
    if known and known.state is ShopState.UNINSTALLED and callback.timestamp <= known.changed_at:
        raise SignatureError("This link dates from before the connector was removed.")
    workspace = Workspace(connector, arriving, is_page=True)
    profile = asdict(workspace.api.profile())
    if read_app_standing(connector).refused_since is not None:
        note_acceptance(connector, callback.shop_id, began=now)
    if known is None and connector.shops.add(replace(arriving, **profile)):
        workspace.append_audit(ShopStep.ARRIVE, Actor.PLATFORM)
        return connector.find_shop(callback.shop_id)
    former: list[Shop] = []  # as it was in the moment of the change, which a run may just precede

    def come_back(stored: Shop) -> Shop:
        former[:] = [stored]
        return replace(_returning(stored, arriving, now), **profile)

    workspace.update_shop(come_back)
    _follow_return(workspace, former[-1], is_renewed=former[-1].token != arriving.token)
    return workspace.shop


def _follow_return(workspace: Workspace, former: Shop, *, is_renewed: bool) -> None:
    """What a merchant's coming changes beside the shop, which was `former` before."""
    if former.state is ShopState.UNINSTALLED:
        workspace.connector.shops.keep_notes(workspace.shop_id)
    was_troubled = read_trouble(workspace) is not None
    is_mended = clear_trouble_by_coming(workspace)
    if not former.state.exports or is_mended or (is_renewed and was_troubled):
        export_soon(workspace)
    if is_renewed:
        workspace.append_audit(ShopStep.REINSTALL, Actor.PLATFORM)
    elif former.state is not workspace.shop.state:
        workspace.append_audit(ShopStep.OPEN, Actor.PLATFORM)


def export_soon(workspace: Workspace) -> None:
    """What waited for the shop to be connected need not wait for the night as well."""
    if not workspace.shop.state.exports:
        return
    try:
        workspace.connector.queue.send(workspace.shop_id, run=ShopStep.REINSTALL.value)
    except QueueError as error:
        log.warning("the shop is exported tonight: %s", error)


def _returning(stored: Shop, arriving: Shop, now: datetime) -> Shop:
    """The stored shop with the arriving token. The same token is a merchant who opens the app;
    another one is a new installation.
    """
    is_renewed = stored.token != arriving.token
    step = ShopStep.REINSTALL if is_renewed else ShopStep.OPEN
    returning = replace(
        take_step(stored, step, Actor.PLATFORM, at=now),
        cluster=arriving.cluster,
        language=arriving.language,
        token=arriving.token,
        token_since=arriving.token_since if is_renewed else stored.token_since,
        leaving_since=None if is_renewed else stored.leaving_since,
        opened_at=now,
        changed_at=now,
    )
    if stored.state is ShopState.UNINSTALLED:
        returning = replace(returning, installed_at=now, swept_until=None)
    return returning


def complete_installation(workspace: Workspace, *, licence: str, policy: Policy) -> Shop:
    """The merchant presses the button: store licence code and choices, subscribe, activate.

    Pressed twice, it stores the newer choices; an empty `licence` keeps the code that is stored.
    Raises `LicenceError`, `UnknownShop`, `RequestError` when the shop is gone or the choices are
    more than can be kept, `LedgerConflict` when it was installed with another code meanwhile
    (`licence_change` changes that one), `VaultUnavailable` with nothing stored, `ShopError` when
    the subscription fails (what was filled in is kept; pressing again goes on from there).
    """
    check_policy(policy)
    sealed, now = _seal_licence(workspace, licence), workspace.now()
    change = note_source(workspace, policy)

    def fill_in(stored: Shop) -> Shop:
        require_shop(stored)
        if stored.state is not ShopState.INSTALLING and sealed not in (None, stored.licence):
            raise LedgerConflict("The shop was installed with another licence code meanwhile.")
        former[:] = [stored]
        filled = replace(choose_under(stored, policy, change), licence=sealed or stored.licence)
        # A code that was typed is kept as it was sealed just now: the page can show that one.
        return stored if filled == stored and sealed is None else replace(filled, changed_at=now)

    former: list[Shop] = []  # as it was in the moment of the change
    shop = workspace.update_shop(fill_in)
    is_new = shop.state is ShopState.INSTALLING
    if not is_new and _differs(shop, former[-1]):
        workspace.append_audit(ShopStep.CHANGE_SETTINGS, Actor.MERCHANT)
        keep_change(workspace, former[-1].policy, at=now, by=Actor.MERCHANT)
    mend_subscriptions(workspace)
    if not is_new:
        return workspace.shop
    if workspace.change_shop(lambda stored: _activated(stored, now)):
        ending = show_ending(workspace.shop.masked_licence)
        workspace.append_audit(ShopStep.COMPLETE, Actor.MERCHANT, ending)
        note_answer(workspace, read_app_standing(workspace.connector))  # to the subscription
    _look_again(workspace)
    return workspace.shop


def _seal_licence(workspace: Workspace, licence: str) -> Sealed | None:
    """The code that was typed, sealed; None where the stored one stays. Raises `LicenceError` when
    there is neither.
    """
    if not licence and workspace.shop.licence is not None:
        return None
    vault, code = workspace.connector.vault, clean_licence(licence)
    return vault.seal(workspace.shop_id, SecretKind.LICENCE, code)


def _differs(shop: Shop, former: Shop) -> bool:
    """Whether more was changed than the moment of the last change."""
    return replace(shop, changed_at=former.changed_at, version=former.version) != former


def _look_again(workspace: Workspace) -> None:
    """Let what an earlier installation held be read again: what changed in the shop between the two
    is in none of the lists that are read from now on. What waits for the merchant's word that it is
    not in the books yet waits on.
    """
    for entry in workspace.connector.entries.list_held(workspace.shop_id, limit=ALL_OPEN):
        if not _may_be_in_books(workspace, entry):
            cause = RequestCause.ASKED
            workspace.record(entry.key, OrderStep.RETRY, by=Actor.MERCHANT, cause=cause)


def _may_be_in_books(workspace: Workspace, held: Entry) -> bool:
    """Whether a held document is perhaps from before the connector came: nobody has seen yet when
    one was paid that could never be read.
    """
    if held.hold != HoldReason.UNREADABLE:
        return held.hold == HoldReason.MAYBE_BEFORE_START
    entry = workspace.entry(held.key)
    if entry is None or entry.has_evidence:
        return False
    return entry.day <= local_day(find_start(workspace, entry))


def _activated(stored: Shop, now: datetime) -> Shop:
    """Installed when the button was pressed, however long ago the form was opened. The first sweep
    begins there: older orders are the migration's business.
    """
    if stored.state is not ShopState.INSTALLING:
        return stored
    active = take_step(stored, ShopStep.COMPLETE, Actor.MERCHANT, at=now)
    return replace(active, installed_at=now, swept_until=now)
