"""What Asperion shows is compared to the cent with what was delivered, of which only hashes are
kept.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.code_totals import add_codes, add_up_codes
from chalicelib.domain.concepts import (
    CodeTotal,
    ConceptLine,
    InvoiceStatus,
    ShownInvoice,
    SoughtInvoice,
)
from chalicelib.domain.landing import (
    Landing,
    Sought,
    amounts_print,
    compare,
    description_print,
    find_sought,
)
from chalicelib.domain.print_keys import derive_key
from chalicelib.ports import Presence

D = Decimal
KEY, NEXT = derive_key("one secret", 184520), derive_key("the next one", 184520)
STRANGE = derive_key("a secret that is gone", 184520)
DAY = date(2026, 4, 15)
CODES = {
    "H": CodeTotal(excl=D("20.00"), vat=D("4.20")),
    "L": CodeTotal(excl=D("9.17"), vat=D("0.83")),
}
SHOWN = ShownInvoice(
    id=501,
    day=DAY,
    description="Bestelling ORD00042",
    debtor_id=77,
    debtor_number="1077",
    status=InvoiceStatus.CONCEPT,
    number="",
    excl=D("29.17"),
    vat=D("5.03"),
    incl=D("34.20"),
    codes=CODES,
)
DELIVERED = amounts_print(CODES, DAY, KEY)


def seek(key: bytes = KEY) -> SoughtInvoice:
    return SoughtInvoice(
        administration_id=7001,
        day=DAY,
        debtor_id=77,
        description_print=description_print(SHOWN.description, key),
        amounts_print=amounts_print(CODES, DAY, key),
    )


def with_code(code: str, **amounts: str) -> ShownInvoice:
    changed = replace(CODES[code], **{name: D(amount) for name, amount in amounts.items()})
    return replace(SHOWN, codes={**CODES, code: changed})


OTHERWISE = {
    "an amount": with_code("H", excl="20.01"),
    "an amount of VAT": with_code("L", vat="0.84"),
    "a sign": with_code("L", excl="-9.17"),
    "another code": replace(SHOWN, codes={"H": CODES["H"], "O": CODES["L"]}),
    "codes changed about": replace(SHOWN, codes={"H": CODES["L"], "L": CODES["H"]}),
    "a line more": replace(SHOWN, codes={**CODES, "N": CodeTotal(excl=D("0.01"), vat=D(0))}),
    "a line less": replace(SHOWN, codes={"H": CODES["H"]}),
    "no lines": replace(SHOWN, codes={}),
    "the date": replace(SHOWN, day=date(2026, 4, 16)),
}


def test_a_concept_as_it_was_delivered_has_landed() -> None:
    assert compare(DELIVERED, SHOWN, [KEY]) is Landing.LANDED


@pytest.mark.parametrize("status", InvoiceStatus)
def test_a_concept_no_longer_is_definitive(status: InvoiceStatus) -> None:
    landing = compare(DELIVERED, replace(SHOWN, status=status), [KEY])

    assert landing is (Landing.DEFINITIVE if status.is_definitive else Landing.LANDED)


def test_a_status_that_nobody_knows_says_nothing() -> None:
    assert compare(DELIVERED, replace(SHOWN, status=None), [KEY]) is Landing.LANDED


def test_what_is_not_shown_is_gone() -> None:
    assert compare(DELIVERED, None, [KEY]) is Landing.GONE
    assert compare(None, None, []) is Landing.GONE


@pytest.mark.parametrize("otherwise", OTHERWISE)
def test_what_is_otherwise_to_the_cent_was_changed(otherwise: str) -> None:
    for status in InvoiceStatus:
        shown = replace(OTHERWISE[otherwise], status=status)
        assert compare(DELIVERED, shown, [KEY]) is Landing.CHANGED


def test_words_number_and_debtor_are_no_change_of_what_is_booked() -> None:
    shown = replace(SHOWN, description="Ander", number="2026-17", debtor_id=78, debtor_number="8")

    assert compare(DELIVERED, shown, [KEY]) is Landing.LANDED


def test_while_the_key_turns_either_of_its_values_tells() -> None:
    for delivered in (DELIVERED, amounts_print(CODES, DAY, NEXT)):
        for keys in ([KEY, NEXT], [NEXT, KEY]):
            assert compare(delivered, SHOWN, keys) is Landing.LANDED
            assert compare(delivered, OTHERWISE["an amount"], keys) is Landing.CHANGED


@pytest.mark.parametrize("stored", [None, "", "no print", amounts_print(CODES, DAY, STRANGE)])
def test_what_was_delivered_may_not_be_known_any_more(stored: str | None) -> None:
    assert compare(stored, SHOWN, [KEY, NEXT]) is Landing.UNCOMPARED


def test_a_code_under_which_nothing_is_makes_no_difference() -> None:
    nothing = CodeTotal(excl=D("0.00"), vat=D("-0.00"))

    assert amounts_print({**CODES, "N": nothing}, DAY, KEY) == DELIVERED
    exact = {code: CodeTotal(excl=+each.excl * 1, vat=D(each.vat)) for code, each in CODES.items()}
    assert amounts_print(exact, DAY, KEY) == DELIVERED


AMOUNTS = st.decimals(D("-999.99"), D("999.99"), places=2)
TOTALS = st.builds(lambda excl, vat: CodeTotal(excl=excl, vat=vat), AMOUNTS, AMOUNTS)
MANY_CODES = st.dictionaries(st.sampled_from("HLNO"), TOTALS)


@given(one=MANY_CODES, other=MANY_CODES)
def test_two_prints_are_equal_when_the_amounts_are(
    one: dict[str, CodeTotal], other: dict[str, CodeTotal]
) -> None:
    def plain(codes: dict[str, CodeTotal]) -> dict[str, CodeTotal]:
        return {code: each for code, each in codes.items() if each.excl or each.vat}

    is_same = amounts_print(one, DAY, KEY) == amounts_print(other, DAY, KEY)

    assert is_same == (plain(one) == plain(other))


def test_a_print_shows_nothing_of_what_it_is_made_of() -> None:
    for made in (DELIVERED, description_print(SHOWN.description, KEY)):
        key, _, hashed = made.partition(".")
        assert (len(key), len(hashed)) == (8, 32)
        assert "42" not in made or int(made.replace(".", ""), 16)


def test_lines_add_up_by_vat_code() -> None:
    def make_line(code: str, amount: str, vat: str) -> ConceptLine:
        return ConceptLine(
            description="Mok",
            amount=D(amount),
            vat_amount=D(vat),
            vat_code=code,
            ledger_account_id=8000,
        )

    lines = [
        make_line("H", "15.00", "3.15"),
        make_line("L", "9.17", "0.83"),
        make_line("H", "5.00", "1.05"),
    ]

    assert add_codes(lines) == CODES
    assert add_codes([]) == {}


def test_many_invoices_add_up_by_vat_code() -> None:
    credit = {"H": CodeTotal(excl=D("-20.00"), vat=D("-4.20"))}

    assert add_up_codes([CODES, credit, CODES]) == {
        "H": CodeTotal(excl=D("20.00"), vat=D("4.20")),
        "L": CodeTotal(excl=D("18.34"), vat=D("1.66")),
    }


def test_the_one_that_is_equal_is_the_one_that_was_sought() -> None:
    answer = find_sought(seek(), [replace(SHOWN, id=7, description="Ander"), SHOWN], [KEY])

    assert (answer.sought, answer.invoice) == (Sought.SAME, SHOWN)


def test_one_that_both_lists_show_is_one() -> None:
    assert find_sought(seek(), [SHOWN, SHOWN], [KEY]).sought is Sought.SAME


def test_none_with_its_description_is_none() -> None:
    others = [replace(SHOWN, id=each, description=f"Bestelling ORD0004{each}") for each in (1, 3)]

    assert find_sought(seek(), others, [KEY]).sought is Sought.ABSENT
    assert find_sought(seek(), [], [KEY]).sought is Sought.ABSENT


def test_two_with_its_description_are_for_a_person() -> None:
    twice = [SHOWN, replace(SHOWN, id=502)]

    answer = find_sought(seek(), twice, [KEY])

    assert (answer.sought, answer.invoice) == (Sought.DIFFERENT, None)


@pytest.mark.parametrize(
    "shown", [*OTHERWISE.values(), replace(SHOWN, debtor_id=78)], ids=[*OTHERWISE, "the debtor"]
)
def test_one_that_is_otherwise_is_for_a_person(shown: ShownInvoice) -> None:
    assert find_sought(seek(), [shown], [KEY]).sought is Sought.DIFFERENT


def test_a_list_that_names_no_debtor_does_not_speak_against_it() -> None:
    assert find_sought(seek(), [replace(SHOWN, debtor_id=None)], [KEY]).sought is Sought.SAME


def test_what_is_known_to_be_another_delivery_does_not_count() -> None:
    earlier = replace(SHOWN, id=400)

    assert find_sought(seek(), [earlier], [KEY], known_ids={400}).sought is Sought.ABSENT
    answer = find_sought(seek(), [earlier, SHOWN], [KEY], known_ids={400})
    assert (answer.sought, answer.invoice) == (Sought.SAME, SHOWN)


def test_blanks_that_a_screen_adds_make_no_other_description() -> None:
    spaced = replace(SHOWN, description="  Bestelling  ORD00042\n")

    assert find_sought(seek(), [spaced], [KEY]).sought is Sought.SAME
    joined = replace(SHOWN, description="BestellingORD00042")
    assert find_sought(seek(), [joined], [KEY]).sought is Sought.ABSENT


def test_it_is_found_by_either_value_of_a_key_that_turns_and_by_no_other() -> None:
    for made_with in (KEY, NEXT):
        assert find_sought(seek(made_with), iter([SHOWN]), iter([KEY, NEXT])).sought is Sought.SAME
    for found in ([SHOWN], []):
        assert find_sought(seek(STRANGE), found, [KEY, NEXT]).sought is Sought.CANNOT_TELL


def test_each_answer_is_one_that_an_inbox_may_give() -> None:
    assert [Presence(each.value).name for each in Sought] == [each.name for each in Sought]
