"""What a merchant reads about orders that are held for their VAT; see `hold_texts`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.hold_buttons import Button, HoldText

VAT_TEXTS: Mapping[HoldReason, HoldText] = {
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
        Button.OPEN_ORDER,
    ),
    HoldReason.RATE_UNKNOWN: HoldText(
        "The order has a VAT rate that did not exist.",
        "On the day of the order this was no VAT rate of your country, so it cannot be booked as "
        "high, low or none.",
        "Correct the VAT rate of the articles or of the order in SEOshop, then press “Look again”.",
        Button.OPEN_ORDER,
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
        Button.OPEN_ORDER,
    ),
    HoldReason.GOODS_STAYED: HoldText(
        "There is no VAT, while the goods stayed in your own country.",
        "A business from another EU country buys without VAT only when the goods leave for "
        "another country. What is delivered or collected here carries VAT, whatever number the "
        "customer states.",
        "Correct the delivery address in SEOshop if the goods did leave, or charge VAT; then "
        "press “Look again”.",
        Button.OPEN_ORDER,
    ),
    HoldReason.BUSINESS_CHARGED_VAT: HoldText(
        "VAT was charged to a business in another EU country.",
        "Your shop uses the one-stop shop (OSS), which is for consumers; this customer stated a "
        "valid VAT number, so the sale does not belong in that return.",
        "Correct the order in SEOshop (no VAT, or no VAT number) and press “Look again”, or book "
        "it by hand and press “Dealt with”.",
        Button.OPEN_ORDER,
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
