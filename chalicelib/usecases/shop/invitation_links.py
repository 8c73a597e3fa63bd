"""The links of invitations, as whoever opens them reads them; that uses nothing up.

A link that was mailed proves the address by arriving there. Behind a link to copy somebody types
his address, and another mail, which carries the invitation on, proves that one.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from chalicelib.domain import bounds
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seat_records import (
    MOST_CLAIMS,
    Invitation,
    Invitations,
    change_invitation,
)
from chalicelib.domain.seats import clean_seat_address
from chalicelib.domain.shops import ShopState
from chalicelib.errors import SealBroken, UnknownShop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import SeatProof
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.invitations import hash_token
from chalicelib.usecases.shop.mail_tickets import Purpose, read_content, sign_content
from chalicelib.usecases.shop.seat_holders import list_names
from chalicelib.usecases.shop.seat_mails import mail_notice
from chalicelib.usecases.shop.sign_in_links import may_mail
from chalicelib.usecases.workspace import Workspace, open_workspace

_DIGITS = len(str(bounds.LARGEST_ID))


class Claim(Enum):
    """What became of an address that was typed behind a link to copy."""

    ASKED = auto()  # the mail is on its way there
    NO_ADDRESS = auto()
    TOO_MANY = auto()  # behind this link, or to this address
    NOT_SENT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInvitation:
    """An open invitation of a shop, by its name there. `address` is the one that a link proves,
    empty for a link to copy.
    """

    workspace: Workspace
    name: str
    invitation: Invitation
    address: str = ""


def read_invitation(connector: Connector, token: str) -> FoundInvitation | None:
    """The open invitation of a token, with the address that it was mailed to; None for any other
    text, and where that address can never be opened again. Raises `VaultUnavailable`.
    """
    number = token.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        return None
    found = _find(connector, int(number), hash_token(token))
    if found is None or found.invitation.address is None:
        return found
    sealed, vault = found.invitation.address, connector.vault
    try:
        address = vault.open(found.workspace.shop_id, SecretKind.SEAT_ADDRESS, sealed)
    except SealBroken:
        return None
    return replace(found, address=address)


def read_proof(connector: Connector, proof: str) -> FoundInvitation | None:
    """The open invitation that a link carries on, with the address that it was mailed to; None for
    any other text.
    """
    said = read_content(connector.secrets, Purpose.PROVE, proof, now=connector.clock())
    if said is None:
        return None
    shop_id, name, address = said
    found = _find(connector, shop_id, name)
    return None if found is None else replace(found, address=address)


def _find(connector: Connector, shop_id: int, name: str) -> FoundInvitation | None:
    try:
        workspace = open_workspace(connector, shop_id, is_page=True)
    except UnknownShop:
        return None
    if workspace.shop.state is ShopState.UNINSTALLED:
        return None
    kept = connector.shops.load(shop_id, Invitations)
    one = None if kept is None else kept.by_hash.get(name)
    if one is None or not one.is_open(workspace.shop.installed_at, connector.clock()):
        return None
    return FoundInvitation(workspace=workspace, name=name, invitation=one)


def claim_invitation(found: FoundInvitation, typed: str) -> Claim:
    """Mail the address that somebody typed behind a link to copy a link that carries the invitation
    on; until that is confirmed nothing changes.
    """
    workspace, connector = found.workspace, found.workspace.connector
    address = clean_seat_address(typed)
    if address is None:
        return Claim.NO_ADDRESS
    if not may_mail(connector, list_names(connector, address)[0]):
        return Claim.TOO_MANY
    if not _count_claim(found):
        return Claim.TOO_MANY
    content = [workspace.shop_id, found.name, address]
    until = found.invitation.until
    proof = sign_content(connector.secrets, Purpose.PROVE, content, until=until)
    shop = workspace.shop
    notice = SeatProof(title=shop.title, language=shop.language, proof=proof)
    return Claim.ASKED if mail_notice(connector, address, notice) else Claim.NOT_SENT


def _count_claim(found: FoundInvitation) -> bool:
    is_counted = False

    def count(kept: Invitations | None) -> Invitations | None:
        nonlocal is_counted
        one = None if kept is None else kept.by_hash.get(found.name)
        is_counted = one is not None and one.claims < MOST_CLAIMS
        if kept is None or one is None or not is_counted:
            return None
        return change_invitation(kept, found.name, claims=one.claims + 1)

    shops = found.workspace.connector.shops
    shops.change(found.workspace.shop_id, Invitations, count)
    return is_counted
