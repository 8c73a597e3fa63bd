"""What a hold is about is said in the merchant's words."""

from __future__ import annotations

import pytest

from chalicelib.axml.declaration import Lengths
from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.detail_texts import FIELDS, OTHER_FIELD, DetailText, find_detail_text


def find(reason: HoldReason, detail: str, language: str = "nl", **titles: str) -> DetailText:
    return find_detail_text(reason, detail, titles=titles, language=language)


def test_every_field_that_a_profile_can_limit_has_words() -> None:
    limited = {name.replace("_", ".", 1) for name in Lengths.__struct_fields__}

    assert limited <= FIELDS.keys()


@pytest.mark.parametrize(
    "stored", ["line.article_code", "line.article_code is longer than 255 characters"]
)
def test_a_text_that_is_too_long_is_named_and_not_coded(stored: str) -> None:
    assert find(HoldReason.UNWRITABLE, stored) == (FIELDS["line.article_code"], True)


def test_a_field_that_nobody_knows_is_a_text_of_the_order() -> None:
    assert find(HoldReason.UNWRITABLE, "ORD1: something") == (OTHER_FIELD, True)


def test_a_payment_method_has_its_title_where_it_is_known() -> None:
    assert find(HoldReason.PAYMENT_METHOD_NEW, "klarna", klarna="Klarna achteraf") == (
        "Klarna achteraf",
        False,
    )
    assert find(HoldReason.PAYMENT_METHOD_NEW, "klarna").text == "klarna"


def test_a_rate_has_the_comma_of_the_language() -> None:
    assert find(HoldReason.RATE_FOREIGN, "FR 5.5%").text == "FR 5,5%"
    assert find(HoldReason.RATE_FOREIGN, "FR 5.5%", language="en").text == "FR 5.5%"
    assert find(HoldReason.SALE_UNDER_WAY, "INV.1").text == "INV.1"
