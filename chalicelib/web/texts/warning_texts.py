"""What every mail about a change of where a shop's invoices go ends with: what to do when it was
somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.ports import Mail
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.mail_frame import MailFrame

_YOU = msgid("Was it you, or somebody who works for you? Then you need not do anything.")
_NOT_YOU = msgid("Was it not you? Then do this at once:")
_PAUSE = msgid(
    "1. Open the connector from the AppCenter of your webshop and press Pause on its overview: "
    "%(overview)s"
)
_STAFF = msgid(
    "3. See in SEOshop who has access to your webshop, and give everybody a new password."
)
_ASK = msgid("4. Ask us for help: %(support)s")
_AUTOMATIC = msgid("This mail was sent by the connector itself, to the address in your webshop.")


def warn(frame: MailFrame, subject: str, changed: Sequence[str], put_back: str) -> Mail:
    """A mail whose paragraphs `changed` tell of a change; `put_back` is the second step of undoing
    it.
    """
    steps = [frame.write(_PAUSE, overview=frame.build_url()), put_back, frame.write(_STAFF)]
    if frame.support:
        steps.append(frame.write(_ASK, support=frame.support))
    ending = [frame.write(_NOT_YOU), "\n".join(steps), frame.write(_AUTOMATIC)]
    return frame.make_mail(subject, [*changed, frame.write(_YOU), *ending])
