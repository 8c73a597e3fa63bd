"""What a held document is about, as the pages say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.domain.treatment_details import read_treatment
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.pages.typed_days import read_day
from chalicelib.web.texts.detail_texts import CLOSED_UNTIL, FIELDS, OTHER_FIELD
from chalicelib.web.texts.localisation import DUTCH
from chalicelib.web.texts.try_out_texts import CLASSES


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
    """A hold's detail in words of the page's language; empty without one, and where the texts of
    the hold name it. `titles` are those of payment methods by key, as far as they are known.
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
    if reason in _WRITERS:
        return _WRITERS[reason](templates, detail)
    is_rate = detail.endswith("%") and templates.language == DUTCH
    return detail.replace(".", ",") if is_rate else detail


def _write_treatment(templates: PageTemplates, detail: str) -> str:
    taxed = read_treatment(detail)
    return detail if taxed is None else templates.write_treatment(taxed, NETHERLANDS)


def _write_class(templates: PageTemplates, detail: str) -> str:
    names = {each.value: name for each, name in CLASSES.items()}
    return templates.say(names[detail]) if detail in names else detail


def _leave_out(_templates: PageTemplates, _detail: str) -> str:
    return ""


_WRITERS: Mapping[str | None, Callable[[PageTemplates, str], str]] = {
    HoldReason.VAT_CODE_MISSING: _write_treatment,
    HoldReason.LEDGER_ACCOUNT_MISSING: _write_class,
    HoldReason.ASPERION_REFUSED: _leave_out,
}
