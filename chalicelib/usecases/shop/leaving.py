"""A shop is cancelled (and works on), pauses, or is disconnected; it leaves by `uninstalling`."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import SignatureError
from chalicelib.usecases.shop.erasing import finish_uninstallation, leave_what_is_kept
from chalicelib.usecases.workspace import Workspace

LAST_FILE = "last-file"
"""The name of a run that a merchant asks for who leaves."""


def cancel_shop(workspace: Workspace, *, called_at: datetime) -> Shop:
    """The app was cancelled in the AppCenter: what works goes on until the platform uninstalls it.

    Raises `SignatureError` as `refuse_former_call`.
    """

    def cancel(stored: Shop) -> Shop:
        refuse_former_call(stored, called_at)
        return take_step(stored, ShopStep.CANCEL, Actor.PLATFORM, at=workspace.now())

    if workspace.change_shop(cancel):
        workspace.append_audit(ShopStep.CANCEL, Actor.PLATFORM)
    return workspace.shop


def refuse_former_call(stored: Shop, called_at: datetime) -> None:
    """Raise `SignatureError` for a call that is older than the present installation: an old link
    used again.

    The call names no token, so its time stamp has to tell which installation it means: by
    SEOshop's clock both, in whole seconds.
    """
    if stored.state is ShopState.UNINSTALLED:
        return
    since = stored.token_since or stored.installed_at.replace(microsecond=0)
    if called_at < since:
        raise SignatureError("This link dates from before the present installation.")


def disconnect_shop(workspace: Workspace) -> None:
    """SEOshop refuses the token of the shop as it was read: orders wait until the merchant installs
    again. One who has done so meanwhile has another token, and nothing happens. A shop that is
    leaving has left, and is erased.
    """
    refused = workspace.shop

    def disconnect(stored: Shop) -> Shop:
        if stored.token != refused.token:
            return stored
        if stored.leaving_since is not None:
            return leave_what_is_kept(stored, Actor.CONNECTOR, at=workspace.now())
        return take_step(stored, ShopStep.DISCONNECT, Actor.CONNECTOR, at=workspace.now())

    if not workspace.change_shop(disconnect):
        return
    if workspace.shop.state is ShopState.UNINSTALLED:
        finish_uninstallation(workspace, Actor.CONNECTOR)
    else:
        workspace.append_audit(ShopStep.DISCONNECT, Actor.CONNECTOR)


def pause_shop(workspace: Workspace, *, by: Actor) -> bool:
    """Stop exporting for now; hints are still recorded. Whether that changed anything."""
    return workspace.take_step(ShopStep.PAUSE, by)


def resume_shop(workspace: Workspace, *, by: Actor) -> bool:
    """Go on exporting after a pause. Whether that changed anything."""
    return workspace.take_step(ShopStep.RESUME, by)


def ask_last_file(workspace: Workspace) -> bool:
    """Let a run of the shop begin now and not tonight, so that what waits is delivered. Whether the
    shop exports at all.
    """
    if not workspace.shop.state.exports:
        return False
    workspace.connector.queue.send(workspace.shop_id, run=LAST_FILE)
    return True
