"""Every reason to hold an order can be read, in both languages, and says what can still be done."""

from __future__ import annotations

import io
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.web.texts.hold_buttons import (
    BUTTONS,
    ONCE_INVOICED,
    TAKEN_BACK_BY_HAND,
    Button,
    HoldText,
)
from chalicelib.web.texts.hold_texts import FIGURES, TEXTS, find_hold_text
from chalicelib.web.texts.settings_subjects import BY_NAME

PO = Path(__file__).parents[3] / "templates/locale/nl/LC_MESSAGES/pages.po"


@pytest.fixture(scope="module")
def dutch() -> GNUTranslations:
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="nl", abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def sentences(text: HoldText) -> list[str]:
    ways = [text.in_shop, text.in_settings, text.in_choices, text.by_hand]
    found = [text.what, text.why, *ways]
    return [each for each in found if each]


@pytest.mark.parametrize("reason", HoldReason)
def test_a_reason_says_what_why_what_to_do_and_which_button(
    reason: HoldReason, dutch: GNUTranslations
) -> None:
    check_words(TEXTS[reason], dutch)


def check_words(text: HoldText, dutch: GNUTranslations) -> None:
    for english in (*sentences(text), BUTTONS[text.button], ONCE_INVOICED):
        assert english.strip()
        translated = dutch.gettext(english)
        assert translated.strip()
        assert translated != english


@pytest.mark.parametrize("refused", RefusedField)
def test_every_field_that_asperion_refuses_has_words_and_a_way_out(
    refused: RefusedField, dutch: GNUTranslations
) -> None:
    text = find_hold_text(HoldReason.ASPERION_REFUSED, detail=refused)

    check_words(text, dutch)
    check_the_way_of_its_button(text)
    assert "“Dealt with”" in text.by_hand
    assert bool(text.in_settings) == (text.subject is not None)


def test_no_two_fields_that_asperion_refuses_are_worded_alike() -> None:
    said = {find_hold_text(HoldReason.ASPERION_REFUSED, detail=each).what for each in RefusedField}

    assert len(said) == len(RefusedField)


def test_what_asperion_refuses_is_mended_where_it_was_given() -> None:
    for refused in RefusedField:
        text = find_hold_text(HoldReason.ASPERION_REFUSED, detail=refused)
        assert (text.button is Button.CHOICES) == refused.is_chosen
        assert text.edits_order or not refused.is_of_customer


@pytest.mark.parametrize("detail", ["", "no field that we know"])
def test_a_refusal_of_a_field_that_nobody_knows_has_words_too(detail: str) -> None:
    text = find_hold_text(HoldReason.ASPERION_REFUSED, detail=detail)

    assert text == TEXTS[HoldReason.ASPERION_REFUSED]


def test_the_correction_of_an_order_that_asperion_refuses_is_credited_by_hand() -> None:
    reason, detail = HoldReason.ASPERION_REFUSED, RefusedField.VAT_CODE
    text = find_hold_text(reason, detail=detail, taken_back=True)

    assert text.by_hand == TAKEN_BACK_BY_HAND


def test_no_reason_and_no_text_is_left_over() -> None:
    assert set(TEXTS) == set(HoldReason)
    assert set(BUTTONS) == set(Button)


def test_the_clashing_numbers_have_a_label_in_both_languages(dutch: GNUTranslations) -> None:
    for label in FIGURES.values():
        assert dutch.gettext(label) != label


def test_texts_hold_nothing_that_could_be_filled_in_with_content() -> None:
    for text in TEXTS.values():
        assert "{" not in "".join(sentences(text))
        assert "%(" not in "".join(sentences(text))


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_ends_with_a_way_that_is_always_possible(
    reason: HoldReason, dutch: GNUTranslations
) -> None:
    by_hand = TEXTS[reason].by_hand
    assert "Asperion" in by_hand
    assert "“Dealt with”" in by_hand
    assert "‘Afgehandeld’" in dutch.gettext(by_hand)


@pytest.mark.parametrize("reason", HoldReason)
def test_the_button_that_helps_belongs_to_a_way_that_is_said(reason: HoldReason) -> None:
    check_the_way_of_its_button(TEXTS[reason])


def check_the_way_of_its_button(text: HoldText) -> None:
    ways = {
        Button.OPEN_ORDER: text.in_shop or text.by_hand,
        Button.SETTINGS: text.in_settings,
        Button.CHOICES: text.in_choices,
        Button.RETRY: text.in_shop or "“Look again”" in text.by_hand,
        Button.DEALT_WITH: text.by_hand,
    }
    assert ways[text.button]


def test_what_an_invoiced_order_no_longer_allows_is_said_with_every_edit() -> None:
    assert "no invoice" in ONCE_INVOICED
    edits = {reason for reason, text in TEXTS.items() if text.edits_order}
    assert all("“Look again”" in TEXTS[reason].in_shop for reason in edits)
    assert {HoldReason.EMAIL_MISSING, HoldReason.VAT_NUMBER, HoldReason.TOTALS_DIFFER} <= edits
    for reason in set(TEXTS) - edits:  # what helps there is no edit of the order
        assert "with the order" not in TEXTS[reason].in_shop


SETTINGS = {
    HoldReason.CURRENCY: "accepted_currencies",
    HoldReason.PAYMENT_METHOD_NEW: "payments",
    HoldReason.PAYMENT_DATE_UNKNOWN: "date_basis",
    HoldReason.PERIOD_LOCKED: "late_orders",
    HoldReason.GIFT_CARD_PAYMENT: "gift_card_payments",
    HoldReason.GIFT_CARD_WITH_VAT: "gift_card_articles",
    HoldReason.OUTSIDE_VAT_WITH_VAT: "outside_vat_articles",
    HoldReason.RATE_FOREIGN: "foreign_rates",
    HoldReason.UNTAXED_LINE: "outside_vat_articles",
    HoldReason.SMALL_BUSINESS_VAT: "kor_since",
    HoldReason.VAT_NUMBER_INVALID: "vies",
}
"""The setting that mends a hold, by the name of the policy's field."""


@pytest.mark.parametrize("reason", HoldReason)
def test_the_settings_open_where_the_setting_is_that_mends_the_hold(reason: HoldReason) -> None:
    text = TEXTS[reason]
    assert bool(text.in_settings) == (text.subject is not None) == (reason in SETTINGS)
    if text.subject is not None:
        assert SETTINGS[reason] in BY_NAME[text.subject].names
