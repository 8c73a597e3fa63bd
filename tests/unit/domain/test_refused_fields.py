"""The name that Asperion gives a refused field is read, however the way to it is spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.refused_fields import RefusedField, choose_field, read_field

F = RefusedField
FIELDS = {
    "emailAddress": F.EMAIL,
    "name": F.NAME,
    "attentionTo": F.NAME,
    "address": F.ADDRESS,
    "addressLine2": F.ADDRESS,
    "postCode": F.POSTAL_CODE,
    "city": F.CITY,
    "countryCode": F.COUNTRY,
    "phoneNumber": F.PHONE,
    "vatNumber": F.VAT_NUMBER,
    "cocNumber": F.COC_NUMBER,
    "debtorKindId": F.DEBTOR_KIND,
    "debtorId": F.DEBTOR,
    "debtorCustomerNumber": F.DEBTOR,
    "date": F.DATE,
    "bookperiod": F.PERIOD,
    "bookyear": F.PERIOD,
    "journalId": F.JOURNAL,
    "paymentConditionId": F.PAYMENT_CONDITION,
    "description": F.DESCRIPTION,
    "lines": F.LINES,
    "amountExclVat": F.AMOUNT,
}
OF_A_LINE = {
    "vatCode": F.VAT_CODE,
    "ledgerAccountId": F.LEDGER_ACCOUNT,
    "amount": F.AMOUNT,
    "vatAmount": F.VAT_AMOUNT,
    "description": F.LINE_DESCRIPTION,
    "costCenterId": F.COST_CENTER,
    "costUnitId": F.COST_CENTER,
}


def spell(name: str) -> list[str]:
    """The spellings of a field's own name."""
    parts = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
    return [name, name[0].upper() + name[1:], name.upper(), parts]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_debtor_or_invoice_is_read(name: str) -> None:
    for each in spell(name):
        for way in ("", "$.", "model.", "body.", "/", "$['", "SalesInvoice."):
            assert read_field(way + each) is FIELDS[name]


@pytest.mark.parametrize("name", OF_A_LINE)
def test_a_field_of_a_line_is_read(name: str) -> None:
    ways = (
        *("lines[0].", "Lines[12].", "$.lines[3].", "/lines/0/", "lines.0.", "lines._data[0]."),
        *("['lines'][0]['", "model.Lines._data[7]."),
    )
    for each in spell(name):
        for way in ways:
            assert read_field(way + each) is OF_A_LINE[name]


def test_a_description_is_the_invoices_unless_it_stands_in_a_line() -> None:
    assert read_field("description") is F.DESCRIPTION
    assert read_field("lines[0].description") is F.LINE_DESCRIPTION


@pytest.mark.parametrize("name", ["", "$", "[0]", "characteristic4", "lines[0].", "lines[0]", "é"])
def test_what_is_no_known_field_is_another(name: str) -> None:
    assert read_field(name) in (F.OTHER, F.LINES)


@given(st.text(max_size=300))
def test_no_name_is_too_odd_to_be_read(name: str) -> None:
    assert isinstance(read_field(name), RefusedField)


def test_a_name_is_read_in_no_time_however_long_it_is() -> None:
    assert read_field("a." * 1_000_000 + "vatCode") is F.OTHER


def test_of_several_fields_a_hold_names_one_that_a_choice_mends() -> None:
    assert choose_field(["email", "vat_code", "other"]) is F.VAT_CODE
    assert choose_field(["other", "city", "email"]) is F.EMAIL
    assert choose_field(["other", "amount"]) is F.AMOUNT
    assert choose_field(["amount", "journal", "ledger_account"]) is F.JOURNAL


@pytest.mark.parametrize("codes", [[], ["other"], ["what nobody knows"]])
def test_without_any_known_field_a_hold_names_something_else(codes: list[str]) -> None:
    assert choose_field(codes) is F.OTHER


def test_every_field_is_mended_in_one_place() -> None:
    assert not [each for each in F if each.is_chosen and each.is_of_customer]
