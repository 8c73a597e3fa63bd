"""The words of the migration's page."""

from __future__ import annotations

from chalicelib.domain.causes import DropCause
from chalicelib.web.texts.localisation import Msgids, msgid

NOT_DUE: Msgids[DropCause] = {
    DropCause.NOT_PAID: "Not paid",
    DropCause.CANCELLED: "Cancelled",
    DropCause.ON_HOLD: "On hold in your webshop",
    DropCause.OFFER: "A quote, not an order",
    DropCause.TOO_OLD: "Too old: we can no longer tell whether it is booked",
}
"""Why an order of the period does not come along, by what the count says."""

FIELDS: Msgids[str] = {
    "first": "First day",
    "last": "Last day",
    "except": "Order numbers",
    "table": "File",
}
"""What the form's fields are called in the list of what is to be mended."""

NO_FIRST = msgid("Fill in the first day, such as 1-1-2025.")
NO_LAST = msgid("Fill in the last day, such as 31-12-2025.")
WRONG_ORDER = msgid("The last day is before the first day.")
IN_FUTURE = msgid("The last day is in the future. Choose today at the latest.")
NO_TEXT = msgid(
    "This file cannot be read. Save it in Excel as CSV (separated by semicolons), or paste the "
    "numbers."
)
NO_NUMBERS = msgid("There is no order number in this file. Is it the right one?")
NO_NUMBER_TYPED = msgid("There is no order number in what you typed, such as ORD00412.")
TOO_MANY = msgid(
    "These are more numbers than can be kept at once. Choose a shorter period, and give only the "
    "numbers of that period."
)
SHOP_SILENT = msgid(
    "Your webshop does not answer at the moment, so nothing was counted. Press the button again in "
    "a few minutes."
)
SHOP_RATIONED = msgid(
    "Your webshop does not let us read any more for the moment, so nothing was counted. Press the "
    "button again in a quarter of an hour."
)
UNDER_WAY = msgid(
    "Older orders are being moved already. Stop that first, or wait until it is done."
)
NOT_NOW = msgid("The connector does not work at the moment, so no older orders can be moved.")
