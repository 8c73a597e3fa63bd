"""The reader: lenient about the guessed shape, strict about every value."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.asperion.axml_reader import UnreadableFile, read_orders
from tests.sandbox.asperion.samples import FIGURE_5, LINE, debtor, document, order, orderline

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Asperion>&b;</Asperion>"""
EXTERNAL = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Asperion>&x;</Asperion>"""


def test_all_fields_of_an_order_are_read() -> None:
    more = "<Description>Bestelling ORD1 factuur INV1</Description><PaymentCode>IDEAL</PaymentCode>"
    found = read_orders(document(order("ORD1", more=more)))[0]
    assert (found.number, found.date) == ("ORD1", date(2014, 6, 16))
    assert (found.description, found.payment_code) == ("Bestelling ORD1 factuur INV1", "IDEAL")
    assert (found.debtor.email, found.debtor.number) == ("jan@example.com", "2000001")
    assert found.debtor.addresses[0].city == "Naarden"
    row = found.lines[0]
    assert (row.quantity, row.unit_excl, row.rate) == (Decimal(2), Decimal(10), Decimal(21))
    assert (row.excl, row.vat, row.incl) == (Decimal("20.00"), Decimal("4.20"), Decimal("24.20"))


def test_markup_in_data_comes_back_as_meant() -> None:
    lines = [row.description for found in read_orders(FIGURE_5) for row in found.lines]
    assert "Kookboek <zomer>" in lines
    assert "Vaas & schaal" in lines


def test_a_missing_description_is_made_of_the_order_number() -> None:
    assert read_orders(document(order("ORD7")))[0].description == "Bestelling ORD7"


@pytest.mark.parametrize(
    "change",
    [
        ("<Asperion", "<ASPERION xmlns='urn:x'", "</Asperion", "</ASPERION"),
        ("<Orders><Order>", "<Orders>", "</Order></Orders>", "</Orders>"),
        ("2014-06-16", "16-06-2014"),
        ("<LineTotalExcl>20.00<", "<LineTotalExcl>20,00<"),
        ("<LineTotalExcl>20.00<", "<LineTotalExcl>20.0000<"),
        ("<Orderline>", "<Orderlines><Orderline>", "</Orderline>", "</Orderline></Orderlines>"),
        ("<LineVat>4.20</LineVat>", ""),
        ("<LineTotalIncl>24.20</LineTotalIncl>", ""),
        ("<LineTotalExcl>20.00</LineTotalExcl><LineVat>4.20</LineVat>", ""),
        ("<Order><OrderNumber>ORD000001</OrderNumber>", "<Order ordernumber='ORD000001'>"),
    ],
)
def test_another_guess_at_the_same_shape_reads_the_same(change: tuple[str, ...]) -> None:
    text = document().decode()
    for old, new in zip(change[::2], change[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    assert read_orders(text.encode()) == read_orders(document())


def test_an_address_beside_the_debtor_is_his() -> None:
    address = "<Address><City>Bussum</City></Address>"
    customer = "<Debtor><Name>Jan</Name></Debtor>" + address
    found = read_orders(document(order(customer=customer)))[0]
    assert [a.city for a in found.debtor.addresses] == ["Bussum"]


def test_a_credit_note_keeps_its_minus() -> None:
    row = read_orders(document(order("ORD1", orderline("21", "-10.00", "-2.10", "-12.10"))))[
        0
    ].lines[0]
    assert (row.excl, row.vat, row.incl) == (Decimal("-10.00"), Decimal("-2.10"), Decimal("-12.10"))


def test_vat_slots_are_read_from_the_line_or_else_the_order() -> None:
    own = orderline(
        "21", "1.00", "0.21", "1.21", "<VatKind>oss</VatKind><VatCountry>be</VatCountry>"
    )
    other = orderline("0", "1.00", "0.00", "1.00")
    found = read_orders(document(order("O", own, other, more="<VatKind>export</VatKind>")))[0]
    assert [(row.vat_kind, row.vat_country) for row in found.lines] == [
        ("oss", "BE"),
        ("export", ""),
    ]


def replaced(old: str, new: str) -> bytes:
    text = document().decode()
    assert old in text
    return text.replace(old, new).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "geen geldige XML"),
        (b"PK\x03\x04", "geen geldige XML"),
        (FIGURE_5[: len(FIGURE_5) // 2], "geen geldige XML (regel"),
        (b"<?xml version='1.0' encoding='klingon'?><Asperion/>", "tekencodering"),
        (b"<html><body>Onderhoud</body></html>", "begint met <html>"),
        (b"<Asperion><Orders/></Asperion>", "geen orders"),
        (BOMB, "DTD"),
        (EXTERNAL, "DTD"),
        (b"<!DOCTYPE Asperion><Asperion/>", "DTD"),
        (replaced("ORD000001", " "), "order 1: OrderNumber ontbreekt"),
        (replaced("2014-06-16", "2014-02-30"), "OrderDate is geen datum"),
        (replaced("2014-06-16", "16/6/14"), "OrderDate is geen datum"),
        (replaced(LINE, ""), "order ORD000001: er zijn geen orderregels"),
        (replaced(debtor(), ""), "0 keer een Debtor"),
        (replaced("<Name>Jan</Name>", ""), "naam ontbreekt"),
        (replaced("jan@example.com", "jan at example"), "e-mailadres is ongeldig"),
        (replaced("<VatPercentage>21.00</VatPercentage>", ""), "regel 1: VatPercentage"),
        (replaced("<VatPercentage>21.00<", "<VatPercentage>hoog<"), "geen getal: 'hoog'"),
        (replaced(">20.00<", ">20.005<"), "delen van een cent"),
        (replaced(">20.00<", ">1.020,00<"), "geen getal"),
        (replaced(">20.00<", ">NaN<"), "geen getal"),
        (replaced(">20.00<", "><b>20.00</b><"), "bevat andere elementen"),
        (replaced("<LineVat>", "<LineVat>1.00</LineVat><LineVat>"), "meer dan eens"),
        (document(order(more="<Currency>USD</Currency>")), "valuta USD"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_orders(content)
    assert reason in str(refused.value)


def test_a_very_deep_document_is_refused() -> None:
    deep = b"<Asperion>" + b"<Orders>" * 50_000 + b"</Orders>" * 50_000 + b"</Asperion>"
    with pytest.raises(UnreadableFile):
        read_orders(deep)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_orders(content)


@given(at=st.integers(0, len(document()) - 1), byte=st.integers(0, 255))
def test_a_damaged_byte_is_read_or_refused_but_never_breaks_the_reader(at: int, byte: int) -> None:
    content = bytearray(document())
    content[at] = byte
    with suppress(UnreadableFile):
        read_orders(bytes(content))
