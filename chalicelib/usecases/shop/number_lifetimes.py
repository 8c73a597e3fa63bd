"""Customers' VAT numbers go when no list needs them any more, and are sealed anew like the shop's
own secrets.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from chalicelib.domain.days import local_day
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import SealBroken
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


def forget_numbers(workspace: Workspace) -> int:
    """Erase the numbers that are kept no longer; of a merchant who wants no totals kept, all about
    which nothing is to be asked any more. Returns how many there were.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    today, policy = local_day(workspace.now()), workspace.shop.policy
    is_asked = policy.vies is not UnansweredNumbers.OFF
    over = [
        name
        for name, record in shops.load_each(shop_id, VatNumber).items()
        if record.kept_until < today or not (policy.keep_totals or (is_asked and record.unproven))
    ]
    if over:
        shops.forget_some(shop_id, over)
    return len(over)


def renew_number_seals(workspace: Workspace) -> int:
    """Seal the numbers anew that are not under the present data key. A number keeps the mark that
    files know it by. Returns how many there were. Raises `VaultUnavailable`.
    """
    vault, shops, shop_id = workspace.connector.vault, workspace.connector.shops, workspace.shop_id
    count, what = 0, SecretKind.VAT_NUMBER
    for name, record in shops.load_each(shop_id, VatNumber).items():
        if vault.is_current(shop_id, what, record.sealed_number):
            continue
        try:
            number = vault.open(shop_id, what, record.sealed_number)
        except SealBroken as error:
            log.error("a seal is broken: %s", error, extra={"shop_id": shop_id})
            continue
        sealed = vault.seal(shop_id, what, number)
        shops.change(
            shop_id,
            VatNumber,
            lambda kept, sealed=sealed: (  # type: ignore[misc]
                None if kept is None else replace(kept, sealed_number=sealed)
            ),
            name,
        )
        count += 1
    return count
