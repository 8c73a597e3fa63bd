"""Whatever customers and articles are called, the file says what was meant."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.axml import Profile, load_profile, render, verify
from chalicelib.domain.invoices import Invoice
from chalicelib.errors import RenderedWrong
from tests.chance import share
from tests.unit.axml.builders import a_debtor, a_line, an_address, an_invoice, negated
from tests.unit.axml.conftest import DEFAULT, DEVIATING

PROFILES = {path.name: load_profile(path) for path in (DEFAULT, DEVIATING)}

NASTY = [
    "<script>alert('x')</script> &amp; ]]> <!-- -- > <?php",
    "{{ 7 * 7 }}{% for %}{# #}",
    "\u202eabc\u202c \u200f\u061c",
    "👩‍👩‍👧 \U0001f4a9 \U0010ffff",
    "\x00\x01\x0b\x1f\ufffe\uffff",
    "\ud83d lone \udca9",
    "\u0085\u2028\u00a0\ufeff",
    " \t\r\n a\rb\r\nc\n ",
    "“”„‟‘’‚‛«»‹›\"'",
    "é" * 10_000,
    "&#8220;&quot;%s%(x)s",
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.characters(), max_size=30),  # lone surrogates included
    st.text(alphabet="<>&\"'“”\x00\ud800\r\n\t{}%#]é€ ", max_size=30),
)


def meant(text: str) -> str:
    """Naively: the text without what XML 1.0 cannot say."""

    def sayable(character: str) -> bool:
        number = ord(character)
        return (
            number in {9, 10, 13}
            or 0x20 <= number <= 0xD7FF
            or 0xE000 <= number <= 0xFFFD
            or number >= 0x10000
        )

    return "".join(filter(sayable, text))


@given(texts, texts, texts, texts)
def test_hostile_text_parses_back_to_what_was_meant(
    name: str, street: str, article: str, email: str
) -> None:
    profile = PROFILES["reconstructed-1.4"]
    order = an_invoice(
        lines=(a_line(description=article, article_code=name[:255]),),
        debtor=a_debtor(name=name, email=email, addresses=(an_address(street=street),)),
        order_number=street,
        description=email,
    )
    content = render(profile, [order])
    verify(profile, content, [order])
    root = ET.fromstring(content)
    assert root.findtext(".//Debtor/Name") == meant(name)
    assert root.findtext(".//Email") == meant(email)
    assert root.findtext(".//Street") == meant(street)
    assert root.findtext(".//Order/Description") == meant(email)
    assert root.findtext(".//Orderline/Description") == meant(article)
    assert len(root.findall(".//*")) == len(
        ET.fromstring(render(profile, [plain()])).findall(".//*")
    ) - (not meant(name)), "no text ever becomes an element"


def plain() -> Invoice:
    return an_invoice()


@given(texts)
def test_hostile_text_survives_attributes_and_a_small_encoding(text: str) -> None:
    profile = PROFILES["deviating"]
    order = an_invoice(debtor=a_debtor(email=text, phone=text), order_number=text)
    content = render(profile, [order])
    verify(profile, content, [order])
    debtor = ET.fromstring(content).find("Orders/Debtor")
    assert debtor is not None
    straight = re.sub("[“”„‟«»]", '"', re.sub("[‘’‚‛‹›]", "'", meant(text)))
    assert debtor.get("tel") == debtor.get("mail") == straight


def test_quotation_marks_of_every_kind_are_references(default: Profile) -> None:
    content = render(default, [an_invoice(debtor=a_debtor(name="\"a\" 'b' “c” ‘d’ „e‚ é"))])
    assert (
        "<Name>&#34;a&#34; &#39;b&#39; &#8220;c&#8221; &#8216;d&#8217; &#8222;e&#8218; é</Name>"
    ) in content.decode("utf-8")


days = st.dates(date(2014, 11, 1), date(2014, 11, 3))


@st.composite
def some_orders(draw: st.DrawFn) -> list[Invoice]:
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=6))
    orders: list[Invoice] = []
    for number in numbers:
        changes: dict[str, Any] = {"day": draw(days)}
        if draw(st.booleans()):
            changes["order_number"] = draw(st.sampled_from(["A", "B", "a"]))
        if draw(st.booleans()):
            changes["invoice_number"] = None
        order = an_invoice(number, **changes)
        orders.append(order)
        if draw(st.booleans()):
            orders.append(negated(order))
    return orders


@given(st.data())
@settings(max_examples=share(60))
def test_the_same_orders_in_any_order_give_the_same_bytes(data: st.DataObject) -> None:
    orders = data.draw(some_orders())
    shuffled = data.draw(st.permutations(orders))
    for profile in PROFILES.values():
        content = render(profile, orders)
        assert render(profile, shuffled) == content
        verify(profile, content, shuffled)


def test_orders_stand_by_day_then_number(default: Profile) -> None:
    late = an_invoice(1, day=date(2014, 11, 10))
    root = ET.fromstring(render(default, [late, an_invoice(3), an_invoice(2)]))
    numbers = [element.text for element in root.findall(".//OrderNumber")]
    assert numbers == ["ORD000002", "ORD000003", "ORD000001"]


def test_a_credit_note_without_a_number_keeps_its_place(default: Profile) -> None:
    order = an_invoice(invoice_number=None)
    credit = dataclasses.replace(negated(order), invoice_number=None, credits="INV000037")
    assert render(default, [order, credit]) == render(default, [credit, order])


def test_a_document_is_never_twice_in_one_file(default: Profile) -> None:
    with pytest.raises(RenderedWrong, match="ORD000033 is twice"):
        render(default, [an_invoice(), an_invoice(34), an_invoice()])
