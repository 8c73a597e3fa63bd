"""What a held document is about, as the pages say it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts.detail_texts import CLOSED_UNTIL, FIELDS, OTHER_FIELD
from chalicelib.web.texts.localisation import DUTCH


def read_method_titles(call: Call, reason: str | None) -> Mapping[str, str]:
    """The titles of the shop's payment methods that a hold for this reason may name, by key, as the
    last watch found them.
    """
    if reason != HoldReason.PAYMENT_METHOD_NEW:
        return {}
    findings = call.connector.shops.load(call.shop.shop_id, WatchFindings)
    return {} if findings is None else findings.new_methods


def write_detail(
    templates: PageTemplates, reason: str | None, detail: str, titles: Mapping[str, str]
) -> str:
    """A hold's detail in words of the page's language; empty without one. `titles` are those of
    payment methods by key, as far as they are known.
    """
    if not detail:
        return ""
    if reason == HoldReason.UNWRITABLE:
        # Versions before 1.4.0 stored the field with a sentence behind it.
        return templates.say(FIELDS.get(detail.partition(" ")[0], OTHER_FIELD))
    if reason == HoldReason.PERIOD_LOCKED and (day := read_day(detail)) is not None:
        return templates.say(CLOSED_UNTIL, day=templates.dates.format_day(day))
    if reason == HoldReason.PAYMENT_METHOD_NEW:
        return titles.get(detail, detail)
    is_rate = detail.endswith("%") and templates.language == DUTCH
    return detail.replace(".", ",") if is_rate else detail
