"""What merchants paste or upload: the numbers that another program has booked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.descriptions import STANDARD
from chalicelib.domain.number_lists import read_number_list

NUMBERS = ("ORD000033", "ORD000034", "ORD000035")


@pytest.mark.parametrize(
    "text",
    [
        "ORD000033\nORD000034\r\nORD000035",
        "ORD000033, ORD000034; ORD000035",
        "ORD000033 ORD000034\tORD000035\n\n",
        "ORD000033,ORD000034\nORD000035,ORD000033",
    ],
)
def test_a_list_is_read_however_it_is_divided(text: str) -> None:
    found = read_number_list(text, STANDARD)
    assert (found.numbers, found.column, found.unread) == (NUMBERS, "", 0)


TABLES = {
    "by its title": "Datum;Bestelnummer;Bedrag\n2025-01-03;{};12,50\n2025-01-04;{};9,00\n"
    "2025-01-05;{};100,00\n",
    "a comma": 'order number,total\n"{}","1,250.00"\n{},9.00\n{},2.00\n',
    "tabs": "Klant\tOrder nr.\n10023\t{}\n10024\t{}\n10025\t{}\n",
    "Asperion's own list": "Betref;Periode;Excl\nBestelling {} factuur INV000037;1;9\n"
    "Bestelling {} factuur INV000038;1;7\nBestelling {};2;8\n",
    "no title": "17;{};x@y.example\n17;{};z@y.example\n18;{};q@y.example\n",
    "a title nobody knows": "a;b\n12,50;{}\n13,00;{}\n14,00;{}\n",
    "a mark at its beginning": "\ufeffBestelnummer;Bedrag\n{};1\n{};2\n{};3\n",
    "rows of the total": "Bestelnummer;Bedrag\n{};1\n{};2\n{};3\n;6\n",
    "one column": "Bestelnummer\n{}\n{}\n{}\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_the_column_of_a_table_is_found(name: str) -> None:
    assert read_number_list(TABLES[name].format(*NUMBERS), STANDARD).numbers == NUMBERS


def test_a_column_is_named_so_that_a_wrong_one_is_seen() -> None:
    assert read_number_list(TABLES["tabs"].format(*NUMBERS), STANDARD).column == "Order nr."
    assert read_number_list(TABLES["no title"].format(*NUMBERS), STANDARD).column == "2"


def test_what_is_no_number_is_counted() -> None:
    found = read_number_list("Bestelnummer;Bedrag\nORD1;1\nonbekend;2\n", STANDARD)
    assert (found.numbers, found.unread) == (("ORD1",), 1)


def test_a_table_of_another_encoding_has_its_numbers() -> None:
    wide = "Bestelnummer;Naam\nORD1;Zoë\nORD2;An\n".encode("utf-16")
    assert read_number_list(wide.decode("utf-8", errors="replace"), STANDARD).numbers == (
        "ORD1",
        "ORD2",
    )
    old = "Bestelnummer;Naam\nORD1;Zoë\n".encode("cp1252")
    assert read_number_list(old.decode("utf-8", errors="replace"), STANDARD).numbers == ("ORD1",)


@pytest.mark.parametrize(
    "text", ["PK\x03\x04\x14\x06\x08", "%PDF-1.7\n" + "\ufffd\x01" * 40, "\ufffd\x02\x11" * 9]
)
def test_a_file_that_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no text"):
        read_number_list(text, STANDARD)


@given(st.text(max_size=400))
def test_any_text_gives_numbers_or_is_refused(text: str) -> None:
    try:
        found = read_number_list(text, STANDARD)
    except ValueError:
        return
    assert all(number and number == number.strip() for number in found.numbers)
