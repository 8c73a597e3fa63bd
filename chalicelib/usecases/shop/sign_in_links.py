"""A bookkeeper signs in by a link that is mailed to his address.

Whoever types an address gets the same answer for the same work, so that nobody learns who keeps
whose books: a mail is worded and handed to the mail service in any case. Where the address has no
seat, it goes to the mailbox in which Amazon SES lets test mail vanish, which counts against
nobody's reputation; strangers get no mail from here.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from chalicelib.domain.seat_records import MailsToHolder, UsedSignIn, note_mail
from chalicelib.domain.seats import clean_seat_address, is_holder_by
from chalicelib.ports import SignInLink
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from chalicelib.usecases.shop.mail_tickets import Purpose, read_content, sign_content
from chalicelib.usecases.shop.seat_holders import list_names, rename_seat
from chalicelib.usecases.shop.seat_mails import mail_notice

SIGN_IN_WITHIN = timedelta(minutes=15)
"""How long a link signs in, once."""

NOBODY = "success@simulator.amazonses.com"
"""SES takes mail to this address like any other and delivers it to nobody:
https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
"""

_SLACK = timedelta(minutes=5)
"""How much longer than it is valid a used link is kept, for machines whose clocks differ."""


def request_sign_in(connector: Connector, typed: str, *, language: str) -> bool:
    """Mail a link to an address that has a seat. False for what is no address; whether it has a
    seat, too many mails of late, or a mail that failed makes no difference.
    """
    address = clean_seat_address(typed)
    if address is None:
        return False
    names = list_names(connector, address)
    if not may_mail(connector, names[0]):
        return True
    found = [connector.shops.has_seat(name) for name in names]  # all are asked, always
    until = connector.clock() + SIGN_IN_WITHIN
    content = [names, secrets.token_urlsafe(16)]
    ticket = sign_content(connector.secrets, Purpose.SIGN_IN, content, until=until)
    minutes = int(SIGN_IN_WITHIN.total_seconds()) // 60
    notice = SignInLink(language=language, ticket=ticket, minutes=minutes)
    mail_notice(connector, address if any(found) else NOBODY, notice)
    return True


def may_mail(connector: Connector, holder: str) -> bool:
    """Whether another mail may go to a holder's address now, for somebody who is not signed in; it
    is counted, also where it is none of a bookkeeper.
    """
    now, is_granted = connector.clock(), False

    def count(kept: MailsToHolder | None) -> MailsToHolder | None:
        nonlocal is_granted
        counted = note_mail(kept, now)
        is_granted = counted is not None
        return counted

    connector.shops.change(ALL_SHOPS, MailsToHolder, count, f"{MailsToHolder.NAME}/{holder}")
    return is_granted


def is_sign_in_open(connector: Connector, ticket: str) -> bool:
    """Whether a link may still sign in; that uses nothing up."""
    said = _read(connector, ticket)
    return said is not None and connector.shops.load(ALL_SHOPS, UsedSignIn, said[1]) is None


def use_sign_in(connector: Connector, ticket: str) -> str | None:
    """Use a link up, in one conditional write, and give the holder who is signed in with it. None
    for one that is worth nothing: used, too old, or none of ours.
    """
    said = _read(connector, ticket)
    if said is None:
        return None
    used = UsedSignIn(needed_until=connector.clock() + SIGN_IN_WITHIN + _SLACK)
    is_first = False

    def use(kept: UsedSignIn | None) -> UsedSignIn | None:
        nonlocal is_first
        is_first = kept is None
        return used if is_first else None

    connector.shops.change(ALL_SHOPS, UsedSignIn, use, said[1])
    return find_holder(connector, said[0]) if is_first else None


def find_holder(connector: Connector, names: Sequence[str]) -> str:
    """Of one bookkeeper's names the present one; the seats that he has by a former name become
    those of this one.
    """
    present = connector.secrets.print_secrets()[0]
    known = next((name for name in names if is_holder_by(name, present)), "")
    for former in names:
        for seat in connector.shops.seats_of(former) if former != known else ():
            if known:
                connector.shops.move_seat(seat.shop_id, former, known)
            elif is_holder_by(name := rename_seat(connector, seat), present):
                known = name  # the secret was turned since he was named
    return known or names[0]


def _read(connector: Connector, ticket: str) -> tuple[list[str], str] | None:
    """The names of the bookkeeper whom a link signs in, and the name of its record once used."""
    said = read_content(connector.secrets, Purpose.SIGN_IN, ticket, now=connector.clock())
    return None if said is None else (said[0], f"{UsedSignIn.NAME}/{said[1]}")
