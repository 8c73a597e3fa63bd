"""What a hold is about is said in the merchant's words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.axml.declaration import Lengths
from chalicelib.domain.holds import HoldReason
from chalicelib.web.pages.held_details import write_detail
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts.detail_texts import FIELDS, OTHER_FIELD


def write(reason: HoldReason, detail: str, language: str = "nl", **titles: str) -> str:
    now = datetime(2026, 4, 15, tzinfo=UTC)
    pages = PageTemplates(language=language, public_url="https://koppeling.example", now=now)
    return write_detail(pages, reason, detail, titles)


def test_every_field_that_a_profile_can_limit_has_words() -> None:
    limited = {name.replace("_", ".", 1) for name in Lengths.__struct_fields__}

    assert limited <= FIELDS.keys()


@pytest.mark.parametrize(
    "stored", ["line.article_code", "line.article_code is longer than 255 characters"]
)
def test_a_text_that_is_too_long_is_named_and_not_coded(stored: str) -> None:
    assert write(HoldReason.UNWRITABLE, stored, "en") == FIELDS["line.article_code"]


def test_a_field_that_nobody_knows_is_a_text_of_the_order() -> None:
    assert write(HoldReason.UNWRITABLE, "ORD1: something", "en") == OTHER_FIELD
    assert write(HoldReason.UNWRITABLE, "ORD1: something") == "een tekst in de bestelling"


def test_a_payment_method_has_its_title_where_it_is_known() -> None:
    known = write(HoldReason.PAYMENT_METHOD_NEW, "klarna", klarna="Klarna achteraf")

    assert known == "Klarna achteraf"
    assert write(HoldReason.PAYMENT_METHOD_NEW, "klarna") == "klarna"


def test_a_closed_period_has_its_last_day_in_words() -> None:
    closed = write(HoldReason.PERIOD_LOCKED, "2026-03-31", "en")

    assert closed == "closed up to and including 31 March 2026"
    assert write(HoldReason.PERIOD_LOCKED, "") == ""


def test_the_vat_that_lacks_a_code_is_said_in_words() -> None:
    missing = HoldReason.VAT_CODE_MISSING

    assert write(missing, "NL domestic 21%") == "21% btw"
    assert write(missing, "FR oss 5.5%") == "5,5% btw van FR (OSS)"
    assert write(missing, "NL intra-community 0%") == "0%, bedrijven in de EU"
    assert write(missing, "what nobody can read", "en") == "what nobody can read"


def test_the_class_that_lacks_an_account_is_said_in_words() -> None:
    missing = HoldReason.LEDGER_ACCOUNT_MISSING

    assert write(missing, "high") == "hoog"
    assert write(missing, "none") == "geen"
    assert write(missing, "another", "en") == "another"


def test_what_asperion_refuses_is_said_by_the_texts_of_the_hold_already() -> None:
    assert write(HoldReason.ASPERION_REFUSED, "vat_number") == ""
    assert write(HoldReason.CURRENCY_BY_API, "USD") == "USD"


def test_a_rate_has_the_comma_of_the_language() -> None:
    assert write(HoldReason.RATE_FOREIGN, "FR 5.5%") == "FR 5,5%"
    assert write(HoldReason.RATE_FOREIGN, "FR 5.5%", language="en") == "FR 5.5%"
    assert write(HoldReason.SALE_UNDER_WAY, "INV.1") == "INV.1"
