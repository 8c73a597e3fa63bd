"""From order to file: the same bytes every time, and every text read back as it was meant."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import judge, judge_invoice
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import Source
from sandbox.asperion.axml_reader import read_orders
from sandbox.asperion.invoice_checks import deviations
from tests.books.sales import nearly_closing, whole_credit
from tests.books.strategies import NASTY, orders, texts
from tests.chance import brisk
from tests.fakes.documents_of_shop import order, order_line, terms

PROFILE = load_profile(Path(__file__).parents[2] / "templates/axml/reconstructed-1.4")


def batches(*, most: int = 4) -> st.SearchStrategy[list[Order]]:
    """Several orders of one shop, each with a number of its own."""
    return st.lists(nearly_closing(8), min_size=1, max_size=most, unique_by=lambda one: one.id)


def booked_of(batch: list[Order]) -> list[Invoice]:
    verdicts = [judge(one, terms()) for one in batch]
    return [verdict for verdict in verdicts if isinstance(verdict, Invoice)]


def allowed(sign: str) -> bool:
    """Whether XML 1.0 allows a character, by its table of ranges (production 2, Char)."""
    point = ord(sign)
    if point in (0x9, 0xA, 0xD):
        return True
    return 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or 0x10000 <= point <= 0x10FFFF


def shown(text: str) -> str:
    """What a reader of the file has to find: the text without what XML cannot hold."""
    return "".join(sign for sign in text if allowed(sign))


def text_of(element: ET.Element, path: str) -> str:
    found = element.find(path)
    assert found is not None, path
    return found.text or ""


@brisk
@given(batches(), st.randoms(use_true_random=False))
def test_rendering_twice_and_in_any_order_gives_the_same_bytes(
    batch: list[Order], chance: random.Random
) -> None:
    invoices = booked_of(batch)
    content = render(PROFILE, invoices)
    assert render(PROFILE, invoices) == content
    shuffled = list(invoices)
    chance.shuffle(shuffled)
    assert render(PROFILE, shuffled) == content
    assert render(PROFILE, booked_of(batch)) == content


@brisk
@given(batches())
def test_every_booked_order_is_in_the_file_once_and_no_held_one_is(batch: list[Order]) -> None:
    invoices = booked_of(batch)
    content = render(PROFILE, invoices)
    verify(PROFILE, content, invoices)
    numbers = Counter(one.text for one in ET.fromstring(content).iter("OrderNumber"))
    assert numbers == Counter(one.order_number for one in invoices)
    held = {one.number for one in batch} - {one.order_number for one in invoices}
    assert not held & set(numbers)


@brisk
@given(nearly_closing(3), st.sampled_from([1, -1]))
def test_the_lines_of_the_file_add_up_to_the_order_and_its_credit_to_nothing(
    sold: Order, sign: int
) -> None:
    verdict = judge(sold, terms())
    if not isinstance(verdict, Invoice):
        return
    note, items, original = whole_credit(sold, sign)
    credit = judge_invoice(note, items, sold, terms(source=Source.INVOICES), original=original)
    assert isinstance(credit, Invoice)
    root = ET.fromstring(render(PROFILE, [verdict, credit]))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    per_rate: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for element in root.iter("Order"):
        totals = [Decimal(text_of(one, "LineTotalIncl")) for one in element.iter("Orderline")]
        sums[text_of(element, "Description")] += sum(totals, Decimal(0))
        for one in element.iter("Orderline"):
            for amount in ("LineTotalExcl", "LineVat", "LineTotalIncl"):
                per_rate[text_of(one, "VatPercentage"), amount] += Decimal(text_of(one, amount))
    assert sums[f"Bestelling {sold.number}"] == sold.price_incl
    assert set(per_rate.values()) == {Decimal("0.00")}


@brisk
@given(orders())
def test_an_asperion_that_shares_no_code_finds_nothing_to_mark(sold: Order) -> None:
    verdict = judge(sold, terms())
    assert isinstance(verdict, Invoice)
    (read,) = read_orders(render(PROFILE, [verdict]))
    assert deviations(read) == []


@brisk
@given(orders(), texts(), texts(), texts())
def test_hostile_text_parses_back_to_what_was_meant(
    sold: Order, title: str, name: str, company: str
) -> None:
    (first, *rest) = sold.lines
    sold = replace(
        sold,
        lines=(replace(first, title=title), *rest),
        firstname=name,
        company_name=company,
    )
    invoice = judge(sold, terms())
    assert isinstance(invoice, Invoice)
    root = ET.fromstring(render(PROFILE, [invoice]))
    assert text_of(root, ".//Debtor/Name") == shown(invoice.debtor.name)
    if shown(invoice.debtor.company):
        assert text_of(root, ".//CompanyName") == shown(invoice.debtor.company)
    descriptions = [text_of(one, "Description") for one in root.iter("Orderline")]
    assert descriptions == [shown(one.description) for one in invoice.lines]
    streets = [text_of(one, "Street") for one in root.iter("Address")]
    assert streets == [shown(one.street) for one in invoice.debtor.addresses]


@pytest.mark.parametrize("text", [*NASTY, "Z" * 10_000, "🎂<&>" * 2_500])
def test_the_worst_texts_survive_in_every_field(text: str) -> None:
    place = replace(
        order().billing, attention=text, street=text, line2=text, suffix=text, postal_code=text,
        city=text, region=text,
    )  # fmt: skip
    sold = order(
        order_line("24.20", title=text, variant=text, article_code=text[:255]),
        firstname=text, middlename=text, lastname=text, company_name=text, phone=text,
        billing=place, shipping_company=text,
    )  # fmt: skip
    invoice = judge(sold, terms())
    assert isinstance(invoice, Invoice)
    content = render(PROFILE, [invoice])
    verify(PROFILE, content, [invoice])
    root = ET.fromstring(content)
    (found,) = root.iter("Orderline")
    assert text_of(found, "Description") == shown(invoice.lines[0].description)
    assert shown(text.strip()) in text_of(found, "Description") or not text
    assert text_of(root, ".//City") == shown(invoice.debtor.addresses[0].city)
