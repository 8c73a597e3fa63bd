"""Leaving politely: the last orders, a merchant's data in tables, and the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.events import Actor, AuditEvent, OrderStep, ShopStep
from chalicelib.domain.ledger import FileState
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import Verdict
from chalicelib.usecases.operating import own_records
from chalicelib.usecases.shop.leaving import LAST_FILE
from chalicelib.web.http.csv_files import Cell, write_csv
from chalicelib.web.http.http_messages import Response
from chalicelib.web.texts.audit_texts import ACTORS, STEPS
from tests.edge.web.markup import read, read_table
from tests.edge.web.stored_orders import SHA, finish, hold, place, report, state, wait
from tests.edge.web.test_money_pages import COVER
from tests.fakes.web import SHOP_ID, Browser, World, callback


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser(world)
    browser.install()
    return browser


def table(response: Response) -> list[dict[str, str]]:
    """The rows of a download, by the titles of its columns."""
    assert response.status == 200
    titles, *rows = read_table(response.body)
    return [dict(zip(titles, row, strict=False)) for row in rows]


def press(browser: Browser, text: str) -> Response:
    [button] = [each for each in read(browser.get("/leave").body).presses if each.text == text]
    return browser.post("/leave", button.fields)


TABLES = ("statements", "files", "orders", "history")


def test_it_says_what_is_still_open(browser: Browser, world: World) -> None:
    wait(world, "ORD1", "ORD2")
    hold(world, "email_missing", "ORD3")
    place(world, "ORD4", state=FileState.UNKNOWN)
    report(world, LateChange.CANCELLED, "ORD5")
    body = browser.get("/leave").body
    assert '<td class="figure">2</td>' in body
    assert "Van 1 bestand is nog niet bekend of het is aangekomen" in body
    assert "1 bestelling is na aflevering gewijzigd" in body
    assert "2 bestellingen die nog wachten, blijven dan achter" in body


def test_with_nothing_open_it_says_so(browser: Browser) -> None:
    assert "elke bestelling die hier bekend is, is afgehandeld" in browser.get("/leave").body


def test_the_last_file_can_be_made_now(browser: Browser, world: World) -> None:
    wait(world, "ORD1")
    page = browser.follow(press(browser, "Maak nu het laatste bestand"))
    assert [message.run for message in world.queue.messages] == [LAST_FILE]
    assert "Het laatste bestand wordt gemaakt" in page.body


def test_stopping_ends_the_work_and_leads_to_the_app_center(browser: Browser, world: World) -> None:
    page = browser.follow(press(browser, "Stop nu"))
    assert world.shop.state is ShopState.PAUSED
    assert "De koppeling is gestopt" in page.body
    assert "https://de-wilg.webshopapp.com/admin" in page.body
    assert {each.text for each in read(page.body).presses} == {"Afmelden"}
    assert [line.step for line in world.shops.audit(SHOP_ID)][-1] is ShopStep.PAUSE


def test_what_is_erased_and_when_is_said_as_the_help_page_says_it(browser: Browser) -> None:
    body = browser.get("/leave").body
    for text in ("7 jaar", "90 dagen", "14 dagen"):
        assert text in body
        assert text in browser.get("/help/kept").body


def test_trial_and_price_are_named_where_they_are_known(browser: Browser, world: World) -> None:
    assert "per maand" not in browser.get("/leave").body
    settings = replace(world.connector.settings, trial_days=30, monthly_price=Decimal("9.95"))
    world.connector = replace(world.connector, settings=settings)
    body = browser.get("/leave").body
    assert "De eerste 30 dagen kosten niets: tot en met 22 december 2026." in body
    assert "€\N{NO-BREAK SPACE}9,95 per maand, exclusief btw" in body


def test_days_are_taken_along_in_orders_and_in_euro(browser: Browser, world: World) -> None:
    state(world, "2026-11-22", Verdict.RIGHT, due=3, placed=3, files={"f": 3}, cover=COVER)
    state(world, "2026-11-21", Verdict.WRONG, due=1)
    rows = table(browser.get("/leave/statements"))
    assert [row["Dag"] for row in rows] == ["2026-11-22", "2026-11-21"]
    assert rows[0]["Afgeleverd"] == "3"
    assert rows[0]["Met btw"] == f"{COVER.incl:.2f}".replace(".", ",")
    assert "21% btw" in rows[0]["Per btw-tarief"]
    assert rows[1]["Met btw"] == ""


def test_files_are_taken_along_with_their_checksums(browser: Browser, world: World) -> None:
    file = place(world, "ORD1", "ORD2", cover=COVER)
    [row] = table(browser.get("/leave/files"))
    assert (row["Bestand"], row["Bestellingen"]) == (file.name, "2")
    assert row["Controlegetal (SHA-256)"] == SHA


def test_totals_that_a_merchant_does_not_want_are_not_taken_along(
    browser: Browser, world: World
) -> None:
    place(world, "ORD1", cover=COVER)
    state(world, "2026-11-22", Verdict.RIGHT, due=1, placed=1, cover=COVER)
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(keep_totals=False)))
    for name in ("files", "statements"):
        [row] = table(browser.get(f"/leave/{name}"))
        assert row["Met btw"] == row["Per btw-tarief"] == ""


def test_orders_are_taken_along_with_how_they_stand(browser: Browser, world: World) -> None:
    file = place(world, "ORD1")
    hold(world, "email_missing", "ORD2")
    finish(world, OrderStep.DROP, DropCause.CANCELLED, "ORD3")
    rows = {row["Nummer"]: row for row in table(browser.get("/leave/orders"))}
    assert rows["ORD1"]["Bestand"] == file.name
    assert rows["ORD2"]["Waarom"]
    assert rows["ORD3"]["Waarom"]
    assert {row["Datum"] for row in rows.values()} == {"2026-11-22"}


def test_many_orders_come_in_parts_that_lead_to_each_other(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_records, "MOST_ORDERS", 4)
    monkeypatch.setattr(own_records, "ORDERS_AT_ONCE", 2)
    numbers = {f"ORD{n}" for n in range(9)}
    wait(world, *sorted(numbers))
    found: list[str] = []
    path, query = "/leave/orders", dict[str, str]()
    for part in (1, 2, 3):
        response = browser.get(path, query)
        assert f"-{part}.csv" in str(response.headers["Content-Disposition"])
        rows = table(response)
        more = rows[-1]["Nummer"]
        if part < 3:
            assert more.startswith(f"Dit is deel {part}. Het volgende: ")
            query = dict(pair.split("=") for pair in more.partition("?")[2].split("&"))
            rows = rows[:-1]
        found += [row["Nummer"] for row in rows]
    assert sorted(found) == sorted(numbers)


def test_the_history_is_in_words_and_without_notes_for_the_support_desk(
    browser: Browser, world: World
) -> None:
    for step, note in (
        (ShopStep.MISS_CONTACT, "no address"),
        (ShopStep.START_MIGRATION, "2025-01-01/2025-12-31"),
        (ShopStep.CHANGE_LICENCE, "=HYPERLINK(1)"),
    ):
        event = AuditEvent(at=world.clock(), step=step, by=Actor.MERCHANT, note=note)
        world.shops.append_audit(SHOP_ID, event)
    rows = table(browser.get("/leave/history"))[-3:]
    assert [row["Toelichting"] for row in rows] == ["", "2025-01-01/2025-12-31", "'=HYPERLINK(1)"]
    assert {row["Door wie"] for row in rows} == {"U"}


def test_every_step_and_everybody_has_words() -> None:
    assert set(STEPS) == set(ShopStep)
    assert set(ACTORS) == set(Actor)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_a_download_that_nobody_keeps(browser: Browser, name: str) -> None:
    response = browser.get(f"/leave/{name}")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert str(response.headers["Content-Disposition"]).endswith(f'-{SHOP_ID}.csv"')
    assert response.headers["Cache-Control"] == "no-store"
    assert browser.head(f"/leave/{name}").body == ""


def test_data_can_be_taken_along_after_the_app_was_cancelled(
    browser: Browser, world: World
) -> None:
    browser.get("/cancel", callback(world.clock, token=None))
    world.clock.advance(seconds=5)
    browser.arrive()
    assert world.shop.state is ShopState.CANCELLED
    body = browser.get("/leave").body
    assert "De app is opgezegd in het AppCenter" in body
    assert all(browser.get(f"/leave/{name}").status == 200 for name in TABLES)


def test_nobody_else_gets_anything(world: World) -> None:
    stranger = Browser(world)
    stranger.install()
    stranger.cookies.clear()
    for path in ("/leave", *(f"/leave/{name}" for name in TABLES)):
        assert stranger.get(path).status == 401
    assert stranger.post("/leave", {"action": "end"}).status == 401
    assert world.shop.state is ShopState.ACTIVE


def test_what_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/leave/secrets").status == 404
    for query in ({"part": "0"}, {"part": "x"}, {"part": "²"}, {"after": "é"}):
        assert browser.get("/leave/orders", query).status == 404
    assert browser.post("/leave", {"action": "erase"}).status == 400


def test_a_shop_that_is_not_installed_yet_goes_on_installing(world: World) -> None:
    browser = Browser(world)
    browser.arrive()
    assert browser.get("/leave").status == browser.get("/leave/orders").status == 303
    assert browser.post("/leave", {"action": "end"}).status == 303
    assert world.shop.state is ShopState.INSTALLING


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1", "@x", "\t=1", '=cmd|"/c"!A1'])
def test_a_text_is_never_carried_out_by_a_spreadsheet(text: str) -> None:
    [[cell]] = read_table(write_csv([[text]], point=","))
    assert cell.startswith("'")


def test_cells_are_written_as_excel_reads_them() -> None:
    row: list[Cell] = [Decimal("-1234.5"), date(2026, 1, 2), 7, None, 'a;"b"']
    assert write_csv([row], point=",") == '\ufeff-1234,50;2026-01-02;7;;"a;""b"""\r\n'
