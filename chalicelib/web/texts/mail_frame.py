"""What all mails to merchants have in common: plain text of paragraphs, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from chalicelib.domain.days import local_day
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Mail
from chalicelib.web.texts.localisation import LocalDates, Translations


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFrame:
    """The words of one language, and the addresses that mails name; `support` may be empty."""

    language: str
    say: Translations
    public_url: str
    support: str

    def write(self, text: str, **values: object) -> str:
        """A text in the mail's language, filled in."""
        return self.say.gettext(text) % values if values else self.say.gettext(text)

    def write_number(self, one: str, several: str, number: int) -> str:
        """That of two texts which fits a number; both are sources of their own."""
        return self.write(one if number == 1 else several, num=number)

    def write_day(self, day: date) -> str:
        """``23 november 2026``."""
        return LocalDates(self.say.gettext, datetime.combine(day, time(), UTC)).format_day(day)

    def write_moment(self, moment: datetime) -> str:
        """``23 november 2026, 14:05``."""
        dates = LocalDates(self.say.gettext, moment)
        return f"{dates.format_day(local_day(moment))}, {dates.format_clock(moment)}"

    def build_url(self, path: str = "", **query: str) -> str:
        """The address of a page, the overview's without a path; `query` is encoded."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.public_url}/{path}{asked}"

    def make_mail(
        self, subject: str, paragraphs: Iterable[str], headers: Mapping[str, str] | None = None
    ) -> Mail:
        """The mail. A title in its subject may hold anything, and a subject is one line."""
        text = "\n\n".join(paragraphs) + "\n"
        return Mail(subject=" ".join(subject.split()), text=text, headers=headers or {})
