"""Invitations to a seat, as the merchant makes them and takes them back.

An invitation is a random token, of which the shop keeps the hash. It is mailed, or is a link that
the merchant copies and sends himself.
"""

from __future__ import annotations

import hashlib
import secrets
from enum import Enum, auto

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.seat_records import (
    INVITED_FOR,
    MOST_OPEN,
    Invitation,
    Invitations,
    add_invitation,
    drop_invitations,
    may_invite_today,
)
from chalicelib.domain.seats import MOST_SEATS, SeatRight, clean_seat_address
from chalicelib.ports import SeatInvitation
from chalicelib.usecases.shop.seat_holders import list_names, list_seats, write_rights
from chalicelib.usecases.shop.seat_mails import mail_notice
from chalicelib.usecases.workspace import Workspace

_SEAT = SecretKind.SEAT_ADDRESS


class Inviting(Enum):
    """What became of a wish to invite somebody."""

    INVITED = auto()  # the mail is on its way
    MADE = auto()  # there is a link to copy
    NO_ADDRESS = auto()  # it is none that mail can go to
    HAS_SEAT = auto()  # whoever has that address has a seat in this shop
    TOO_MANY = auto()  # of seats and open invitations together, or of the latter
    TOO_OFTEN = auto()  # today
    NOT_SENT = auto()  # the mail service did not take the mail; nothing is left of it


def invite(
    workspace: Workspace, typed: str | None, rights: frozenset[SeatRight]
) -> tuple[Inviting, str]:
    """Invite an address by mail or, without one, make a link to copy; its token comes with the
    outcome, and is kept nowhere. An address that was invited before is by this invitation alone.
    Raises `VaultUnavailable` with nothing changed.
    """
    address = "" if typed is None else clean_seat_address(typed)
    if address is None:
        return Inviting.NO_ADDRESS, ""
    names = list_names(workspace.connector, address) if address else []
    seats = list_seats(workspace)
    if any(seat.holder in names for seat in seats):
        return Inviting.HAS_SEAT, ""
    token = f"{workspace.shop_id}.{secrets.token_urlsafe(24)}"
    sealed = workspace.connector.vault.seal(workspace.shop_id, _SEAT, address) if address else None
    made = _make(workspace, rights, sealed, names)
    refusal = _keep(workspace, hash_token(token), made, seats=len(seats), names=names)
    if refusal is not None:
        return refusal, ""
    if address and not _mail_invitation(workspace, address, token):
        revoke_invitation(workspace, hash_token(token), is_audited=False)
        return Inviting.NOT_SENT, ""
    workspace.append_audit(ShopStep.INVITE, Actor.MERCHANT, write_rights(rights))
    return (Inviting.INVITED, "") if address else (Inviting.MADE, token)


def _make(
    workspace: Workspace, rights: frozenset[SeatRight], sealed: Sealed | None, names: list[str]
) -> Invitation:
    now = workspace.now()
    return Invitation(
        rights=rights,
        made_at=now,
        until=now + INVITED_FOR,
        installed_at=workspace.shop.installed_at,
        address=sealed,
        holder=names[0] if names else "",
    )


def _keep(
    workspace: Workspace, name: str, made: Invitation, *, seats: int, names: list[str]
) -> Inviting | None:
    """Keep an invitation beside the shop; why not, where there are too many."""
    refusal: list[Inviting] = []

    def keep(kept: Invitations | None) -> Invitations | None:
        present = kept or Invitations()
        open_ones = [
            one
            for one in present.by_hash.values()
            if one.is_open(made.installed_at, made.made_at)
            and not (one.holder and one.holder in names)
        ]
        refusal.clear()
        if len(open_ones) >= MOST_OPEN or len(open_ones) + seats >= MOST_SEATS:
            refusal.append(Inviting.TOO_MANY)
        elif not may_invite_today(present, made.made_at):
            refusal.append(Inviting.TOO_OFTEN)
        return None if refusal else add_invitation(present, name, made, names)

    workspace.connector.shops.change(workspace.shop_id, Invitations, keep)
    return refusal[0] if refusal else None


def _mail_invitation(workspace: Workspace, address: str, token: str) -> bool:
    shop, days = workspace.shop, INVITED_FOR.days
    notice = SeatInvitation(title=shop.title, language=shop.language, invitation=token, days=days)
    return mail_notice(workspace.connector, address, notice)


def list_invitations(workspace: Workspace) -> list[tuple[str, Invitation]]:
    """The invitations that somebody may still accept, by name, the one that ends first in front."""
    kept = workspace.connector.shops.load(workspace.shop_id, Invitations) or Invitations()
    now, installed_at = workspace.now(), workspace.shop.installed_at
    found = [(name, one) for name, one in kept.by_hash.items() if one.is_open(installed_at, now)]
    return sorted(found, key=lambda pair: (pair[1].until, pair[0]))


def revoke_invitation(workspace: Workspace, name: str, *, is_audited: bool = True) -> bool:
    """Take an invitation back; who is just accepting it is refused, and the seat that it gave goes
    as well, where a process stopped before it was used up. Whether there was one.
    """
    dropped: list[Invitation] = []

    def drop(kept: Invitations | None) -> Invitations | None:
        one = None if kept is None else kept.by_hash.get(name)
        dropped[:] = [one] if one is not None and one.accepted_at is None else []
        return drop_invitations(kept, [name]) if kept is not None and dropped else None

    shops, shop_id = workspace.connector.shops, workspace.shop_id
    shops.change(shop_id, Invitations, drop)
    for one in dropped:
        seat = shops.seat(shop_id, one.taken_by) if one.taken_by else None
        if seat is not None and seat.since >= one.made_at:
            shops.remove_seat(shop_id, seat.holder)
        if is_audited:
            workspace.append_audit(ShopStep.REVOKE_INVITATION, Actor.MERCHANT)
    return bool(dropped)


def hash_token(token: str) -> str:
    """What is kept of a token, which is too random to be guessed from it."""
    return hashlib.sha256(f"invitation/{token}".encode()).hexdigest()[:32]
