"""The secrets of a shop are sealed anew: what versions before 1.3.0 stored in plain, and what is
under a former data key.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.errors import SealBroken
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

Renewed = Mapping[SecretKind, tuple[Sealed, Sealed]]
"""Of each kind the secret as it was read, and the same sealed anew."""


def renew_seals(workspace: Workspace) -> int:
    """Seal anew what is not sealed under the present data key. Returns how many secrets there were.

    A secret that cannot be opened any more stays as it is, which is logged. Raises
    `VaultUnavailable` with nothing changed.
    """
    pairs = {what: _renew(workspace, what) for what in SecretKind}
    renewed = {what: pair for what, pair in pairs.items() if pair is not None}
    if renewed:
        workspace.update_shop(lambda stored: _put_in_place(stored, renewed))
    return len(renewed)


def _renew(workspace: Workspace, what: SecretKind) -> tuple[Sealed, Sealed] | None:
    vault, shop_id = workspace.connector.vault, workspace.shop_id
    sealed = workspace.shop.secret(what)
    if sealed is None or vault.is_current(shop_id, what, sealed):
        return None
    try:
        text = vault.open(shop_id, what, sealed)
    except SealBroken as error:
        log.error("a seal is broken: %s", error, extra={"shop_id": shop_id})
        return None
    return sealed, vault.seal(shop_id, what, text)


def _put_in_place(stored: Shop, renewed: Renewed) -> Shop:
    """What was replaced since it was read, by the merchant or the platform, stays."""
    kept = {
        what.value: new
        for what, (read, new) in renewed.items()
        if (found := stored.secret(what)) is not None and found.content == read.content
    }
    return replace(stored, **kept)  # type: ignore[arg-type]
