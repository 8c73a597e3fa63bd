"""Fingerprints: the same as long as the shop says the same, and no amount to be read from them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.fingerprint import (
    Prints,
    fingerprint,
    invoice_summary_print,
    list_details,
    source_print,
    summary_print,
    terms_print,
)
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Terms, judge
from chalicelib.domain.orders import Order, OrderStatus, OrderSummary, PaymentStatus
from chalicelib.domain.policy import DateBasis, LateOrders, Policy, VatClass
from chalicelib.domain.print_keys import derive_key, key_id
from chalicelib.domain.seen_orders import look_at
from tests.fakes.documents_of_shop import (
    BELGIUM,
    HOME,
    MADE,
    Facts,
    charge,
    invoice,
    order,
    order_line,
    terms,
)

KEY = derive_key("a secret", 184520)
HEX = re.compile(r"[0-9a-f]{32}")


def of(sold: Order, conditions: Terms | None = None) -> str:
    verdict = judge(sold, conditions or terms())
    assert isinstance(verdict, Invoice)
    return fingerprint(verdict, KEY)


def test_the_same_order_has_the_same_fingerprint() -> None:
    assert of(order()) == of(order())
    assert HEX.fullmatch(of(order()))


@pytest.mark.parametrize(
    "edited",
    [
        order(order_line("24.21")),
        order(order_line("24.20"), order_line("0.00")),
        order(order_line("24.20", title="Andere mok")),
        order(order_line("24.20", article_code="ANDER")),
        order(order_line("12.10", quantity=2)),
        order(order_line("24.20", "0.09")),
        order(shipment=charge("4.95")),
        order(email="ander@example.nl"),
        order(lastname="Jansen"),
        order(company_name="Werk B.V."),
        order(company_vat_number="NL004495445B01"),
        order(company_coc_number="12345678"),
        order(billing=replace(HOME, street="Kerkstraat")),
        order(shipping=replace(HOME, number="13")),
        order(id=2),
    ],
)
def test_an_edited_order_has_another(edited: Order) -> None:
    assert of(edited) != of(order())


def test_what_changes_without_the_order_having_changed_leaves_it_alone() -> None:
    assert of(order(invoices=(invoice(),))) == of(order())
    elsewhere = terms(payments={"ideal": "IDEAL"}, date_basis=DateBasis.PAYMENT, paid_at=MADE)
    assert of(order(), elsewhere) == of(order())
    assert of(order(updated_at=MADE.replace(year=2027), status="completed_shipped")) == of(order())


def test_the_notation_of_a_number_is_no_change() -> None:
    sold = order_line("24.20", quantity=10)
    other = replace(sold, quantity=Decimal("1E+1"), price_incl=Decimal("242.0"))
    assert of(order(other)) == of(order(sold))


def test_another_key_gives_another_fingerprint() -> None:
    verdict = judge(order(), terms())
    assert isinstance(verdict, Invoice)
    prints = {
        fingerprint(verdict, key)
        for key in (KEY, derive_key("a secret", 184521), derive_key("another", 184520))
    }
    assert len(prints) == 3


def test_a_key_needs_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        derive_key("", 184520)


def test_hostile_text_has_a_fingerprint_too() -> None:
    assert HEX.fullmatch(of(order(order_line("24.20", title="\ud83d\u202e\x00<&>"))))


def summary(**changes: Any) -> OrderSummary:
    one = order()
    facts = {name: getattr(one, name) for name in OrderSummary.__dataclass_fields__}
    return OrderSummary(**(facts | changes))


def test_an_order_and_its_entry_in_a_list_have_the_same_summary() -> None:
    assert summary_print(summary(), KEY) == summary_print(order(), KEY)
    assert summary_print(summary(price_incl=Decimal("24.2")), KEY) == summary_print(order(), KEY)
    assert HEX.fullmatch(summary_print(summary(), KEY))


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_status": "not_paid"},
        {"status": "cancelled"},
        {"price_incl": Decimal("24.21")},
        {"price_excl": Decimal("20.01")},
        {"id": 2},
    ],
)
def test_what_a_list_shows_of_a_change_changes_the_summary(changes: Facts) -> None:
    assert summary_print(summary(**changes), KEY) != summary_print(order(), KEY)


def test_shipping_an_order_does_not() -> None:
    shipped = summary(status="completed_shipped", updated_at=MADE.replace(year=2027))
    assert summary_print(shipped, KEY) == summary_print(order(), KEY)


def test_fingerprints_stay_what_they_are_because_the_ledger_keeps_them() -> None:
    """A change of the canonical form would keep every booked order from being taken back."""
    sold = order(order_line("24.20"), order_line("-5.00", "0"), shipment=charge("4.95"))
    assert of(sold) == "e0b2f955f397b881045a3b9beb38192b"
    assert of(order(order_line("10.00", discount="10.00"))) == "f83829b3626085aaaf539fcab77617ad"
    assert summary_print(sold, KEY) == "60b3dd1e53b3c4bcd0a5c57346bff5b0"
    assert summary_print(order(status="cancelled"), KEY) == "85b4bdf21282d1cd6d1b19d65684927e"
    assert (
        summary_print(order(payment_status="cancelled"), KEY) == "6352174cfa74e527a1cb3fc661def5f4"
    )
    assert KEY.hex() == "7d1968b61aadfb074f2df27f3824be0991c558e1ebc61f9b3b9fac539956e85c"


@pytest.mark.parametrize(
    ("payment_status", "stored"),
    [
        ("not_paid", "f05c348507d5dacb6f8afad184099e66"),
        ("partially_paid", "de8d181401f8b8ce0b55f0f3aef8af59"),
        ("paid", "30045ea378e90e1e42448bcae2c3c6b2"),
        ("refunded", "42f3ece6d507a3b32b95ce03bf3b42cf"),
        ("a_status_of_next_year", "e0a37af1fa709ade88e8118889f19992"),
        ("Ünbekannt €", "feef54071bc672ffe2136c57f6aac3c0"),
        ("UNKNOWN", "f090a24787ae0c2a7423dfb4fe40bafc"),
        ("unknown", "752264f13a52c5ea67afa06857dd5f45"),
    ],
)
def test_a_payment_status_is_fingerprinted_by_its_text_known_or_not(
    payment_status: str, stored: str
) -> None:
    """Written down before statuses became enums: what is in the ledger stays comparable."""
    assert summary_print(order(payment_status=payment_status), KEY) == stored
    for status in ("new", "completed_shipped", "a_status_of_next_year", ""):
        sold = summary(status=OrderStatus(status), payment_status=PaymentStatus(payment_status))
        assert summary_print(sold, KEY) == stored


@pytest.mark.parametrize("status", ["paid", "not_paid", "a_status_of_next_year", ""])
def test_an_invoice_is_fingerprinted_by_whether_it_is_cancelled_alone(status: str) -> None:
    stood = "7a0c167e96975cd7c3fb77bb3be08512"
    assert invoice_summary_print(invoice(status=status), KEY) == stood
    cancelled = invoice_summary_print(invoice(status="cancelled"), KEY)
    assert cancelled == "3cc71964e3a2962c1468a4a4405b70a1"


def test_the_rate_counts_even_when_no_amount_tells_it() -> None:
    tiny = order_line("0.01", price_excl=Decimal("0.01"))
    assert of(order(tiny)) != of(order(replace(tiny, tax_rate=Decimal("0.09"), tax_rates=())))


BE_21 = ("BE", Decimal("0.21"))
TO_BELGIUM = order(billing=BELGIUM, shipping=BELGIUM)


@pytest.mark.parametrize(
    ("sold", "first", "second"),
    [
        (TO_BELGIUM, {}, {"one_stop_shop": True, "foreign_rates": {BE_21: VatClass.HIGH}}),
        (
            TO_BELGIUM,
            {"one_stop_shop": True, "foreign_rates": {BE_21: VatClass.HIGH}},
            {"one_stop_shop": True, "foreign_rates": {BE_21: VatClass.NONE}},
        ),
        (order(order_line("24.20", "0")), {}, {"small_business_scheme": True}),
    ],
    ids=["country", "class", "kind"],
)
def test_settings_that_change_the_vat_of_a_line_change_it(
    sold: Order, first: Facts, second: Facts
) -> None:
    assert of(sold, terms(**first)) != of(sold, terms(**second))


def test_settings_that_do_not_leave_it_alone() -> None:
    mapped = terms(foreign_rates={BE_21: VatClass.NONE}, service_articles=frozenset({"MOK"}))
    assert of(order(), mapped) == of(order())


PRINTS = Prints(key=KEY, summary="s" * 32, source="o" * 32, content="c" * 32)


def test_what_is_stored_can_be_read_back() -> None:
    assert str(PRINTS) == f"{key_id(KEY)}.{'s' * 32}.{'o' * 32}.{'c' * 32}"
    assert Prints.read(str(PRINTS), [KEY]) == PRINTS


def test_of_several_keys_that_one_counts_by_which_it_was_made() -> None:
    found = Prints.read(str(PRINTS), [derive_key("a newer secret", 184520), KEY])
    assert found is not None
    assert found.key == KEY


def test_a_key_is_not_shown() -> None:
    assert KEY.hex() not in repr(PRINTS)
    assert repr(KEY) not in repr(PRINTS)


@pytest.mark.parametrize(
    "stored", [None, "", "f" * 64, f"{'s' * 32}.{'c' * 32}", f"{key_id(KEY)}.s.c", "...", "a.b.c.d"]
)
def test_with_what_is_not_of_this_key_and_form_nothing_is_compared(stored: str | None) -> None:
    assert Prints.read(stored, [KEY]) is None


def test_what_was_booked_under_another_secret_is_not_compared() -> None:
    assert Prints.read(str(PRINTS), [derive_key("another", 184520)]) is None
    assert re.fullmatch(r"[0-9a-f]{8}", key_id(KEY))
    assert key_id(KEY) not in KEY.hex()


def test_the_prints_of_a_key_and_form_stay_what_they_are() -> None:
    """After a change of the canonical form `FORM` has to be raised, or every order looks edited."""
    sold = order(order_line("24.20"), order_line("-5.00", "0"), shipment=charge("4.95"))
    assert key_id(KEY) == "4fea88ab"
    assert source_print(sold, KEY) == "8628a483eea1ec588516cfaa49f3cb63"
    assert invoice_summary_print(invoice(), KEY) == "7a0c167e96975cd7c3fb77bb3be08512"


@pytest.mark.parametrize(
    "sold", [order(), order(email="none"), order(order_line("24.20"), shipment=charge("4.95"))]
)
def test_details_that_are_at_hand_are_those_that_the_prints_are_made_of(sold: Order) -> None:
    verdict = judge(sold, terms())
    debtor = verdict.debtor if isinstance(verdict, Invoice) else None
    details = list_details(sold, debtor)
    assert details == list_details(sold)
    assert source_print(sold, KEY, details) == source_print(sold, KEY)
    assert look_at(sold, KEY, details) == look_at(sold, KEY)


def test_a_choice_that_came_later_leaves_what_files_keep_of_the_terms_alone() -> None:
    """As version 1.4.0 wrote it, whose files are to count as made by the same choices."""
    kept = "4fea88ab.b7d79329d5a3e1765d74821b2ab6df64"
    assert terms_print(Policy(), "EUR", "NL", KEY) == kept
    assert terms_print(Policy(late_orders=LateOrders.HOLD), "EUR", "NL", KEY) == kept
    assert terms_print(Policy(on_account=True), "EUR", "NL", KEY) != kept
    assert terms_print(Policy(description_pattern="{bestelling}"), "EUR", "NL", KEY) != kept
