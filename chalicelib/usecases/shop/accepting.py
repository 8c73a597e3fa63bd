"""Accepting an invitation: one holder takes it, has the seat, and then it is used up.

Each of the three is one conditional write, and any process may stop between them: the same holder
then goes on where it stopped. What takes the invitation away meanwhile, such as the merchant or the
end of the installation, has the last word: the seat goes as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seat_records import Invitations, change_invitation
from chalicelib.domain.seats import Seat
from chalicelib.usecases.shop.invitation_links import FoundInvitation
from chalicelib.usecases.shop.seat_holders import find_seat, list_names, write_rights
from chalicelib.usecases.shop.seat_mails import tell_of_acceptance
from chalicelib.usecases.shop.sign_in_links import find_holder


def accept_invitation(found: FoundInvitation) -> Seat | None:
    """Give the seat to whoever has the address that a link has proven. None, with nothing given,
    when the invitation was used or taken back meanwhile, or the shop was uninstalled. A seat that
    he has in this shop already stays as it is. Raises `VaultUnavailable`, `LedgerError`; the link
    is good then for another try.
    """
    workspace, connector = found.workspace, found.workspace.connector
    names = list_names(connector, found.address)
    holder = find_holder(connector, names)
    if not _take(found, holder, names):
        return None
    is_new = connector.shops.put_seat(_make_seat(found, holder))
    is_valid, is_first = _use_up(found, names)
    client = find_seat(connector, holder, workspace.shop_id) if is_valid else None
    if client is None:
        if is_new:
            connector.shops.remove_seat(workspace.shop_id, holder)
        return None
    if is_first:
        rights = write_rights(found.invitation.rights)
        workspace.append_audit(ShopStep.ACCEPT_SEAT, Actor.BOOKKEEPER, rights)
        tell_of_acceptance(workspace)
    return client.seat


def _take(found: FoundInvitation, holder: str, names: Sequence[str]) -> bool:
    """Let the invitation be this holder's alone; whether it is."""
    is_his = False

    def take(kept: Invitations | None) -> Invitations | None:
        nonlocal is_his
        one = None if kept is None else kept.by_hash.get(found.name)
        is_free = one is not None and one.accepted_at is None
        is_his = one is not None and is_free and one.taken_by in ("", *names)
        if kept is None or not is_his:
            return None
        return change_invitation(kept, found.name, taken_by=holder)

    found.workspace.connector.shops.change(found.workspace.shop_id, Invitations, take)
    return is_his


def _make_seat(found: FoundInvitation, holder: str) -> Seat:
    workspace, invitation = found.workspace, found.invitation
    vault, shop_id = workspace.connector.vault, workspace.shop_id
    return Seat(
        shop_id=shop_id,
        holder=holder,
        address=vault.seal(shop_id, SecretKind.SEAT_ADDRESS, found.address),
        rights=invitation.rights,
        installed_at=invitation.installed_at,
        since=workspace.now(),
    )


def _use_up(found: FoundInvitation, names: Sequence[str]) -> tuple[bool, bool]:
    """Let the invitation be worth nothing from now on. Whether it was this holder's to the end, and
    whether it is this call that used it up: somebody may press the button twice.
    """
    is_valid, is_first = False, False

    def use_up(kept: Invitations | None) -> Invitations | None:
        nonlocal is_valid, is_first
        one = None if kept is None else kept.by_hash.get(found.name)
        is_valid = one is not None and one.taken_by in names
        is_first = one is not None and is_valid and one.accepted_at is None
        if kept is None or not is_first:
            return None
        now = found.workspace.now()
        return change_invitation(kept, found.name, accepted_at=now, address=None)

    found.workspace.connector.shops.change(found.workspace.shop_id, Invitations, use_up)
    return is_valid, is_first
