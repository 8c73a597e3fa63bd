"""What a merchant reads about a held order: English sources, translated where they are shown.

A text never holds an amount or a name; the hold's detail and figures are shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.asperion_hold_texts import ASPERION_TEXTS, find_refused_text
from chalicelib.web.texts.hold_buttons import BY_HAND, TAKEN_BACK_BY_HAND, Button, HoldText
from chalicelib.web.texts.localisation import Msgids
from chalicelib.web.texts.settings_subjects import SubjectName
from chalicelib.web.texts.vat_hold_texts import VAT_TEXTS

FIGURES: Msgids[str] = {
    "lines_excl": "Lines together, excluding VAT",
    "order_excl": "Total in SEOshop, excluding VAT",
    "lines_incl": "Lines together, including VAT",
    "order_incl": "Total in SEOshop, including VAT",
    "line_excl": "Line, excluding VAT",
    "line_incl": "Line, including VAT",
    "line_vat": "VAT on the line",
    "lines_vat": "VAT on the lines together",
    "expected_vat": "VAT that the rate would give",
    "implied_excl": "Amount excluding VAT that the VAT per rate belongs to",
    "listed_vat": "VAT per rate, together",
}

TEXTS: Mapping[HoldReason, HoldText] = {
    HoldReason.EMAIL_MISSING: HoldText(
        "There is no usable e-mail address.",
        "Asperion recognises customers by their e-mail address; without one, every order would "
        "create a new customer.",
        in_shop="Fill in the customer's e-mail address with the order, then press “Look again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.COUNTRY_MISSING: HoldText(
        "The address has no country.",
        "The country decides which VAT applies and belongs in the customer's address.",
        in_shop="Choose the country in the customer's address with the order, then press “Look "
        "again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.NO_LINES: HoldText(
        "The order has no lines.",
        "An invoice without lines says nothing of what was sold and at which VAT rate.",
        in_shop="Cancel the order if it is empty, then press “Look again”: it is left out.",
        by_hand="If something was sold, book it in Asperion yourself; then press “Dealt with”.",
        button=Button.OPEN_ORDER,
    ),
    HoldReason.CURRENCY: HoldText(
        "The order is not in a currency you accept.",
        "The amounts would be booked as if they were euros.",
        in_settings="Allow this currency if your bookkeeping can handle it.",
        subject=SubjectName.CURRENCIES,
        button=Button.SETTINGS,
    ),
    HoldReason.PAYMENT_METHOD_NEW: HoldText(
        "The order was paid with a new payment method.",
        "You have not yet chosen how Asperion should book this method.",
        in_settings="Choose one of Asperion's payment methods for it; all orders that wait for it "
        "go on together.",
        subject=SubjectName.PAYMENTS,
        button=Button.SETTINGS,
    ),
    HoldReason.PAYMENT_DATE_UNKNOWN: HoldText(
        "The date of payment is not known.",
        "You chose the date of payment as invoice date, but SEOshop does not say when this order "
        "was paid.",
        in_settings="Choose the order date as invoice date. Or press “Look again” later: SEOshop "
        "may tell by then.",
        subject=SubjectName.INVOICE_DATE,
        button=Button.SETTINGS,
    ),
    HoldReason.MAYBE_BEFORE_START: HoldText(
        "It is not known whether the order was paid before the connector was installed.",
        "The order is older than the connector, and SEOshop does not say when it was paid. What "
        "was paid before is in your books already.",
        in_shop="Nothing has to be changed there. If the sale is not in Asperion, press “Look "
        "again”: then it is booked.",
        by_hand="If the sale is in Asperion already, press “Dealt with”.",
    ),
    HoldReason.GIFT_CARD_PAYMENT: HoldText(
        "The order was paid with a gift card, wholly or in part.",
        "A gift card is a payment and no discount; the payment method of the order covers only the "
        "rest.",
        in_settings="Choose that such orders are booked in full; the gift card then counts as a "
        "payment.",
        subject=SubjectName.GIFT_CARDS,
        button=Button.SETTINGS,
    ),
    HoldReason.TOTALS_DIFFER: HoldText(
        "The lines do not add up to the total.",
        "Lines, shipping and payment costs together differ from the total by more than rounding "
        "explains (half a cent for each amount that was rounded), or by VAT that the rates on the "
        "lines do not explain; booking it would hide a mistake.",
        in_shop="Compare the order with the amounts on its page here and correct it, then press "
        "“Look again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.NEGATIVE_TOTAL: HoldText(
        "The total of the order is below zero.",
        "An order cannot give money back; only a credit note can.",
        by_hand="Book the credit in Asperion yourself, then press “Dealt with”.",
        button=Button.OPEN_ORDER,
    ),
    HoldReason.CREDIT_WITHOUT_ORIGINAL: HoldText(
        "The credit note does not say which invoice it takes back.",
        "A credit note has to name its invoice, and the order has none that fits.",
        in_shop="Press “Look again” when the invoice is there too.",
        by_hand="Book the credit note in Asperion yourself, then press “Dealt with”.",
    ),
    HoldReason.REVERSAL_DIFFERS: HoldText(
        "The order or your settings were changed after it was booked, so it cannot be taken back "
        "by itself.",
        "A correction has to take back exactly what is in Asperion, under the same VAT. As the "
        "order and your settings are now, it would be booked differently; or what was booked is "
        "not known.",
        by_hand=TAKEN_BACK_BY_HAND,
        button=Button.DEALT_WITH,
    ),
    HoldReason.PERIOD_LOCKED: HoldText(
        "The period of its date is closed.",
        "You or your bookkeeper closed it, so that nothing is booked in it any more and the VAT "
        "return stays as it is. You chose that an order that comes later is held.",
        in_settings="Choose that such orders are booked on the first open day. Or let whoever "
        "closed the period open it again, under VAT. Either way the order goes on by itself.",
        subject=SubjectName.INVOICE_DATE,
        button=Button.SETTINGS,
    ),
    HoldReason.CREDITED_ALREADY: HoldText(
        "The order was taken back before, wholly or in part.",
        "A credit note or a correction of this order is in a file already, or on its way; a second "
        "one would take back too much.",
        by_hand="Compare the order with its invoices in Asperion, credit there what is left, then "
        "press “Dealt with”.",
        button=Button.DEALT_WITH,
    ),
    HoldReason.CREDIT_BEFORE_ORIGINAL: HoldText(
        "The invoice that this credit note takes back is not in Asperion yet.",
        "A credit note in the books without its invoice would take back a sale that was never "
        "booked.",
        in_shop="Put that invoice right first, as its page says; the credit note is then sent "
        "automatically.",
        by_hand="Book both in Asperion, or neither of them if they cancel out; then press “Dealt "
        "with” for both.",
    ),
    HoldReason.SALE_UNDER_WAY: HoldText(
        "The same sale is already on its way to Asperion, as an order or as an invoice.",
        "An order and its invoices are one sale, which is booked once. It is not certain yet "
        "whether the other one is in Asperion.",
        in_shop="You need not do anything: as soon as that is certain, this one is booked or left "
        "out by itself. If the other one is held, put that right first.",
        by_hand="If you booked the whole sale in Asperion yourself, press “Dealt with”.",
    ),
    HoldReason.UNREADABLE: HoldText(
        "SEOshop's answer about this order could not be read.",
        "Something that the bookkeeping needs is missing, or is not a number or a date.",
        in_shop="If something in the order looks odd, correct it and press “Look again”. Otherwise "
        "tell the support desk: then we have to fix it.",
        button=Button.OPEN_ORDER,
    ),
    HoldReason.UNWRITABLE: HoldText(
        "The order does not fit into Asperion's import format.",
        "A text is longer than the format allows, or a country is not known to it.",
        in_shop="Shorten or correct the text or the country with the order, then press “Look "
        "again”. With an article, do it there as well, for later orders.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.VAT_DIFFERS: HoldText(
        "The VAT amount does not fit the VAT rate.",
        "On a line, or on all lines of a rate together, the VAT differs from rate times amount by "
        "more than rounding explains (by the line or by the piece), or there is VAT at a rate of "
        "zero.",
        in_shop="Check the VAT of this order and correct it, then press “Look again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    **VAT_TEXTS,
    **ASPERION_TEXTS,
}


_OLD_REASON = HoldText(
    "The connector does not know this reason any longer.",
    "An earlier version of the connector held this order. Press “Look again”: it is then looked "
    "at afresh.",
)


def find_hold_text(code: str, *, detail: str = "", taken_back: bool = False) -> HoldText:
    """The texts of a reason's code, also of a reason that no longer exists; what Asperion refused
    has its own by the hold's `detail`. By hand, an order that is to be `taken_back` is not booked
    but credited.
    """
    try:
        reason = HoldReason(code)
    except ValueError:
        text = _OLD_REASON
    else:
        is_refused = reason is HoldReason.ASPERION_REFUSED
        text = find_refused_text(detail) if is_refused else TEXTS[reason]
    if taken_back and (text.button is not Button.DEALT_WITH or text.by_hand == BY_HAND):
        return replace(text, by_hand=TAKEN_BACK_BY_HAND)
    return text
