"""The answers of an installation that is under way, each kept as soon as it is given, so that a
merchant who comes back goes on where he was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from chalicelib.domain.bounds import check_policy
from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.licence import clean_licence
from chalicelib.domain.policy import Policy
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import LedgerConflict
from chalicelib.usecases.workspace import Workspace


def read_progress(workspace: Workspace) -> InstallationProgress:
    """How far the installation that is under way has come."""
    kept = workspace.connector.shops.load(workspace.shop_id, InstallationProgress)
    return _continue(workspace, kept)


def keep_licence(workspace: Workspace, licence: str) -> str:
    """Keep the licence code that was typed, sealed; returns it as it counts. Raises `LicenceError`,
    `VaultUnavailable`, `LedgerConflict` when the shop was installed meanwhile: of an installed one
    the code is changed by `licence_change` alone.
    """
    code = clean_licence(licence)
    sealed = workspace.connector.vault.seal(workspace.shop_id, SecretKind.LICENCE, code)
    _change_installing(workspace, lambda stored: replace(stored, licence=sealed))
    return code


def keep_payments(workspace: Workspace, policy: Policy) -> None:
    """Keep the choices of payment methods. Raises `RequestError` when they are more than can be
    kept, `LedgerConflict` when the shop was installed meanwhile.
    """
    check_policy(policy)
    _change_installing(workspace, lambda stored: replace(stored, policy=policy))
    _change_progress(workspace, lambda kept: replace(kept, has_payments=True))


def keep_start(workspace: Workspace, since: date | None) -> None:
    """Keep the first day of the orders to be taken along, None for none."""
    _change_progress(workspace, lambda kept: replace(kept, since=since))


def find_start_asked_for(workspace: Workspace) -> date | None:
    """The first day of the orders that an installed shop is still to take along; None when there is
    none, or when `forget_start` was here.
    """
    kept = workspace.connector.shops.load(workspace.shop_id, InstallationProgress)
    return None if kept is None else kept.since


def forget_start(workspace: Workspace) -> None:
    """The orders from the first day on are on their way: nothing is left to be taken along."""
    workspace.connector.shops.change(
        workspace.shop_id, InstallationProgress, lambda kept: kept and replace(kept, since=None)
    )


def _change_installing(workspace: Workspace, change: Callable[[Shop], Shop]) -> None:
    def change_if_installing(stored: Shop) -> Shop:
        if stored.state is not ShopState.INSTALLING:
            raise LedgerConflict("The shop was installed meanwhile.")
        changed = change(stored)
        return stored if changed == stored else replace(changed, changed_at=workspace.now())

    workspace.update_shop(change_if_installing)


def _change_progress(
    workspace: Workspace, change: Callable[[InstallationProgress], InstallationProgress]
) -> None:
    workspace.connector.shops.change(
        workspace.shop_id, InstallationProgress, lambda kept: change(_continue(workspace, kept))
    )


def _continue(workspace: Workspace, kept: InstallationProgress | None) -> InstallationProgress:
    """What is kept, if it is of the installation that is under way."""
    began_at = workspace.shop.installed_at
    if kept is not None and kept.began_at == began_at:
        return kept
    return InstallationProgress(began_at=began_at)
