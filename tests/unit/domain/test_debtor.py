"""The customer as a debtor: recognised by e-mail address, without what is not well-formed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.debtor import make_debtor, normalise_email, split_lastname
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.orders import Address
from tests.fakes.documents_of_shop import HOME, Facts, order


@pytest.mark.parametrize(
    "typed", ["Sophie@Example.NL", "  sophie@example.nl\n", "\ufeffsophie@example.nl\u200b"]
)
def test_a_returning_customer_with_other_capitals_is_the_same_debtor(typed: str) -> None:
    assert make_debtor(order(email=typed)).email == "sophie@example.nl"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "sophie",
        "sophie@",
        "@example.nl",
        "sophie@example",
        "a b@example.nl",
        "a@b@example.nl",
        "jan(at)example.nl",
        "a\x00@example.nl",
        "a\u202e@example.nl",
        "a\ud83d@example.nl",
        "x" * 65 + "@example.nl",
        "a@" + "x" * 260 + ".nl",
        "<a@example.nl>",
    ],
)
def test_without_a_usable_email_address_the_order_is_held(typed: str) -> None:
    with pytest.raises(HeldBack) as held:
        normalise_email(typed)
    assert held.value.hold.reason is HoldReason.EMAIL_MISSING
    assert held.value.hold.detail == ""


def test_a_full_name_has_its_tussenvoegsel_in_the_middle() -> None:
    customer = make_debtor(order())
    assert customer.name == "Sanne de Vries"
    assert (customer.firstname, customer.middlename, customer.lastname) == ("Sanne", "de", "Vries")


@pytest.mark.parametrize(
    ("middle", "last", "expected"),
    [
        ("", "van der Berg", ("van der", "Berg")),
        ("van der", "van der Berg", ("van der", "Berg")),
        ("van", "van der Berg", ("van der", "Berg")),
        ("van der", "Van der Berg", ("van der", "Berg")),
        ("Van", "Van Damme", ("Van", "Damme")),
        ("van", "de Berg", ("van", "de Berg")),
        ("van", "van", ("van", "van")),
        ("de", "Vries de Jong", ("de", "Vries de Jong")),
        ("van der", "Berg", ("van der", "Berg")),
        ("", "Van den Broeck", ("", "Van den Broeck")),
        ("", "Jansen van Dijk", ("", "Jansen van Dijk")),
        ("", "'t Hart", ("'t", "Hart")),
        ("", "van", ("", "van")),
        ("J.", "de Boer", ("J.", "de Boer")),
        ("", "", ("", "")),
    ],
)
def test_a_tussenvoegsel_typed_into_the_last_name_is_found(
    middle: str, last: str, expected: tuple[str, str]
) -> None:
    assert split_lastname(middle, last) == expected


def test_without_a_name_the_address_the_company_and_at_last_the_email_stand_in() -> None:
    nobody = order(firstname="", middlename="", lastname="")
    assert make_debtor(nobody).name == "Sanne de Vries"
    unnamed = replace(nobody, billing=replace(HOME, attention=""))
    assert make_debtor(replace(unnamed, company_name="Kwekerij Groen")).name == "Kwekerij Groen"
    assert make_debtor(unnamed).name == "s.devries@example.nl"


def test_well_formed_company_numbers_are_passed_on() -> None:
    customer = make_debtor(
        order(
            company_name=" De Vries  Keukens B.V. ",
            company_vat_number="nl 0044.95.445.b01",
            company_coc_number="12 34 56 78",
            phone="+31 20 5550123",
        )
    )
    assert customer.company == "De Vries Keukens B.V."
    assert customer.vat_number == "NL004495445B01"
    assert customer.coc_number == "12345678"
    assert customer.phone == "+31 20 5550123"


def test_optional_values_that_are_not_well_formed_are_left_out() -> None:
    customer = make_debtor(
        order(company_vat_number="NL123456789B01", company_coc_number="1234", phone="12345")
    )
    assert (customer.vat_number, customer.coc_number, customer.phone) == ("", "", "")


def test_a_register_number_of_elsewhere_is_taken_as_it_is() -> None:
    german = order(billing=replace(HOME, country="DE"), company_coc_number="HRB 12345 B")
    assert make_debtor(german).coc_number == "HRB 12345 B"
    odd = order(billing=replace(HOME, country="DE"), company_coc_number="none")
    assert make_debtor(odd).coc_number == ""


def test_one_address_is_enough_when_the_goods_go_to_the_same_place() -> None:
    shouted = replace(HOME, attention="SANNE DE VRIES", postal_code="1234ab", city="voorbeeldstad ")
    (only,) = make_debtor(order(shipping=shouted)).addresses
    assert (only.role, only.postal_code, only.country) == ("invoice", "1234 AB", "NL")
    assert (only.street, only.number, only.suffix) == ("Voorbeeldstraat", "12", "A")


@pytest.mark.parametrize(
    "other",
    [
        {"number": "13"},
        {"suffix": ""},
        {"attention": "Oma"},
        {"city": "Elders"},
        {"country": "BE"},
        {"street": "Kerkstraat"},
        {"line2": "achterom"},
        {"postal_code": "1234 AC"},
    ],
)
def test_a_delivery_address_is_there_when_it_differs(other: Facts) -> None:
    roles = [one.role for one in make_debtor(order(shipping=replace(HOME, **other))).addresses]
    assert roles == ["invoice", "delivery"]


def test_a_delivery_at_another_company_names_it() -> None:
    customer = make_debtor(order(shipping_company="Werk B.V.", company_name="Thuis B.V."))
    assert customer.addresses[1].attention == "Werk B.V., Sanne de Vries"


def test_a_delivery_at_the_same_company_is_no_other_address() -> None:
    customer = make_debtor(order(shipping_company="THUIS b.v.", company_name="Thuis B.V."))
    assert len(customer.addresses) == 1
    assert len(make_debtor(order(shipping_company="", company_name="Thuis B.V.")).addresses) == 1


def test_an_empty_delivery_address_is_none() -> None:
    assert len(make_debtor(order(shipping=Address())).addresses) == 1


def test_the_country_of_the_delivery_stands_in_for_a_missing_one() -> None:
    customer = make_debtor(order(billing=replace(HOME, country=None), shipping=replace(HOME)))
    assert [one.country for one in customer.addresses] == ["NL"]


def test_without_any_country_the_order_is_held() -> None:
    nowhere = replace(HOME, country=None)
    with pytest.raises(HeldBack) as held:
        make_debtor(order(billing=nowhere, shipping=nowhere))
    assert held.value.hold.reason is HoldReason.COUNTRY_MISSING


def test_a_guest_has_no_number_of_the_shop() -> None:
    assert make_debtor(order(customer_id=None)).external_id is None


def test_the_limits_of_optional_values_are_what_they_say() -> None:
    assert make_debtor(order(phone="12-34-56")).phone == "12-34-56"
    assert make_debtor(order(company_coc_number="12.345.678")).coc_number == "12345678"
    longest = "a@" + "x" * (254 - 5) + ".nl"
    assert normalise_email(longest) == longest


def test_a_name_of_several_words_keeps_them() -> None:
    assert split_lastname("", "van der Berg Jansen") == ("van der", "Berg Jansen")


def test_a_delivery_without_a_country_of_its_own_has_that_of_the_invoice() -> None:
    other = replace(HOME, number="13", country=None)
    assert [one.country for one in make_debtor(order(shipping=other)).addresses] == ["NL", "NL"]
    abroad = replace(HOME, country="BE")
    assert [one.country for one in make_debtor(order(shipping=abroad)).addresses] == ["NL", "BE"]


@pytest.mark.parametrize("part", ["street", "postal_code", "city"])
def test_a_delivery_address_of_one_part_is_an_address(part: str) -> None:
    assert len(make_debtor(order(shipping=Address(**{part: "Elders"}))).addresses) == 2


def test_spaces_make_no_other_address() -> None:
    spaced = replace(HOME, postal_code="12 34 AB", city="Voorbeeld Stad")
    assert len(make_debtor(order(billing=HOME, shipping=spaced)).addresses) == 1


def test_a_number_without_prefix_is_of_the_territory_where_the_customer_is() -> None:
    belfast = replace(HOME, postal_code="BT1 5GS", country="GB")
    monaco = replace(HOME, postal_code="98000", country="MC")
    assert make_debtor(order(billing=belfast, company_vat_number="980780684")).vat_number == (
        "XI980780684"
    )
    assert make_debtor(order(billing=monaco, company_vat_number="40303265045")).vat_number == (
        "FR40303265045"
    )
