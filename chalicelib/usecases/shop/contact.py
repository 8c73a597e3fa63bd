"""Tell a shop's contact, by mail, that its invoices go elsewhere: the licence code was changed, or
the connection with Asperion.

The address is read from SEOshop at that moment and is kept nowhere: not in a table, a log, an
error or an answer. A mail that fails stops nothing.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.connection_changes import ConnectionChange
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.mail_records import is_mail_address
from chalicelib.domain.notified_changes import Telling, note_telling
from chalicelib.domain.shops import Shop
from chalicelib.errors import MailError, ShopError
from chalicelib.ports import ConnectionNotice, DestinationNotice, LicenceNotice
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

_PATIENCE = timedelta(seconds=8)
"""How long SEOshop may take while a person waits; the mail service takes its time after it."""


Change = LicenceChange | ConnectionChange


def tell_contact(workspace: Workspace, change: Change) -> Telling:
    """Mail the shop's contact, if this installation sends mail. What came of it is kept with the
    change, told by the audit once, and returned; nothing is raised for a mail that fails.
    """
    telling = _send(workspace, change)
    _keep(workspace, change, telling)
    if telling is not Telling.NOTIFIED:
        extra = {"shop_id": workspace.shop_id, "cause": telling.value}
        log.warning("the shop's contact could not be told", extra=extra)
    return telling


def _send(workspace: Workspace, change: Change) -> Telling:
    post = workspace.connector.post
    if post is None:
        return Telling.NO_MAIL
    try:
        if workspace.is_page:
            workspace.api.limit_time(_PATIENCE)
        address = workspace.api.contact_address()
    except ShopError:
        return Telling.FAILED
    if not is_mail_address(address):
        return Telling.NO_ADDRESS
    try:
        post.mailer.send(address, post.word(_make_notice(workspace.shop, change)))
    except MailError:
        return Telling.FAILED
    return Telling.NOTIFIED


def _make_notice(shop: Shop, change: Change) -> DestinationNotice:
    if isinstance(change, LicenceChange):
        return LicenceNotice(
            title=shop.title,
            language=shop.language,
            at=change.at,
            former=change.former,
            new=change.new,
        )
    return ConnectionNotice(
        title=shop.title,
        language=shop.language,
        at=change.at,
        what=change.what,
        former=change.former,
        new=change.new,
        is_on=change.is_on,
    )


def _keep(workspace: Workspace, change: Change, telling: Telling) -> None:
    """What is known already is not written again, nor told by the audit night after night."""
    before: list[Telling] = []

    def note(stored: Shop) -> Shop:
        if isinstance(change, LicenceChange):
            codes = stored.licence_changes
            before[:] = [one.telling for one in codes if one.at == change.at]
            return replace(stored, licence_changes=note_telling(codes, change.at, telling))
        kept = stored.connection_changes
        before[:] = [one.telling for one in kept if one.at == change.at]
        return replace(stored, connection_changes=note_telling(kept, change.at, telling))

    workspace.update_shop(note)
    if telling not in before:
        step = ShopStep.TELL_CONTACT if telling is Telling.NOTIFIED else ShopStep.MISS_CONTACT
        workspace.append_audit(step, Actor.CONNECTOR, telling.value)
