"""The secrets of a shop are sealed anew: what versions before 1.3.0 stored in plain, and what is
under a former data key.
"""

from __future__ import annotations

import logging

from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import exchange_secrets, list_secrets
from chalicelib.errors import SealBroken
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


def renew_seals(workspace: Workspace) -> int:
    """Seal anew what is not sealed under the present data key. Returns how many secrets there were.

    A secret that cannot be opened any more stays as it is, which is logged; one that was replaced
    meanwhile, by the merchant or the platform, stays replaced. Raises `VaultUnavailable` with
    nothing changed.
    """
    found = {
        sealed.content: _renew(workspace, what, sealed)
        for what, sealed in list_secrets(workspace.shop)
    }
    renewed = {content: sealed for content, sealed in found.items() if sealed is not None}
    if renewed:
        workspace.update_shop(lambda stored: exchange_secrets(stored, renewed))
    return len(renewed)


def _renew(workspace: Workspace, what: SecretKind, sealed: Sealed) -> Sealed | None:
    """The secret sealed anew; None where it has to stay as it is."""
    vault, shop_id = workspace.connector.vault, workspace.shop_id
    if vault.is_current(shop_id, what, sealed):
        return None
    try:
        text = vault.open(shop_id, what, sealed)
    except SealBroken as error:
        log.error("a seal is broken: %s", error, extra={"shop_id": shop_id})
        return None
    return vault.seal(shop_id, what, text)
