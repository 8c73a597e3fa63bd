"""What is proposed follows from what Asperion lists; where that decides nothing, nothing is
proposed, or a guess that says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.administrations import (
    AdministrationLists,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.choice_problems import check_choices
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.fitting_codes import Sureness
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.needed_codes import Trade
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.proposing import Proposal, list_kinds, propose
from chalicelib.domain.treatment_details import TaxedAs

D = Decimal
DAY = date(2026, 4, 15)
TRADE = Trade(policy=Policy(), home="NL", day=DAY)
HIGH = TaxedAs(kind=VatKind.DOMESTIC, country="NL", rate=D("0.21"))
LOW, NONE = replace(HIGH, rate=D("0.09")), replace(HIGH, rate=D(0))
WITHIN_EU = replace(NONE, kind=VatKind.INTRA_COMMUNITY)
EXPORT = replace(NONE, kind=VatKind.EXPORT)
SHIFTED = replace(NONE, kind=VatKind.REVERSE_CHARGE)
KOR = replace(NONE, kind=VatKind.SMALL_BUSINESS)
BELGIAN = TaxedAs(kind=VatKind.OSS, country="BE", rate=D("0.21"))
AT_HOME_IN_BELGIUM = replace(BELGIAN, kind=VatKind.DOMESTIC)


def code(name: str, rate: str = "0.21", description: str = "", **facts: object) -> VatCode:
    return replace(VatCode(id=name, description=description, rate=D(rate)), **facts)  # type: ignore[arg-type]


HOME_CODES = (
    code("H", description="BTW hoog", country="NL"),
    code("L", "0.09", "BTW laag", country="NL"),
    code("N", "0", "Geen BTW", country="NL"),
    code("VI", "0.21", "Voorbelasting hoog", is_for_sales=False),
)
BORDER_CODES = (
    code("5", "0", "Intracommunautaire leveringen"),
    code("6", "0", "Export buiten de EU"),
    code("V", "0", "BTW verlegd binnenland", country="NL"),
    code("K", "0", "Kleineondernemersregeling", country="NL"),
)
ACCOUNTS = (
    LedgerAccount(id=1300, description="Debiteuren"),
    LedgerAccount(id=8000, description="Omzet hoog", vat_code="H", rcsfi="WOmzNohOlh"),
    LedgerAccount(id=8010, description="Omzet laag", vat_code="L", rcsfi="WOmzNohOll"),
    LedgerAccount(id=8020, description="Omzet 0 %", vat_code="N", rcsfi="WOmzNohOlg"),
    LedgerAccount(id=8050, description="Doorberekende verzendkosten", vat_code="H"),
)
LISTS = AdministrationLists(
    vat_codes=(*HOME_CODES, *BORDER_CODES),
    daybooks=(
        Daybook(id="INK", description="Inkoopboek", type="Purchase"),
        Daybook(id="VRK", description="Verkoopboek", type="Sales"),
    ),
    ledger_accounts=ACCOUNTS,
    payment_conditions=(PaymentCondition(id=14, description="14 dagen"),),
    debtor_kinds=("WEB",),
)


def find(
    taxed: TaxedAs, *codes: VatCode, trade: Trade = TRADE, former: ApiChoices | None = None
) -> tuple[str, Sureness]:
    """The code that is proposed for a treatment that occurs, and how it was found."""
    seen = VatTreatment(
        kind=taxed.kind, country=taxed.country, rate=taxed.rate, vat_class=VatClass.NONE
    )
    lists = AdministrationLists(vat_codes=codes)
    proposal = propose(lists, trade, seen=[seen], former=former or ApiChoices(journal_id=""))
    [found] = [each for each in proposal.vat_codes if each.need.taxed == taxed]
    assert found.need.occurs
    return found.choice.code, found.choice.sureness


def found_codes(proposal: Proposal) -> dict[TaxedAs, str]:
    return {each.need.taxed: each.choice.code for each in proposal.vat_codes}


def test_an_ordinary_administration_leaves_nothing_to_choose() -> None:
    proposal = propose(LISTS, TRADE)

    assert (proposal.journal.value, proposal.journal.sureness) == ("VRK", Sureness.CERTAIN)
    assert proposal.debtor_kind.value == "WEB"
    assert proposal.payment_condition.value == 14
    assert found_codes(proposal) == {HIGH: "H", LOW: "L", NONE: "N", WITHIN_EU: "5", EXPORT: "6"}
    accounts = {name: each.value for name, each in proposal.ledger_accounts.items()}
    assert accounts == {VatClass.HIGH: 8000, VatClass.LOW: 8010, VatClass.NONE: 8020}
    assert check_choices(proposal.make_choices(), LISTS, DAY) == ()


def test_the_only_sales_code_of_a_rate_is_certain() -> None:
    assert find(HIGH, *HOME_CODES) == ("H", Sureness.CERTAIN)
    assert find(LOW, *HOME_CODES) == ("L", Sureness.CERTAIN)


@pytest.mark.parametrize(
    "unfit",
    [
        code("X", "0.21", is_for_sales=False),
        code("X", "0.19"),
        code("X", "0.21", valid_until=date(2026, 4, 14)),
        code("X", "0.21", valid_from=date(2026, 4, 16)),
        code("X", "0.21", country="BE"),
    ],
    ids=["of purchases", "another rate", "ended", "not begun", "another country"],
)
def test_a_code_that_cannot_be_used_is_not_proposed(unfit: VatCode) -> None:
    assert find(HIGH, unfit) == ("", Sureness.NOTHING)
    assert find(HIGH, unfit, code("H")) == ("H", Sureness.CERTAIN)


@pytest.mark.parametrize("last", [DAY, None])
def test_a_code_counts_on_its_first_and_its_last_day(last: date | None) -> None:
    assert find(HIGH, code("H", valid_from=DAY, valid_until=last)) == ("H", Sureness.CERTAIN)


def test_two_codes_that_fit_equally_are_for_the_merchant_to_choose() -> None:
    assert find(HIGH, code("A"), code("B")) == ("", Sureness.NOTHING)
    same_words = code("A", description="BTW hoog"), code("B", description="BTW hoog")
    assert find(HIGH, *same_words) == ("", Sureness.NOTHING)


def test_words_break_a_tie_and_are_called_a_guess() -> None:
    shifted = code("V", description="BTW verlegd 21%")
    including = code("I", description="BTW hoog inclusief")
    assert find(HIGH, code("H"), shifted) == ("H", Sureness.GUESSED)
    assert find(HIGH, code("H"), including) == ("H", Sureness.GUESSED)
    assert find(HIGH, code("H", is_default=True), code("B")) == ("H", Sureness.GUESSED)


def test_words_never_stand_against_what_the_code_says_of_itself() -> None:
    liar = code("X", "0.09", "BTW hoog 21%")
    assert find(HIGH, liar) == ("", Sureness.NOTHING)
    assert find(LOW, liar) == ("X", Sureness.CERTAIN)


@pytest.mark.parametrize(
    ("taxed", "expected"),
    [(NONE, "N"), (WITHIN_EU, "5"), (EXPORT, "6"), (SHIFTED, "V"), (KOR, "K")],
)
def test_codes_of_nought_per_cent_differ_in_words_only_and_are_guesses(
    taxed: TaxedAs, expected: str
) -> None:
    assert find(taxed, *HOME_CODES, *BORDER_CODES) == (expected, Sureness.GUESSED)


def test_a_code_that_tells_another_kind_is_not_taken_for_it() -> None:
    export = code("6", "0", "Export buiten de EU")
    assert find(NONE, export) == ("", Sureness.NOTHING)
    assert find(WITHIN_EU, export) == ("", Sureness.NOTHING)


def test_a_service_within_the_eu_is_reverse_charged_and_no_supply_of_goods() -> None:
    service = code("5D", "0", "Diensten binnen de EU, BTW verlegd")
    goods = code("5", "0", "Leveringen binnen de EU")
    at_home = code("V", "0", "BTW verlegd binnenland")

    assert find(WITHIN_EU, service, goods, at_home) == ("5", Sureness.GUESSED)
    assert find(SHIFTED, service, goods) == ("5D", Sureness.GUESSED)
    assert find(SHIFTED, service, at_home) == ("", Sureness.NOTHING)


def test_vat_of_another_country_needs_a_code_of_that_country() -> None:
    belgian = code("OBE", country="BE")

    assert find(BELGIAN, code("H"), belgian) == ("OBE", Sureness.CERTAIN)
    assert find(BELGIAN, code("H")) == ("", Sureness.NOTHING)
    assert find(HIGH, belgian) == ("", Sureness.NOTHING)
    greek = replace(BELGIAN, country="GR", rate=D("0.24"))
    assert find(greek, code("OEL", "0.24", country="EL")) == ("OEL", Sureness.CERTAIN)


def test_a_code_of_the_one_stop_shop_that_names_no_country_is_a_guess() -> None:
    nameless = code("O21", description="OSS 21%")
    assert find(BELGIAN, code("H"), nameless) == ("O21", Sureness.GUESSED)
    assert find(HIGH, code("H"), nameless) == ("H", Sureness.GUESSED)
    at_home = code("X", description="OSS 21%", country="NL")
    assert find(BELGIAN, at_home) == ("", Sureness.NOTHING)
    assert find(BELGIAN, nameless, replace(nameless, id="P")) == ("", Sureness.NOTHING)


def test_what_orders_and_held_documents_lack_is_asked_for() -> None:
    seen = VatTreatment(kind=VatKind.EXPORT, country="NL", rate=D(0), vat_class=VatClass.NONE)

    proposal = propose(LISTS, TRADE, seen=[seen], held=["BE oss 21%", "unreadable"])

    occurring = {each.need.taxed for each in proposal.vat_codes if each.need.occurs}
    assert occurring == {EXPORT, BELGIAN}
    assert {HIGH, LOW, NONE, WITHIN_EU} <= found_codes(proposal).keys()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"one_stop_shop": True}, [BELGIAN]),
        ({"one_stop_shop": True, "oss_until": date(2026, 4, 14)}, [AT_HOME_IN_BELGIUM]),
        ({}, [AT_HOME_IN_BELGIUM]),
    ],
)
def test_rates_of_other_countries_are_asked_for_by_the_scheme_of_the_day(
    policy: dict[str, bool], expected: list[TaxedAs]
) -> None:
    rates = {("BE", D("0.21")): VatClass.HIGH}
    trade = replace(TRADE, policy=Policy(foreign_rates=rates, **policy))  # type: ignore[arg-type]

    asked = found_codes(propose(LISTS, trade))

    assert [each for each in asked if each.country == "BE"] == expected


def test_a_small_business_needs_one_code_and_one_account() -> None:
    trade = replace(TRADE, policy=Policy(small_business_scheme=True))

    proposal = propose(LISTS, trade)

    assert found_codes(proposal) == {KOR: "K"}


def test_a_shop_elsewhere_has_the_rates_that_it_chose() -> None:
    rates = {("BE", D("0.21")): VatClass.HIGH, ("BE", D("0.06")): VatClass.LOW}
    trade = Trade(policy=Policy(foreign_rates=rates), home="BE", day=DAY)
    codes = (code("H", country="BE"), code("L", "0.06", country="BE"))
    lists = AdministrationLists(
        vat_codes=codes,
        ledger_accounts=(
            LedgerAccount(id=700, description="Omzet", vat_code="H", rcsfi="WOmz"),
            LedgerAccount(id=701, description="Omzet", vat_code="L", rcsfi="WOmz"),
        ),
    )

    proposal = propose(lists, trade)

    assert list(found_codes(proposal).values())[:2] == ["H", "L"]
    assert proposal.ledger_accounts[VatClass.LOW].value == 701


def test_of_two_sales_journals_the_one_of_the_web_shop_is_a_guess() -> None:
    two = (
        Daybook(id="VRK", description="Verkoopboek", type="Sales"),
        Daybook(id="VWW", description="Verkoopboek webwinkel", type="Sales"),
    )
    found = propose(replace(LISTS, daybooks=two), TRADE).journal
    assert (found.value, found.sureness, found.fitting) == (
        "VWW",
        Sureness.GUESSED,
        ("VRK", "VWW"),
    )
    alike = propose(replace(LISTS, daybooks=(two[0], replace(two[0], id="B"))), TRADE).journal
    assert (alike.value, alike.sureness) == (None, Sureness.NOTHING)


def test_a_journal_whose_type_says_nothing_is_guessed_by_its_words() -> None:
    untold = tuple(replace(each, type="3") for each in LISTS.daybooks)
    found = propose(replace(LISTS, daybooks=untold), TRADE).journal
    assert (found.value, found.sureness) == ("VRK", Sureness.GUESSED)


def test_an_account_is_one_of_turnover_that_suggests_the_code_and_is_open() -> None:
    closed = tuple(
        replace(each, is_disabled=True) if each.id == 8000 else each for each in ACCOUNTS
    )
    found = propose(replace(LISTS, ledger_accounts=closed), TRADE).ledger_accounts[VatClass.HIGH]
    assert (found.value, found.sureness) == (8050, Sureness.GUESSED)
    two = (*ACCOUNTS, replace(ACCOUNTS[1], id=8001))
    found = propose(replace(LISTS, ledger_accounts=two), TRADE).ledger_accounts[VatClass.HIGH]
    assert (found.value, found.sureness, found.fitting) == (None, Sureness.NOTHING, (8000, 8001))
    untold = tuple(replace(each, vat_code="", rcsfi="") for each in ACCOUNTS)
    found = propose(replace(LISTS, ledger_accounts=untold), TRADE).ledger_accounts[VatClass.HIGH]
    assert (found.value, found.sureness) == (None, Sureness.NOTHING)


def test_the_kind_that_most_debtors_have_comes_first() -> None:
    kinds = ["PAR", "WEB", "", "WEB", "ZAK", "PAR", "WEB"]
    debtors = [
        KnownDebtor(id=number, customer_number=str(number), email="", kind_id=kind)
        for number, kind in enumerate(kinds)
    ]
    assert list_kinds(debtors) == ("WEB", "PAR", "ZAK")
    found = propose(replace(LISTS, debtor_kinds=list_kinds(debtors)), TRADE).debtor_kind
    assert (found.value, found.sureness) == ("WEB", Sureness.GUESSED)
    nobody = propose(replace(LISTS, debtor_kinds=()), TRADE).debtor_kind
    assert (nobody.value, nobody.sureness) == (None, Sureness.NOTHING)


def test_of_several_payment_conditions_none_is_proposed() -> None:
    two = (*LISTS.payment_conditions, PaymentCondition(id=30, description="30 dagen"))
    found = propose(replace(LISTS, payment_conditions=two), TRADE).payment_condition
    assert (found.value, found.sureness) == (None, Sureness.NOTHING)


def test_an_empty_administration_is_proposed_nothing() -> None:
    proposal = propose(AdministrationLists(), TRADE)

    assert proposal.make_choices() == ApiChoices(journal_id="")


def test_what_was_confirmed_is_proposed_again_where_nothing_speaks_against_it() -> None:
    confirmed = replace(
        propose(LISTS, TRADE).make_choices(), journal_id="INK", article_accounts={"A": 8050, "B": 1}
    )
    former = replace(confirmed, journal_id="VRK", debtor_kind="OUD")
    two_more = (*LISTS.vat_codes, code("H2", country="NL"))
    lists = replace(LISTS, vat_codes=two_more)

    again = propose(lists, TRADE, former=former)

    assert again.make_choices() == replace(former, article_accounts={"A": 8050})
    [high] = [each for each in again.vat_codes if each.need.taxed == HIGH]
    assert high.choice.sureness is Sureness.CONFIRMED
    assert high.choice.fitting == ("H", "H2")


def test_what_was_confirmed_and_is_over_is_proposed_anew() -> None:
    former = propose(LISTS, TRADE).make_choices()
    ended = replace(HOME_CODES[0], valid_until=date(2026, 4, 1))
    codes = (ended, *LISTS.vat_codes[1:], code("H2", country="NL"))
    closed = (replace(ACCOUNTS[1], is_disabled=True), replace(ACCOUNTS[1], id=8001, vat_code="H2"))
    lists = replace(LISTS, vat_codes=codes, ledger_accounts=(*closed, *ACCOUNTS[2:]))

    again = propose(lists, TRADE, former=former)

    assert found_codes(again)[HIGH] == "H2"
    assert again.ledger_accounts[VatClass.HIGH].value == 8001


def test_a_code_that_was_chosen_for_what_occurs_no_more_is_kept() -> None:
    former = propose(LISTS, TRADE, held=["NL reverse-charge 0%"]).make_choices()

    again = propose(LISTS, TRADE, former=former)

    assert found_codes(again)[SHIFTED] == "V"


RATES = st.sampled_from([D("0.21"), D("0.09"), D(0), D("0.19")])
DAYS = st.sampled_from([None, date(2020, 1, 1), DAY, date(2030, 1, 1)])
CODES = st.builds(
    VatCode,
    id=st.sampled_from("ABCDEFGH"),
    description=st.sampled_from(
        ["", "BTW hoog", "Export", "verlegd", "binnen de EU", "OSS BE", "incl", "KOR", "Geen BTW"]
    ),
    rate=RATES,
    is_for_sales=st.booleans(),
    is_default=st.booleans(),
    valid_from=DAYS,
    valid_until=DAYS,
    country=st.sampled_from(["", "NL", "BE", "EL"]),
)


@given(codes=st.lists(CODES, max_size=8, unique_by=lambda each: each.id))
def test_whatever_is_listed_what_is_proposed_can_be_used(codes: list[VatCode]) -> None:
    rates = {("BE", D("0.21")): VatClass.HIGH}
    trade = replace(TRADE, policy=Policy(one_stop_shop=True, foreign_rates=rates))
    lists = replace(LISTS, vat_codes=tuple(codes))

    proposal = propose(lists, trade, held=["NL reverse-charge 0%", "NL small-business 0%"])

    problems = check_choices(proposal.make_choices(), lists, DAY)
    assert [each for each in problems if each.taxed is not None] == []
    for each in proposal.vat_codes:
        assert bool(each.choice.code) == (each.choice.sureness is not Sureness.NOTHING)
        assert not each.choice.code or each.choice.code in each.choice.fitting
        if each.choice.sureness is Sureness.CERTAIN:
            assert len(each.choice.fitting) == 1
            assert each.need.taxed.rate


@given(codes=st.permutations([*HOME_CODES, *BORDER_CODES, code("H2"), code("OBE", country="BE")]))
def test_the_order_of_the_list_decides_nothing(codes: list[VatCode]) -> None:
    held, ordered = ["BE oss 21%"], sorted(codes, key=lambda each: each.id)

    expected = propose(replace(LISTS, vat_codes=tuple(ordered)), TRADE, held=held)
    found = propose(replace(LISTS, vat_codes=tuple(codes)), TRADE, held=held)

    assert found.make_choices() == expected.make_choices()
