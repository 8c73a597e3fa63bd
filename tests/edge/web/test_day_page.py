"""The statement of a day: on the overview, and on its own page with the documents behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, RequestCause
from chalicelib.domain.days import local_day
from chalicelib.domain.drawing_up import MOST_LISTED
from chalicelib.domain.events import Actor, FileStep, OrderStep
from chalicelib.domain.ledger import DocumentKind, FileState
from chalicelib.domain.statement import DayStatement, Figure, ShopCheck, Verdict, statement_name
from chalicelib.usecases.filing.day import state_day
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import (
    advance,
    deliver,
    finish,
    hint,
    hold,
    place,
    state,
    take,
    wait,
)
from tests.fakes.web import NOW, PUBLIC_URL, SHOP_ID, Browser, World, callback
from tests.fakes.whole_account import account_of_day

TODAY = "2026-11-23"


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def draw_up(world: World) -> DayStatement:
    """State the day, as every run does at its end."""
    run = Run(
        world.connector,
        world.shop,
        name="night",
        by=Actor.EXPORT,
        stop_at=world.clock() + timedelta(minutes=10),
    )
    state_day(run, None)
    today = local_day(world.clock())
    statement = world.shops.load(SHOP_ID, DayStatement, statement_name(today))
    assert statement is not None
    return statement


def go_on(browser: Browser, **parts: float) -> None:
    """Time passes, and the merchant signs in again."""
    browser.world.clock.advance(**parts)
    browser.get("/install", callback(browser.world.clock))


def rows(body: str) -> dict[str, str]:
    """The rows of the statement, each with its figure."""
    found = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th><td class="figure">(\d+)</td>', body)
    return {re.sub("<.*?>", "", name): count for name, count in found}


def whole_check(due: int, **facts: Any) -> ShopCheck:
    return ShopCheck(since=NOW - timedelta(days=1), at=NOW, due=due, is_whole=True, **facts)


def test_a_day_with_everything_is_an_account_with_its_documents(
    browser: Browser, world: World
) -> None:
    hold(world, "currency", "ORD1")
    draw_up(world)
    go_on(browser, days=1)
    wait(world, "ORD6")
    first = place(world, "ORD2", "ORD3")
    second = place(world, "ORD4", kind=DocumentKind.REVERSAL)
    finish(world, OrderStep.DROP, DropCause.NOT_PAID, "ORD5")
    draw_up(world)

    page = browser.get("/days/2026-11-24")
    links = {link.text: link.href for link in read(page.body).links}

    assert page.status == 200
    assert "<h1>dinsdag 24 november</h1>" in page.body
    assert rows(page.body) == {
        "Stond open": "1",
        "Kwam erbij": "4",
        "Correcties": "1",
        "Samen": "6",
        "Afgeleverd": "3",
        "Weggelaten": "1",
        "Wachtend": "1",
        "Vastgehouden": "1",
    }
    for number in ("ORD1", "ORD2", "ORD3", "ORD5", "ORD6"):
        assert links[number] == f"{PUBLIC_URL}/orders/{number}"
    assert links["ORD4 correctie"] == f"{PUBLIC_URL}/orders/ORD4"
    for file in (first, second):
        assert links[file.name] == f"{PUBLIC_URL}/files/{file.name}"
    delivered = page.body.partition('<h2 id="placed">')[2]
    places = [delivered.index(each) for each in (first.name, "ORD2", "ORD3", second.name, "ORD4")]
    assert places == sorted(places)
    assert "De dag ervoor liet er evenveel open als waarmee deze dag begon." in page.body


def test_the_overview_shows_each_day_and_leads_to_its_page(browser: Browser, world: World) -> None:
    state(world, "2026-11-22", Verdict.RIGHT, opened=4, due=3, dropped=2, held=5)
    state(world, TODAY, Verdict.RUNNING, opened=5, due=40, corrections=4, placed=42, waiting=7)

    body = browser.get("/").body

    assert "stond open + kwam erbij + correcties = afgeleverd + weggelaten + wat blijft" in body
    table = body.partition('<table class="days">')[2]
    link = read(table).link("maandag 23 november")
    assert link.href == f"{PUBLIC_URL}/days/{TODAY}"
    names = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', table)
    assert names == [
        *("Dag", "Stond open", "Kwam erbij", "Correcties", "Afgeleverd", "Weggelaten", "Wachtend"),
        *("Vastgehouden", "Klopt"),
    ]
    figures = [re.findall(r'data-label=".*?">(\d+)<', row) for row in table.split("<tr>")[2:4]]
    assert figures == [
        ["5", "40", "4", "42", "0", "7", "0"],
        ["4", "3", "0", "0", "2", "0", "5"],
    ]
    assert re.findall(r'<span class="chip \w+">(.*?)<', table)[:2] == ["Loopt", "Klopt"]


def test_what_was_delivered_today_is_the_figure_of_todays_statement(
    browser: Browser, world: World
) -> None:
    place(world, *(f"ORD{number}" for number in range(7)))
    tile = "<dt>Vandaag afgeleverd</dt><dd>{}</dd>"
    assert tile.format(7) in browser.get("/").body
    state(world, "2026-11-22", Verdict.RIGHT, placed=11)
    assert tile.format(7) in browser.get("/").body

    file = place(world, "LATE", state=FileState.UNKNOWN)
    draw_up(world)
    assert tile.format(7) in browser.get("/").body
    deliver(world, advance(world, file, FileStep.FIND))
    statement = draw_up(world)

    assert (statement.placed, sum(statement.files.values())) == (8, 8)
    assert tile.format(8) in browser.get("/").body
    assert rows(browser.get(f"/days/{TODAY}").body)["Afgeleverd"] == "8"


@pytest.mark.parametrize(
    ("check", "says"),
    [
        (None, "De lijst van uw webwinkel zelf is nog niet vergeleken."),
        (ShopCheck(since=NOW, at=NOW), "De lijst van uw webwinkel zelf is nog niet vergeleken."),
        (
            whole_check(1),
            "is er in uw webwinkel 1 verkoop te boeken; die is hier bekend.",
        ),
        (
            whole_check(49),
            "Sinds 22 november 2026, 15:05 zijn er in uw webwinkel 49 verkopen te boeken; alle",
        ),
        (whole_check(49, missing=2), "49 verkopen te boeken; 2 daarvan zijn hier niet bekend."),
        (whole_check(49, differing=1), "1 is voor een ander bedrag geboekt dan er in uw webwinkel"),
    ],
)
def test_the_check_of_the_shops_list_is_said_in_words(
    browser: Browser, world: World, check: ShopCheck | None, says: str
) -> None:
    state(world, TODAY, Verdict.RUNNING, check=check)

    assert says in " ".join(browser.get(f"/days/{TODAY}").body.split())


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict.RIGHT, "De dag klopt: beide kanten zijn gelijk."),
        (Verdict.RUNNING, "De dag is nog niet voorbij, of de lijst van uw webwinkel"),
        (Verdict.WRONG, "Deze dag klopt niet. Onze supportdesk is gewaarschuwd"),
    ],
)
def test_the_verdict_is_said_in_words(
    browser: Browser, world: World, verdict: Verdict, says: str
) -> None:
    state(world, TODAY, verdict, previous_left=3, opened=2, unfinished=("a.xml",))

    body = browser.get(f"/days/{TODAY}").body

    assert says in body
    assert "De dag ervoor liet er 3 open; deze dag begon met 2." in body
    assert read(body).link("a.xml").href == f"{PUBLIC_URL}/files/a.xml"


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"due": 3, "placed": 2, "files": {"a.xml": 2}}, "De twee kanten verschillen 1."),
        (
            {"due": 49, "placed": 49, "files": {"a.xml": 42}},
            "In de leveringen van de dag staan er 42; als afgeleverd genoteerd zijn er 49.",
        ),
        ({"previous_left": 1}, "De dag ervoor liet er 1 open; deze dag begon met 0."),
    ],
)
def test_what_is_wrong_with_a_day_stands_out(
    browser: Browser, world: World, figures: dict[str, Any], says: str
) -> None:
    state(world, TODAY, Verdict.WRONG, **figures)

    assert f'<li class="wrong">{says}</li>' in browser.get(f"/days/{TODAY}").body


@pytest.mark.parametrize(
    "day",
    [
        "2026-11-24",
        "2026-11-31",
        "20261123",
        "2026-W48-1",
        "gisteren",
        "2026-11-23T00:00",
        "%C3%A9",
    ],
)
def test_a_day_without_a_statement_is_our_own_page(
    browser: Browser, world: World, day: str
) -> None:
    state(world, TODAY, Verdict.RIGHT)

    page = browser.get(f"/days/{day}")

    assert page.status == 404
    assert "Deze pagina bestaat niet" in page.body
    assert browser.get(f"/days/{TODAY}").status == 200


def test_nobody_sees_a_day_without_signing_in(world: World) -> None:
    state(world, TODAY, Verdict.RIGHT)

    assert Browser(world).get(f"/days/{TODAY}").status == 401


def test_of_a_long_list_the_first_are_shown_and_the_rest_is_counted(
    browser: Browser, world: World
) -> None:
    numbers = [f"ORD{number:04}" for number in range(MOST_LISTED + 5)]
    first, second = place(world, *numbers[:200]), place(world, *numbers[200:])
    draw_up(world)

    body = browser.get(f"/days/{TODAY}").body
    due = body.partition('<h2 id="due">')[2].partition("<h2")[0]
    placed = body.partition('<h2 id="placed">')[2].partition("<h2")[0]

    for part in (due, placed):
        assert part.count("/orders/") == MOST_LISTED
        assert "en nog 5" in part
    assert "200 bestellingen" in placed
    assert "55 bestellingen" in placed
    assert placed.index(first.name) < placed.index(second.name)


def test_what_happened_since_the_statement_is_said(browser: Browser, world: World) -> None:
    wait(world, "ORD1")
    draw_up(world)
    more = "Het afschrift is opgemaakt voordat de dag om was"
    assert more not in browser.get(f"/days/{TODAY}").body

    wait(world, "ORD2")

    body = browser.get(f"/days/{TODAY}").body
    assert more in body
    assert rows(body)["Kwam erbij"] == "1"
    assert "/orders/ORD2" in body


def test_a_file_that_is_found_the_next_day_stays_in_the_accounts(
    browser: Browser, world: World
) -> None:
    file = place(world, "ORD1", state=FileState.UNKNOWN)
    draw_up(world)
    world.clock.advance(days=1)
    deliver(world, advance(world, file, FileStep.FIND))
    for hours in (0, 5, 24):  # the same night, another run of that day, the next night
        world.clock.advance(hours=hours)
        draw_up(world)

    kept = {str(one.day): one for one in world.shops.statements(SHOP_ID, 7)}

    assert {day: one.verdict for day, one in kept.items() if day < "2026-11-25"} == {
        "2026-11-23": Verdict.RIGHT,
        "2026-11-24": Verdict.RIGHT,
    }
    assert (kept[TODAY].waiting, kept["2026-11-24"].opened) == (1, 1)
    assert kept["2026-11-24"].files == {file.name: 1}
    workspace = open_workspace(world.connector, SHOP_ID)
    for day, figure in ((TODAY, Figure.WAITING), ("2026-11-24", Figure.PLACED)):
        (document,) = account_of_day(workspace, kept[day].day).figures[figure]
        assert document.number == "ORD1"


def test_a_day_that_is_over_reads_the_same_later(browser: Browser, world: World) -> None:
    hold(world, "currency", "ORD1")
    finish(world, OrderStep.DROP, DropCause.NOT_PAID, "ORD2")
    draw_up(world)
    world.clock.advance(days=1)
    take(world, hint("ORD1").key, OrderStep.RETRY, by=Actor.MERCHANT, cause=RequestCause.ASKED)
    place(world, "ORD1", "ORD2")
    draw_up(world)
    go_on(browser, days=2)

    body = browser.get(f"/days/{TODAY}").body

    assert "voordat de dag om was" not in body
    assert "ORD1" in body.partition('<h2 id="held">')[2]
    assert "ORD2" in body.partition('<h2 id="dropped">')[2]
