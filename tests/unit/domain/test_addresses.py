"""House numbers, wherever the customer typed them."""

from __future__ import annotations

import pytest

from chalicelib.domain.addresses import normalise_address, split_street
from chalicelib.domain.orders import Address


@pytest.mark.parametrize(
    ("typed", "street", "number", "addition"),
    [
        ("Dorpsstraat 12", "Dorpsstraat", "12", ""),
        ("Dorpsstraat 12-A", "Dorpsstraat", "12", "A"),
        ("Dorpsstraat 12A", "Dorpsstraat", "12", "A"),
        ("Dorpsstraat 12 a", "Dorpsstraat", "12", "a"),
        ("Dorpsstraat, 12", "Dorpsstraat", "12", ""),
        ("Plein 1940-1945 3 bis", "Plein 1940-1945", "3", "bis"),
        ("Plein 1940 - 1945 3", "Plein 1940 - 1945", "3", ""),
        ("Plein 1944 15", "Plein 1944", "15", ""),
        ("Laan van 1953 7 hs", "Laan van 1953", "7", "hs"),
        ("1e Helmersstraat 23 hs", "1e Helmersstraat", "23", "hs"),
        ("2e Jan van der Heijdenstraat 100-3", "2e Jan van der Heijdenstraat", "100", "3"),
        ("Keizersgracht 123 3 hoog", "Keizersgracht", "123", "3 hoog"),
        ("Keizersgracht 123-1hg", "Keizersgracht", "123", "1hg"),
        ("Kerkstraat 12 bus 3", "Kerkstraat", "12", "bus 3"),
        ("Kerkstraat 12, bus B2", "Kerkstraat", "12", "bus B2"),
        ("Kerkstraat 5/2", "Kerkstraat", "5", "2"),
        ("'s-Gravenweg 10 II", "'s-Gravenweg", "10", "II"),
        ("Straße des 17. Juni 135", "Straße des 17. Juni", "135", ""),
        ("Plein 17 mei 12", "Plein 17 mei", "12", ""),
        ("Singel 4 A-2", "Singel", "4", "A-2"),
        ("Singel 4 a 2", "Singel", "4", "a 2"),
        ("Beispielstraße 21", "Beispielstraße", "21", ""),
        ("Plein 40-45 3", "Plein 40-45", "3", ""),
        ("Plein 40 - 45 nr 7", "Plein 40 - 45", "7", ""),
        ("Plein 40–45 7 a", "Plein 40–45", "7", "a"),
        ("Plein 1940-45 3", "Plein 1940-45", "3", ""),
        ("Plein 1940-1945 12 a", "Plein 1940-1945", "12", "a"),
        ("Plein '40-'45 7", "Plein '40-'45", "7", ""),
        ("Plein ’40-’45 7", "Plein ’40-’45", "7", ""),
        ("Place 14-18 9", "Place 14-18", "9", ""),
        ("Plein 1813-1815 3", "Plein 1813-1815", "3", ""),
        ("Laan 1813 nr 5", "Laan 1813", "5", ""),
        ("Dorpsstraat nr. 12", "Dorpsstraat", "12", ""),
        ("2e Dwarsstraat 10", "2e Dwarsstraat", "10", ""),
        ("Plein 4 mei 12", "Plein 4 mei", "12", ""),
        ("Rue du 8 mai 1945 12", "Rue du 8 mai 1945", "12", ""),
        ("Postbus 123", "Postbus", "123", ""),
        ("Kade 4-6", "Kade", "4", "6"),
        ("Dorpsstraat 12–A", "Dorpsstraat", "12", "A"),
        ("Weg 5 bis", "Weg", "5", "bis"),
        ("Hoofdweg 1825 A", "Hoofdweg", "1825", "A"),
    ],
)
def test_a_house_number_in_the_street_is_taken_out_of_it(
    typed: str, street: str, number: str, addition: str
) -> None:
    assert split_street(typed, "NL") == (street, number, addition)


@pytest.mark.parametrize(
    "typed",
    ["Dorpsstraat", "", "12", "1e Helmersstraat", "Plein 1940-1945", "Postbus", "Rue de la Paix"],
)
def test_without_a_house_number_the_street_stays_as_it_is(typed: str) -> None:
    assert split_street(typed, "NL") is None


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("Plein 40-45", "NL"),
        ("Laan 1813", "NL"),
        ("Plein 4 mei", "NL"),
        ("Rue du 8 mai 1945", "BE"),
        ("Kade 4-6 3", "NL"),
        ("Steenweg 40-45 bus 3", "BE"),
        ("Chaussée 14-18 bte 2", "BE"),
        ("Kade 40-45 kamer 3", "NL"),
        ("Keizersgracht 100-102 3", "NL"),
        ("Keizersgracht 100 102 3", "NL"),
        ("Sint Jansstraat 5 t/m 7", "NL"),
        ("Hauptstraße 5 + 7", "DE"),
        ("12 rue de la Paix", "BE"),
        ("2e Avenue 10", "CA"),
        ("10 Market Street 5", "GB"),
    ],
)
def test_a_number_that_may_be_another_houses_stays_in_the_street(typed: str, country: str) -> None:
    address = normalise_address(Address(street=typed, country=country))
    assert (address.street, address.number, address.suffix) == (typed, "", "")


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("12 rue du 8 mai 1945", "FR", ("rue du 8 mai 1945", "12", "")),
        ("10 Downing Street", "GB", ("Downing Street", "10", "")),
        ("12 bis rue de la Paix", "FR", ("rue de la Paix", "12", "bis")),
        ("221B Baker Street", "GB", ("Baker Street", "221", "B")),
        ("Downing Street 10", "GB", ("Downing Street", "10", "")),
    ],
)
def test_where_the_number_comes_first_it_is_found_there(
    typed: str, country: str, expected: tuple[str, ...]
) -> None:
    assert split_street(typed, country) == expected


def test_number_and_addition_in_their_own_fields_stay_there() -> None:
    address = normalise_address(Address(street="Plein 1944", number="15", suffix="A", country="NL"))
    assert (address.street, address.number, address.suffix) == ("Plein 1944", "15", "A")


@pytest.mark.parametrize("street", ["Plein 40-45", "Plein '40-'45", "Laan 1813", "Plein 4 mei"])
def test_a_number_in_its_own_field_is_used_as_it_is(street: str) -> None:
    address = normalise_address(Address(street=street, number="3", suffix="a", country="NL"))
    assert (address.street, address.number, address.suffix) == (street, "3", "a")


@pytest.mark.parametrize(
    "typed", ["gebouw B 12", "t.a.v. Jan 12", "40-45 3", "1944 12", "4 mei 12"]
)
@pytest.mark.parametrize("addition", ["", " a"])
def test_a_number_field_and_a_second_line_that_say_more_stay_whole(
    typed: str, addition: str
) -> None:
    text = typed + addition
    below = normalise_address(Address(street="Plein", line2=text, country="NL"))
    assert (below.line2, below.number, below.suffix) == (text, "", "")
    beside = normalise_address(Address(street="Plein", number=text, country="NL"))
    assert (beside.number, beside.suffix) == (text, "")


def test_an_addition_typed_into_the_number_field_is_taken_out_of_it() -> None:
    address = normalise_address(Address(street="Dorpsstraat", number="12-A", country="NL"))
    assert (address.number, address.suffix) == ("12", "A")


def test_a_number_field_that_is_no_number_stays_as_it_is() -> None:
    assert (
        normalise_address(Address(street="Dorpsstraat", number="t.o. 9", country="NL")).number
        == "t.o. 9"
    )


def test_a_house_number_typed_into_the_second_line_is_found_there() -> None:
    address = normalise_address(Address(street="Dorpsstraat", line2="12 bus 3", country="BE"))
    assert (address.number, address.suffix, address.line2) == ("12", "bus 3", "")


def test_an_addition_in_its_own_field_is_kept_beside_one_in_the_street() -> None:
    address = normalise_address(Address(street="Kerkstraat 12 A", suffix="bus 3", country="BE"))
    assert (address.number, address.suffix) == ("12", "A bus 3")


@pytest.mark.parametrize(
    ("typed", "country", "shown"),
    [
        ("1234ab", "NL", "1234 AB"),
        ("1234  AB ", "NL", "1234 AB"),
        ("9000", "BE", "9000"),
        ("12345", "NL", "12345"),
        ("sw1a 1aa", "GB", "sw1a 1aa"),
    ],
)
def test_dutch_postal_codes_are_spaced_as_the_post_writes_them(
    typed: str, country: str, shown: str
) -> None:
    assert normalise_address(Address(postal_code=typed, country=country)).postal_code == shown


def test_white_space_and_line_ends_become_one_space() -> None:
    address = normalise_address(Address(attention=" Sanne\r\n de \t Vries ", city="Den\u00a0Haag"))
    assert (address.attention, address.city) == ("Sanne de Vries", "Den Haag")


def test_a_street_of_ten_thousand_characters_is_no_trouble() -> None:
    assert split_street("Laan 1 " * 2000 + "x" * 30, "NL") is None
    assert split_street("1 - " * 5000, "NL") is None


def test_a_number_is_found_in_front_by_the_country_of_the_address() -> None:
    address = normalise_address(
        Address(street="10 Downing Street", region=" Greater  London", country="GB")
    )
    assert (address.street, address.number) == ("Downing Street", "10")
    assert address.region == "Greater London"


def test_a_number_taken_out_of_the_street_leaves_the_street() -> None:
    address = normalise_address(Address(street="Dorpsstraat, 12 .", country="NL"))
    assert (address.street, address.number, address.suffix) == ("Dorpsstraat", "12", "")


@pytest.mark.parametrize(
    ("typed", "street"), [("Plan X 12", "Plan X"), ("Dorp 12-", "Dorp"), ("Dorp 12 .", "Dorp")]
)
def test_only_punctuation_is_taken_off_the_ends(typed: str, street: str) -> None:
    assert split_street(typed, "NL") == (street, "12", "")


@pytest.mark.parametrize(
    ("street", "number", "suffix", "expected"),
    [
        ("Dorpsstraat", "12 A", "A", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat", "12A", "a", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat", "12 A", "bus 3", ("Dorpsstraat", "12", "A bus 3")),
        ("Dorpsstraat 12 A", "", "A", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat 12", "12", "", ("Dorpsstraat", "12", "")),
        ("Dorpsstraat 12", "12", "A", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat 12 A", "12", "", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat 12 a", "12", "A", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat 12-A", "12-A", "", ("Dorpsstraat", "12", "A")),
        ("Dorpsstraat 12 A", "12", "bus 3", ("Dorpsstraat 12 A", "12", "bus 3")),
        ("Dorpsstraat 12", "13", "", ("Dorpsstraat 12", "13", "")),
    ],
)
def test_what_was_typed_twice_is_said_once(
    street: str, number: str, suffix: str, expected: tuple[str, ...]
) -> None:
    typed = Address(street=street, number=number, suffix=suffix, country="NL")
    address = normalise_address(typed)
    assert (address.street, address.number, address.suffix) == expected
