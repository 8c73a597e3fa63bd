"""Mail in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.errors import MailError
from chalicelib.ports import LicenceNotice, Mail, Notice


@dataclass
class MemoryMailer:
    """Port `Mailer`: keeps what was sent, with the address; refuses everything while `is_down`."""

    sent: list[tuple[str, Mail]] = field(default_factory=list)
    is_down: bool = False

    @property
    def last(self) -> Mail:
        """The last mail."""
        return self.sent[-1][1]

    def send(self, address: str, mail: Mail) -> None:
        if self.is_down:
            raise MailError("The mail service refused a mail: Throttled")
        self.sent.append((address, mail))


def word_notice(notice: Notice) -> Mail:
    """All that the notice of a licence code says, in a line."""
    assert isinstance(notice, LicenceNotice)
    return Mail(subject=notice.title, text=f"{notice.former} → {notice.new}")
