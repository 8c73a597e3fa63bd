"""The mail to a shop's contact about a change of the connection with Asperion."""

from __future__ import annotations

from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.notified_changes import SHOWN_FOR
from chalicelib.ports import ConnectionNotice, Mail
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.mail_frame import MailFrame
from chalicelib.web.texts.warning_texts import warn

_SUBJECT = msgid("The connection of your webshop with Asperion was changed")
_DONE: Msgids[ConnectionStep] = {
    ConnectionStep.CONNECT: (
        "Your webshop %(title)s was connected with the Asperion administration %(new)s on "
        "%(moment)s."
    ),
    ConnectionStep.MOVE: (
        "For your webshop %(title)s, another Asperion administration was chosen on %(moment)s: "
        "%(new)s instead of %(former)s."
    ),
    ConnectionStep.TURN_ON: (
        "On %(moment)s it was set that the invoices of your webshop %(title)s go straight into the "
        "Asperion administration %(new)s."
    ),
    ConnectionStep.TURN_OFF: (
        "On %(moment)s it was set that the invoices of your webshop %(title)s go to Asperion as "
        "import files again, to the environment of your licence code."
    ),
    ConnectionStep.DISCONNECT: (
        "The connection of your webshop %(title)s with the Asperion administration %(former)s was "
        "ended on %(moment)s."
    ),
}
_BY_FILE = msgid(
    "From now on your invoices go to Asperion as import files, if a licence code was entered; "
    "without one they wait. What was delivered before stays where it is."
)
_STRAIGHT = msgid(
    "From now on your invoices go straight into this administration. What was delivered before "
    "stays where it is."
)
_PUT_BACK = msgid(
    "2. Open the settings of the connector and see with which administration your webshop is "
    "connected; there you can undo this. The overview shows every change for %(days)s days."
)


def word_connection(notice: ConnectionNotice, frame: MailFrame) -> Mail:
    """What a shop's contact is told of a change of the connection."""
    done = frame.write(
        _DONE[notice.what],
        title=notice.title,
        moment=frame.write_moment(notice.at),
        former=notice.former,
        new=notice.new,
    )
    follows = frame.write(_STRAIGHT if notice.is_on else _BY_FILE)
    put_back = frame.write(_PUT_BACK, days=SHOWN_FOR.days)
    return warn(frame, frame.write(_SUBJECT), [done, follows], put_back)
