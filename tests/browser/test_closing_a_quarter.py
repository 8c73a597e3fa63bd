"""A bookkeeper opens the VAT sheet of the quarter: it ties to the files, what is held stands beside
it with its money, and the workbook has the same figures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from chalicelib.domain.days import local_day
from chalicelib.domain.periods import PeriodKind, find_period
from tests.browser.conftest import Visit
from tests.browser.test_journey import euro, plain
from tests.fakes.workbooks import read_workbook
from tests.stack.deeds import export
from tools.played_day import Day

OWED = "Btw over de verkopen van uw webwinkel (deel van 5a)"
TOGETHER = "Samen, zoals in de bestanden"
HELD = "Vastgehouden: kan nog niet geboekt worden"


def test_the_quarter_is_closed_without_opening_the_shop(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    page.goto(day.make_link())
    for example in ("gemengd", "zwitserland", "belgie-nl-btw"):
        day.scenario(example, paid=True)
    (held,) = day.scenario("geen-email", paid=True)
    day.webhooks_delivered()
    export(day)
    day.synchronise()
    incl, vat = (sum(Decimal(one[part]) for one in day.invoices()) for part in ("incl", "vat"))

    open_quarter(page)

    equal = "Tot op de cent gelijk aan de som van 1 bestand voor Asperion."
    expect(page.get_by_text(equal)).to_be_visible()
    assert read_row(page, OWED)[1] == euro(f"{vat}")
    expect(page.get_by_text("1 bestelling van deze periode staat nog open")).to_be_visible()
    assert read_row(page, HELD) == ["1", "€ 24,71", "€ 5,19", "€ 29,90"]
    expect(page.locator(".papers li").filter(has_text=held)).to_contain_text("29,90")
    visitor.examine("50-vat-sheet")
    check_workbook(page, held, [float(incl - vat), float(vat)])
    page.goto(page.url.replace("/vat?", "/vat/oss?"))
    expect(page.get_by_role("heading", level=2).first).to_contain_text("€ 10.000")
    visitor.check_accessibility("51-threshold")


def open_quarter(page: Page) -> None:
    """The sheet of the present quarter, by the menu and the form."""
    page.get_by_role("link", name="Btw", exact=True).click()
    quarter = find_period(PeriodKind.QUARTER, local_day(datetime.now(UTC)))
    page.get_by_label("Periode").select_option(quarter.name)
    page.get_by_role("button", name="Tonen", exact=True).click()


def read_row(page: Page, heading: str) -> list[str]:
    row = page.locator(".return tr").filter(has_text=heading)
    return [plain(cell.inner_text()) for cell in row.locator("td").all()]


def check_workbook(page: Page, held: str, together: list[float]) -> None:
    """The workbook comes as bytes through the gateway, and says what Asperion and the page do."""
    with page.expect_download() as coming:
        page.get_by_role("link", name="Werkmap (Excel)").click()
    book = read_workbook(Path(coming.value.path()).read_bytes())
    (sums,) = [cells for cells in book["Aangifte"] if cells and cells[0] == TOGETHER]
    assert [cell[1] for cell in sums[6:8] if isinstance(cell, tuple)] == together
    (row,) = [cells for cells in book["Openstaand"] if held in cells]
    assert row[3:6] == [24.71, 5.19, 29.9]
