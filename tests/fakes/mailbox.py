"""The mail that an installation sends, and the links in it, as whoever gets it opens them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from chalicelib.usecases.connector import Post
from chalicelib.web.http.http_messages import Response
from chalicelib.web.texts.mail_texts import MailWriter
from tests.fakes.post import MemoryMailer
from tests.fakes.web import OURS, PUBLIC_URL, Browser, World
from tools.catalogues import LOCALE


class Mailbox(MemoryMailer):
    """Everybody's mail in a world where mail is sent."""

    @classmethod
    def open(cls, world: World) -> Mailbox:
        """Let the world's connector send mail, here."""
        mailbox, url = cls(), world.connector.settings.public_url
        writer = MailWriter(public_url=url, support="", locale=LOCALE)
        world.connector = replace(world.connector, post=Post(mailer=mailbox, word=writer.word))
        return mailbox

    def list_for(self, address: str) -> list[str]:
        """The texts of the mails to an address."""
        return [mail.text for to, mail in self.sent if to == address]

    def find_link(self, address: str) -> str:
        """The last link that an address was mailed."""
        (*_, link) = re.findall(rf"{re.escape(PUBLIC_URL)}\S+\?\S+", self.list_for(address)[-1])
        return str(link)


def split_link(link: str) -> tuple[str, dict[str, str]]:
    """Path and query of a link of ours."""
    parts = urlsplit(link.removeprefix(PUBLIC_URL))
    return parts.path, dict(parse_qsl(parts.query))


def open_link(browser: Browser, link: str) -> Response:
    """Follow a link."""
    return browser.get(*split_link(link))


def press_button(
    browser: Browser,
    link: str,
    fields: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] = OURS,
) -> Response:
    """Press the button of the page behind a link; `headers` in the place of a browser's own."""
    path, query = split_link(link)
    return browser.post(path, fields, query=query, headers=headers)
