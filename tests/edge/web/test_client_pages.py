"""A bookkeeper's pages of a client: which there are, where their links lead, and which buttons a
seat shows and accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app import app
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.policy import Policy, UnansweredNumbers
from chalicelib.domain.seats import SeatRight
from chalicelib.errors import LedgerThrottled
from chalicelib.web.http.client_routes import (
    CLIENT_ROUTES,
    CLIENTS,
    EVERY_HANDLER,
    NOT_SEATED,
    SEATED,
    find_client_path,
)
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.routes import HANDLERS
from tests.edge.web.stored_orders import hold, state_of
from tests.edge.web.test_page_costs import FILE, PAGES, fill_shop
from tests.fakes.office import ADDRESS, Office
from tests.fakes.web import PUBLIC_URL, SHOP_ID, World, route

SOLVE, LOCK = SeatRight.SOLVE, SeatRight.LOCK
SIGN_OUT = "/clients/sign-out"
CLIENT = f"/{CLIENTS}/{SHOP_ID}"
READ = sorted({path for method, path in SEATED if method == "GET"} & PAGES.keys())
"""The pages that a seat may look at, of which `PAGES` has examples."""

GRANTED = sorted(key for key, right in SEATED.items() if right is not None and key in HANDLERS)
_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*\baction="([^"]*)"')
_LINK = re.compile(r'\b(?:href|action)="([^"]*)"')


def list_named() -> list[str]:
    return [*chain(*NOT_SEATED.values()), *(f"{method} {path}" for method, path in SEATED)]


def test_of_every_page_it_is_said_whether_a_seat_may_use_it() -> None:
    named = list_named()

    assert sorted(named) == sorted(set(named))
    assert {f"{method} {path}" for method, path in HANDLERS} == {*named}


def test_a_clients_page_is_the_shops_own() -> None:
    client = EVERY_HANDLER["GET", "/clients/{client}/orders/{number}"]
    assert client == HANDLERS["GET", "/orders/{number}"]
    assert len({each.name for each in CLIENT_ROUTES}) == len(CLIENT_ROUTES)


def test_nothing_but_what_a_right_covers_changes_anything() -> None:
    reads = {key for key, right in SEATED.items() if right is None}

    assert {key for key in reads if key[0] != "GET"} == {("POST", "/find")}


def test_the_gateway_has_room_for_all_addresses() -> None:
    """API Gateway takes 300 resources: one for each part of a path that differs."""
    parts = [path.strip("/").split("/") for path in map(str, app.routes)]
    nodes = {tuple(each[: n + 1]) for each in parts for n in range(len(each))}

    assert len(nodes) < 200


class Desk:
    """A bookkeeper with a seat in a shop in which something of everything is going on."""

    def __init__(self) -> None:
        memory = World()
        tables: Any = SimpleNamespace(
            shops=memory.shops, entries=memory.entries, files=memory.files
        )
        self.merchant = fill_shop(tables)
        self.office = Office(self.merchant.world, ADDRESS)

    def open(self, page: str) -> Response:
        path, _, query = page.partition("?")
        path = CLIENT if path == "/" else f"{CLIENT}{path}"
        return self.office.browser.get(path, dict(parse_qsl(query)))


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def list_pages(desk: Desk) -> Iterator[tuple[str, Response]]:
    for pattern in READ:
        for page in PAGES[pattern]:
            answer = desk.open(page)
            assert answer.status in ((200, 400, 404) if "404" in page else (200, 303)), page
            yield page, answer


def list_posted(desk: Desk) -> set[str]:
    """Where the forms of all pages of a client lead to: paths of the shop's own pages."""
    found = set()
    for _, answer in list_pages(desk):
        for action in _FORM.findall(answer.body):
            path = urlsplit(action).path.removeprefix(urlsplit(PUBLIC_URL).path)
            found.add(route(path)[0].replace(find_client_path("/"), "", 1))
    return found


def test_who_may_read_is_shown_no_form_that_changes_anything(desk: Desk) -> None:
    desk.office.take_seat()

    assert list_posted(desk) == {SIGN_OUT, "/find"}


def test_who_may_solve_is_shown_the_forms_for_that_and_no_other(desk: Desk) -> None:
    desk.office.take_seat(SHOP_ID, SOLVE)
    solving = {path for (_, path), right in SEATED.items() if right is SOLVE}

    posted = list_posted(desk)

    assert {"/held", "/orders/{number}"} <= posted <= {SIGN_OUT, "/find", *solving}


def test_every_link_of_a_clients_page_stays_with_the_client(desk: Desk) -> None:
    """Or leads to a page that is the same for all of them; none leads nowhere."""
    desk.office.take_seat(SHOP_ID, SOLVE, LOCK)
    pages = {path for method, path in EVERY_HANDLER if method == "GET"}
    shared = ("/static/", "/help", "/clients/sign-out", "/verify")
    for page, answer in list_pages(desk):
        for link in {each for each in _LINK.findall(answer.body) if each.startswith(PUBLIC_URL)}:
            path = urlsplit(link).path.removeprefix(urlsplit(PUBLIC_URL).path)
            is_of_client = path == CLIENT or path.startswith(f"{CLIENT}/")
            assert is_of_client or path == f"/{CLIENTS}" or path.startswith(shared), (page, link)
            if f'action="{link}"' not in answer.body:
                assert route(path)[0] in pages, (page, link)


def test_a_page_says_whose_it_is_and_leads_back_to_all_clients(desk: Desk) -> None:
    desk.office.take_seat(SHOP_ID)
    body = desk.open("/").body

    assert f'href="{PUBLIC_URL}/clients"' in body
    assert "<strong>Kaasboerderij De Wilg</strong>" in body
    assert "U mag alles bekijken." in body
    desk.office.take_seat(SHOP_ID, SOLVE, LOCK)
    body = desk.open("/").body
    assert "U mag alles bekijken, en vastgehouden en gewijzigde bestellingen afhandelen." in body
    assert "U mag periodes afsluiten." in body


@pytest.mark.parametrize(("method", "path"), GRANTED)
def test_what_a_seat_does_not_grant_is_refused_and_changes_nothing(
    desk: Desk, method: str, path: str
) -> None:
    (right,) = {SEATED[method, path]}
    others = {*SeatRight} - {right}
    desk.office.take_seat(SHOP_ID, *others)
    before = repr(desk.merchant.world.entries.items)
    address = path.replace("{number}", "ORD1").replace("{name}", FILE)

    answer = desk.office.browser.post(
        f"{CLIENT}{address}", {"action": "by_hand", "hold": "email_missing"}
    )

    assert answer.status == 403
    assert "<h1>Dit mag u hier niet</h1>" in answer.body
    assert repr(desk.merchant.world.entries.items) == before


def test_what_is_put_in_line_takes_the_right_to_solve(desk: Desk) -> None:
    """Looking a number up in the shop does not."""
    desk.office.take_seat(SHOP_ID)
    browser = desk.office.browser

    assert browser.post(f"{CLIENT}/find", {"number": "ORD77", "as": "order"}).status == 200
    assert browser.post(f"{CLIENT}/find", {"number": "ORD77", "as": "take"}).status == 403


@pytest.mark.parametrize("named", sorted(chain(*NOT_SEATED.values())))
def test_what_is_not_for_seats_is_not_there(desk: Desk, named: str) -> None:
    desk.office.take_seat(SHOP_ID, *SeatRight)
    method, _, path = named.partition(" ")
    address = re.sub(r"\{[a-z]+\}", "x", path)

    answer = desk.office.browser.send(method, f"{CLIENT}{address}")

    is_seated = ("GET" if method == "POST" else "POST", path) in SEATED
    assert answer.status == (405 if is_seated else 404)
    assert desk.office.shop().state.exports


def test_a_bookkeeper_who_solves_is_named_in_the_biography(world: World) -> None:
    office = Office(world)
    merchant = office.install()
    office.take_seat(SHOP_ID, SOLVE)
    hold(world, "email_missing", "ORD1")

    answer = office.browser.post(f"{CLIENT}/orders/ORD1", {"action": "by_hand"})

    assert answer.headers["Location"] == f"{PUBLIC_URL}{CLIENT}/orders/ORD1"
    assert state_of(world, "ORD1") == "waiting"
    assert "Uw boekhouder heeft dit zelf verwerkt" in merchant.get("/orders/ORD1").body
    assert (
        "Uw boekhouder heeft dit zelf verwerkt" in office.browser.get(f"{CLIENT}/orders/ORD1").body
    )


def test_a_choice_that_a_hold_asks_for_is_the_bookkeepers_in_history_and_audit(
    world: World,
) -> None:
    office = Office(world)
    merchant = office.install()
    office.take_seat(SHOP_ID, SOLVE)
    hold(world, "payment_method_new", "ORD1", detail="klarna")
    fields = {"hold": "payment_method_new", "detail": "klarna", "choice": "IDEAL"}

    office.browser.post(f"{CLIENT}/held", fields)

    assert office.shop().policy.payments["klarna"] == "IDEAL"
    assert "Door uw boekhouder" in merchant.get("/settings/history").body
    (chosen,) = (e for e in world.shops.audit(SHOP_ID) if e.step is ShopStep.CHANGE_SETTINGS)
    assert chosen.by is Actor.BOOKKEEPER


@pytest.mark.parametrize("as_bookkeeper", [True, False])
@pytest.mark.parametrize(
    "crafted",
    [
        {"detail": "cash", "choice": "IDEAL"},
        {"detail": "klarna ", "choice": "IDEAL"},
        {"hold": "rate_foreign", "detail": "FI 25.5%", "choice": "high"},
        {"hold": "rate_foreign", "detail": "DE 19%", "choice": "low"},
    ],
)
def test_a_choice_that_no_hold_asks_for_changes_nothing(
    world: World, crafted: dict[str, str], as_bookkeeper: bool
) -> None:
    """The rate of the second country was asked for, until its order was dealt with."""
    office = Office(world)
    merchant = office.install()
    office.take_seat(SHOP_ID, SOLVE)
    hold(world, "payment_method_new", "ORD1", detail="klarna")
    hold(world, "rate_foreign", "ORD2", detail="DE 19%")
    merchant.post("/orders/ORD2", {"action": "by_hand"})
    before = office.shop()
    browser, base = (office.browser, CLIENT) if as_bookkeeper else (merchant, "")

    page = browser.follow(browser.post(f"{base}/held", {"hold": "payment_method_new", **crafted}))

    assert "Er was niets meer te doen" in page.body
    assert office.shop() == before
    assert state_of(world, "ORD1") == "held"


def test_a_clients_page_speaks_the_shops_language(world: World) -> None:
    office = Office(world)
    office.install()
    office.take_seat()

    page = office.browser.get(CLIENT, accept_language="en")

    assert page.headers["Content-Language"] == "nl"


@pytest.mark.parametrize("path", ["/help", "/help/kept", "/verify", "/nowhere"])
def test_pages_of_no_shop_lead_a_bookkeeper_back_to_his_clients(world: World, path: str) -> None:
    office = Office(world)
    body = office.browser.get(path).body

    assert f'<a class="brand" href="{PUBLIC_URL}/clients">' in body
    assert f'action="{PUBLIC_URL}/clients/sign-out"' in body
    assert "Naar het overzicht" not in body
    office.arrive(office.browser)
    assert f'<a class="brand" href="{PUBLIC_URL}/clients">' not in office.browser.get(path).body


@pytest.mark.parametrize(("path", "status"), [("/help", 200), ("/verify", 200), ("/nowhere", 404)])
def test_pages_of_no_shop_need_no_tables(world: World, path: str, status: int) -> None:
    office = Office(world)
    office.arrive(office.browser)

    def fail(*_: object) -> None:
        raise LedgerThrottled("busy")

    world.shops.get = world.shops.load = fail  # type: ignore[method-assign, assignment]

    assert office.browser.get(path).status == status


@pytest.mark.parametrize(
    "policy",
    [
        Policy(keep_totals=False),
        Policy(vies=UnansweredNumbers.OFF),
        Policy(vies=UnansweredNumbers.WAIT),
        Policy(one_stop_shop=True),
    ],
)
def test_who_may_read_is_asked_to_choose_nothing(world: World, policy: Policy) -> None:
    office = Office(world)
    office.install()
    office.take_seat()
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))

    for page in ("", "/vat", "/vat/oss", "/vat/icp", "/vat/payments", "/lock", "/settings"):
        body = office.browser.get(f"{CLIENT}{page}").body
        found = {each for each in _LINK.findall(body) if f"{CLIENT}/settings/" in each}
        assert found <= {f"{PUBLIC_URL}{CLIENT}/settings/history"}, page
        for asked in (">Instellingen openen<", ">Invullen<", "Kies dat dan in de instellingen"):
            assert asked not in body, page
