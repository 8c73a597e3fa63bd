"""The secrets of a shop are sealed anew: what versions before 1.3.0 stored in plain, and what is
under a former data key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.domain.connection import AsperionTokens, exchange_tokens
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.seat_records import Invitations, exchange_addresses
from chalicelib.domain.seats import Seat
from chalicelib.domain.shops import exchange_secrets, list_secrets
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import SealBroken
from chalicelib.usecases.shop.seat_holders import rename_seat
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

_SEAT = SecretKind.SEAT_ADDRESS


def renew_seals(workspace: Workspace) -> int:
    """Seal anew what is not sealed under the present data key. Returns how many secrets there were.

    A secret that cannot be opened any more stays as it is, which is logged; one that was replaced
    meanwhile, by the merchant or the platform, stays replaced. Raises `VaultUnavailable` with
    nothing changed.
    """
    renewed = _renew_all(workspace, list_secrets(workspace.shop))
    if renewed:
        workspace.update_shop(lambda stored: exchange_secrets(stored, renewed))
    beside = (_renew_seats, _renew_invitations, _renew_asperion)
    return len(renewed) + sum(renew(workspace) for renew in beside)


def _renew_seats(workspace: Workspace) -> int:
    """The addresses of bookkeepers who have a seat, each then found by the present print secret."""
    connector, shop_id = workspace.connector, workspace.shop_id
    seats = connector.shops.seats(shop_id)
    renewed = _renew_all(workspace, [(_SEAT, seat.address) for seat in seats])

    def exchange(kept: Seat) -> Seat:
        return replace(kept, address=renewed.get(kept.address.content, kept.address))

    for seat in seats:
        if seat.address.content in renewed:
            connector.shops.change_seat(shop_id, seat.holder, exchange)
        rename_seat(connector, seat)
    return len(renewed)


def _renew_invitations(workspace: Workspace) -> int:
    """The addresses of bookkeepers who are invited."""
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    kept = shops.load(shop_id, Invitations)
    invited = [] if kept is None else [one.address for one in kept.by_hash.values()]
    renewed = _renew_all(workspace, [(_SEAT, address) for address in invited if address])

    def exchange(kept: Invitations | None) -> Invitations | None:
        return kept and exchange_addresses(kept, renewed)

    if renewed:
        shops.change(shop_id, Invitations, exchange)
    return len(renewed)


def _renew_asperion(workspace: Workspace) -> int:
    """What opens the merchant's Asperion account."""
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    kept = shops.load(shop_id, AsperionTokens)
    if kept is None:
        return 0
    found = [(SecretKind.ASPERION_ACCESS, kept.access)]
    if kept.refresh is not None:
        found.append((SecretKind.ASPERION_REFRESH, kept.refresh))
    renewed = _renew_all(workspace, found)

    def exchange(kept: AsperionTokens | None) -> AsperionTokens | None:
        return kept and exchange_tokens(kept, renewed)

    if renewed:
        shops.change(shop_id, AsperionTokens, exchange)
    return len(renewed)


def renew_number_seals(workspace: Workspace, numbers: Mapping[str, VatNumber]) -> int:
    """Likewise customers' VAT numbers, by the names of their records. Each keeps the mark that
    files know it by.
    """
    shops, shop_id, what = workspace.connector.shops, workspace.shop_id, SecretKind.VAT_NUMBER
    renewed = _renew_all(workspace, [(what, each.sealed_number) for each in numbers.values()])

    def exchange(kept: VatNumber | None) -> VatNumber | None:
        if kept is None:
            return None
        former = kept.sealed_number
        return replace(kept, sealed_number=renewed.get(former.content, former))

    for name, record in numbers.items():
        if record.sealed_number.content in renewed:
            shops.change(shop_id, VatNumber, exchange, name)
    return len(renewed)


def _renew_all(
    workspace: Workspace, secrets: Iterable[tuple[SecretKind, Sealed]]
) -> dict[str, Sealed]:
    """Those that were sealed anew, by their former `content`."""
    found = {sealed.content: _renew(workspace, what, sealed) for what, sealed in secrets}
    return {content: sealed for content, sealed in found.items() if sealed is not None}


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
