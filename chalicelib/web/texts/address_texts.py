"""The mails about where mail goes: to an address that is to be confirmed, and to the former one."""

from __future__ import annotations

from chalicelib.ports import AddressNotice, AddressRequest, Mail
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.mail_frame import MailFrame

_REQUESTED = msgid("Confirm this address for mail from your Asperion connector")
_ASKS = msgid(
    "Somebody who is signed in to the connector between the webshop %(title)s and Asperion asked "
    "for its mail to come to this address."
)
_CONFIRM = msgid("Was it you? Confirm it within %(days)s days: %(link)s")
_IGNORE = msgid("Was it not you? Then you need not do anything: no mail comes here.")

_MOVED = msgid("The mail of your Asperion connector now goes to another address")
_GOES = msgid(
    "Since %(moment)s the mail of the connector between your webshop %(title)s and Asperion goes "
    "to another address. This is the last one here."
)
_CHECK = msgid(
    "Was it not you, nor somebody who works for you? Then open the connector from the AppCenter of "
    "your webshop, look at the address, and see in SEOshop who has access: %(page)s"
)
_ASK = msgid("Ask us for help: %(support)s")


def word_request(notice: AddressRequest, frame: MailFrame) -> Mail:
    """Whether mail may come to this address."""
    link = frame.build_url("confirm-address", ticket=notice.ticket, language=frame.language)
    paragraphs = [
        frame.write(_ASKS, title=notice.title),
        frame.write(_CONFIRM, days=notice.days, link=link),
        frame.write(_IGNORE),
    ]
    return frame.make_mail(frame.write(_REQUESTED), paragraphs)


def word_farewell(notice: AddressNotice, frame: MailFrame) -> Mail:
    """That mail goes elsewhere from now on."""
    paragraphs = [
        frame.write(_GOES, title=notice.title, moment=frame.write_moment(notice.at)),
        frame.write(_CHECK, page=frame.build_url("settings/mail")),
    ]
    if frame.support:
        paragraphs.append(frame.write(_ASK, support=frame.support))
    return frame.make_mail(frame.write(_MOVED), paragraphs)
