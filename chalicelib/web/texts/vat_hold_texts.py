"""What a merchant reads about an order that is held for its VAT; part of `hold_texts.TEXTS`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.hold_buttons import Button, HoldText
from chalicelib.web.texts.settings_subjects import SubjectName

VAT_TEXTS: Mapping[HoldReason, HoldText] = {
    HoldReason.POSTAL_CODE: HoldText(
        "The postal code does not tell where the goods went.",
        "Parts of this country, islands mostly, are outside the EU for VAT, and only the postal "
        "code tells them apart. This one is missing, has digits too few or too many, or other "
        "signs.",
        in_shop="Correct the postal code of the delivery address with the order, then press “Look "
        "again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.GIFT_CARD_WITH_VAT: HoldText(
        "A gift card was sold with VAT.",
        "You marked this article as a gift card on which VAT falls due only when it is spent, but "
        "the order charges VAT on it now.",
        in_shop="Give the gift card a VAT rate of zero: this helps later orders, not this one.",
        in_settings="Take the article off the list of gift cards if its VAT is right.",
        subject=SubjectName.GIFT_CARDS,
        button=Button.SETTINGS,
    ),
    HoldReason.OUTSIDE_VAT_WITH_VAT: HoldText(
        "VAT was charged on an article outside VAT.",
        "You put this article on the list of articles outside VAT, but the order charges VAT on "
        "it.",
        in_shop="Give the article a VAT rate of zero: this helps later orders, not this one.",
        in_settings="Take the article off the list of articles outside VAT if its VAT is right.",
        subject=SubjectName.ARTICLES,
        button=Button.SETTINGS,
    ),
    HoldReason.RATE_UNKNOWN: HoldText(
        "The order has a VAT rate that did not exist.",
        "On the day of the order this was no VAT rate of your country, so it cannot be booked as "
        "high, low or none.",
        in_shop="Correct the VAT rate of the article or of the shipping method, for later orders; "
        "with this order too if you can, then press “Look again”.",
        button=Button.OPEN_ORDER,
    ),
    HoldReason.RATE_AVERAGED: HoldText(
        "Shipping or payment costs have an averaged VAT rate.",
        "The articles have different VAT rates, and the costs got the average of those. No such "
        "rate exists: costs beside articles of several rates are divided over those rates.",
        in_shop="Look where this rate comes from: the VAT setting of your shipping and payment "
        "methods, or an app that makes orders. With a fixed rate there, later orders are sent "
        "automatically; this one keeps its rate.",
        by_hand="Book the order in Asperion yourself, with the costs divided over the VAT rates of "
        "the articles, then press “Dealt with”.",
        button=Button.OPEN_ORDER,
    ),
    HoldReason.RATE_FOREIGN: HoldText(
        "The order has another country's VAT rate.",
        "Asperion's import knows high, low and none only; where foreign VAT belongs is for you or "
        "your bookkeeper to say.",
        in_settings="Choose how this rate of this country is booked; all orders that wait for it "
        "go on together.",
        subject=SubjectName.VAT,
        button=Button.SETTINGS,
    ),
    HoldReason.VAT_NUMBER: HoldText(
        "There is no VAT, and no valid VAT number from another EU country.",
        "Without VAT may be sold only to a business in another EU country that states its VAT "
        "number; otherwise the VAT can be claimed from you.",
        in_shop="Ask the customer for the VAT number and fill it in with the order, then press "
        "“Look again”. If there is none, charge VAT.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.VAT_NUMBER_INVALID: HoldText(
        "The customer's VAT number is not in use.",
        "VIES, the register of the European Commission, says so. Without a valid number the sale "
        "carries VAT, which can be claimed from you. A number that is new may take some days to "
        "be in the register.",
        in_shop="Ask the customer for the right VAT number and fill it in with the order, then "
        "press “Look again”; VIES is asked once more. If there is none, charge VAT.",
        in_settings="If you check VAT numbers yourself, choose that VIES is not asked.",
        subject=SubjectName.VAT,
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.UNTAXED_LINE: HoldText(
        "A line has no VAT, while the rest of the order has.",
        "VAT was charged, so this customer buys with VAT. A line without it is then right only for "
        "what is outside VAT, such as a deposit on bottles.",
        in_shop="If there should be VAT on it, give the article or the shipping method its rate: "
        "this helps later orders, not this one.",
        in_settings="If it is a deposit or the like, put the article on the list of articles "
        "outside VAT; the page of the order names the line and has a button for it. If its rate is "
        "zero in the customer's country (OSS), add that zero to the VAT rates of other countries.",
        subject=SubjectName.ARTICLES,
        button=Button.SETTINGS,
    ),
    HoldReason.GOODS_STAYED: HoldText(
        "There is no VAT, while the goods stayed in your own country.",
        "A business from another EU country buys without VAT only when the goods leave for another "
        "country. What is delivered or collected here carries VAT, whatever number the customer "
        "states.",
        in_shop="If the goods did leave, correct the delivery address with the order, then press "
        "“Look again”. If they did not, charge VAT.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.BUSINESS_CHARGED_VAT: HoldText(
        "VAT was charged to a business in another EU country.",
        "You use the one-stop shop (OSS), which is for consumers; this customer stated a valid VAT "
        "number, so the sale does not belong in that return.",
        in_shop="Take the VAT off the order, or the VAT number if it is not the customer's; then "
        "press “Look again”.",
        button=Button.OPEN_ORDER,
        edits_order=True,
    ),
    HoldReason.SMALL_BUSINESS_VAT: HoldText(
        "There is VAT on the order, while you charge none.",
        "You use the small business scheme (KOR); VAT that you charge nevertheless has to be paid.",
        in_shop="Give your articles a VAT rate of zero: this helps later orders, not this one.",
        in_settings="Give the first or last day of the small business scheme, or switch it off.",
        subject=SubjectName.VAT,
        button=Button.SETTINGS,
    ),
}
