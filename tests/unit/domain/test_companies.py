"""Which customers of one e-mail address are companies that differ."""

from __future__ import annotations

import pytest

from chalicelib.domain.companies import are_other_companies, normalise_company
from chalicelib.domain.debtor import make_debtor
from chalicelib.domain.invoices import Debtor
from tests.fakes.documents_of_shop import order


def company(name: str, vat_number: str = "", coc_number: str = "") -> Debtor:
    return make_debtor(
        order(company_name=name, company_vat_number=vat_number, company_coc_number=coc_number)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("De Wilg B.V.", "DE WILG BV"),
        ("De Wilg B.V.", "de wilg b v"),
        ("De Wilg", "De Wilg B.V."),
        ("De-Wilg", "De  Wilg"),
        ("Jansen & Zn.", "Jansen en Zn"),
        ("Café Noord", "Cafe Noord"),
        ("Müller GmbH", "Muller"),
        ("V.O.F. De Eik", "VOF De Eik"),
    ],
)
def test_one_company_however_it_is_spelled(one: str, other: str) -> None:
    assert not are_other_companies(company(one), company(other))
    assert normalise_company(one) == normalise_company(other)


@pytest.mark.parametrize(
    ("one", "other"), [("De Wilg", "De Eik"), ("BV", "NV"), ("Jansen 1", "Jansen 2")]
)
def test_two_companies(one: str, other: str) -> None:
    assert are_other_companies(company(one), company(other))


def test_a_vat_number_tells_before_a_name_does() -> None:
    number, another = "NL123456782B90", "NL123456782B12"
    assert company("De Wilg", number).vat_number == number
    assert not are_other_companies(company("De Wilg", number), company("Wilgenshop", number))
    assert are_other_companies(company("De Wilg", number), company("De Wilg", another))
    assert not are_other_companies(company("De Wilg", number), company("De Wilg"))
    assert are_other_companies(company("De Wilg", number), company("De Eik"))


def test_a_number_at_the_chamber_of_commerce_tells_before_a_name_does() -> None:
    one = company("De Wilg BV", coc_number="12345678")
    assert are_other_companies(one, company("De Wilg VOF", coc_number="87654321"))
    assert not are_other_companies(one, company("Wilg Handel", coc_number="12345678"))


def test_a_consumer_is_no_second_company() -> None:
    assert not are_other_companies(company("De Wilg"), company(""))
    assert not are_other_companies(company(""), company(""))
