"""What a merchant reads about a held order: English sources, translated where they are shown.

A text never holds an amount or a name; the hold's detail and figures are shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.hold_buttons import Button, HoldText
from chalicelib.web.texts.localisation import Msgids

FIGURES: Msgids[str] = {
    "lines_excl": "Lines together, excluding VAT",
    "order_excl": "Total in SEOshop, excluding VAT",
    "lines_incl": "Lines together, including VAT",
    "order_incl": "Total in SEOshop, including VAT",
    "line_excl": "Line, excluding VAT",
    "line_incl": "Line, including VAT",
    "line_vat": "VAT on the line",
    "expected_vat": "VAT that the rate would give",
    "implied_excl": "Amount excluding VAT that the VAT per rate belongs to",
    "listed_vat": "VAT per rate, together",
}

TEXTS: Mapping[HoldReason, HoldText] = {
    HoldReason.EMAIL_MISSING: HoldText(
        "There is no usable e-mail address.",
        "Asperion recognises customers by their e-mail address; without one, every order would "
        "create a new customer.",
        "Fill in the customer's e-mail address with the order in SEOshop, then press “Look again”.",
    ),
    HoldReason.COUNTRY_MISSING: HoldText(
        "The address has no country.",
        "The country decides which VAT applies and belongs in the customer's address.",
        "Choose the country with the order in SEOshop, then press “Look again”.",
    ),
    HoldReason.NO_LINES: HoldText(
        "The order has no lines.",
        "An invoice without lines says nothing of what was sold and at which VAT rate.",
        "Check the order in SEOshop; cancel it if it is empty, or add what was sold. Then press "
        "“Look again”.",
    ),
    HoldReason.CURRENCY: HoldText(
        "The order is not in a currency you accept.",
        "The amounts would be booked as if they were euros.",
        "Allow this currency in the settings if your bookkeeping handles it, or book this order "
        "by hand and press “Dealt with”.",
        Button.SETTINGS,
        by_hand=True,
    ),
    HoldReason.PAYMENT_METHOD_NEW: HoldText(
        "The order was paid with a new payment method.",
        "You have not yet chosen how Asperion should book this method.",
        "Choose an Asperion payment method for it in the settings; all orders that wait for it go "
        "on together.",
        Button.SETTINGS,
    ),
    HoldReason.PAYMENT_DATE_UNKNOWN: HoldText(
        "The day of payment is not known.",
        "You chose the day of payment as invoice date, but SEOshop does not say when this order "
        "was paid.",
        "Press “Look again” later, or choose the order date as invoice date in the settings.",
        Button.SETTINGS,
    ),
    HoldReason.MAYBE_BEFORE_START: HoldText(
        "It is not known whether the order was paid before the connector came.",
        "The order is older than the connector, and SEOshop does not say when it was paid. What "
        "was paid before is in your books already.",
        "See whether the sale is in Asperion. If it is not, press “Look again” and it is booked; "
        "if it is, press “Dealt with”.",
        Button.RETRY,
        by_hand=True,
    ),
    HoldReason.GIFT_CARD_PAYMENT: HoldText(
        "The order was paid with a gift card, wholly or in part.",
        "A gift card is a payment and no discount; the payment method of the order covers only "
        "the rest.",
        "Choose in the settings to book such orders in full, or book this one by hand and press "
        "“Dealt with”.",
        Button.SETTINGS,
        by_hand=True,
    ),
    HoldReason.TOTALS_DIFFER: HoldText(
        "The lines do not add up to the total.",
        "Lines, shipping and payment costs together differ from the total by more than 5 cents, "
        "or by VAT that the rates on the lines do not explain; booking it would hide a mistake.",
        "Compare the order in SEOshop with the amounts on the order's page here and correct it, "
        "then press “Look again”.",
    ),
    HoldReason.NEGATIVE_TOTAL: HoldText(
        "The total of the order is below zero.",
        "An order cannot give money back; only a credit note can.",
        "Make a credit note of it in SEOshop, or book it by hand; then press “Dealt with”.",
        by_hand=True,
    ),
    HoldReason.CREDIT_WITHOUT_ORIGINAL: HoldText(
        "The credit note does not say which invoice it takes back.",
        "A credit note has to name its invoice, and the order has none that fits.",
        "Press “Look again” when the invoice exists in SEOshop, or book the credit note by hand "
        "and press “Dealt with”.",
        Button.RETRY,
        by_hand=True,
    ),
    HoldReason.REVERSAL_DIFFERS: HoldText(
        "The order or your settings changed after it was booked, so it cannot be taken back by "
        "itself.",
        "A correction has to take back exactly what is in Asperion, under the same VAT. As the "
        "order and your settings are now, it would be booked otherwise; or what was booked is not "
        "known.",
        "Delete or credit its concept invoice in Asperion by hand, then press “Dealt with”.",
        Button.DEALT_WITH,
        by_hand=True,
    ),
    HoldReason.CREDITED_ALREADY: HoldText(
        "The order was taken back before, wholly or in part.",
        "A credit note or a correction of this order is in a file already, or on its way; a "
        "second one would take back too much.",
        "Compare the order with its invoices in Asperion, credit by hand what is left, then press "
        "“Dealt with”.",
        Button.DEALT_WITH,
        by_hand=True,
    ),
    HoldReason.CREDIT_BEFORE_ORIGINAL: HoldText(
        "The invoice that this credit note takes back is not in Asperion yet.",
        "A credit note in the books without its invoice would take back a sale that was never "
        "booked.",
        "Put that invoice right first; the credit note then goes along by itself. If neither of "
        "them is to be booked, press “Dealt with” for both.",
        Button.RETRY,
        by_hand=True,
    ),
    HoldReason.SALE_UNDER_WAY: HoldText(
        "The same sale is on its way to Asperion as another document.",
        "An order and its invoices are one sale, which is booked once. Of the other document it is "
        "not decided yet whether it is in Asperion.",
        "You need not do anything: as soon as that is decided, this one is booked or left out by "
        "itself. If the other one is held, put that right first.",
        Button.RETRY,
    ),
    HoldReason.UNREADABLE: HoldText(
        "SEOshop's answer about this order could not be read.",
        "A part that the books rest on is missing or is no number or date.",
        "Open and save the order in SEOshop, then press “Look again”; if it stays, tell the "
        "support desk.",
    ),
    HoldReason.UNWRITABLE: HoldText(
        "The order does not fit into Asperion's import format.",
        "A text is longer than the format allows, or a country is not known to it.",
        "Shorten or correct it with the order in SEOshop, then press “Look again”.",
    ),
    HoldReason.GIFT_CARD_WITH_VAT: HoldText(
        "A gift card was sold with VAT.",
        "You marked this article as a gift card on which VAT falls due only when it is spent, but "
        "the order charges VAT on it now.",
        "Give the gift card a VAT rate of zero in SEOshop, or take it off the list of gift cards "
        "in the settings.",
        Button.SETTINGS,
    ),
    HoldReason.VAT_DIFFERS: HoldText(
        "The VAT amount does not fit the VAT rate.",
        "On a line, rate times amount differs from the VAT by more than a cent, or there is VAT "
        "at a rate of zero.",
        "Check the VAT of this order in SEOshop and correct it, then press “Look again”.",
    ),
    HoldReason.RATE_UNKNOWN: HoldText(
        "The order has a VAT rate that did not exist.",
        "On the day of the order this was no VAT rate of your country, so it cannot be booked as "
        "high, low or none.",
        "Correct the VAT rate of the articles or of the order in SEOshop, then press “Look again”.",
    ),
    HoldReason.RATE_FOREIGN: HoldText(
        "The order has another country's VAT rate.",
        "Asperion's import knows high, low and none only; where foreign VAT belongs is for you or "
        "your bookkeeper to say.",
        "Choose in the settings how this rate of this country is booked; all orders that wait for "
        "it go on together.",
        Button.SETTINGS,
    ),
    HoldReason.VAT_NUMBER: HoldText(
        "There is no VAT, and no valid VAT number from another EU country.",
        "Without VAT may be sold only to a business in another EU country that states its VAT "
        "number; otherwise the VAT can be claimed from you.",
        "Ask the customer for the VAT number and fill it in with the order, or charge VAT; then "
        "press “Look again”.",
    ),
    HoldReason.GOODS_STAYED: HoldText(
        "There is no VAT, while the goods stayed in your own country.",
        "A business from another EU country buys without VAT only when the goods leave for "
        "another country. What is delivered or collected here carries VAT, whatever number the "
        "customer states.",
        "Correct the delivery address in SEOshop if the goods did leave, or charge VAT; then "
        "press “Look again”.",
    ),
    HoldReason.BUSINESS_CHARGED_VAT: HoldText(
        "VAT was charged to a business in another EU country.",
        "Your shop uses the one-stop shop (OSS), which is for consumers; this customer stated a "
        "valid VAT number, so the sale does not belong in that return.",
        "Correct the order in SEOshop (no VAT, or no VAT number) and press “Look again”, or book "
        "it by hand and press “Dealt with”.",
        by_hand=True,
    ),
    HoldReason.SMALL_BUSINESS_VAT: HoldText(
        "There is VAT on the order, while your shop charges none.",
        "You use the small business scheme (KOR); VAT that you charge nevertheless has to be paid.",
        "Give the first or last day of the small business scheme in the settings, or switch it "
        "off there; or take the VAT off the order in SEOshop and press “Look again”.",
        Button.SETTINGS,
    ),
}


_OLD_REASON = HoldText(
    "The connector does not know this reason any longer.",
    "It was held by an earlier version.",
    "Press “Look again”: the order is then judged anew.",
    Button.RETRY,
)


def find_hold_text(code: str) -> HoldText:
    """The texts of a reason's code, also of a reason that no longer exists."""
    try:
        return TEXTS[HoldReason(code)]
    except (KeyError, ValueError):
        return _OLD_REASON
