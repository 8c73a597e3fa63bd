"""SEOshop says that the app was removed: proven by the token, which SEOshop then refuses.

The call to the uninstall address is signed just as one to the cancel address, which passes through
a merchant's browser: whoever has seen one can send it to the other. So the call alone erases
nothing. While SEOshop still takes the token, the shop works on and is tried again every night.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from chalicelib.domain.app_standing import order_witnesses
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ShopError, ShopUnauthorised, VaultError
from chalicelib.usecases.shop.app_proof import AppVerdict, prove_app, read_app_standing
from chalicelib.usecases.shop.erasing import finish_uninstallation, leave_what_is_kept
from chalicelib.usecases.shop.leaving import refuse_former_call
from chalicelib.usecases.workspace import Workspace

STAYS_AFTER = timedelta(days=14)
"""A shop whose token is good for so long after the call, and whose merchant opened the app since,
is not leaving.
"""

ANOTHER_NIGHT = timedelta(hours=20)


class _Token(Enum):
    GOOD = auto()
    REFUSED = auto()  # and not because of the app's own key and secret
    ALONE = auto()  # refused, and there is no other shop that could tell why
    UNPROVEN = auto()  # SEOshop is out of reach, or may refuse the app itself


def uninstall_shop(workspace: Workspace, *, called_at: datetime) -> Shop:
    """The platform calls the app removed, at `called_at` by its own time stamp. A shop whose token
    SEOshop refuses is erased at once; any other is leaving from now on.

    Raises `SignatureError` for a call that is older than the present installation (an old link used
    again), `LedgerError`. Twice is harmless.
    """
    if workspace.shop.state is ShopState.UNINSTALLED:
        return workspace.shop
    refuse_former_call(workspace.shop, called_at)
    token = _try_token(workspace)
    # Of a shop that is alone the call, just signed, says that the app's secret is good.
    if token in (_Token.REFUSED, _Token.ALONE):
        _erase_refused(workspace, Actor.PLATFORM, called_at=called_at)
    else:
        _mark_as_leaving(workspace, called_at)
    return workspace.shop


def try_leaving_again(workspace: Workspace) -> None:
    """Another night: erase a leaving shop whose token SEOshop refuses by now; let one stay that
    did not leave after all. Raises `LedgerError`.
    """
    since = workspace.shop.leaving_since
    if since is None:
        return
    token = _try_token(workspace)
    is_later = token is _Token.ALONE and workspace.now() - since > ANOTHER_NIGHT
    if token is _Token.REFUSED or is_later:
        _erase_refused(workspace, Actor.CONNECTOR)
    elif token is _Token.GOOD:
        _let_stay(workspace)


def is_overdue(shop: Shop, now: datetime) -> bool:
    """Whether a shop is leaving for so long that a person should look at it."""
    return shop.leaving_since is not None and now - shop.leaving_since > STAYS_AFTER


def _try_token(workspace: Workspace) -> _Token:
    """Whether SEOshop takes the shop's token: one call, and others' if it does not."""
    if read_app_standing(workspace.connector).refused_since is not None:
        return _Token.UNPROVEN
    try:
        workspace.api.profile()
    except ShopUnauthorised:
        return _weigh_refusal(workspace)
    except (ShopError, VaultError):
        return _Token.UNPROVEN
    return _Token.GOOD


def _weigh_refusal(workspace: Workspace) -> _Token:
    connector, shop_id = workspace.connector, workspace.shop_id
    verdict = prove_app(connector, besides=shop_id, is_page=workspace.is_page)
    if verdict is AppVerdict.ACCEPTED:
        return _Token.REFUSED
    is_alone = not order_witnesses(read_app_standing(connector), besides=shop_id)
    return _Token.ALONE if is_alone else _Token.UNPROVEN


def _erase_refused(workspace: Workspace, by: Actor, *, called_at: datetime | None = None) -> None:
    """Erase the shop whose token was refused. One that was installed anew meanwhile stays."""
    refused = workspace.shop

    def erase(stored: Shop) -> Shop:
        if called_at is not None:
            refuse_former_call(stored, called_at)
        if stored.token != refused.token:
            return stored
        return leave_what_is_kept(stored, by, at=workspace.now())

    if workspace.change_shop(erase):
        finish_uninstallation(workspace, by)


def _mark_as_leaving(workspace: Workspace, called_at: datetime) -> None:
    def leave(stored: Shop) -> Shop:
        refuse_former_call(stored, called_at)
        if stored.state is ShopState.UNINSTALLED or stored.leaving_since is not None:
            return stored
        return replace(stored, leaving_since=workspace.now())

    if workspace.change_shop(leave):
        workspace.append_audit(ShopStep.LEAVE, Actor.PLATFORM)


def _let_stay(workspace: Workspace) -> None:
    def stay(stored: Shop) -> Shop:
        since, opened_at = stored.leaving_since, stored.opened_at
        has_stayed = is_overdue(stored, workspace.now())
        if since is None or opened_at is None or opened_at <= since or not has_stayed:
            return stored
        return replace(stored, leaving_since=None)

    if workspace.change_shop(stay):
        workspace.append_audit(ShopStep.STAY, Actor.CONNECTOR)
