"""The mails about a bookkeeper's seat. Of a shop they name its title, and nothing else."""

from __future__ import annotations

from chalicelib.ports import (
    Mail,
    SeatAccepted,
    SeatInvitation,
    SeatNotice,
    SeatProof,
    SeatRevoked,
    SignInLink,
)
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.mail_frame import MailFrame

_INVITED = msgid("Invitation: look into the books of %(title)s")
_INVITES = msgid(
    "The webshop %(title)s has a connector that brings its orders to Asperion. The merchant "
    "invites you, as the bookkeeper, to look in: orders, files and VAT, without opening the "
    "webshop."
)
_ACCEPT = msgid("Accept the invitation within %(days)s days: %(link)s")
_NO_PASSWORD = msgid(
    "From then on you sign in with this e-mail address. There is no password: each time you get an "
    "e-mail with a link."
)
_UNKNOWN = msgid(
    "Do you not know this webshop, or are you not its bookkeeper? Then you need not do anything."
)

_TO_PROVE = msgid("Confirm your e-mail address for %(title)s")
_TYPED = msgid(
    "Somebody opened an invitation to look into the books of the webshop %(title)s, and filled "
    "in this address."
)
_PROVE = msgid("Was it you? Then accept the invitation with this link: %(link)s")
_NOTHING = msgid("Was it not you? Then you need not do anything.")

_TO_SIGN_IN = msgid("Your link to sign in")
_ASKED = msgid(
    "Somebody asked for a link to sign in, with this address, as the bookkeeper of webshops with a "
    "connector to Asperion."
)
_SIGN_IN = msgid("Was it you? Sign in within %(minutes)s minutes: %(link)s")
_ONCE = msgid(
    "The link works once. Was it not you? Then you need not do anything: nobody gets in without "
    "this link."
)

_TAKEN = msgid("A bookkeeper can look into the books of %(title)s")
_HAS_ACCESS = msgid(
    "Since %(moment)s somebody whom you invited has access, as a bookkeeper, to the connector of "
    "your webshop %(title)s."
)
_WHO = msgid(
    "Who that is, and what the bookkeeper may do, is under Settings › Your bookkeeper: %(page)s"
)
_TAKE_AWAY = msgid(
    "Did you invite nobody? Then take the access away there, and see in SEOshop who has access to "
    "your webshop."
)

_OVER = msgid("You no longer have access to %(title)s")
_REVOKED = msgid(
    "The merchant of the webshop %(title)s has taken away your access to its connector. For other "
    "webshops nothing changes."
)
_AGAIN = msgid("Is that a mistake? Then ask the merchant for another invitation.")


def word_seat(notice: SeatNotice, frame: MailFrame) -> Mail:
    """The mail that tells a notice about a seat."""
    match notice:
        case SeatInvitation():
            return _word_invitation(notice, frame)
        case SeatProof():
            return _word_proof(notice, frame)
        case SignInLink():
            return _word_sign_in(notice, frame)
        case SeatAccepted():
            return _word_accepted(notice, frame)
        case SeatRevoked():
            paragraphs = [frame.write(_REVOKED, title=notice.title), frame.write(_AGAIN)]
            return frame.make_mail(frame.write(_OVER, title=notice.title), paragraphs)


def _word_invitation(notice: SeatInvitation, frame: MailFrame) -> Mail:
    link = frame.build_url(
        "clients/invitation", invitation=notice.invitation, language=frame.language
    )
    paragraphs = [
        frame.write(_INVITES, title=notice.title),
        frame.write(_ACCEPT, days=notice.days, link=link),
        frame.write(_NO_PASSWORD),
        frame.write(_UNKNOWN),
    ]
    return frame.make_mail(frame.write(_INVITED, title=notice.title), paragraphs)


def _word_proof(notice: SeatProof, frame: MailFrame) -> Mail:
    link = frame.build_url("clients/invitation", proof=notice.proof, language=frame.language)
    paragraphs = [
        frame.write(_TYPED, title=notice.title),
        frame.write(_PROVE, link=link),
        frame.write(_NO_PASSWORD),
        frame.write(_NOTHING),
    ]
    return frame.make_mail(frame.write(_TO_PROVE, title=notice.title), paragraphs)


def _word_sign_in(notice: SignInLink, frame: MailFrame) -> Mail:
    link = frame.build_url("clients/enter", ticket=notice.ticket, language=frame.language)
    paragraphs = [
        frame.write(_ASKED),
        frame.write(_SIGN_IN, minutes=notice.minutes, link=link),
        frame.write(_ONCE),
    ]
    return frame.make_mail(frame.write(_TO_SIGN_IN), paragraphs)


def _word_accepted(notice: SeatAccepted, frame: MailFrame) -> Mail:
    moment = frame.write_moment(notice.at)
    paragraphs = [
        frame.write(_HAS_ACCESS, title=notice.title, moment=moment),
        frame.write(_WHO, page=frame.build_url("seats")),
        frame.write(_TAKE_AWAY),
    ]
    return frame.make_mail(frame.write(_TAKEN, title=notice.title), paragraphs)
