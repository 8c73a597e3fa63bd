"""Every reason to hold an order can be read, in both languages, and says what to do."""

from __future__ import annotations

import io
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.hold_buttons import BUTTONS, Button
from chalicelib.web.texts.hold_texts import FIGURES, TEXTS

PO = Path(__file__).parents[3] / "templates/locale/nl/LC_MESSAGES/pages.po"


@pytest.fixture(scope="module")
def dutch() -> GNUTranslations:
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="nl", abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@pytest.mark.parametrize("reason", HoldReason)
def test_a_reason_says_what_why_what_to_do_and_which_button(
    reason: HoldReason, dutch: GNUTranslations
) -> None:
    text = TEXTS[reason]
    for english in (text.what, text.why, text.cure, BUTTONS[text.button]):
        assert english.strip()
        translated = dutch.gettext(english)
        assert translated.strip()
        assert translated != english


def test_no_reason_and_no_text_is_left_over() -> None:
    assert set(TEXTS) == set(HoldReason)
    assert set(BUTTONS) == set(Button)


def test_the_clashing_numbers_have_a_label_in_both_languages(dutch: GNUTranslations) -> None:
    for label in FIGURES.values():
        assert dutch.gettext(label) != label


def test_texts_hold_nothing_that_could_be_filled_in_with_content() -> None:
    for text in TEXTS.values():
        assert "{" not in text.what + text.why + text.cure
        assert "%(" not in text.what + text.why + text.cure
