"""The columns of the tables that a merchant takes along."""

from __future__ import annotations

from chalicelib.domain.ledger import DocumentKind
from chalicelib.web.texts.localisation import Msgids, list_msgids

STATEMENT_COLUMNS = list_msgids(
    *("Day", "Drawn up", "Opened", "Became due", "Corrections", "Delivered", "Left out", "Waiting"),
    *("Held", "Difference", "Right", "What is not right", "Files"),
)
FILE_COLUMNS = list_msgids("File", "Day", "State", "Since", "Orders", "Checksum (SHA-256)", "Bytes")
MONEY_COLUMNS = list_msgids("Without VAT", "VAT", "With VAT", "Currency", "By VAT rate")
LISTED_COLUMNS = list_msgids("Paid as your webshop lists it", "Difference with your webshop")
ORDER_COLUMNS = list_msgids(
    *("Number", "Kind", "Date", "State", "Since", "File", "Why"),
    *("Changed after delivery", "Sent again"),
)
AUDIT_COLUMNS = list_msgids("When", "What happened", "By whom", "Details")

KINDS: Msgids[DocumentKind] = {
    DocumentKind.ORDER: "Order",
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.REVERSAL: "Correction",
}
