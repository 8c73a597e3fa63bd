"""The words of the VAT return: its boxes as the form names them, and what is beside it."""

from __future__ import annotations

from chalicelib.domain.period_files import Uncounted
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.usecases.operating.open_in_period import OpenKind
from chalicelib.web.texts.localisation import Msgids

BOXES: Msgids[ReturnBox] = {
    ReturnBox.GENERAL: "Supplies and services taxed at the high rate",
    ReturnBox.REDUCED: "Supplies and services taxed at the low rate",
    ReturnBox.OTHER: "Supplies and services taxed at other rates, not 0%",
    ReturnBox.ZERO: "Supplies and services taxed at 0%, or not taxed with you",
    ReturnBox.EXPORT: "Supplies to countries outside the EU (export)",
    ReturnBox.EU: "Supplies to or services in countries within the EU",
    ReturnBox.OSS: "VAT of other EU countries by the one-stop-shop scheme (OSS)",
    ReturnBox.SMALL_BUSINESS: "Exempt by the small-business scheme (KOR)",
    ReturnBox.OUTSIDE_VAT: "Outside VAT, such as gift cards and deposits",
    ReturnBox.FOREIGN: "VAT of another country, in that country's own return",
}
ELSEWHERE: Msgids[ReturnBox] = {
    ReturnBox.OSS: "Goes into the OSS return, not into the Dutch one.",
    ReturnBox.SMALL_BUSINESS: "Goes into no return; it does count for the limit of the scheme.",
    ReturnBox.OUTSIDE_VAT: "Goes into no return: VAT falls due when the card is spent, or never.",
    ReturnBox.FOREIGN: "You report this VAT in the country itself.",
}
ABROAD: Msgids[ReturnBox] = {
    ReturnBox.GENERAL: "Taxed at home, general rate",
    ReturnBox.REDUCED: "Taxed at home, reduced rate",
    ReturnBox.OTHER: "Taxed at home, another rate",
    ReturnBox.ZERO: "0%, or reverse-charged at home",
    ReturnBox.EXPORT: "Export to outside the EU",
    ReturnBox.EU: "To businesses in other EU countries",
    ReturnBox.OSS: "One-stop-shop scheme (OSS)",
    ReturnBox.SMALL_BUSINESS: "Small-business scheme",
    ReturnBox.OUTSIDE_VAT: "Outside VAT",
    ReturnBox.FOREIGN: "VAT of another country",
}
SUPPLIES: Msgids[Supply] = {Supply.GOODS: "Goods", Supply.SERVICES: "Services"}

UNCOUNTED: Msgids[Uncounted] = {
    Uncounted.UNSURE: (
        "Of these deliveries it is being checked whether they arrived; they are not counted:"
    ),
    Uncounted.DOUBLE: (
        "These deliveries are in Asperion twice until the double invoices are deleted there; they "
        "are counted once:"
    ),
    Uncounted.PARTLY: (
        "Of these deliveries a part was deleted in Asperion; they are not counted, so look there "
        "what is left:"
    ),
    Uncounted.UNDATED: (
        "Of these deliveries the days or totals were not kept; they are not counted:"
    ),
    Uncounted.OTHER_CURRENCY: (
        "These deliveries are in another currency than your webshop has now; they are not counted:"
    ),
}
UNCOUNTED_BRIEFLY: Msgids[Uncounted] = {
    Uncounted.UNSURE: "no: it is being checked whether it arrived",
    Uncounted.DOUBLE: "once: it is in Asperion twice",
    Uncounted.PARTLY: "no: a part of it was deleted in Asperion",
    Uncounted.UNDATED: "no: its days or totals were not kept",
    Uncounted.OTHER_CURRENCY: "no: it is in another currency",
}

OPEN: Msgids[OpenKind] = {
    OpenKind.HELD: "Held: cannot be booked yet",
    OpenKind.CHANGED: "Changed after delivery, not decided yet",
    OpenKind.WAITING: "Waiting for a delivery, or on the way to Asperion",
    OpenKind.BY_HAND: "Dealt with by yourself in Asperion",
}
OPEN_HELP: Msgids[OpenKind] = {
    OpenKind.HELD: "Not in the sheet. Solve the cause on the overview.",
    OpenKind.CHANGED: (
        "In the sheet with the amount that was booked; here is what the webshop says now. Decide "
        "on the overview what is to be done."
    ),
    OpenKind.WAITING: "Not in the sheet yet: they go with the next delivery.",
    OpenKind.BY_HAND: "Not in the sheet: add them yourself if you booked them in Asperion.",
}
