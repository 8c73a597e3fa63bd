"""Payment control: totals by payment method and day, equal to the VAT sheet; and the choice of the
description by which a bank statement is matched.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.descriptions import STANDARD
from chalicelib.domain.file_returns import PaymentTotal
from chalicelib.domain.period_files import PeriodFiles, Uncounted
from chalicelib.domain.periods import Period
from chalicelib.domain.return_places import ReturnBox
from chalicelib.domain.vat_sheet import VatSheet
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.workspace import Workspace
from chalicelib.web.pages import payments_page
from tests.edge.web.markup import read_table
from tests.edge.web.vat_sheets import row, sheet
from tests.fakes.web import OURS, SHOP_ID, Browser, World

ASKED = {"period": "2026-Q3"}


def paid(day: int, method: str, code: str, incl: str, documents: int = 1) -> PaymentTotal:
    return PaymentTotal(
        day=date(2026, 7, day), method=method, code=code, documents=documents, incl=Decimal(incl)
    )


PAYMENTS = (
    paid(1, "banktransfer", "", "121.00"),
    paid(1, "ideal", "IDEAL", "200.00", documents=3),
    paid(2, "ideal", "IDEAL", "-21.05"),
    paid(2, "klarna", "AFTERPAY", "42.05"),
)
SHEET = sheet(row(ReturnBox.GENERAL, "0.21", "282.64", "59.36"))


@pytest.fixture
def show(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shop with these payments, and a way to say what its VAT sheet comes to."""
    browser.install()

    def set_up(vat_sheet: VatSheet = SHEET, **facts: Any) -> Browser:
        def read_files(_: Workspace, period: Period) -> PeriodFiles:
            return PeriodFiles(period=period, currency="EUR", **facts)

        monkeypatch.setattr(payments_page, "read_period_files", read_files)
        monkeypatch.setattr(payments_page, "add_up_payments", lambda _: PAYMENTS)
        monkeypatch.setattr(payments_page, "add_up_sheet", lambda _: vat_sheet)
        return browser

    return set_up


def test_each_method_and_each_day_has_its_sum_and_the_whole_is_that_of_the_sheet(
    show: Any,
) -> None:
    page = show().get("/vat/payments", ASKED, **OURS).body
    assert "Gelijk aan het totaal van de btw-staat van deze periode, tot op de cent" in page
    shown = page.replace("\N{NO-BREAK SPACE}", " ")
    for amount in ("€ 342,00", "€ 178,95", "€ 121,00", "€ 321,00", "€ 21,00"):
        assert amount in shown, amount
    assert "Bankoverschrijving" in page
    assert "klarna" in page  # which the shop does not list any more
    assert "Aan Asperion overgelaten" in page


def test_a_difference_from_the_sheet_is_said_in_money(show: Any) -> None:
    page = show(sheet(row(ReturnBox.GENERAL, "0.21", "282.64", "59.35"))).get(
        "/vat/payments", ASKED, **OURS
    )
    assert "De betalingen verschillen" in page.body
    assert "Gelijk aan" not in page.body


def test_files_that_are_not_counted_are_never_passed_over(show: Any) -> None:
    page = show(uncounted={Uncounted.UNSURE: ("a.xml",)}).get("/vat/payments", ASKED, **OURS).body
    assert "Niet elk bestand van deze periode is meegeteld" in page
    assert "Gelijk aan" not in page


def test_the_table_has_a_line_for_each_day_and_method(show: Any) -> None:
    answer = show().get("/vat/payments.csv", ASKED, **OURS)
    rows = read_table(answer.body)
    assert len(rows) == 5
    assert rows[1][0] == "2026-07-01"
    assert rows[1][1:4] == ["Bankoverschrijving", "banktransfer", "Aan Asperion overgelaten"]
    assert [each[5] for each in rows[1:]] == ["121,00", "200,00", "-21,05", "42,05"]
    assert f"2026-Q3-{SHOP_ID}.csv" in str(answer.headers["Content-Disposition"])


def test_a_shop_that_does_not_answer_leaves_the_keys(world: World, show: Any) -> None:
    browser = show()
    world.api.fail(ShopUnavailable("no answer"), "payment_methods", times=9)
    page = browser.get("/vat/payments", ASKED, **OURS)
    assert page.status == 200
    assert "banktransfer" in page.body


def test_a_period_that_is_none_leads_back(show: Any) -> None:
    assert show().get("/vat/payments", {"period": "2026-404"}, **OURS).status == 400
    assert show().get("/vat/payments.csv", {"period": "2026-404"}, **OURS).status == 303


def save(browser: Browser, pattern: str) -> Any:
    """The choice, confirmed where it is asked."""
    fields = {"description_pattern": pattern, "action": "save"}
    return browser.post("/settings/payments", fields)


def test_the_form_shows_examples_of_the_description(browser: Browser) -> None:
    browser.install()
    page = browser.get("/settings/payments").body
    assert f'name="description_pattern" value="{STANDARD}"' in page
    assert "<dd>Bestelling ORD000033 factuur INV000037</dd>" in page
    assert "<dd>Bestelling ORD000038</dd>" in page


@pytest.mark.parametrize("pattern", ["Bestelling", "{bestelling} {naam}", "{bestelling}[ x"])
def test_what_is_no_pattern_is_said_with_the_field(
    world: World, browser: Browser, pattern: str
) -> None:
    browser.install()
    answer = save(browser, pattern)
    assert answer.status == 400
    assert '<a href="#description_pattern">' in answer.body
    assert world.shop.policy.description_pattern == STANDARD


def test_without_any_text_it_is_the_standard_again(world: World, browser: Browser) -> None:
    browser.install()
    own = replace(world.shop.policy, description_pattern="{bestelling}[ {kenmerk}]")
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=own))
    page = browser.get("/settings/payments").body
    assert "<dd>ORD000033 tr_7UhSN1zuXS</dd>" in page
    assert "Facturen hebben uw eigen omschrijving." in browser.get("/settings").body
    asked = save(browser, " ")
    assert asked.status == 200
    assert STANDARD in asked.body
