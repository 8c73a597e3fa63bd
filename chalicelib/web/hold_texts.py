"""What a merchant reads about a held order: English sources, translated where they are shown.

A text never holds an amount or a name; the hold's detail and figures are shown beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.domain.holds import HoldReason
from chalicelib.web.hold_buttons import Button, HoldText
from chalicelib.web.i18n import mark

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "lines_excl": mark("Lines together, excluding VAT"),
        "order_excl": mark("Total in SEOshop, excluding VAT"),
        "lines_incl": mark("Lines together, including VAT"),
        "order_incl": mark("Total in SEOshop, including VAT"),
        "line_excl": mark("Line, excluding VAT"),
        "line_incl": mark("Line, including VAT"),
        "line_vat": mark("VAT on the line"),
        "expected_vat": mark("VAT that the rate would give"),
    }
)

TEXTS: Mapping[HoldReason, HoldText] = MappingProxyType(
    {
        HoldReason.EMAIL_MISSING: HoldText(
            mark("There is no usable e-mail address."),
            mark(
                "Asperion recognises customers by their e-mail address; without one, every order "
                "would create a new customer."
            ),
            mark(
                "Fill in the customer's e-mail address with the order in SEOshop, then try again."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.COUNTRY_MISSING: HoldText(
            mark("The address has no country."),
            mark("The country decides which VAT applies and belongs in the customer's address."),
            mark("Choose the country with the order in SEOshop, then try again."),
            Button.OPEN_ORDER,
        ),
        HoldReason.NO_LINES: HoldText(
            mark("The order has no lines."),
            mark("An invoice without lines says nothing of what was sold and at which VAT rate."),
            mark(
                "Check the order in SEOshop; cancel it if it is empty, or add what was sold and "
                "try again."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.CURRENCY: HoldText(
            mark("The order is not in a currency you accept."),
            mark("The amounts would be booked as if they were euros."),
            mark(
                "Allow this currency in the settings if your bookkeeping handles it, or book this "
                "order by hand."
            ),
            Button.SETTINGS,
        ),
        HoldReason.PAYMENT_METHOD_NEW: HoldText(
            mark("The order was paid with a new payment method."),
            mark("You have not yet chosen how Asperion should book this method."),
            mark(
                "Choose an Asperion payment method for it in the settings; all orders that wait "
                "for it go on together."
            ),
            Button.SETTINGS,
        ),
        HoldReason.PAYMENT_DATE_UNKNOWN: HoldText(
            mark("The day of payment is not known."),
            mark(
                "You chose the day of payment as invoice date, but SEOshop does not say when this "
                "order was paid."
            ),
            mark("Try again later, or choose the order date as invoice date in the settings."),
            Button.SETTINGS,
        ),
        HoldReason.GIFT_CARD_PAYMENT: HoldText(
            mark("The order was paid with a gift card, wholly or in part."),
            mark(
                "A gift card is a payment and no discount; the payment method of the order covers "
                "only the rest."
            ),
            mark("Choose in the settings to book such orders in full, or book this one by hand."),
            Button.SETTINGS,
        ),
        HoldReason.GIFT_CARD_WITH_VAT: HoldText(
            mark("A gift card was sold with VAT."),
            mark(
                "You marked this article as a gift card on which VAT falls due only when it is "
                "spent, but the order charges VAT on it now."
            ),
            mark(
                "Give the gift card a VAT rate of zero in SEOshop, or take it off the list of gift "
                "cards in the settings."
            ),
            Button.SETTINGS,
        ),
        HoldReason.TOTALS_DIFFER: HoldText(
            mark("The lines do not add up to the total."),
            mark(
                "Lines, shipping and payment costs together differ from the total by more than 5 "
                "cents; booking it would hide a mistake."
            ),
            mark(
                "Compare the order in SEOshop with the amounts shown here, correct it, then try "
                "again."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.VAT_DIFFERS: HoldText(
            mark("The VAT amount does not fit the VAT rate."),
            mark("On a line, rate times amount differs from the VAT by more than a cent."),
            mark("Check the VAT of this order in SEOshop, correct it, then try again."),
            Button.OPEN_ORDER,
        ),
        HoldReason.RATE_UNKNOWN: HoldText(
            mark("The order has a VAT rate that did not exist."),
            mark(
                "On the day of the order this was no VAT rate of your country, so it cannot be "
                "booked as high, low or none."
            ),
            mark(
                "Correct the VAT rate of the articles or of the order in SEOshop, then try again."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.RATE_FOREIGN: HoldText(
            mark("The order has another country's VAT rate."),
            mark(
                "Asperion's import knows high, low and none only; where foreign VAT belongs is for "
                "you or your bookkeeper to say."
            ),
            mark(
                "Choose in the settings how this rate of this country is booked; all orders that "
                "wait for it go on together."
            ),
            Button.SETTINGS,
        ),
        HoldReason.VAT_NUMBER: HoldText(
            mark("There is no VAT, and no valid VAT number from another EU country."),
            mark(
                "Without VAT may be sold only to a business in another EU country that states its "
                "VAT number; otherwise the VAT can be claimed from you."
            ),
            mark(
                "Ask the customer for the VAT number and fill it in with the order, or charge VAT; "
                "then try again."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.BUSINESS_CHARGED_VAT: HoldText(
            mark("VAT was charged to a business in another EU country."),
            mark(
                "Your shop uses the one-stop shop (OSS), which is for consumers; this customer "
                "stated a valid VAT number, so the sale does not belong in that return."
            ),
            mark(
                "Correct the order in SEOshop (no VAT, or no VAT number) and try again, or book it "
                "by hand."
            ),
            Button.OPEN_ORDER,
        ),
        HoldReason.SMALL_BUSINESS_VAT: HoldText(
            mark("There is VAT on the order, while your shop charges none."),
            mark(
                "You use the small business scheme (KOR); VAT that you charge nevertheless has to "
                "be paid."
            ),
            mark(
                "Take the VAT off the articles in SEOshop, or switch the small business scheme off "
                "in the settings."
            ),
            Button.SETTINGS,
        ),
        HoldReason.NEGATIVE_TOTAL: HoldText(
            mark("The total of the order is below zero."),
            mark("An order cannot give money back; only a credit note can."),
            mark("Make a credit note of it in SEOshop, or book it by hand."),
            Button.OPEN_ORDER,
        ),
        HoldReason.CREDIT_WITHOUT_ORIGINAL: HoldText(
            mark("The credit note does not say which invoice it takes back."),
            mark("A credit note has to name its invoice, and the order has none that fits."),
            mark("Try again when the invoice exists in SEOshop, or book the credit note by hand."),
            Button.RETRY,
        ),
        HoldReason.REVERSAL_DIFFERS: HoldText(
            mark("The order is no longer what was booked, so it cannot be taken back by itself."),
            mark(
                "A correction has to take back exactly what is in Asperion; this order was changed "
                "in SEOshop after it was booked, or what was booked is not known."
            ),
            mark(
                "Delete or credit its concept invoice in Asperion by hand. Then mark this "
                "correction as dealt with."
            ),
            Button.NONE,
        ),
        HoldReason.CREDITED_ALREADY: HoldText(
            mark("The order was taken back before, wholly or in part."),
            mark(
                "A credit note or a correction of this order is in a file already, or on its way; "
                "a second one would take back too much."
            ),
            mark(
                "Compare the order with its invoices in Asperion, and credit by hand what is left."
            ),
            Button.NONE,
        ),
        HoldReason.UNREADABLE: HoldText(
            mark("SEOshop's answer about this order could not be read."),
            mark("A part that the books rest on is missing or is no number or date."),
            mark(
                "Open and save the order in SEOshop, then try again; if it stays, tell the support "
                "desk."
            ),
            Button.RETRY,
        ),
        HoldReason.UNWRITABLE: HoldText(
            mark("The order does not fit into Asperion's import format."),
            mark("A text is longer than the format allows, or a country is not known to it."),
            mark("Shorten or correct it with the order in SEOshop, then try again."),
            Button.OPEN_ORDER,
        ),
    }
)
