"""SEOshop refuses a shop's token: whose fault that is, and what becomes of the shop."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.shops import TroubleCause
from chalicelib.usecases.shop.app_proof import AppVerdict, prove_app
from chalicelib.usecases.shop.leaving import disconnect_shop
from chalicelib.usecases.shop.trouble import read_trouble
from chalicelib.usecases.workspace import Workspace

A_NIGHT_LATER = timedelta(hours=18)
"""From one night to the next, whichever of its tries failed."""


def meet_refused_token(workspace: Workspace) -> TroubleCause:
    """SEOshop just refused the token of the shop as it was read. With the proof that the app's own
    pair is good the shop is disconnected, or when it is refused on two nights while nobody can be
    asked. Otherwise it stays as it is. Gives what troubles it. Raises `LedgerError`.
    """
    if workspace.shop.token is None:  # nothing was asked: there is nothing to prove
        disconnect_shop(workspace)
        return TroubleCause.SHOP_UNAUTHORISED
    verdict = prove_app(workspace.connector, besides=workspace.shop_id)
    if verdict is AppVerdict.REFUSED:
        return TroubleCause.APP_REFUSED
    if verdict is AppVerdict.UNKNOWN and not _was_refused_another_night(workspace):
        return TroubleCause.UNPROVEN
    disconnect_shop(workspace)
    return TroubleCause.SHOP_UNAUTHORISED


def _was_refused_another_night(workspace: Workspace) -> bool:
    """Whether the shop's runs have met nothing but the refusal since the night before."""
    kept = read_trouble(workspace)
    if kept is None or kept.cause is not TroubleCause.UNPROVEN or kept.since is None:
        return False
    return workspace.now() - kept.since >= A_NIGHT_LATER
