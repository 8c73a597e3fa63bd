"""The merchant's own description of an invoice, and the payment provider's number in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.descriptions import (
    LONGEST,
    STANDARD,
    Field,
    PatternFault,
    find_fault,
    list_order_numbers,
    write_description,
)
from chalicelib.domain.documents import describe_late
from chalicelib.domain.fingerprint import fingerprint, source_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import judge
from chalicelib.domain.number_lists import read_number_list
from chalicelib.domain.payment_references import find_reference
from chalicelib.domain.policy import LateOrders, Policy
from chalicelib.domain.reversal import mirror_invoice
from tests.fakes.documents_of_shop import invoice, order, terms

WITH_REFERENCE = "Bestelling {bestelling}[ factuur {factuur}][ kenmerk {kenmerk}]"
BOTH = {Field.ORDER: "ORD000033", Field.INVOICE: "INV000037", Field.REFERENCE: "tr_7UhSN1zuXS"}
KEY = b"k" * 32


def booked(policy: Policy, **facts: object) -> Invoice:
    verdict = judge(order(**facts), replace(terms(), policy=policy))
    assert isinstance(verdict, Invoice), verdict
    return verdict


def test_without_a_choice_the_description_is_that_of_the_manual() -> None:
    assert Policy().description_pattern == STANDARD
    sold = order(number="ORD000033", invoices=(invoice("INV000037"),))
    verdict = judge(sold, terms())
    assert isinstance(verdict, Invoice)
    assert verdict.description == "Bestelling ORD000033 factuur INV000037"
    assert booked(Policy(), number="ORD000038").description == "Bestelling ORD000038"


@pytest.mark.parametrize(
    ("pattern", "left", "written"),
    [
        (STANDARD, {}, "Bestelling ORD000033 factuur INV000037"),
        (STANDARD, {Field.INVOICE: ""}, "Bestelling ORD000033"),
        (WITH_REFERENCE, {}, "Bestelling ORD000033 factuur INV000037 kenmerk tr_7UhSN1zuXS"),
        (WITH_REFERENCE, {Field.INVOICE: ""}, "Bestelling ORD000033 kenmerk tr_7UhSN1zuXS"),
        (WITH_REFERENCE, {Field.REFERENCE: ""}, "Bestelling ORD000033 factuur INV000037"),
        ("[{kenmerk} ]{bestelling}", {}, "tr_7UhSN1zuXS ORD000033"),
        ("[{kenmerk} ]{bestelling}", {Field.REFERENCE: ""}, "ORD000033"),
        ("{bestelling}[ ({factuur}/{kenmerk})]", {Field.REFERENCE: ""}, "ORD000033"),
        ("{kenmerk} {bestelling} {factuur}", {Field.REFERENCE: ""}, "ORD000033 INV000037"),
        ("100% %(x)s {bestelling}", {}, "100% %(x)s ORD000033"),
    ],
)
def test_what_is_empty_falls_away_with_its_part(
    pattern: str, left: dict[Field, str], written: str
) -> None:
    assert find_fault(pattern) is None
    assert write_description(pattern, {**BOTH, **left}) == written


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", PatternFault.LENGTH),
        ("{bestelling}" + "x" * LONGEST, PatternFault.LENGTH),
        ("{bestelling}\n", PatternFault.CHARACTERS),
        ("{bestelling}\x00x", PatternFault.CHARACTERS),
        ("{bestelling}\u200bx", PatternFault.CHARACTERS),
        (" {bestelling}", PatternFault.CHARACTERS),
        ("Bestelling", PatternFault.ORDER),
        ("x[ {bestelling}]", PatternFault.ORDER),
        ("{bestelling} {naam}", PatternFault.FIELD),
        ("{bestelling} {}", PatternFault.FIELD),
        ("{bestelling} {Factuur}", PatternFault.FIELD),
        ("{bestelling.__class__}", PatternFault.FIELD),
        ("{bestelling} {bestelling}", PatternFault.TWICE),
        ("{bestelling}[ {factuur}", PatternFault.BRACKETS),
        ("{bestelling}] x", PatternFault.BRACKETS),
        ("{bestelling}[a[{factuur}]]", PatternFault.BRACKETS),
        ("{bestelling", PatternFault.BRACKETS),
        ("{{bestelling}}", PatternFault.BRACKETS),
        ("{bestelling}[ x]", PatternFault.EMPTY_PART),
        ("{bestelling}[]", PatternFault.EMPTY_PART),
    ],
)
def test_what_is_no_pattern_is_refused_for_its_cause(pattern: str, fault: PatternFault) -> None:
    assert find_fault(pattern) is fault


@given(st.text(alphabet="{}[] abbestelingfactuurkenmerk\n%\\(*", max_size=60))
def test_any_text_is_a_pattern_or_not_and_one_that_is_names_the_order(pattern: str) -> None:
    if find_fault(pattern) is None:
        assert "ORD000033" in write_description(pattern, BOTH)


@st.composite
def _draw_patterns(draw: st.DrawFn) -> str:
    """Patterns of every form whose fields have a blank between them."""
    pieces = [f"{{{Field.ORDER}}}"]
    others = draw(st.lists(st.sampled_from([Field.INVOICE, Field.REFERENCE]), unique=True))
    forms = st.sampled_from(["{{{}}}", "[{{{}}} ]", "[ nr. ({{{}}})]"])
    pieces += [draw(forms).format(name) for name in others]
    pieces += draw(st.lists(st.sampled_from(["van", "no.*", "%d", "(", "\\", " "]), max_size=3))
    blanks = st.sampled_from([" ", "  "])
    joined = "".join(piece + draw(blanks) for piece in draw(st.permutations(pieces)))
    return joined.strip()


_PART = st.from_regex(r"[A-Za-z]{0,12}[-_/#]?[0-9]{1,15}", fullmatch=True)


@given(_draw_patterns(), _PART, st.just("") | _PART, st.just("") | _PART, st.booleans())
def test_whatever_is_empty_the_number_that_was_written_is_among_those_found(
    pattern: str, number: str, invoiced: str, reference: str, is_late: bool
) -> None:
    assert find_fault(pattern) is None
    values = {Field.ORDER: number, Field.INVOICE: invoiced, Field.REFERENCE: reference}
    written = write_description(pattern, values)
    if is_late:
        written = describe_late(written, date(2026, 3, 31))
    assert number in list_order_numbers(written, pattern)


def test_no_print_of_a_booked_order_depends_on_its_description() -> None:
    plain = booked(Policy())
    own = booked(Policy(description_pattern=WITH_REFERENCE), payment_reference="tr_7UhSN1zuXS")
    assert own.description.endswith("kenmerk tr_7UhSN1zuXS")
    assert fingerprint(own, KEY) == fingerprint(plain, KEY)
    assert source_print(order(payment_reference="x1"), KEY) == source_print(order(), KEY)


def test_a_correction_and_a_latecomer_say_so_whatever_the_pattern() -> None:
    policy = Policy(description_pattern="[{kenmerk} ]{bestelling}", late_orders=LateOrders.NEXT)
    sold = booked(policy, payment_reference="tr_7UhSN1zuXS")
    mirrored = mirror_invoice(sold, day=sold.day)
    assert mirrored.description.startswith("Correctie bestelling ")
    closed = replace(terms(), policy=policy, locked_until=sold.day)
    late = judge(order(payment_reference="tr_7UhSN1zuXS"), closed)
    assert isinstance(late, Invoice)
    assert late.description == describe_late(sold.description, sold.day)
    assert list_order_numbers(late.description, policy.description_pattern) == [sold.order_number]


def test_a_list_of_asperions_descriptions_is_read_by_the_merchants_own_pattern() -> None:
    pattern = "[{kenmerk} ]nr {bestelling}"
    table = (
        "Datum;Omschrijving\n1-2-2026;tr_7UhSN1zuXS nr ORD000033\n2-2-2026;nr ORD000034\n"
        "3-2-2026;Bestelling ORD000035 factuur INV000039\n"
    )
    assert read_number_list(table, pattern).numbers == ("ORD000033", "ORD000034", "ORD000035")


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ("{bestelling} {factuur}", ("ORD000033 INV000037", "ORD000034")),
        (
            "Factuur {factuur} van {bestelling}",
            ("Factuur INV7 van ORD000033", "Factuur van ORD000034"),
        ),
        ("{kenmerk} {bestelling}", ("tr_7UhSN1zuXS ORD000033", "ORD000034")),
        ("{kenmerk} {bestelling} {factuur}", ("tr_7UhSN1zuXS ORD000033", "ORD000034 INV000037")),
        ("nr  {bestelling}", ("nr ORD000033", "nr ORD000034")),
        ("{bestelling}[/{factuur}]", ("ORD000033/22", "ORD000034")),
    ],
)
def test_a_description_without_one_of_its_fields_has_the_orders_number(
    pattern: str, rows: tuple[str, ...]
) -> None:
    table = "\n".join(["Bedrag;Omschrijving", *(f"9,00;{row}" for row in rows)])
    assert read_number_list(table, pattern).numbers == ("ORD000033", "ORD000034")


@pytest.mark.parametrize(
    ("left", "found"),
    [
        ({"transaction_id": "tr_7UhSN1zuXS"}, "tr_7UhSN1zuXS"),
        ({"method": "ideal", "transactionId": 4_711_000}, "4711000"),
        ({"transaction_id": " 7f3c-11.2 "}, "7f3c-11.2"),
        ({"transaction_id": "", "reference": "PSP-88123"}, "PSP-88123"),
        ({"method": "ideal"}, ""),
        ({"reference": "NL91ABNA0417164300"}, ""),
        ({"reference": "nl91-abna.0417_164300"}, ""),
        ({"reference": "s.devries@example.nl"}, ""),
        ({"reference": "Jansen"}, ""),
        ({"reference": "J. de Vries 12"}, ""),
        ({"reference": "4111111111111111"}, ""),
        ({"reference": "tr_1\nBestelling"}, ""),
        ({"reference": "x1"}, ""),
        ({"reference": "1" * 41}, ""),
        ({"reference": {"id": "tr_1234"}}, ""),
        ({"transaction_id": True}, ""),
        ({"transaction_id": "<b>1234</b>"}, ""),
        ({"consumer_name": "tr_1234", "iban": "tr_1234"}, ""),
    ],
)
def test_a_reference_is_taken_only_where_it_is_surely_one(
    left: dict[str, object], found: str
) -> None:
    assert find_reference(left) == found
