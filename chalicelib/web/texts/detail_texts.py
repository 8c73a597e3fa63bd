"""What a hold is about, in words: its detail is a code, and often one that a merchant never saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.domain.holds import HoldReason
from chalicelib.web.texts.localisation import DUTCH, Msgids, msgid

FIELDS: Msgids[str] = {
    "order.number": "the order's number",
    "order.description": "the description of the invoice",
    "order.payment_code": "the payment method",
    "debtor.email": "the customer's e-mail address",
    "debtor.name": "the customer's name",
    "debtor.firstname": "the customer's first name",
    "debtor.middlename": "the customer's middle name",
    "debtor.lastname": "the customer's last name",
    "debtor.company": "the customer's company name",
    "debtor.phone": "the customer's telephone number",
    "debtor.vat_number": "the customer's VAT number",
    "debtor.coc_number": "the customer's Chamber of Commerce number",
    "address.attention": "the name in an address",
    "address.street": "the street in an address",
    "address.line2": "the second line of an address",
    "address.number": "the house number in an address",
    "address.suffix": "the addition to a house number",
    "address.postal_code": "the postal code in an address",
    "address.city": "the city in an address",
    "address.region": "the region in an address",
    "line.article_code": "the article code of an article",
    "line.description": "the name of an article",
    "country": "the country in an address",
}
"""The fields that a profile limits, by its own names for them."""

OTHER_FIELD = msgid("a text of the order")


class DetailText(NamedTuple):
    """What a hold is about: `text` is an English source when it `is_source`, else it is shown as it
    is.
    """

    text: str
    is_source: bool = False


def find_detail_text(
    reason: str | None, detail: str, *, titles: Mapping[str, str], language: str
) -> DetailText:
    """The words for a hold's detail; `titles` are those of the shop's payment methods by key, as
    far as they are known.
    """
    if not detail:
        return DetailText("")
    if reason == HoldReason.UNWRITABLE:
        # Versions before 1.4.0 stored the field with a sentence behind it.
        return DetailText(FIELDS.get(detail.partition(" ")[0], OTHER_FIELD), is_source=True)
    if reason == HoldReason.PAYMENT_METHOD_NEW:
        return DetailText(titles.get(detail, detail))
    is_rate = detail.endswith("%") and language == DUTCH
    return DetailText(detail.replace(".", ",") if is_rate else detail)
