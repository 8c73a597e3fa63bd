"""The sandbox's Asperion, which shares no code with the connector, reaches the same totals.

Order → judgement → file → PUT into the inbox → synchronise; then its books are compared with what
was judged, per rate, kind and country, and with what SEOshop says the document comes to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.invoices import Invoice
from chalicelib.domain.policy import DateBasis, GiftCardPayments, Policy, Source, VatClass
from sandbox.seoshop.scenarios import SCENARIOS
from tests.books.agreement import assert_agrees, imported
from tests.books.by_api import ApiLedger, read_books
from tests.books.sandbox_stage import Judged, Stage, running
from tests.books.shelf import Day, Document, days

pytestmark = pytest.mark.slow

D = Decimal
PLAIN = Policy()
DEPOSITS = Policy(outside_vat_articles=frozenset({"STATIEGELD"}))
INVOICES = Policy(source=Source.INVOICES)
CHOSEN = {  # scenarios that are booked only, or another way, after a merchant's choice
    "belgie-oss": [
        Policy(one_stop_shop=True, foreign_rates={("BE", D("0.06")): VatClass.LOW}),
        Policy(foreign_rates={("BE", D("0.06")): VatClass.LOW}),
    ],
    "belgie-nl-btw": [
        PLAIN,
        Policy(one_stop_shop=True, foreign_rates={("BE", D("0.21")): VatClass.HIGH}),
    ],
    "kor": [Policy(small_business_scheme=True), PLAIN],
    "benidorm": [
        PLAIN,
        Policy(one_stop_shop=True, foreign_rates={("ES", D("0.21")): VatClass.HIGH}),
    ],
    "statiegeld-nederland": [PLAIN, DEPOSITS],
    "statiegeld-belgie": [
        DEPOSITS,
        replace(DEPOSITS, one_stop_shop=True, foreign_rates={("BE", D("0.21")): VatClass.HIGH}),
    ],
    "cadeaubon": [Policy(gift_card_articles=frozenset({"CADEAUBON-25"})), PLAIN],
    "kenmerk-van-de-betaling": [
        PLAIN,
        Policy(description_pattern="{bestelling}[ {factuur}][ {kenmerk}]"),
    ],
    "betaald-met-cadeaubon": [Policy(gift_card_payments=GiftCardPayments.BOOK)],
    "valuta-dollar": [Policy(accepted_currencies=frozenset({"USD"}))],
    "valuta-pond": [Policy(accepted_currencies=frozenset({"GBP"}))],
    "figuur5": [PLAIN, Policy(default_payment=None, payments={"ideal": "IDEAL", "invoice": ""})],
    "wero": [PLAIN, Policy(payments={"ideal": "IDEAL"}, default_payment=None)],
    "factuur-bij-betaling": [PLAIN, Policy(date_basis=DateBasis.PAYMENT)],
    "factuur-later": [PLAIN, Policy(date_basis=DateBasis.INVOICE)],
}
NOT_DUE = frozenset(
    {"valuta-euro", "in-de-wacht", "offerte", "geannuleerd-na-betaling"}
    | {"later-geannuleerd", "later-gewijzigd-en-geannuleerd"}
)
ALWAYS_HELD = frozenset(
    {
        "credit-voor-factuur",
        "geen-email",
        "foute-email",
        "geen-land",
        "btw-klopt-niet",
        "onbekend-tarief",
        "onleesbaar",
    }
    | {"duitsland-fout-nummer", "duitsland-bezorgd-in-nederland", "onder-nul"}
    | {"lange-artikelcode", "postcode-te-kort", "verzending-gemiddeld"}
)
HELD_ORDERS = ALWAYS_HELD | {
    *("geen-regels", "totaal-1-euro", "totaal-5-cent", "totaal-5-cent-btw")
}
HELD_INVOICES = ALWAYS_HELD | {"credit-zonder-factuur"}
NO_INVOICE = frozenset({"valuta-euro", "factuur-later"})
DOLLARS = frozenset({"valuta-dollar", "valuta-pond"})  # Asperion keeps euros; see below


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


def plays(*without: frozenset[str]) -> list[Any]:
    """All scenarios but some, each with every policy it is worth playing with."""
    return [
        pytest.param(name, policy, id=f"{name}-{number}")
        for name in SCENARIOS
        if not any(name in each for each in without)
        for number, policy in enumerate(CHOSEN.get(name, [PLAIN]))
    ]


def compared(stage: Stage, name: str, policy: Policy) -> None:
    window = stage.window()
    judged = window.judged(window.play(name), policy)
    assert judged
    assert [one.verdict for one in judged if not isinstance(one.verdict, Invoice)] == []
    by_file = stage.ledger()
    assert_agrees(imported(by_file, judged), judged)
    invoices = [one.verdict for one in judged if isinstance(one.verdict, Invoice)]
    assert ApiLedger(stage.ledger()).post(invoices, policy) == read_books(by_file)


@pytest.mark.parametrize(("name", "policy"), plays(HELD_ORDERS, NOT_DUE, DOLLARS))
def test_the_orders_of_a_scenario_come_to_the_same_totals_everywhere(
    stage: Stage, name: str, policy: Policy
) -> None:
    compared(stage, name, policy)


@pytest.mark.parametrize(("name", "policy"), plays(HELD_INVOICES, NO_INVOICE, DOLLARS))
def test_the_invoices_of_a_scenario_come_to_the_same_totals_everywhere(
    stage: Stage, name: str, policy: Policy
) -> None:
    compared(stage, name, replace(policy, source=Source.INVOICES))


@pytest.mark.parametrize("sign", ["positive", "negative"])
@pytest.mark.parametrize(("name", "left"), [("credit-deel", "41.70"), ("credit-heel", "0.00")])
def test_a_credit_note_takes_back_what_it_says_whatever_its_sign(
    stage: Stage, name: str, left: str, sign: str
) -> None:
    window = stage.window(switches={"credit_sign": sign})
    judged = window.judged(window.play(name), INVOICES)
    ledger = stage.ledger()
    booked = imported(ledger, judged)
    assert_agrees(booked, judged)
    assert [one["credit"] for one in booked].count(True) == 1
    totals = ledger.totals()
    assert totals["incl"] == left
    assert sum(D(one["incl"]) for one in totals["totals"]) == D(left)


def test_a_credit_note_keeps_the_rate_of_its_invoice_which_asperion_marks_years_later(
    stage: Stage,
) -> None:
    window = stage.window()
    (order_id,) = window.play("dag-2018")
    window.control(f"orders/{order_id}/credit")
    judged = window.judged([order_id], INVOICES)
    ledger = stage.ledger()
    booked = imported(ledger, judged)
    assert ledger.totals()["incl"] == "0.00"
    assert {one["incl"] for one in ledger.totals()["totals"]} == {"0.00"}
    (note,) = [one for one in booked if one["credit"]]
    (mark,) = note["deviations"]
    assert mark.startswith("Regel 2: 6 % is op")


def test_a_service_for_a_german_business_is_reverse_charged_everywhere(stage: Stage) -> None:
    window = stage.window()
    ids = window.play("duitsland-zakelijk")
    codes = frozenset(line.article_code for line in window.api.order(ids[0]).lines)
    judged = window.judged(ids, Policy(service_articles=codes))
    booked = imported(stage.ledger(), judged)
    assert_agrees(booked, judged)
    assert {one["kind"] for one in booked[0]["totals"]} == {"reverse-charge"}


def test_figure_5_comes_to_the_manuals_totals_with_three_customers(stage: Stage) -> None:
    window, ledger = stage.window(), stage.ledger()
    booked = imported(ledger, window.judged(window.play("figuur5"), PLAIN))
    totals = ledger.totals()
    assert (totals["count"], totals["excl"], totals["incl"]) == (7, "887.30", "1043.45")
    assert totals["deviating"] == 0
    debtors = Counter(one["debtor"]["number"] for one in booked)
    assert debtors == {"2269322": 5, "3568347": 1, "3636059": 1}


@pytest.mark.parametrize("name", sorted(DOLLARS))
def test_an_asperion_that_keeps_euros_refuses_other_money_openly(stage: Stage, name: str) -> None:
    window = stage.window()
    (policy,) = CHOSEN[name]
    judged = window.judged(window.play(name), policy)
    assert "alleen EUR" in stage.ledger().refused(
        [one.verdict for one in judged if isinstance(one.verdict, Invoice)]
    )


@pytest.mark.parametrize("day", list(days()), ids=lambda day: day.name)
def test_a_golden_day_comes_to_the_same_totals_everywhere(stage: Stage, day: Day) -> None:
    judged = [Judged(one.verdict(), stated(one)) for one in day.documents]
    ledger = stage.ledger()
    booked = imported(ledger, judged)
    assert_agrees(booked, judged)
    totals = ledger.totals()
    invoices = [one.verdict for one in judged if isinstance(one.verdict, Invoice)]
    for side in ("excl", "vat", "incl"):
        assert D(totals[side]) == sum(getattr(one, side) for one in invoices)


def stated(document: Document) -> tuple[Decimal, Decimal]:
    """What the shop says a document comes to, below zero for a credit note."""
    paper = document.invoice
    if paper is None:
        return document.order.price_excl, document.order.price_incl
    sign = -1 if paper.is_credit_note else 1
    return sign * abs(paper.price_excl), sign * abs(paper.price_incl)


@pytest.mark.parametrize("day", list(days()), ids=lambda day: day.name)
def test_a_golden_day_gives_the_same_books_by_file_and_by_api(stage: Stage, day: Day) -> None:
    judged = [(one.verdict(), one.terms.policy) for one in day.documents]
    booked = [(one, policy) for one, policy in judged if isinstance(one, Invoice)]
    by_file, by_api = stage.ledger(), ApiLedger(stage.ledger())
    by_file.take([invoice for invoice, _ in booked])
    for invoice, policy in booked:
        posted = by_api.post([invoice], policy)
    assert posted == read_books(by_file)
    assert None not in {row["code"] for row in posted}
