"""The operator connects a shop again that was disconnected, once its token is proven to be good."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ConnectorError, ShopUnauthorised
from chalicelib.usecases.shop.app_proof import note_acceptance, read_app_standing
from chalicelib.usecases.shop.installing import export_soon
from chalicelib.usecases.shop.trouble import clear_trouble
from chalicelib.usecases.workspace import Workspace

LONGEST_CALL = timedelta(seconds=10)


class Reconnection(StrEnum):
    """What came of the operator's wish."""

    DONE = "done"
    NOT_DISCONNECTED = "not_disconnected"
    REFUSED = "refused"  # its token still is, and the merchant has to install again
    APP_REFUSED = "app_refused"  # so is everybody's: the app's own pair is not right yet
    NO_ANSWER = "no_answer"  # none that tells


def reconnect_shop(workspace: Workspace) -> Reconnection:
    """Prove the token of a disconnected shop by one call; when SEOshop accepts it, let the shop go
    on where it was, and start its export. Otherwise nothing is changed.
    """
    if workspace.shop.state is not ShopState.DISCONNECTED:
        return Reconnection.NOT_DISCONNECTED
    proven, began = workspace.shop, workspace.now()
    try:
        workspace.api.limit_time(LONGEST_CALL)
        workspace.api.profile()
    except ShopUnauthorised:
        is_app = read_app_standing(workspace.connector).refused_since is not None
        return Reconnection.APP_REFUSED if is_app else Reconnection.REFUSED
    except ConnectorError:
        return Reconnection.NO_ANSWER
    note_acceptance(workspace.connector, workspace.shop_id, began=began)

    def reconnect(stored: Shop) -> Shop:
        if stored.token != proven.token:
            return stored
        return take_step(stored, ShopStep.RECONNECT, Actor.OPERATOR, at=workspace.now())

    if not workspace.change_shop(reconnect):  # the merchant was faster, and connected it himself
        return Reconnection.NOT_DISCONNECTED
    workspace.append_audit(ShopStep.RECONNECT, Actor.OPERATOR)
    clear_trouble(workspace)
    export_soon(workspace)
    return Reconnection.DONE
