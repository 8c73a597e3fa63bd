"""What a merchant reads about an order that does not go straight into Asperion; part of
`hold_texts.TEXTS`. What Asperion refuses is worded field by field, never in Asperion's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.web.texts.hold_buttons import Button, HoldText
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.settings_subjects import SubjectName

REFUSALS: Msgids[RefusedField] = {
    RefusedField.DEBTOR: "Asperion does not take an invoice for this customer.",
    RefusedField.EMAIL: "Asperion does not take the customer's e-mail address.",
    RefusedField.NAME: "Asperion does not take the customer's name.",
    RefusedField.ADDRESS: "Asperion does not take the customer's address.",
    RefusedField.POSTAL_CODE: "Asperion does not take the customer's postal code.",
    RefusedField.CITY: "Asperion does not take the customer's city.",
    RefusedField.COUNTRY: "Asperion does not take the customer's country.",
    RefusedField.PHONE: "Asperion does not take the customer's telephone number.",
    RefusedField.VAT_NUMBER: "Asperion does not take the customer's VAT number.",
    RefusedField.COC_NUMBER: "Asperion does not take the customer's Chamber of Commerce number.",
    RefusedField.DEBTOR_KIND: "Asperion does not take the kind of debtor that you chose.",
    RefusedField.DATE: "Asperion does not take the invoice date.",
    RefusedField.PERIOD: "The period of the invoice date is not open in Asperion.",
    RefusedField.JOURNAL: "Asperion does not take the journal that you chose.",
    RefusedField.PAYMENT_CONDITION: "Asperion does not take the payment condition that you chose.",
    RefusedField.DESCRIPTION: "Asperion does not take the description of the invoice.",
    RefusedField.LINES: "Asperion does not take the lines of the invoice.",
    RefusedField.LINE_DESCRIPTION: "Asperion does not take the description of a line.",
    RefusedField.VAT_CODE: "Asperion does not take the VAT code that you chose.",
    RefusedField.LEDGER_ACCOUNT: "Asperion does not take the ledger account that you chose.",
    RefusedField.COST_CENTER: "Asperion asks for a cost centre.",
    RefusedField.AMOUNT: "Asperion does not take an amount on the invoice.",
    RefusedField.VAT_AMOUNT: "Asperion does not take the VAT amount of a line.",
    RefusedField.OTHER: "Asperion does not take this order.",
}
"""What Asperion refused, as a sentence."""

_MEND_CHOICE = msgid(
    "Look at your choices for Asperion, choose what is right and confirm them; all orders that "
    "wait for it go on together."
)

_OF_CUSTOMER = HoldText(
    REFUSALS[RefusedField.OTHER],
    "Asperion checks what it gets to know of a customer, and keeps neither customer nor invoice "
    "when something is wrong.",
    in_shop="Correct it in the customer's details with the order, then press “Look again”.",
    button=Button.OPEN_ORDER,
    edits_order=True,
)
_CHOSEN = HoldText(
    REFUSALS[RefusedField.OTHER],
    "You chose it when you connected Asperion. Since then it may have been ended, closed or taken "
    "away there, or it does not belong to this kind of invoice.",
    in_choices=_MEND_CHOICE,
    button=Button.CHOICES,
)
_ANY = HoldText(
    REFUSALS[RefusedField.OTHER],
    "Asperion checked the invoice and did not keep it, so nothing of it is in your books.",
    in_shop="If something in the order looks odd, correct it and press “Look again”. Otherwise "
    "tell the support desk what the page of this order says.",
    button=Button.OPEN_ORDER,
)
_WORDED: Mapping[RefusedField, HoldText] = {
    RefusedField.DEBTOR: HoldText(
        REFUSALS[RefusedField.DEBTOR],
        "The customer with this e-mail address may be blocked in Asperion, or was taken away while "
        "the invoice was on its way.",
        by_hand="Look up the customer in Asperion, lift the block, then press “Look again”. Or "
        "book this there yourself, then press “Dealt with”.",
    ),
    RefusedField.DATE: HoldText(
        REFUSALS[RefusedField.DATE],
        "The book year or the period of this date may be closed in Asperion, or is not there yet.",
        in_settings="If the period is over for you, close it here as well, under VAT: what comes "
        "late is then booked on the first open day, or held, as you choose.",
        subject=SubjectName.INVOICE_DATE,
        by_hand="Open the period in Asperion, then press “Look again”. Or book this there "
        "yourself, then press “Dealt with”.",
        button=Button.SETTINGS,
    ),
    RefusedField.DESCRIPTION: HoldText(
        REFUSALS[RefusedField.DESCRIPTION],
        "It may be longer than Asperion takes, or have signs that it does not take.",
        in_settings="Choose a shorter description of your invoices, then press “Look again”.",
        subject=SubjectName.PAYMENTS,
        button=Button.SETTINGS,
    ),
    RefusedField.LINE_DESCRIPTION: HoldText(
        REFUSALS[RefusedField.LINE_DESCRIPTION],
        "It may be longer than Asperion takes, or have signs that it does not take.",
        in_shop="Shorten or correct the name of the article with the order, then press “Look "
        "again”. With the article, do it as well, for later orders.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    RefusedField.COST_CENTER: HoldText(
        REFUSALS[RefusedField.COST_CENTER],
        "The ledger account that you chose is set up so that every line on it needs a cost centre "
        "or a cost unit, which an order of your webshop does not have.",
        in_choices="Choose a ledger account that needs none among your choices for Asperion and "
        "confirm them; all orders that wait for it go on together.",
        button=Button.CHOICES,
    ),
    RefusedField.AMOUNT: HoldText(
        REFUSALS[RefusedField.AMOUNT],
        "Asperion may add up or round otherwise than your webshop. The connector changes no "
        "amount, so that your books keep what the customer paid.",
        in_shop="Compare the amounts of the order; if one is wrong, correct it and press “Look "
        "again”.",
        button=Button.OPEN_ORDER,
    ),
}
_LIKE = {
    RefusedField.PERIOD: RefusedField.DATE,
    RefusedField.VAT_AMOUNT: RefusedField.AMOUNT,
}


def find_refused_text(detail: str) -> HoldText:
    """The texts for what Asperion refused, by the hold's detail; one that names no field, or none
    that is known, gets those that fit any.
    """
    try:
        refused = RefusedField(detail)
    except ValueError:
        refused = RefusedField.OTHER
    return replace(_find_kind(refused), what=REFUSALS[refused])


def _find_kind(refused: RefusedField) -> HoldText:
    worded = _WORDED.get(_LIKE.get(refused, refused))
    if worded is not None:
        return worded
    if refused.is_of_customer:
        return _OF_CUSTOMER
    return _CHOSEN if refused.is_chosen else _ANY


ASPERION_TEXTS: Mapping[HoldReason, HoldText] = {
    HoldReason.VAT_CODE_MISSING: HoldText(
        "You have not chosen a VAT code for this VAT.",
        "What goes straight into Asperion has a VAT code of your administration on every line. For "
        "this country, kind and percentage there is none among your choices.",
        in_choices="Choose the VAT code among your choices for Asperion and confirm them; all "
        "orders that wait for it go on together.",
        button=Button.CHOICES,
    ),
    HoldReason.LEDGER_ACCOUNT_MISSING: HoldText(
        "You have not chosen a ledger account for this VAT rate.",
        "What goes straight into Asperion has a ledger account on every line. For this VAT rate "
        "there is none among your choices.",
        in_choices="Choose the ledger account among your choices for Asperion and confirm them; "
        "all orders that wait for it go on together.",
        button=Button.CHOICES,
    ),
    HoldReason.CURRENCY_BY_API: HoldText(
        "The order is not in euros.",
        "What goes straight into Asperion has no currency: the amounts would be booked as if they "
        "were euros.",
        button=Button.DEALT_WITH,
    ),
    HoldReason.ASPERION_REFUSED: find_refused_text(""),
}
