"""The one-stop-shop return, and how near its threshold is for shops without the scheme."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.distance_sales import DistanceFigure, DistanceYear
from chalicelib.domain.policy import Policy
from chalicelib.domain.vat_sheet import DistanceTotal
from chalicelib.web.pages import oss_page
from tests.edge.web.markup import read, read_cells, read_table, read_text
from tests.edge.web.vat_sheets import FULL, sheet, show
from tests.fakes.web import OURS, PUBLIC_URL, SHOP_ID, Browser, World

TODAY = date(2026, 11, 23)
ASKED = {"period": "2026-Q3"}


def sold(*amounts: tuple[int, str, str], before: str = "0.00") -> DistanceYear:
    """What went to a country in a month of this year."""
    sales = tuple(
        DistanceTotal(month=date(2026, month, 1), country=country, excl=Decimal(excl))
        for month, country, excl in amounts
    )
    return DistanceYear(year=2026, until=TODAY, sales=sales, before=Decimal(before))


@pytest.fixture
def metered(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A shop without the scheme, and a way to say what it sold abroad."""
    browser.install()
    show(monkeypatch, sheet())

    def sell(year: DistanceYear) -> str:
        monkeypatch.setattr(oss_page, "read_distance_year", lambda *_: year)
        return browser.get("/vat/oss", ASKED, **OURS).body

    return sell


def use(world: World, **choices: Any) -> None:
    """Let the shop choose so."""
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(**choices)))


def test_the_return_is_by_country_kind_and_rate(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    use(world, one_stop_shop=True)
    show(monkeypatch, FULL)
    body = browser.get("/vat/oss", ASKED, **OURS).body
    cells = read_cells(body)
    assert cells["AT"] == ["Goederen", "20%", "€ 40,00", "€ 8,00"]
    assert cells["DE, samen"][2:] == ["€ 120,00", "€ 16,80"]
    assert cells["Samen"][2:] == ["€ 160,00", "€ 24,80"]
    assert "Correctie van het 2e kwartaal 2026" in read_text(body)
    assert "Uiterlijk 31 oktober 2026 aangeven en betalen" in body
    assert "de drempel van € 10.000 speelt geen rol meer" in body


def test_the_return_is_a_table_as_well(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, FULL)
    answer = browser.get("/vat/oss.csv", ASKED, **OURS)
    rows = read_table(answer.body)
    assert rows[0][:3] == ["Land", "Soort", "Tarief (%)"]
    assert ["DE", "", "", "2e kwartaal 2026", "-30,00", "-5,70", "EUR"] in rows
    assert len(rows) == 5


def test_a_quarter_without_sales_has_a_nil_return(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    use(world, one_stop_shop=True)
    show(monkeypatch, sheet())
    assert "nihilaangifte" in browser.get("/vat/oss", ASKED, **OURS).body


def test_a_month_leads_to_its_quarter(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.install()
    show(monkeypatch, FULL)
    monkeypatch.setattr(oss_page, "read_distance_year", lambda *_: sold())
    body = browser.get("/vat/oss", {"period": "2026-08"}, **OURS).body
    assert '<option value="2026-Q3" selected>' in body


def test_the_meter_says_what_there_is_and_where_it_leads(metered: Any) -> None:
    body = metered(sold((1, "DE", "2000.00"), (11, "BE", "1000.00"), before="500.00"))
    text = read_text(body)
    assert "€ 3.000,00 in 2026 tot nu toe, zonder btw, 30% van de drempel" in text
    assert "In dit tempo komt het hele jaar op € 3.348,62." in text
    assert "Vorig jaar: € 500,00." in text
    cells = read_cells(body)
    assert cells["januari 2026"] == ["€ 2.000,00", "€ 0,00", "€ 2.000,00"]
    assert cells["Samen"] == ["€ 2.000,00", "€ 1.000,00", "€ 3.000,00"]
    assert "style=" not in body.partition("<main")[2]


@pytest.mark.parametrize(
    ("this_year", "last_year", "said"),
    [
        ("7999.99", "0.00", ""),
        ("8000.00", "0.00", "U nadert de drempel: 80%."),
        ("10000.00", "0.00", "U nadert de drempel: 100%."),
        ("10000.01", "0.00", "Dit jaar bent u boven de drempel."),
        ("0.00", "10000.01", "Vorig jaar kwam u boven de drempel"),
        ("0.00", "10000.00", ""),
    ],
)
def test_the_warning_comes_in_time(metered: Any, this_year: str, last_year: str, said: str) -> None:
    body = metered(sold((11, "DE", this_year), before=last_year))
    warned = "notice warn" in body.partition("<main")[2]
    assert warned == bool(said)
    assert said in read_text(body)


def test_the_day_on_which_it_is_passed_is_foretold(metered: Any) -> None:
    text = read_text(metered(sold((11, "DE", "9500.00"))))
    assert "Dan komt u rond 11 december 2026 boven de drempel." in text


def test_the_small_business_scheme_does_not_lift_it(world: World, metered: Any) -> None:
    use(world, small_business_scheme=True)
    assert "De kleineondernemersregeling (KOR) verandert hier niets aan" in metered(sold())


def test_a_shop_outside_the_eu_has_no_threshold(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, sheet())
    world.shops.update(SHOP_ID, lambda shop: replace(shop, country="GB"))
    body = browser.get("/vat/oss", ASKED, **OURS).body
    assert "Uw webwinkel staat niet in een EU-land (GB)." in body
    assert "meter" not in body.partition("<main")[2]


def test_another_currency_has_amounts_and_no_verdict(world: World, metered: Any) -> None:
    world.shops.update(SHOP_ID, lambda shop: replace(shop, currency="SEK", country="SE"))
    body = metered(sold((11, "DE", "99000.00")))
    assert "De bedragen zijn in SEK" in body
    assert "boven de drempel" not in body.partition("<footer")[0]


@pytest.mark.parametrize(
    ("excl", "before", "title"),
    [
        ("8000.00", "0.00", "De verkoop aan consumenten in andere EU-landen nadert € 10.000"),
        ("12000.00", "0.00", "De verkoop aan consumenten in andere EU-landen is meer dan € 10.000"),
        ("0.00", "12000.00", "Vorig jaar was de verkoop aan consumenten in andere EU-landen meer"),
        ("7999.00", "0.00", ""),
    ],
)
def test_the_overview_warns_by_the_record(
    world: World, browser: Browser, excl: str, before: str, title: str
) -> None:
    browser.install()
    keep(world, excl, before)
    page = browser.get("/")
    assert ('id="threshold"' in page.body) == bool(title)
    assert title in page.body
    if title:
        link = read(page.body).link("Hoe dichtbij de drempel is")
        assert link.href == f"{PUBLIC_URL}/vat/oss"


def test_the_record_of_last_year_is_last_years(world: World, browser: Browser) -> None:
    browser.install()
    keep(world, "12000.00", "0.00", year=2025)
    assert "Vorig jaar was de verkoop" in browser.get("/").body
    keep(world, "12000.00", "0.00", year=2024)
    assert 'id="threshold"' not in browser.get("/").body


def test_a_shop_with_the_scheme_is_not_warned(world: World, browser: Browser) -> None:
    browser.install()
    keep(world, "12000.00", "0.00")
    use(world, one_stop_shop=True)
    assert 'id="threshold"' not in browser.get("/").body


def keep(world: World, excl: str, before: str, year: int = 2026) -> None:
    """What the night added up."""
    amounts = {"excl": Decimal(excl), "before": Decimal(before)}
    world.shops.save(SHOP_ID, DistanceFigure(year=year, **amounts))
