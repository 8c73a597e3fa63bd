"""What a hold is about, in words: its detail is a code, and often one that a merchant never saw."""

from __future__ import annotations

from chalicelib.web.texts.localisation import Msgids, msgid

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
CLOSED_UNTIL = msgid("closed up to and including %(day)s")
