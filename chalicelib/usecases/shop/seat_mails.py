"""The mails about seats. One that fails stops nothing; who has to know of it asks."""

from __future__ import annotations

import logging

from chalicelib.domain.mail_records import Sending
from chalicelib.errors import MailError
from chalicelib.ports import SeatAccepted, SeatNotice, SeatRevoked
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.mail_choices import find_address
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


def mail_notice(connector: Connector, address: str, notice: SeatNotice) -> bool:
    """Mail somebody. Whether the mail service took it; False where no mail is sent."""
    post = connector.post
    if post is None:
        return False
    try:
        post.mailer.send(address, post.word(notice))
    except MailError as error:
        log.warning("no mail about a seat: %s", error)
        return False
    return True


def tell_of_acceptance(workspace: Workspace) -> None:
    """Mail the merchant that somebody has a seat from now on; the page of seats says who."""
    address = find_address(workspace)
    if not isinstance(address, Sending):
        shop, now = workspace.shop, workspace.now()
        notice = SeatAccepted(title=shop.title, language=shop.language, at=now)
        mail_notice(workspace.connector, address, notice)


def tell_of_revocation(workspace: Workspace, address: str) -> None:
    """Mail a bookkeeper that his seat in the shop was taken away."""
    shop = workspace.shop
    notice = SeatRevoked(title=shop.title, language=shop.language)
    mail_notice(workspace.connector, address, notice)
