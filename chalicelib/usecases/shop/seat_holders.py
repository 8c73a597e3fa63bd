"""Whose seat in which shop counts, and what it allows.

A seat counts in the installation in which it was given. It is read anew, consistently, for every
page: one that was revoked is over with the next click.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.seat_records import Invitations, drop_invitations
from chalicelib.domain.seats import Seat, SeatRight, is_holder_by, name_holder
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import VaultError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.seat_mails import tell_of_revocation
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A shop in which a bookkeeper has a seat, with that seat."""

    shop: Shop
    seat: Seat


def list_names(connector: Connector, address: str) -> list[str]:
    """The holder that an address of `seats.clean_seat_address` is, by the present print secret, and
    by the former one while it is being turned.
    """
    return [name_holder(address, secret) for secret in connector.secrets.print_secrets()]


def find_seats(connector: Connector, holder: str) -> list[Client]:
    """The shops, still installed, in which the holder has a seat, by number. One query, and reads
    by key.
    """
    seats = connector.shops.seats_of(holder)
    shops = connector.shops.get_all([seat.shop_id for seat in seats])
    found = [(shops.get(seat.shop_id), seat) for seat in seats]
    return [Client(shop=shop, seat=seat) for shop, seat in found if shop and _counts(seat, shop)]


def find_seat(connector: Connector, holder: str, shop_id: int) -> Client | None:
    """The shop, still installed, with the holder's seat in it; None when he has none there. Two
    consistent reads by key.
    """
    seat = connector.shops.seat(shop_id, holder)
    shop = None if seat is None else connector.shops.get(shop_id)
    if seat is None or shop is None or not _counts(seat, shop):
        return None
    return Client(shop=shop, seat=seat)


def list_seats(workspace: Workspace) -> list[Seat]:
    """The seats of a shop that count, the one that was given first in front. One query."""
    seats = workspace.connector.shops.seats(workspace.shop_id)
    found = [seat for seat in seats if _counts(seat, workspace.shop)]
    return sorted(found, key=lambda seat: (seat.since, seat.holder))


def _counts(seat: Seat, shop: Shop) -> bool:
    return shop.state is not ShopState.UNINSTALLED and seat.installed_at == shop.installed_at


def open_address(workspace: Workspace, address: Sealed) -> str:
    """A bookkeeper's address; empty while it cannot be opened."""
    try:
        return workspace.connector.vault.open(workspace.shop_id, SecretKind.SEAT_ADDRESS, address)
    except VaultError:
        return ""


def note_visit(connector: Connector, client: Client) -> None:
    """Keep with the seat that it was used today; one write a day at most."""
    seat, today = client.seat, local_day(connector.clock())
    if seat.visited_on != today:
        shops = connector.shops
        shops.change_seat(seat.shop_id, seat.holder, lambda kept: replace(kept, visited_on=today))


def change_rights(workspace: Workspace, holder: str, rights: frozenset[SeatRight]) -> bool:
    """Let a seat allow this from now on. Whether that changed anything."""
    shops, changed = workspace.connector.shops, []
    for seat in _list_same(workspace, holder):
        shops.change_seat(
            seat.shop_id, seat.holder, lambda kept: replace(kept, rights=frozenset(rights))
        )
        changed.append(seat.rights != rights)
    if any(changed):
        workspace.append_audit(ShopStep.CHANGE_SEAT, Actor.MERCHANT, write_rights(rights))
    return any(changed)


def revoke_seat(workspace: Workspace, holder: str) -> bool:
    """Take a seat away, at once, and tell its holder by mail. Whether there was one."""
    shops = workspace.connector.shops
    seats = _list_same(workspace, holder)
    if not seats:
        return False
    names = {seat.holder for seat in seats}
    _drop_open(workspace, names)  # first: who is just accepting one is refused at its end
    removed = [shops.remove_seat(workspace.shop_id, name) for name in names]
    if not any(removed):
        return False
    workspace.append_audit(ShopStep.REVOKE_SEAT, Actor.MERCHANT)
    if address := open_address(workspace, seats[0].address):
        tell_of_revocation(workspace, address)
    return True


def _list_same(workspace: Workspace, holder: str) -> list[Seat]:
    """The holder's seat; two of them when he has one by the former secret's name as well."""
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    seat = shops.seat(shop_id, holder)
    if seat is None:
        return []
    address = open_address(workspace, seat.address)
    names = {*list_names(workspace.connector, address)} if address else set()
    others = [shops.seat(shop_id, name) for name in sorted(names - {holder})]
    return [seat, *(other for other in others if other is not None)]


def _drop_open(workspace: Workspace, names: Collection[str]) -> None:
    """Forget what could give these holders a seat again."""

    def drop(kept: Invitations | None) -> Invitations | None:
        if kept is None:
            return None
        gone = [
            name
            for name, one in kept.by_hash.items()
            if one.accepted_at is None and (one.taken_by in names or one.holder in names)
        ]
        return drop_invitations(kept, gone)

    workspace.connector.shops.change(workspace.shop_id, Invitations, drop)


def rename_seat(connector: Connector, seat: Seat) -> str:
    """Store a seat as that of its holder by the present print secret. Where its address cannot be
    opened, or it is changed at this moment, it stays as it is. Returns the holder who has it then.
    Raises `LedgerError`.
    """
    present = connector.secrets.print_secrets()[0]
    if is_holder_by(seat.holder, present):
        return seat.holder
    try:
        address = connector.vault.open(seat.shop_id, SecretKind.SEAT_ADDRESS, seat.address)
    except VaultError:
        return seat.holder
    holder = name_holder(address, present)
    shops, shop_id = connector.shops, seat.shop_id
    is_his = shops.move_seat(shop_id, seat.holder, holder) or shops.seat(shop_id, holder)
    return holder if is_his else seat.holder


def write_rights(rights: Collection[SeatRight]) -> str:
    """Rights as the audit has them."""
    return ", ".join(sorted(rights)) or "read"
