"""The mails to a shop's contact: plain text, in the shop's language."""

from __future__ import annotations

from pathlib import Path

from chalicelib.domain.days import local_day
from chalicelib.domain.licence_changes import SHOWN_FOR
from chalicelib.ports import LicenceNotice, Mail
from chalicelib.web.texts.localisation import (
    LocalDates,
    choose_language,
    load_translations,
    msgid,
)

_SUBJECT = msgid("The licence code of your Asperion connector was changed")
_CHANGED = msgid(
    "The licence code of the connector between your webshop %(title)s and Asperion was changed on "
    "%(moment)s: from %(former)s to %(new)s."
)
_ENTERED = msgid(
    "A licence code was entered in the connector between your webshop %(title)s and Asperion on "
    "%(moment)s: %(new)s."
)
_ENDINGS = msgid("Only the last two characters of a code are shown, of a short code none.")
_FOLLOWS = msgid(
    "From now on the invoices of your webshop go to the Asperion environment of the new code. What "
    "was delivered before stays where it is."
)
_YOU = msgid("Was it you, or somebody who works for you? Then you need not do anything.")
_NOT_YOU = msgid("Was it not you? Then do this at once:")
_PAUSE = msgid(
    "1. Open the connector from the AppCenter of your webshop and press Pause on its overview: "
    "%(overview)s"
)
_PUT_BACK = msgid(
    "2. Change the licence code back to your own. The overview shows every change for %(days)s "
    "days."
)
_STAFF = msgid(
    "3. See in SEOshop who has access to your webshop, and give everybody a new password."
)
_ASK = msgid("4. Ask us for help: %(support)s")
_AUTOMATIC = msgid("This mail was sent by the connector itself, to the address in your webshop.")


class MailWriter:
    """Words the mails. `public_url` is the app's own address, `support` whom merchants can ask
    (empty for nobody), `locale` the folder of the catalogues.
    """

    def __init__(self, *, public_url: str, support: str, locale: Path) -> None:
        self._public_url = public_url
        self._support = support
        self._locale = locale

    def word_licence_notice(self, notice: LicenceNotice) -> Mail:
        """What a shop's contact is told of a change of the licence code; it holds no code."""
        say = load_translations(choose_language(notice.language), self._locale).gettext
        dates = LocalDates(say, notice.at)
        moment = f"{dates.format_day(local_day(notice.at))}, {dates.format_clock(notice.at)}"
        values = {
            "title": notice.title,
            "moment": moment,
            "former": notice.former,
            "new": notice.new,
            "overview": f"{self._public_url}/",
            "support": self._support,
            "days": SHOWN_FOR.days,
        }
        changed = _CHANGED if notice.former else _ENTERED
        steps = [_PAUSE, _PUT_BACK, _STAFF, *([_ASK] if self._support else [])]
        paragraphs = [changed, _ENDINGS, _FOLLOWS, _YOU, _NOT_YOU]
        texts = [say(text) % values for text in paragraphs]
        texts.append("\n".join(say(text) % values for text in steps))
        texts.append(say(_AUTOMATIC))
        return Mail(subject=say(_SUBJECT), text="\n\n".join(texts) + "\n")
