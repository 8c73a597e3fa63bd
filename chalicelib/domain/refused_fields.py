"""What Asperion's REST API refuses, field by field: the name that it gives a field, read into one
that a merchant understands.

The names are those of the resources ``debtors`` and ``salesinvoiceswithlines``, however a validator
spells the way to them: ``lines[0].vatCode``, ``$.Lines[0].VatCode``, ``/lines/0/vat_code``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

_LONGEST_READ = 200  # characters of a name
_WORDS = r"[A-Za-z][A-Za-z_-]*"
_ENVELOPES = frozenset({"data", "meta", "body", "model", "request", "input", "dto"})


class RefusedField(StrEnum):
    """A field that Asperion refused. Stored as a hold's detail: a value never changes."""

    DEBTOR = "debtor"  # whom the invoice is for, as Asperion looked it up
    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    POSTAL_CODE = "postal_code"
    CITY = "city"
    COUNTRY = "country"
    PHONE = "phone"
    VAT_NUMBER = "vat_number"
    COC_NUMBER = "coc_number"
    DEBTOR_KIND = "debtor_kind"
    DATE = "date"
    PERIOD = "period"  # of the date: closed in Asperion, or not there
    JOURNAL = "journal"
    PAYMENT_CONDITION = "payment_condition"
    DESCRIPTION = "description"
    LINES = "lines"
    LINE_DESCRIPTION = "line_description"
    VAT_CODE = "vat_code"
    LEDGER_ACCOUNT = "ledger_account"
    COST_CENTER = "cost_center"  # or a cost unit, which an account may ask for
    AMOUNT = "amount"
    VAT_AMOUNT = "vat_amount"
    OTHER = "other"

    @property
    def is_chosen(self) -> bool:
        """Whether another choice of the merchant for the administration mends it."""
        return self in _CHOSEN

    @property
    def is_of_customer(self) -> bool:
        """Whether it is a detail of the customer, which the order in the shop has."""
        return self in _OF_CUSTOMER


_CHOSEN = frozenset(
    {
        RefusedField.DEBTOR_KIND,
        RefusedField.JOURNAL,
        RefusedField.PAYMENT_CONDITION,
        RefusedField.VAT_CODE,
        RefusedField.LEDGER_ACCOUNT,
        RefusedField.COST_CENTER,
    }
)
_OF_CUSTOMER = frozenset(
    {
        RefusedField.EMAIL,
        RefusedField.NAME,
        RefusedField.ADDRESS,
        RefusedField.POSTAL_CODE,
        RefusedField.CITY,
        RefusedField.COUNTRY,
        RefusedField.PHONE,
        RefusedField.VAT_NUMBER,
        RefusedField.COC_NUMBER,
    }
)

_ANYWHERE = {
    "debtorid": RefusedField.DEBTOR,
    "debtorcustomernumber": RefusedField.DEBTOR,
    "debtornumber": RefusedField.DEBTOR,
    "customernumber": RefusedField.DEBTOR,
    "debtor": RefusedField.DEBTOR,
    "emailaddress": RefusedField.EMAIL,
    "email": RefusedField.EMAIL,
    "name": RefusedField.NAME,
    "attentionto": RefusedField.NAME,
    "address": RefusedField.ADDRESS,
    "addressline": RefusedField.ADDRESS,
    "postcode": RefusedField.POSTAL_CODE,
    "postalcode": RefusedField.POSTAL_CODE,
    "city": RefusedField.CITY,
    "countrycode": RefusedField.COUNTRY,
    "country": RefusedField.COUNTRY,
    "phonenumber": RefusedField.PHONE,
    "mobilenumber": RefusedField.PHONE,
    "vatnumber": RefusedField.VAT_NUMBER,
    "cocnumber": RefusedField.COC_NUMBER,
    "debtorkindid": RefusedField.DEBTOR_KIND,
    "debtorkind": RefusedField.DEBTOR_KIND,
    "date": RefusedField.DATE,
    "bookyear": RefusedField.PERIOD,
    "bookperiod": RefusedField.PERIOD,
    "period": RefusedField.PERIOD,
    "journalid": RefusedField.JOURNAL,
    "journal": RefusedField.JOURNAL,
    "paymentconditionid": RefusedField.PAYMENT_CONDITION,
    "paymentcondition": RefusedField.PAYMENT_CONDITION,
    "paymentduedate": RefusedField.PAYMENT_CONDITION,
    "description": RefusedField.DESCRIPTION,
    "lines": RefusedField.LINES,
    "vatcode": RefusedField.VAT_CODE,
    "vatcodeid": RefusedField.VAT_CODE,
    "ledgeraccountid": RefusedField.LEDGER_ACCOUNT,
    "ledgeraccount": RefusedField.LEDGER_ACCOUNT,
    "costcenterid": RefusedField.COST_CENTER,
    "costunitid": RefusedField.COST_CENTER,
    "amount": RefusedField.AMOUNT,
    "amountexclvat": RefusedField.AMOUNT,
    "amountinclvat": RefusedField.AMOUNT,
    "vatamount": RefusedField.VAT_AMOUNT,
}
_OF_A_LINE = {"description": RefusedField.LINE_DESCRIPTION}


def read_field(name: str) -> RefusedField:
    """Read the name that an answer gives a refused field, the way to it included; `OTHER` for one
    that is not known, or for none at all.
    """
    words = [_write_bare(word) for word in re.findall(_WORDS, name[:_LONGEST_READ])]
    words = [word for word in words if word not in _ENVELOPES]
    if not words:
        return RefusedField.OTHER
    *way, last = words
    if "lines" in way and last in _OF_A_LINE:
        return _OF_A_LINE[last]
    return _ANYWHERE.get(last, RefusedField.OTHER)


def choose_field(codes: Iterable[str]) -> RefusedField:
    """The one of several refused fields that a hold names: a choice for the administration before
    all, since mending it frees the most; then by the order of `RefusedField`. What is no code
    counts as `OTHER`.
    """
    fields = {_read_code(code) for code in codes} | {RefusedField.OTHER}
    order = list(RefusedField)
    return min(fields, key=lambda each: (not each.is_chosen, order.index(each)))


def _read_code(code: str) -> RefusedField:
    try:
        return RefusedField(code)
    except ValueError:
        return RefusedField.OTHER


def _write_bare(word: str) -> str:
    """A word without capitals and what joins its parts: ``vat_code`` and ``VatCode`` are one."""
    return word.replace("_", "").replace("-", "").lower()
