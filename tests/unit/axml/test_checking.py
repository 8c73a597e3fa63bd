"""A file that does not say what was judged never leaves."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.axml import Profile, load_profile, render, verify
from chalicelib.errors import RenderedWrong
from tests.unit.axml.builders import EXPORT, HIGH, a_line, an_invoice

ORDERS = [an_invoice(33, (a_line(), a_line(2, "5.00"))), an_invoice(34)]


def test_a_file_that_says_what_was_judged_passes(default: Profile) -> None:
    verify(default, render(default, ORDERS), ORDERS)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("<OrderNumber>ORD000033<", "<OrderNumber>ORD000035<", "order number"),
        ("<OrderDate>2014-11-09<", "<OrderDate>2014-11-10<", "date"),
        ("<OrderDate>2014-11-09<", "<OrderDate>9 november<", "date"),
        ("<Email>j.jansen@example.com<", "<Email>J.Jansen@example.com<", "e-mail"),
        ("<Email>j.jansen@example.com</Email>", "", "not found"),
        ("<LineTotalExcl>20.00<", "<LineTotalExcl>20.01<", r"line 1 \(excl\)"),
        ("<LineVat>4.20<", "<LineVat>4.21<", r"line 1 \(vat\)"),
        ("<LineTotalIncl>24.20<", "<LineTotalIncl>24.19<", r"line 1 \(incl\)"),
        ("<LineTotalIncl>24.20<", "<LineTotalIncl>-24.20<", r"line 1 \(incl\)"),
        ("<LineTotalIncl>24.20<", "<LineTotalIncl>24,20<", "notation"),
        ("<LineTotalIncl>24.20<", "<LineTotalIncl>NaN<", "notation"),
        ("<LineTotalIncl>24.20<", "<LineTotalIncl><", "notation"),
        ("<VatPercentage>21.00<", "<VatPercentage>9.00<", r"line 1 \(VAT\)"),
        ("<VatPercentage>21.00<", "<VatPercentage>high<", "notation"),
        ("<VatPercentage>21.00</VatPercentage>", "", "not found"),
        ("<LineVat>", "<VatKind>oss</VatKind><LineVat>", r"line 1 \(VAT kind\)"),
        ("<Orderline>", "<Orderline/><Orderline>", "number of lines"),
        ("</Order>", "</Order><Order/>", "3 orders instead of 2"),
        ("</Asperion>", "", "not well-formed"),
    ],
)
def test_a_file_that_says_something_else_is_stopped(
    default: Profile, old: str, new: str, complaint: str
) -> None:
    content = render(default, ORDERS).decode()
    assert old in content
    with pytest.raises(RenderedWrong, match=complaint) as caught:
        verify(default, content.replace(old, new, 1).encode(), ORDERS)
    text = "".join(traceback.format_exception(caught.value))
    assert "example.com" not in text
    assert "24" not in str(caught.value)


def test_lines_that_do_not_add_up_to_the_order_are_stopped(default: Profile) -> None:
    order = dataclasses.replace(an_invoice(), incl=Decimal("24.21"))
    with pytest.raises(RenderedWrong, match=r"sum of the lines \(incl\)"):
        verify(default, render(default, [order]), [order])


def test_a_wrong_order_total_is_stopped(deviating: Profile) -> None:
    content = render(deviating, [an_invoice()]).replace(b'totaal="24,200"', b'totaal="24,300"')
    with pytest.raises(RenderedWrong, match=r"order's total \(incl\)"):
        verify(deviating, content, [an_invoice()])


def test_orders_that_changed_places_are_noticed(default: Profile) -> None:
    content = render(default, ORDERS)
    swapped = content.replace(b"ORD000033", b"x").replace(b"ORD000034", b"ORD000033")
    with pytest.raises(RenderedWrong):
        verify(default, swapped.replace(b"x", b"ORD000034"), ORDERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ line.incl|money }}", "{{ line.excl|money }}"),
        ("{{ order.debtor.email }}", "{{ order.debtor.email|upper }}"),
        ("{% for line in order.lines %}", "{% for line in order.lines[1:] %}"),
        ("{{ line.treatment|vat(order.rates_of) }}", "{{ line.vat|money }}"),
        ("{{ line.vat|money }}", "{{ line.vat|money|replace('.', '') }}"),
    ],
)
def test_a_template_that_writes_the_wrong_slot_is_stopped(
    changed: Callable[..., Path], old: str, new: str
) -> None:
    profile = load_profile(changed("orders.xml", old, new))
    with pytest.raises(RenderedWrong, match="ORD000033"):
        verify(profile, render(profile, ORDERS), ORDERS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{{ line.treatment|vat_kind }}", "{{ line.treatment|vat_country }}"),
        ("{% if line.treatment|vat_kind %}", "{% if line.treatment.kind == 'oss' %}"),
    ],
)
def test_a_line_that_does_not_say_why_it_has_no_vat_is_stopped(
    changed: Callable[..., Path], old: str, new: str
) -> None:
    abroad = [an_invoice(lines=(a_line(treatment=EXPORT),))]
    profile = load_profile(changed("orders.xml", old, new))
    with pytest.raises(RenderedWrong, match=r"line 1 \(VAT kind\)"):
        verify(profile, render(profile, abroad), abroad)


def test_a_rate_that_the_profile_rounds_is_still_accepted(changed: Callable[..., Path]) -> None:
    folder = changed("profile.toml", "percentage_decimals = 2", "percentage_decimals = 0")
    finnish = dataclasses.replace(HIGH, rate=Decimal("0.255"))
    orders = [an_invoice(lines=(a_line(treatment=finnish),))]
    profile = load_profile(folder)
    content = render(profile, orders)
    assert b"<VatPercentage>26<" in content
    verify(profile, content, orders)
    with pytest.raises(RenderedWrong, match="VAT"):
        verify(profile, content.replace(b"Percentage>26<", b"Percentage>27<"), orders)


@pytest.mark.parametrize(("old", "new"), [(b'btw="HOOG"', b'btw="LAAG"'), (b'"NL"', b'"ICP"')])
def test_a_class_word_that_is_not_the_lines_is_stopped(
    deviating: Profile, old: bytes, new: bytes
) -> None:
    content = render(deviating, [an_invoice()])
    assert old in content
    with pytest.raises(RenderedWrong, match="VAT"):
        verify(deviating, content.replace(old, new), [an_invoice()])
