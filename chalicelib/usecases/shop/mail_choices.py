"""Where mail to a merchant goes, and which mails he wants.

Without an address of his own, mail goes to the shop's contact, whose address is read from SEOshop
at that moment and kept nowhere. His own is kept sealed, and used once a link that was mailed to it
has confirmed it.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.mail_choices import (
    ALL_KINDS,
    MailChoices,
    MailKind,
    Sending,
    is_mail_address,
    may_propose,
    propose,
)
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.errors import MailError, ShopError, VaultError
from chalicelib.ports import AddressNotice, AddressRequest, Notice
from chalicelib.usecases.connector import Post
from chalicelib.usecases.shop.mail_tickets import (
    CONFIRMED_WITHIN,
    Purpose,
    Ticket,
    sign_ticket,
)
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

_PATIENCE = timedelta(seconds=8)
_ADDRESS = SecretKind.MAIL_ADDRESS


class Proposal(Enum):
    """What became of an address that was proposed."""

    ASKED = auto()  # a mail with the link is on its way there
    IN_USE = auto()
    NO_ADDRESS = auto()  # it is none that mail can go to
    TOO_MANY = auto()  # there were too many today
    NOT_SENT = auto()  # the mail service did not take the mail


def read_choices(workspace: Workspace) -> MailChoices:
    """The merchant's choices about mail."""
    return workspace.connector.shops.load(workspace.shop_id, MailChoices) or MailChoices()


def find_address(workspace: Workspace) -> str | Sending:
    """Where mail to the merchant goes now, or why that cannot be said. It is not kept."""
    own = workspace.shop.mail_address
    try:
        if own is not None:
            return workspace.connector.vault.open(workspace.shop_id, _ADDRESS, own)
        if workspace.is_page:
            workspace.api.limit_time(_PATIENCE)
        address = workspace.api.contact_address()
    except (ShopError, VaultError):
        return Sending.NOT_FOUND
    return address if is_mail_address(address) else Sending.NO_ADDRESS


def choose_mails(workspace: Workspace, wanted: frozenset[MailKind], *, by: Actor) -> bool:
    """Switch the mails on and off. Whether that changed anything."""
    before: list[MailChoices] = []

    def choose(kept: MailChoices | None) -> MailChoices | None:
        before[:] = [kept or MailChoices()]
        return None if before[0].wanted == wanted else replace(before[0], wanted=wanted)

    workspace.connector.shops.change(workspace.shop_id, MailChoices, choose)
    is_changed = before[0].wanted != wanted
    if is_changed:
        note = ", ".join(sorted(wanted)) or "none"
        workspace.append_audit(ShopStep.CHANGE_MAIL, by, note)
    return is_changed


def propose_address(workspace: Workspace, post: Post, typed: str) -> Proposal:
    """Ask an address by mail whether mail may go there; until it is confirmed nothing changes.
    Raises `VaultUnavailable`.
    """
    connector, shop_id, now = workspace.connector, workspace.shop_id, workspace.now()
    if not is_mail_address(typed):
        return Proposal.NO_ADDRESS
    own = workspace.shop.mail_address
    if own is not None and connector.vault.holds(shop_id, _ADDRESS, own, typed):
        return Proposal.IN_USE
    sealed = connector.vault.seal(shop_id, _ADDRESS, typed)
    is_kept: list[bool] = []

    def keep(kept: MailChoices | None) -> MailChoices | None:
        choices = kept or MailChoices()
        is_kept[:] = [may_propose(choices, now)]
        return propose(choices, sealed, now) if is_kept[0] else None

    connector.shops.change(shop_id, MailChoices, keep)
    if not is_kept[0]:
        return Proposal.TOO_MANY
    ticket = sign_ticket(
        connector.secrets,
        Purpose.CONFIRM,
        Ticket(shop_id=shop_id, address=sealed.mark),
        until=now + CONFIRMED_WITHIN,
    )
    request = AddressRequest(
        title=workspace.shop.title,
        language=workspace.shop.language,
        ticket=ticket,
        days=CONFIRMED_WITHIN.days,
    )
    return Proposal.ASKED if _send(workspace, post, typed, request) else Proposal.NOT_SENT


def is_proposed(workspace: Workspace, ticket: Ticket) -> bool:
    """Whether a ticket is for the address that was proposed last."""
    proposed = read_choices(workspace).proposed
    return proposed is not None and proposed.mark == ticket.address


def confirm_address(workspace: Workspace, post: Post, ticket: Ticket) -> bool:
    """Let mail go to the address that a ticket is for; False when that is not the proposed one any
    more. Whoever had the mail before is told. Raises `VaultError` with nothing changed.
    """
    proposed = read_choices(workspace).proposed
    if proposed is None or proposed.mark != ticket.address:
        return False
    vault, shop_id = workspace.connector.vault, workspace.shop_id
    # Sealed anew: the data key may have been turned since it was proposed.
    sealed = vault.seal(shop_id, _ADDRESS, vault.open(shop_id, _ADDRESS, proposed))
    _change_address(workspace, post, sealed)
    return True


def forget_address(workspace: Workspace, post: Post) -> bool:
    """Let mail go to the shop's contact again. Whether it went elsewhere."""
    if workspace.shop.mail_address is None:
        return False
    _change_address(workspace, post, None)
    return True


def _change_address(workspace: Workspace, post: Post, address: Sealed | None) -> None:
    former = find_address(workspace)

    def change(stored: Shop) -> Shop:
        return replace(stored, mail_address=address, changed_at=workspace.now())

    def end_era(kept: MailChoices | None) -> MailChoices:
        choices = kept or MailChoices()
        return replace(choices, era=choices.era + 1, proposed=None)

    workspace.update_shop(change)
    workspace.connector.shops.change(workspace.shop_id, MailChoices, end_era)
    workspace.append_audit(ShopStep.CHANGE_MAIL, Actor.MERCHANT, "address")
    if not isinstance(former, Sending):
        shop = workspace.shop
        notice = AddressNotice(title=shop.title, language=shop.language, at=workspace.now())
        _send(workspace, post, former, notice)


def _send(workspace: Workspace, post: Post, address: str, notice: Notice) -> bool:
    try:
        post.mailer.send(address, post.word(notice))
    except MailError as error:
        log.warning("no mail: %s", error, extra={"shop_id": workspace.shop_id})
        return False
    return True


def unsubscribe(workspace: Workspace) -> frozenset[MailKind]:
    """Switch all mails off; returns those that were on."""
    wanted = read_choices(workspace).wanted
    choose_mails(workspace, frozenset(), by=Actor.MERCHANT)
    return wanted


def subscribe_again(workspace: Workspace, kinds: frozenset[MailKind]) -> None:
    """Switch mails on again; all of them when it is not known which there were."""
    choose_mails(workspace, kinds or ALL_KINDS, by=Actor.MERCHANT)
