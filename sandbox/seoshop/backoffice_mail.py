"""The back office page of the mail that apps sent: what a mail catcher shows, as in a mail program.

A catcher answers a GET with JSON, as local AWS does for its SES: ``{"messages": {account: [{"To":
[address], "Subject", "BodyText", "Timestamp"}]}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from flask import render_template

from sandbox.seoshop.appcenter import shop_or_404
from sandbox.seoshop.backoffice_orders import backoffice
from sandbox.seoshop.shop_platform import current

PATIENCE = 10  # seconds
MOST_SHOWN = 100
NOWHERE = "@simulator.amazonses.com"
"""Amazon SES takes mail to its mailbox simulator, and delivers it to nobody."""


@dataclass(frozen=True)
class CaughtMail:
    """A mail that was caught; ``sent_at`` as the catcher writes it."""

    to: str
    subject: str
    text: str
    sent_at: str


class NoCatcher(Exception):
    """No mail catcher answers."""


@backoffice.get("/mail")
def mail(number: int) -> str:
    """Show the mails about this shop: those that name it, and those that name none of the shops
    and go where such a one went, as when a bookkeeper signs in.
    """
    shop = shop_or_404(number)
    others = [each.title for each in current().store.shops.values() if each is not shop]
    try:
        caught = _select(read_mails(current().mail_url), shop.title, others)
        is_caught = True
    except NoCatcher:
        caught, is_caught = [], False
    return render_template(
        "mail.html", shop=shop, mails=caught[:MOST_SHOWN], is_caught=is_caught, tab="mail"
    )


def _select(mails: list[CaughtMail], title: str, others: list[str]) -> list[CaughtMail]:
    known = {each.to for each in mails if title in each.text}
    return [
        each
        for each in mails
        if title in each.text
        or (each.to in known and not any(other in each.text for other in others))
    ]


def read_mails(url: str) -> list[CaughtMail]:
    """Return the mails that the catcher at ``url`` has, the newest first. Raises ``NoCatcher``."""
    if not url.startswith("http://"):
        raise NoCatcher
    try:
        with urlopen(url, timeout=PATIENCE) as answer:
            found = json.loads(answer.read())
    except (URLError, TimeoutError, ValueError):
        raise NoCatcher from None
    mails = [_mail_of(each) for each in _list_all(found)][::-1]
    return [each for each in mails if not each.to.endswith(NOWHERE)]


def _list_all(found: Any) -> Iterator[dict[str, Any]]:
    for messages in found["messages"].values():
        yield from messages


def _mail_of(message: dict[str, Any]) -> CaughtMail:
    return CaughtMail(
        to=", ".join(message["To"]),
        subject=message["Subject"],
        text=message["BodyText"],
        sent_at=str(message["Timestamp"]),
    )
