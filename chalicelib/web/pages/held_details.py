"""What a held document is about, as the pages say it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts.detail_texts import find_detail_text
from chalicelib.web.texts.localisation import msgid


def read_method_titles(call: Call, reason: str | None) -> Mapping[str, str]:
    """The titles of the shop's payment methods that a hold for this reason may name, by key, as the
    last watch found them.
    """
    if reason != HoldReason.PAYMENT_METHOD_NEW:
        return {}
    findings = call.connector.shops.load(call.shop.shop_id, WatchFindings)
    return {} if findings is None else findings.new_methods


def write_detail(call: Call, reason: str | None, detail: str, titles: Mapping[str, str]) -> str:
    """A hold's detail in words of the page's language; empty without one. `titles` are those of
    payment methods by key.
    """
    day = read_day(detail) if reason == HoldReason.PERIOD_LOCKED else None
    if day is not None:
        shown = call.templates.dates.format_day(day)
        return call.templates.say(msgid("closed up to and including %(day)s"), day=shown)
    found = find_detail_text(reason, detail, titles=titles, language=call.templates.language)
    return call.templates.say(found.text) if found.is_source else found.text
