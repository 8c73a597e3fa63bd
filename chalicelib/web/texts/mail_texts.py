"""The mails to a shop's contact: plain text, in the shop's language."""

from __future__ import annotations

from pathlib import Path

from chalicelib.domain.notified_changes import SHOWN_FOR
from chalicelib.ports import (
    AddressNotice,
    AddressRequest,
    ConnectionNotice,
    LicenceNotice,
    Mail,
    MorningNotice,
    Notice,
)
from chalicelib.web.texts.address_texts import word_farewell, word_request
from chalicelib.web.texts.connection_mail_texts import word_connection
from chalicelib.web.texts.localisation import choose_language, load_translations, msgid
from chalicelib.web.texts.mail_frame import MailFrame
from chalicelib.web.texts.morning_texts import word_morning
from chalicelib.web.texts.seat_mail_texts import word_seat
from chalicelib.web.texts.warning_texts import warn

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
_PUT_BACK = msgid(
    "2. Change the licence code back to your own. The overview shows every change for %(days)s "
    "days."
)


class MailWriter:
    """Words the mails. `public_url` is the app's own address, `support` whom merchants can ask
    (empty for nobody), `locale` the folder of the catalogues.
    """

    def __init__(self, *, public_url: str, support: str, locale: Path) -> None:
        self._public_url = public_url
        self._support = support
        self._locale = locale

    def word(self, notice: Notice) -> Mail:
        """The mail that tells a notice."""
        frame = self._make_frame(notice.language)
        match notice:
            case LicenceNotice():
                return _word_licence(notice, frame)
            case ConnectionNotice():
                return word_connection(notice, frame)
            case MorningNotice():
                return word_morning(notice, frame)
            case AddressRequest():
                return word_request(notice, frame)
            case AddressNotice():
                return word_farewell(notice, frame)
            case _:
                return word_seat(notice, frame)

    def _make_frame(self, language: str) -> MailFrame:
        chosen = choose_language(language)
        return MailFrame(
            language=chosen,
            say=load_translations(chosen, self._locale),
            public_url=self._public_url,
            support=self._support,
        )


def _word_licence(notice: LicenceNotice, frame: MailFrame) -> Mail:
    """What a shop's contact is told of a change of the licence code; it holds no code."""
    values = {
        "title": notice.title,
        "moment": frame.write_moment(notice.at),
        "former": notice.former,
        "new": notice.new,
        "days": SHOWN_FOR.days,
    }
    changed = _CHANGED if notice.former else _ENTERED
    paragraphs = [frame.write(text, **values) for text in (changed, _ENDINGS, _FOLLOWS)]
    return warn(frame, frame.write(_SUBJECT), paragraphs, frame.write(_PUT_BACK, **values))
