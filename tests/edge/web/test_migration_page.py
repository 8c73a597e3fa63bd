"""Moving older orders: a period is chosen, counted in orders and in money, begun and followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopRateLimited, ShopUnavailable
from chalicelib.usecases.intake.migration import advance_migration
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import LARGEST_BODY, Response
from tests.edge.web.markup import read
from tests.edge.web.uploads import upload
from tests.fakes.documents_of_shop import order
from tests.fakes.web import OURS, SHOP_ID, Browser, World

YEAR = {"first": "2025-01-01", "last": "2025-12-31"}
MADE = datetime(2025, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser(world)
    browser.install()
    for id_, status in enumerate(("paid", "paid", "not_paid", "paid"), start=1):
        made = MADE + timedelta(days=id_)
        old = order(
            id=id_,
            number=f"ORD{id_:06}",
            created_at=made,
            paid_at=made,
            payment_status=status,
        )
        world.api.orders[id_] = replace(old, updated_at=made)
    return browser


def count(browser: Browser, **given: str) -> Response:
    return browser.post("/migration", {"action": "count", **YEAR, **given})


def press(browser: Browser, page: Response, text: str) -> Response:
    [button] = [each for each in read(page.body).presses if each.text == text]
    return browser.post("/migration", button.fields)


def count_without(browser: Browser, table: bytes, **given: str) -> Response:
    """The numbers in a table stay out."""
    fields = {"action": "count", **YEAR, "except": "", **given}
    return upload(browser, "/migration", fields, [("table", "oud.csv", table)])


def advance(world: World) -> None:
    """A run takes all that there is."""
    workspace = open_workspace(world.connector, SHOP_ID)
    advance_migration(workspace, until=world.clock() + timedelta(minutes=5))


def migration(world: World) -> Migration | None:
    return world.shops.load(SHOP_ID, Migration)


def test_a_period_is_counted_before_anything_is_moved(browser: Browser, world: World) -> None:
    page = count(browser)
    prices = sum(world.api.orders[id_].price_incl for id_ in (1, 2, 4))
    assert page.status == 200
    assert "3 bestellingen gaan mee" in page.body
    assert f"€\N{NO-BREAK SPACE}{prices:.2f}".replace(".", ",") in page.body
    assert "Niet betaald" in page.body
    assert migration(world) is None
    assert world.queue.sent == []


def test_it_begins_with_a_button_and_goes_on_when_the_page_is_closed(
    browser: Browser, world: World
) -> None:
    answer = press(browser, count(browser), "Start")
    assert answer.status == 303
    assert world.queue.sent == [(SHOP_ID, 0)]
    page = browser.follow(answer)
    assert "Oudere bestellingen worden meegenomen" in page.body
    assert "0% van de bestellingen bekeken" in page.body
    assert "Welke bestellingen?" not in page.body

    advance(world)
    page = browser.get("/migration")
    kept = migration(world)
    assert kept is not None
    assert (kept.state, kept.orders, kept.taken, kept.expected) == (MigrationState.DONE, 4, 3, 4)
    assert "De oudere bestellingen zijn meegenomen" in page.body
    assert "Welke bestellingen?" in page.body


def test_a_button_pressed_twice_begins_once(browser: Browser, world: World) -> None:
    page = count(browser)
    press(browser, page, "Start")
    first = migration(world)
    press(browser, page, "Start")
    assert migration(world) == first


def test_it_stops_and_goes_on(browser: Browser, world: World) -> None:
    page = browser.follow(press(browser, count(browser), "Start"))
    page = browser.follow(press(browser, page, "Stoppen"))
    assert "Het meenemen van oudere bestellingen is gestopt" in page.body
    kept = migration(world)
    assert kept is not None
    assert kept.state is MigrationState.STOPPED
    page = browser.follow(press(browser, page, "Ga verder"))
    assert "Oudere bestellingen worden meegenomen" in page.body


def test_numbers_that_are_typed_stay_out(browser: Browser, world: World) -> None:
    page = count(browser, **{"except": "ord000001, 2\n999"})
    assert "1 bestelling gaat mee" in page.body
    assert "hoort bij geen bestelling uit deze periode" in page.body
    assert "999" in page.body
    press(browser, page, "Start")
    kept = migration(world)
    assert kept is not None
    assert kept.excepted == {"ord000001", "2", "999"}
    advance(world)
    kept = migration(world)
    assert kept is not None
    assert kept.taken == 1


def test_a_table_of_another_connector_is_read(browser: Browser, world: World) -> None:
    table = "Klant;Bestelnummer;Bedrag\nZoë;ORD000001;10,00\nAn;ORD000002;5,00\nX;ORD9;1\n"
    for encoded in (table.encode(), table.encode("cp1252"), table.encode("utf-8-sig")):
        page = count_without(browser, encoded)
        assert page.status == 200, page.body
        assert "kolom ‘Bestelnummer’" in page.body
        assert "1 bestelling gaat mee" in page.body
        assert "Zoë" not in page.body
        press(browser, page, "Start")
        kept = migration(world)
        assert kept is not None
        assert kept.excepted == {"ORD000001", "ORD000002", "ORD9"}


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_a_file_that_is_no_table_is_refused_in_words(browser: Browser, content: bytes) -> None:
    page = count_without(browser, content)
    assert page.status == 400
    assert "Bewaar het in Excel als CSV" in page.body
    assert "<title>Fout: " in page.body


def test_a_table_survives_a_mistake_in_another_field(browser: Browser) -> None:
    page = count_without(browser, b"Bestelnummer\nORD000001\n", last="")
    assert page.status == 400
    assert ">\nORD000001</textarea>" in page.body


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": ""}, "Vul de eerste dag in"),
        ({"last": "31-13-2025"}, "Vul de laatste dag in"),
        ({"last": "2024-12-31"}, "ligt vóór de eerste dag"),
        ({"last": "2027-01-01"}, "ligt in de toekomst"),
        ({"first": "0001-01-01"}, "Vul de eerste dag in"),
        ({"except": "alles"}, "staat geen bestelnummer"),
        ({"except": " ".join(f"ORD{n:06}" for n in range(10_001))}, "meer nummers dan"),
    ],
)
def test_what_is_wrong_is_said_first_and_leads_to_its_field(
    browser: Browser, world: World, wrong: dict[str, str], said: str
) -> None:
    for action in ("count", "start"):
        page = count(browser, **wrong, action=action)
        [name] = wrong
        assert page.status == 400
        assert page.body.count(said) == 2
        assert f'href="#{name}"' in page.body
        assert f'aria-describedby="{"period" if name != "except" else name}-help' in page.body
        assert "<title>Fout: " in page.body
    assert migration(world) is None


@pytest.mark.parametrize("body", [b"", b"--X", b"--X--", b"x" * 100, b"x" * (LARGEST_BODY + 1)])
@pytest.mark.parametrize("boundary", ["; boundary=X", "", "; boundary="])
def test_a_broken_form_does_nothing(
    browser: Browser, world: World, body: bytes, boundary: str
) -> None:
    headers = {**OURS, "content-type": f"multipart/form-data{boundary}"}
    assert browser.post_body("/migration", body, headers).status in (400, 413)
    assert migration(world) is None


def test_only_one_goes_on_at_a_time(browser: Browser, world: World) -> None:
    page = count(browser)
    press(browser, page, "Start")
    answer = browser.post("/migration", {"action": "start", **YEAR, "first": "2025-02-01"})
    assert answer.status == 409
    assert "Er worden al oudere bestellingen meegenomen" in answer.body


@pytest.mark.parametrize("error", [ShopUnavailable("x"), None])
def test_a_shop_that_does_not_answer_is_said(
    browser: Browser, world: World, error: ShopUnavailable | None
) -> None:
    until = world.clock() + timedelta(minutes=5)
    world.api.fail(error or ShopRateLimited("x", until=until), "orders_created_between")
    page = count(browser, **{"except": "ORD000001"})
    assert page.status == 503
    assert "dus er is niets geteld" in page.body
    assert "ORD000001</textarea>" in page.body


def test_a_shop_that_exports_invoices_reads_why_not(browser: Browser, world: World) -> None:
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=Source.INVOICES)))
    page = browser.get("/migration")
    assert "Niet bij facturen van SEOshop" in page.body
    assert read(page.body).presses == [
        each for each in read(page.body).presses if "sign" in each.action
    ]
    assert count(browser).status == 409


@pytest.mark.parametrize("state", [ShopState.PAUSED, ShopState.DISCONNECTED])
def test_a_shop_that_stands_still_moves_nothing(
    browser: Browser, world: World, state: ShopState
) -> None:
    press(browser, count(browser), "Start")
    world.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))
    page = browser.get("/migration")
    assert "Het meenemen staat stil" in page.body
    assert "Welke bestellingen?" not in page.body
    assert count(browser).status == 409
    assert browser.post("/migration", {"action": "resume"}).status == 409


def test_a_shop_that_is_not_installed_yet_goes_on_installing(world: World) -> None:
    browser = Browser(world)
    browser.arrive()
    assert browser.get("/migration").status == 303
    assert browser.post("/migration", {"action": "count", **YEAR}).status == 303


@pytest.mark.parametrize("action", ["", "stopp", "resume", "stop", "__class__"])
def test_what_cannot_be_done_is_refused(browser: Browser, action: str) -> None:
    assert browser.post("/migration", {"action": action}).status == 400


def test_who_is_not_signed_in_sees_nothing(world: World) -> None:
    assert Browser(world).get("/migration").status == 401
    assert Browser(world).post("/migration", {"action": "stop"}).status == 401


def test_a_link_fills_in_a_period_and_nothing_else(browser: Browser) -> None:
    page = browser.get("/migration", {"first": "2025-01-01", "last": '"><b>', "except": "ORD1"})
    assert 'value="2025-01-01"' in page.body
    assert "<b>" not in page.body
    assert "ORD1" not in page.body


def test_it_is_in_english_too(world: World) -> None:
    browser = Browser(world)
    browser.install(language="en")
    assert "Move older orders" in browser.get("/migration").body
