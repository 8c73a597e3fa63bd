"""A shop pauses, is disconnected, or leaves: cancelled shops work on, uninstalled ones are erased
but for their audit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.policy import Policy
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import SignatureError
from chalicelib.usecases.shop.trouble import clear_trouble
from chalicelib.usecases.workspace import Workspace


def cancel_shop(workspace: Workspace, *, called_at: datetime) -> Shop:
    """The app was cancelled in the AppCenter: what works goes on until the platform uninstalls it.

    Raises `SignatureError` as `uninstall_shop`.
    """

    def cancel(stored: Shop) -> Shop:
        _refuse_former_call(stored, called_at)
        return take_step(stored, ShopStep.CANCEL, Actor.PLATFORM, at=workspace.now())

    if workspace.change_shop(cancel):
        workspace.append_audit(ShopStep.CANCEL, Actor.PLATFORM)
    return workspace.shop


def uninstall_shop(workspace: Workspace, *, called_at: datetime) -> Shop:
    """The platform removed the app: erase token, licence code and choices, keep the audit.

    `called_at` is the call's own time stamp. Raises `SignatureError` for a call that is older than
    the present installation (an old link used again). Twice is harmless.
    """
    if workspace.shop.state is ShopState.UNINSTALLED:
        return workspace.shop

    def erase(stored: Shop) -> Shop:
        if stored.state is ShopState.UNINSTALLED:
            return stored
        _refuse_former_call(stored, called_at)
        gone = take_step(stored, ShopStep.UNINSTALL, Actor.PLATFORM, at=workspace.now())
        return replace(gone, token=None, token_since=None, licence=None, title="", policy=Policy())

    is_erased = workspace.change_shop(erase)
    clear_trouble(workspace)
    if is_erased:
        workspace.append_audit(ShopStep.UNINSTALL, Actor.PLATFORM)
    return workspace.shop


def _refuse_former_call(stored: Shop, called_at: datetime) -> None:
    """The call names no token, so its time stamp has to tell which installation it means: by
    SEOshop's clock both, in whole seconds.
    """
    if stored.state is ShopState.UNINSTALLED:
        return
    since = stored.token_since or stored.installed_at.replace(microsecond=0)
    if called_at < since:
        raise SignatureError("This link dates from before the present installation.")


def disconnect_shop(workspace: Workspace) -> None:
    """SEOshop refuses the token of the shop as it was read: orders wait until the merchant installs
    again. One who has done so meanwhile has another token, and nothing happens.
    """
    refused = workspace.shop

    def disconnect(stored: Shop) -> Shop:
        if stored.token != refused.token:
            return stored
        return take_step(stored, ShopStep.DISCONNECT, Actor.CONNECTOR, at=workspace.now())

    if workspace.change_shop(disconnect):
        workspace.append_audit(ShopStep.DISCONNECT, Actor.CONNECTOR)


def pause_shop(workspace: Workspace, *, by: Actor) -> bool:
    """Stop exporting for now; hints are still recorded. Whether that changed anything."""
    return workspace.take_step(ShopStep.PAUSE, by)


def resume_shop(workspace: Workspace, *, by: Actor) -> bool:
    """Go on exporting after a pause. Whether that changed anything."""
    return workspace.take_step(ShopStep.RESUME, by)
